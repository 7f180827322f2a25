"""The button of each issue: the changes that fix it, and the page that it leads to.

A button is `name="action" value="fix:<id>"`. The id names an issue of the draft as it is, so that
a button changes nothing once its issue is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import assembly, physical_demands, vocabulary
from roles.assembly import DraftRows
from roles.document import Document
from roles.drafts import changes, draft_issues, fact_lists
from roles.drafts.changes import Change
from roles.models.section_content import new_uid
from roles.quality.issue import GO_TO_SECTION, Issue, IssueAction
from roles.web.shared.post_data import Post, single
from roles.web.shared.wizard_steps import STEPS, step_of
from roles.web.wizard import blank_conversion, section_snippets
from roles.web.wizard.row_fields import every_line

FINISH = "finish"


@dataclass(frozen=True)
class PlannedFix:
    """What a button does: changes of the draft, and where it leads: a step (a slug; "" for the page
    of the job description) and the id of an element there. `message` says what was changed."""

    changes: Sequence[Change]
    step: str
    anchor: str = ""
    message: str | Promise = ""

    def url(self, reference: str) -> str:
        """The URL that the button leads to."""
        if not self.step:
            return reverse("description", args=[reference])
        url = reverse("wizard_step", args=[reference, self.step])
        return f"{url}#{self.anchor}" if self.anchor else url


@dataclass(frozen=True)
class IssueFix:
    """A kind of fix: the words on its button, and how it is planned."""

    label: Callable[[IssueAction], str]
    plan: Callable[[DraftRows, Issue], PlannedFix]


def shown(rows: DraftRows, document: Document) -> list[dict[str, Any]]:
    """The issues of a draft, assembled from these rows as this document, with the ids and words of
    their buttons."""
    found = []
    for issue in draft_issues.issues(rows, document):
        action = _possible(rows, issue.action)
        label = FIXES[action.key].label(action)
        found.append({"issue": issue, "id": _id(issue), "label": label})
    return found


def planned(post: Post, rows: DraftRows) -> PlannedFix | None:
    """The fix of the pressed button; None for other buttons, and one without changes if the issue
    is gone."""
    name, _colon, wanted = single(post, "action").partition(":")
    if name != "fix" or single(post, "pick-action") == "theirs":
        return None
    document = assembly.assemble(rows.description, rows)
    for issue in draft_issues.issues(rows, document):
        if _id(issue) == wanted:
            return FIXES[_possible(rows, issue.action).key].plan(rows, issue)
    return _at_issues([], gettext_lazy("This issue is already fixed."))


def _id(issue: Issue) -> str:
    place = issue.section.uid if issue.section else ""
    parts = (issue.check, place, issue.action.key, *issue.action.arguments)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _possible(rows: DraftRows, action: IssueAction) -> IssueAction:
    """The action, or the way to the section if its template requires it or locks its lines."""
    if action.key == "remove_section":
        kept = {section.uid for section in rows.sections if section.required}
    elif action.key in ("remove_line", "convert_demand"):
        locked = {section.pk for section in rows.sections if section.locked}
        kept = {line.uid for line in every_line(rows) if line.section_id in locked}
    else:
        return action
    return GO_TO_SECTION if action.arguments[0] in kept else action


# --- ways to a place


def _go_to_section(_rows: DraftRows, issue: Issue) -> PlannedFix:
    if issue.section is None:
        return PlannedFix([], STEPS[0].slug)
    return PlannedFix([], step_of(issue.section.kind).slug, f"card-{issue.section.uid}")


def _go_to(prefix: str, suffix: str = "") -> Callable[[DraftRows, Issue], PlannedFix]:
    """Plans the way to an element of the section's step whose id has the first argument."""

    def plan(_rows: DraftRows, issue: Issue) -> PlannedFix:
        slug = step_of(issue.section.kind).slug if issue.section else STEPS[0].slug
        return PlannedFix([], slug, f"{prefix}{issue.action.arguments[0]}{suffix}")

    return plan


def _go_to_placeholders(_rows: DraftRows, _issue: Issue) -> PlannedFix:
    return PlannedFix([], FINISH, "placeholders")


def _go_to_job_description(_rows: DraftRows, _issue: Issue) -> PlannedFix:
    return PlannedFix([], "")


# --- changes


def _at_issues(wanted: Sequence[Change], message: str | Promise) -> PlannedFix:
    """Makes the changes and leads back to the list of issues."""
    return PlannedFix(wanted, FINISH, "issues", message)


def _show_facts(rows: DraftRows, issue: Issue) -> PlannedFix:
    """Adds the facts to the job details, or the job details to the draft."""
    message = gettext_lazy("Job details shown. Select Undo to hide them.")
    details = next(filter(fact_lists.is_job_details, rows.sections), None)
    if details is not None:
        facts = [*details.facts, *issue.action.arguments]
        return _at_issues([changes.ChangeSection(details.uid, {"facts": facts})], message)
    heading = _(vocabulary.SECTION_KINDS["facts"].label)
    return _at_issues([changes.AddSection("facts", heading, after=None)], message)


def _add_section(rows: DraftRows, issue: Issue) -> PlannedFix:
    """Adds a section where its kind usually is, with a snippet if the library has one. What has
    to be written leads to the section."""
    kind, category = issue.action.arguments
    uid = new_uid()
    wanted: list[Change] = [changes.AddSection(kind, _heading(kind, category), None, uid)]
    snippet = section_snippets.fitting(rows, kind, category)
    message = gettext_lazy("Section added. Select Undo to remove it.")
    if snippet is not None:
        return _at_issues([*wanted, changes.AddSnippets(uid, (snippet,))], message)
    return PlannedFix(wanted, step_of(kind).slug, f"card-{uid}", message)


def _heading(kind: str, category: str) -> str:
    labels = vocabulary.CATEGORIES["boilerplate"]
    return _(labels.get(category) or vocabulary.SECTION_KINDS[kind].label)


def _remove_line(_rows: DraftRows, issue: Issue) -> PlannedFix:
    message = gettext_lazy("Line removed. Select Undo to restore it.")
    return _at_issues([changes.RemoveLine(issue.action.arguments[0])], message)


def _remove_section(_rows: DraftRows, issue: Issue) -> PlannedFix:
    message = gettext_lazy("Section removed. Select Undo to restore it.")
    return _at_issues([changes.RemoveSection(issue.action.arguments[0])], message)


def _convert_blank(rows: DraftRows, issue: Issue) -> PlannedFix:
    message = gettext_lazy("Placeholder converted. Select Undo to restore the text.")
    return _at_issues(blank_conversion.conversions(rows, issue.action.arguments[0]), message)


def _convert_demand(rows: DraftRows, issue: Issue) -> PlannedFix:
    """Moves how much and how often from the text of a line to its fields."""
    [uid] = issue.action.arguments
    [line] = [line for line in every_line(rows) if line.uid == uid]
    wanted: list[Change] = []
    if demand := physical_demands.parsed(line.text):
        parts = {"amount": demand.amount, "unit": demand.unit, "how_often": demand.how_often}
        values = {"text": demand.what, "category": physical_demands.CATEGORY, **parts}
        wanted.append(changes.ChangeLine(uid, values))
    message = gettext_lazy("Physical demand converted. Select Undo to restore the text.")
    return _at_issues(wanted, message)


def _set_language(_rows: DraftRows, issue: Issue) -> PlannedFix:
    message = gettext_lazy("Language changed. Select Undo to reset it.")
    return _at_issues([changes.ChangeFacts({"language": issue.action.arguments[0]})], message)


def _translate_headings(_rows: DraftRows, issue: Issue) -> PlannedFix:
    pairs = issue.action.arguments
    wanted = [
        changes.ChangeSection(uid, {"heading": heading})
        for uid, heading in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    message = gettext_lazy("Headings translated. Select Undo to restore them.")
    return _at_issues(wanted, message)


def _words(text: str | Promise) -> Callable[[IssueAction], str]:
    return lambda _action: str(text)


FIXES: dict[str, IssueFix] = {
    "go_to_section": IssueFix(_words(gettext_lazy("Go to section")), _go_to_section),
    "go_to_fact": IssueFix(_words(gettext_lazy("Go to field")), _go_to("id_facts-")),
    "go_to_line": IssueFix(_words(gettext_lazy("Go to line")), _go_to("line-")),
    "go_to_pay": IssueFix(_words(gettext_lazy("Go to pay range")), _go_to("pay-", "-maximum")),
    "go_to_new_pay": IssueFix(_words(gettext_lazy("Add pay range")), _go_to("newpay-", "-minimum")),
    "go_to_placeholders": IssueFix(
        _words(gettext_lazy("Fill in placeholders")), _go_to_placeholders
    ),
    "go_to_job_description": IssueFix(
        _words(gettext_lazy("Open job description")), _go_to_job_description
    ),
    "show_facts": IssueFix(_words(gettext_lazy("Show these facts")), _show_facts),
    "add_section": IssueFix(
        lambda action: _("Add %s") % _heading(*action.arguments).lower(), _add_section
    ),
    "remove_line": IssueFix(_words(gettext_lazy("Remove this line")), _remove_line),
    "remove_section": IssueFix(_words(gettext_lazy("Remove section")), _remove_section),
    "convert_blank": IssueFix(
        lambda action: _("Convert to %s") % action.arguments[1], _convert_blank
    ),
    "convert_demand": IssueFix(_words(gettext_lazy("Convert to fields")), _convert_demand),
    "set_language": IssueFix(lambda action: _("Change to %s") % action.arguments[1], _set_language),
    "translate_headings": IssueFix(_words(gettext_lazy("Translate headings")), _translate_headings),
}
