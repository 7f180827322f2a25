"""The 409 page after a conflict: both texts, and the choice of one or a merged text. It posts the
same form again, with everything else that was typed, based on the current state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import assembly
from roles.drafts import draft_events
from roles.drafts.errors import RowConflict, StaleDraft
from roles.models import JobDescription, PayReference, User
from roles.web.shared.post_data import single
from roles.web.shared.wizard_steps import Step
from roles.web.wizard.facts_form import FactsForm
from roles.web.wizard.row_fields import Values, answer_uid, paired_prefix, stored_values
from roles.web.wizard.row_parsers import typed_values

NOT_CARRIED = {"token", "nonce", "csrfmiddlewaretoken"}
LONG = {"text", "detail"}  # fields with a textarea for the merged text
LABELS: dict[str, str | Promise] = {
    "text": _("Text"),
    "detail": _("Detail"),
    "heading": _("Heading"),
    "group": _("Group"),
    "audience": _("Visible to"),
    "style": _("Layout"),
    "heading_display": _("Heading"),
    "facts": _("Facts"),
    "form": _("Type"),
    "category": _("Category"),
    "proficiency": _("Proficiency"),
    "requirement": _("Required or preferred"),
    "essential": _("Essential or marginal"),
    "percent": _("Percent of time"),
    "frequency": _("Frequency"),
    "amount": _("How much"),
    "unit": _("Unit"),
    "how_often": _("How often"),
    "minimum": _("Minimum"),
    "maximum": _("Maximum"),
    "currency": _("Currency"),
    "period": _("Period"),
    "location": _("Location"),
    "level": _("Level"),
    "years_from": _("Years, from"),
    "years_to": _("Years, to"),
    "value": _("Value"),
    "plain": _("Not a placeholder"),
    "id": _("Market figures"),
}


@dataclass
class ConflictField:
    """One field that both people changed: the name of its input, and both values."""

    name: str
    label: str | Promise
    mine: list[str]
    theirs: str
    is_long: bool = False

    @property
    def readable(self) -> list[str]:
        """The person's values as text, where they are ids."""
        return _figures(self.mine) if self.name.startswith("references-") else self.mine

    @property
    def text(self) -> str:
        return self.mine[0] if self.mine else ""

    def is_of(self, prefix: str) -> bool:
        return self.name.startswith(f"{prefix}-")


@dataclass
class ConflictingRow:
    """One conflict: `pick` is the name of its radio buttons."""

    kind: str
    pick: str
    gone: bool
    prefix: str = ""
    is_action: bool = False  # the conflict is about an action (move, remove), not about text
    fields: list[ConflictField] = field(default_factory=list)

    @property
    def prefixes(self) -> list[str]:
        """The prefixes of the rows whose fields it shows; a line can have two."""
        shown = {
            p for f in self.fields for p in (self.prefix, paired_prefix(self.prefix)) if f.is_of(p)
        }
        return sorted({self.prefix, *shown} - {""})


def conflict_page(
    request: HttpRequest, description: JobDescription, step: Step, stale: StaleDraft
) -> HttpResponse:
    """A 409 response with both states; nothing has been saved."""
    fresh = JobDescription.objects.get(pk=description.pk)
    rows = assembly.load_rows(fresh)
    stored = stored_values(rows)
    views = {
        v.pick + v.prefix: v for v in (_view(request, c, stored, fresh) for c in stale.conflicts)
    }
    visible = {f.name for view in views.values() for f in view.fields}
    visible |= {f"{prefix}-base" for view in views.values() for prefix in view.prefixes}
    visible |= {view.pick for view in views.values()} | {"facts-base"}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in visible | NOT_CARRIED
        for value in values
    ]
    context = {
        "description": fresh,
        "step": step,
        "conflicts": list(views.values()),
        "carried": carried,
        "has_facts": "facts-base" in request.POST,
        "facts_base": stale.token
        if any(view.kind == "facts" for view in views.values())
        else single(request.POST, "facts-base"),
        "token": stale.token,
        "actors": _actors(fresh, single(request.POST, "token")),
        "is_version": single(request.POST, "action") == "version",
    }
    return render(request, "wizard/conflict.html", context, status=409)


def _view(
    request: HttpRequest, conflict: RowConflict, stored: dict[str, Values], fresh: JobDescription
) -> ConflictingRow:
    if conflict.kind in ("order", "outline", "version"):
        return ConflictingRow(conflict.kind, "pick-action", conflict.gone, is_action=True)
    if conflict.kind == "facts":
        return ConflictingRow("facts", "pick-facts", False, fields=_facts(request, fresh))
    uid = answer_uid(conflict.uid) if conflict.kind == "answer" else conflict.uid
    prefix = f"{conflict.kind}-{uid}"
    if conflict.kind == "section" and f"references-{uid}-base" in request.POST:
        prefix = _changed_prefix(request, prefix, f"references-{uid}", stored)
    if single(request.POST, "action") == f"{conflict.kind}-remove:{uid}":
        theirs = _fields(request, prefix, stored, only_changed=False)
        view = ConflictingRow(conflict.kind, "pick-action", conflict.gone, prefix, is_action=True)
        view.fields = [f for f in theirs if f.label in (LABELS["text"], LABELS["heading"])]
        return view
    view = ConflictingRow(conflict.kind, f"pick-{prefix}", conflict.gone, prefix)
    for row_prefix in sorted({prefix, paired_prefix(prefix)}):
        view.fields += _fields(request, row_prefix, stored, only_changed=not conflict.gone)
    return view


def _changed_prefix(
    request: HttpRequest, section: str, references: str, stored: dict[str, Values]
) -> str:
    """The row of a section's conflict: its own fields, or the market figures it shows."""
    typed = typed_values(request.POST, references)
    return references if typed != stored.get(references) else section


def _fields(
    request: HttpRequest, prefix: str, stored: dict[str, Values], *, only_changed: bool
) -> list[ConflictField]:
    fields, theirs = [], stored.get(prefix, {})
    for name, mine in typed_values(request.POST, prefix).items():
        other = theirs.get(name, [])
        if only_changed and mine == other:
            continue
        if prefix.startswith("references-"):
            other = _figures(other)
        fields.append(
            ConflictField(
                f"{prefix}-{name}", LABELS.get(name, name), mine, ", ".join(other), name in LONG
            )
        )
    return fields


def _figures(ids: list[str]) -> list[str]:
    """The names of market figures."""
    known = [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 18]
    return [str(reference) for reference in PayReference.objects.filter(pk__in=known)]


def _facts(request: HttpRequest, fresh: JobDescription) -> list[ConflictField]:
    """The facts that this person changed, with their current values."""
    posted = FactsForm(request.POST, instance=JobDescription.objects.get(pk=fresh.pk))
    current = FactsForm(instance=fresh)
    return [
        ConflictField(
            posted[name].html_name,
            posted[name].label,
            request.POST.getlist(posted[name].html_name),
            _as_text(current[name].value()),
        )
        for name in posted.changed_data
    ]


def _as_text(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    return ", ".join(str(item) for item in items if item not in (None, "", False))


def _actors(description: JobDescription, token: str) -> list[str]:
    """The people who changed the draft since the page was loaded."""
    since = int(token) if token.isdecimal() and len(token) < 19 else 0
    authors = draft_events.authors_since(description, since)
    return sorted(str(user) for user in User.objects.filter(pk__in=authors))
