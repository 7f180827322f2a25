"""Forms of the library: filters, a new snippet, a revision, tags."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import limits, search_query, vocabulary
from roles.models import JobFamily, JobLevel, Snippet, User, sort_keys
from roles.models.review_date import DUE_DAYS
from roles.models.snippet import NOT_RETIRED, STATUSES, SnippetQuerySet, categories
from roles.permissions import GROUPS
from roles.search.snippet_search import ALL, FACETS, Count, SnippetSearch
from roles.search.typing_errors import forgiving
from roles.web.shared import filters
from roles.web.shared.dates import DayField
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import MultipleModelChoiceField, OneLineField, ParagraphField

NONE = Count(0)

Choices = list[tuple[str, Any]]


def _kinds_and_categories() -> Choices:
    """Returns the kinds as groups of choices; each value is `kind:category`."""
    groups: Choices = [
        (
            label,
            [
                (f"{kind}:", _("%(kind)s (no category)") % {"kind": label}),
                *((f"{kind}:{code}", word) for code, word in categories(kind).items()),
            ],
        )
        for kind, label in vocabulary.SNIPPET_KINDS.items()
    ]
    return [("", _("Select a type")), *groups]


class SnippetFilter(filters.BaseSnippetFilter):
    """The filters of the library. Retired snippets are hidden unless that status is selected. Words
    are searched by `search.snippet_search`, the best matches first."""

    sort_columns = {
        "text": sort_keys.SNIPPET_TEXT,
        "changed": "changed_at",
        "used": "used_lines",
    }
    sort_labels = {
        filters.BEST: _("Best match"),
        "-used": _("Most used"),
        "used": _("Least used"),
        "-changed": _("Recently changed"),
        "changed": _("Least recently changed"),
        "text": _("Wording, A to Z"),
        "-text": _("Wording, Z to A"),
    }
    default_sort = "-used"

    family = django_filters.ModelChoiceFilter(
        queryset=JobFamily.objects.all(), label=_("Family"), empty_label=_("All")
    )
    level = django_filters.ModelChoiceFilter(
        queryset=JobLevel.objects.all(), label=_("Level"), empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(
        choices=list(STATUSES.items()), label=_("Status"), empty_label=_("All except retired")
    )
    # Set by a link on the home page; not shown in the form.
    review = django_filters.ChoiceFilter(
        choices=[
            (
                "due",
                format_lazy(_("Due for review within {days} days"), days=DUE_DAYS),
            )
        ],
        widget=forms.HiddenInput,
    )

    @property
    def is_due(self) -> bool:
        """Whether only snippets are listed that are due for review."""
        return bool(self.value("review"))

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        return [one for one in super().sorts if one[0] != filters.BEST or not self.is_due]

    @cached_property
    def found(self) -> SnippetSearch:
        """The search, with a typing error corrected if only that finds something."""
        search, self.corrected = forgiving(
            lambda words: SnippetSearch(search_query.parse(words), self._chosen()),
            self.value("q") or "",
            is_empty=lambda search: not search.count().number,
        )
        return search

    def _chosen(self) -> dict[str, list[str]]:
        """Returns the chosen values by facet. Snippets for all families or levels fit any."""
        chosen = {name: self.value(name) for name in FACETS}
        tags = {name: chosen.pop(name) for name in ("family", "level")}
        found = {name: [value] for name, value in chosen.items() if value}
        found |= {name: [str(tag.pk), ALL] for name, tag in tags.items() if tag}
        return {"status": [*NOT_RETIRED], **found}

    @property
    def results(self) -> SnippetQuerySet:
        """The snippets that pass the filters, in no order."""
        found = self.found.all()
        return found.due() if self.is_due else found

    @cached_property
    def labels(self) -> dict[str, dict[str, Any]]:
        """The labels of all choices by facet and value."""
        fields = {facet: self.form.fields[facet] for facet in FACETS}
        return {
            facet: {str(value): label for value, label in field.widget.choices}
            for facet, field in fields.items()
        }

    def show_counts(self) -> None:
        """Adds to each choice the number of snippets."""
        counts = self.found.facets()
        for facet, labels in self.labels.items():
            self.form.fields[facet].widget.choices = [
                (value, f"{label} ({counts[facet].get(value, NONE)})" if value else label)
                for value, label in labels.items()
            ]


class RevisionForm(EmbeddedForm):
    """A new revision of a snippet of this kind. `based_on` is the number of the revision the page
    showed."""

    text = ParagraphField(label=_("Wording"), max_length=limits.PARAGRAPH_LIMIT, rows=4)
    detail = ParagraphField(
        label=_("Detail"),
        max_length=limits.DETAIL_LIMIT,
        required=False,
        help_text=_("Optional. Appears below the wording."),
    )
    note = OneLineField(
        label=_("What changed and why?"),
        max_length=200,
        required=False,
        help_text=_("Appears in the snippet’s history."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, kind: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        if kind == "boilerplate":
            self.fields["text"].widget.attrs["data-formatted"] = True


class TagsForm(EmbeddedForm):
    """The category, families, levels, owner and review date of a snippet."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    families = MultipleModelChoiceField(
        label=_("Job families"),
        queryset=JobFamily.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave blank if it applies to all."),
    )
    levels = MultipleModelChoiceField(
        label=_("Job levels"),
        queryset=JobLevel.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave blank if it applies to all."),
    )

    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("No owner"),
    )
    review_by = DayField(
        label=_("Review date"),
        required=False,
        help_text=format_lazy(
            _(
                "Curators are reminded on their home page {days} days before this date."
                " Leave blank for no reminder."
            ),
            days=DUE_DAYS,
        ),
    )

    def __init__(self, data: Any, *, snippet: Snippet) -> None:
        super().__init__(
            data,
            initial={
                "owner": snippet.owner_id,
                "review_by": snippet.review_by,
                "category": snippet.category,
                "families": [family.pk for family in snippet.families.all()],
                "levels": [level.pk for level in snippet.levels.all()],
            },
        )
        curators = Q(is_active=True) & (Q(groups__name=GROUPS["curator"]) | Q(is_staff=True))
        people = User.objects.filter(curators | Q(pk=snippet.owner_id)).distinct()
        self.set_queryset("owner", people.order_by("first_name", "last_name", "username"))
        self.set_choices("category", [("", _("None")), *categories(snippet.kind).items()])


class NewSnippetForm(EmbeddedForm):
    """A new snippet. `place` is kind and category in one choice, so they always match."""

    error_fields = {"kind": "place", "category": "place"}

    place = forms.ChoiceField(
        label=_("Type and category"),
        choices=_kinds_and_categories,
        help_text=_(
            "Boilerplate is a paragraph, such as a company profile. Other types are single lines."
        ),
    )
    text = ParagraphField(
        label=_("Wording"),
        max_length=limits.PARAGRAPH_LIMIT,
        widget=forms.Textarea({"rows": 4, "data-formatted": True}),
        help_text=_("Use brackets for placeholders, such as [Company Name] or [X]."),
    )
    detail = RevisionForm.base_fields["detail"]
    families = TagsForm.base_fields["families"]
    levels = TagsForm.base_fields["levels"]

    def chosen(self) -> dict[str, Any]:
        """Returns the keyword arguments for `library.add`."""
        values = dict(self.cleaned_data)
        kind, _colon, category = values.pop("place").partition(":")
        return {**values, "kind": kind, "category": category}
