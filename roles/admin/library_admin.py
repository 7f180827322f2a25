"""Admin pages of snippets, one for each kind. Saving calls the library's actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from roles import library
from roles.admin.base import RecordedAdmin, TabularInline, UnchangeableAdmin, person
from roles.models import (
    Boilerplate,
    Qualification,
    Responsibility,
    Skill,
    Snippet,
    SnippetRevision,
)
from roles.models.snippet import categories
from roles.models.text_fields import validate_text

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest

    SnippetModelForm = forms.ModelForm[Snippet]
else:
    SnippetModelForm = forms.ModelForm

PARTICULARS = ("owner", "review_by", "language", "source", "license")
TAGS = ("category", "families", "levels")


class SnippetForm(SnippetModelForm):
    """The form of a snippet. `based_on` is the number of the revision that the page showed."""

    kind = ""  # set by each admin page
    category = forms.ChoiceField(required=False)
    text = forms.CharField(
        widget=forms.Textarea({"rows": 4, "cols": 90}), validators=[validate_text]
    )
    detail = forms.CharField(
        widget=forms.Textarea({"rows": 3, "cols": 90}), validators=[validate_text], required=False
    )
    note = forms.CharField(
        label=_("What changed and why?"),
        max_length=200,
        validators=[validate_text],
        required=False,
        widget=forms.TextInput({"size": 90}),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Snippet
        fields = [*TAGS, "status", *PARTICULARS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = self.instance.status
        if self.instance.pk is not None:
            self.initial["text"] = self.instance.text
            self.initial["detail"] = self.instance.detail
            self.initial["based_on"] = self.instance.latest().number
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101  # narrows the type
        category.choices = [("", "—"), *categories(self.kind).items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.kind = self.kind
        library.set_wording(self.instance, cleaned.get("text", ""), cleaned.get("detail", ""))
        for name, problems in library.wording_errors(self.instance).items():
            self.add_error(name if name in self.fields else None, problems)
        if self.instance.pk is not None:
            self._clean_change(cleaned)
        return cleaned

    def _clean_change(self, cleaned: dict[str, Any]) -> None:
        """Locks the row until it is saved, because the admin runs in one transaction."""
        latest = Snippet.objects.select_for_update().get(pk=self.instance.pk).latest()
        if cleaned.get("based_on") != latest.number:
            self.add_error(
                "text",
                _("Someone revised this since you opened it. Current wording: %s") % latest.text,
            )
        status = cleaned.get("status", self.before)
        if status not in (self.before, *library.TRANSITIONS[self.before]):
            self.add_error("status", _("You can’t change this snippet to that status."))


class RevisionInline(UnchangeableAdmin, TabularInline):
    model = SnippetRevision
    fields = readonly_fields = ("number", "text", "detail", "author", "note", "created_at")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("author")


@admin.display(description=_("Category"), ordering="category")
def category_label(snippet: Snippet) -> str:
    return snippet.category_label()


class SnippetAdmin(RecordedAdmin):
    form = SnippetForm
    inlines = (RevisionInline,)
    list_display = ("text", category_label, "status", "edited", "changed_at")
    list_filter = ("status", "families", "levels", "edited")
    search_fields = ("search_text",)  # shows the search box; get_search_results searches
    ordering = ("text", "pk")
    autocomplete_fields = ("owner",)
    filter_horizontal = ("families", "levels")
    fieldsets = (
        (None, {"fields": ("text", "detail", "note", "based_on")}),
        (_("Tags and status"), {"fields": ("status", *TAGS)}),
        (_("Owner and source"), {"fields": PARTICULARS}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.matching(search_term[:200]), False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # Given explicitly, because Django rejects form fields (text, detail) that aren't editable.
        fields = self.form._meta.fields  # type: ignore[misc]
        form = super().get_form(request, obj, change, **{**kwargs, "fields": fields})
        form.kind = self.model.objects.kind  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, cleaned = person(request), form.cleaned_data
        words = {name: cleaned[name] for name in ("text", "detail", "note")}
        tags = {name: cleaned[name] for name in TAGS}
        particulars = {name: cleaned[name] for name in PARTICULARS}
        if not change:
            status = cleaned["status"]
            snippet = library.add(
                kind=form.kind, status=status, by=by, **words, **tags, **particulars
            )
            obj.pk = snippet.pk
            return
        library.revise(snippet=obj, by=by, based_on=cleaned["based_on"], **words)
        library.retag(snippet=obj, by=by, **tags)
        library.set_particulars(snippet=obj, by=by, **particulars)
        library.set_status(snippet=obj, status=cleaned["status"], by=by)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Saves only the empty formset of revisions; the actions have set the tags."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def _record(self, request: HttpRequest, obj: Any, action: str, message: Any) -> None:
        """Does nothing; the actions record their own events."""


for proxy in (Responsibility, Skill, Qualification, Boilerplate):
    admin.site.register(proxy, SnippetAdmin)
