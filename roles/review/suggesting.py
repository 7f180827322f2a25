"""Suggestions: other words for a line, a line to remove or to add, another requirement; and the
author's answer, which brings an accepted one into the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import document, drafting
from roles.drafting import changes
from roles.models import Line, Suggestion, Thread, User, Version
from roles.models.content import new_uid
from roles.review import acting, notifying, saying
from roles.review.acting import Actor
from roles.review.reading import Reader


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is suggested at a place; `line` is what it is about, for `add` perhaps the line
    after which the new one belongs (none: at the end of the section)."""

    kind: str  # a key of models.discussions.SUGGESTIONS
    section: str
    line: str = ""
    text: str = ""
    detail: str = ""
    requirement: str = ""


def suggest(*, reader: Reader, version: Version, proposal: Proposal, why: str = "") -> Suggestion:
    """Propose a change of a version's line. Raises drafting.Refused where the review is closed,
    the line is not there, nothing is proposed, or it would change nothing."""
    with transaction.atomic():
        line = _line(reader.document(version), proposal)
        _refuse(proposal, line)
        thread = saying.begin(reader, version, proposal.section, proposal.line)
        suggestion = Suggestion(
            thread=thread,
            kind=proposal.kind,
            was=line.text if line else "",
            was_detail=line.detail if line else "",
            was_requirement=line.requirement if line else "",
            text=proposal.text.strip(),
            detail=proposal.detail.strip(),
            requirement=proposal.requirement,
        )
        suggestion.full_clean(validate_unique=False, validate_constraints=False)
        suggestion.save()
        by = Actor(reader.user, reader.reviewer)
        words = [suggestion.text, suggestion.detail, suggestion.requirement]
        acting.record(
            by,
            "review.suggested",
            thread.review,
            suggestion,
            thread=thread.pk,
            kind=suggestion.kind,
            text=acting.digest("\n".join(words)),
        )
        authors = notifying.authors(thread.review)
        notifying.notify(thread.review, "review.suggested", authors, by, thread=thread.pk)
        if why.strip():
            saying.add(thread, why, by, is_told=False)
    return suggestion


def withdraw(*, reader: Reader, suggestion: Suggestion) -> Suggestion:
    """Take one's own suggestion back while it is open."""
    with transaction.atomic():
        locked = _locked(suggestion, reader.review.pk)
        by = Actor(reader.user, reader.reviewer)
        if not by.is_author_of(locked.thread):
            raise drafting.Refused(_("Only who made the suggestion can withdraw it."))
        _answer(locked, "withdrawn", "", by)
    return locked


def decline(*, suggestion: Suggestion, reason: str, by: User) -> Suggestion:
    """Leave the draft as it is, and say why."""
    if not reason.strip():
        raise drafting.Refused(_("Say why, in a few words."))
    with transaction.atomic():
        locked = _locked(suggestion, suggestion.thread.review_id)
        _answer(locked, "declined", reason, Actor(user=by))
    return locked


def accept(
    *,
    suggestion: Suggestion,
    by: User,
    token: int,
    text: str | None = None,
    detail: str | None = None,
    answer: str = "",
) -> Suggestion:
    """Bring a suggestion into the draft, in other words where `text` or `detail` are given. The
    change is the accepting author's; the event names the suggestion, which is its origin.
    Raises drafting.Stale where the line changed since the page with `token` was made (its answer
    is not taken), drafting.Refused where the line is gone."""
    with transaction.atomic():
        locked = _locked(suggestion, suggestion.thread.review_id)
        final = Final(
            locked,
            locked.text if text is None else text.strip(),
            locked.detail if detail is None else detail.strip(),
            new_uid(),
        )
        is_changed = (final.text, final.detail) != (locked.text, locked.detail)
        change = CHANGES[locked.kind](final)
        drafting.apply(description=locked.thread.description, by=by, token=token, changes=change)
        locked.line = final.uid if locked.kind == "add" else locked.thread.line
        _answer(locked, "changed" if is_changed else "accepted", answer, Actor(user=by))
    return locked


def draft_line(suggestion: Suggestion) -> Line | None:
    """The line of the draft that the suggestion is about, as it reads now, or None."""
    thread = suggestion.thread
    return Line.objects.filter(description=thread.description_id, uid=thread.line).first()


@dataclass(frozen=True, slots=True)
class Final:
    """A suggestion in the words in which it is accepted; `uid` is for a new line."""

    suggestion: Suggestion
    text: str
    detail: str
    uid: str


def _reword(final: Final) -> list[changes.Change]:
    if not final.text:
        raise drafting.Refused(_("The line needs words. To take it out, remove it."))
    values = {"text": final.text, "detail": final.detail}
    return [changes.ChangeLine(uid=final.suggestion.thread.line, values=values)]


def _remove(final: Final) -> list[changes.Change]:
    return [changes.RemoveLine(uid=final.suggestion.thread.line)]


def _require(final: Final) -> list[changes.Change]:
    values = {"requirement": final.suggestion.requirement}
    return [changes.ChangeLine(uid=final.suggestion.thread.line, values=values)]


def _add(final: Final) -> list[changes.Change]:
    thread = final.suggestion.thread
    values = {"text": final.text, "detail": final.detail}
    if final.suggestion.requirement:
        values["requirement"] = final.suggestion.requirement
    before = Line.objects.filter(
        description=thread.description_id, uid=thread.line, parent=None, section__uid=thread.section
    ).first()
    if before is not None and before.group:
        values["group"] = before.group
    found: list[changes.Change] = [
        changes.AddLine(section=thread.section, uid=final.uid, values=values)
    ]
    return found


CHANGES: dict[str, Callable[[Final], list[changes.Change]]] = {
    "reword": _reword,
    "remove": _remove,
    "add": _add,
    "requirement": _require,
}


def _line(whole: document.Document, proposal: Proposal) -> document.Line | None:
    for section in whole.sections:
        for line in section.every_line():
            if line.uid == proposal.line:
                return line
    return None


def _refuse(proposal: Proposal, line: document.Line | None) -> None:
    """Raise drafting.Refused where there is nothing to suggest."""
    if proposal.kind not in CHANGES:
        raise drafting.Refused(_("Choose what you suggest."))
    if line is None and proposal.kind != "add":
        raise drafting.Refused(_("The line is not in this version."))
    if proposal.kind in ("reword", "add") and not proposal.text.strip():
        raise drafting.Refused(_("Write the words that you suggest."))
    if line is None:
        return
    same_words = (line.text, line.detail) == (proposal.text.strip(), proposal.detail.strip())
    if proposal.kind == "reword" and same_words:
        raise drafting.Refused(_("These are the words that stand there already."))
    if proposal.kind == "requirement" and line.requirement == proposal.requirement:
        raise drafting.Refused(_("That is the requirement already."))


def _locked(suggestion: Suggestion, review_id: int) -> Suggestion:
    """The suggestion as it is now; refused where it is answered or its review is closed."""
    thread = Thread.objects.select_related("review").get(pk=suggestion.thread_id, review=review_id)
    review = acting.locked(thread.review)
    acting.refuse_closed(review, even_expired=True)
    found = Suggestion.objects.select_related("thread__description", "thread__reviewer__user")
    locked = found.get(pk=suggestion.pk)
    locked.thread.review = review
    if not locked.is_open:
        raise drafting.Refused(
            _("This suggestion has an answer already: %s.") % locked.get_state_display()
        )
    return locked


def _answer(suggestion: Suggestion, state: str, answer: str, by: Actor) -> None:
    suggestion.state, suggestion.answer = state, answer.strip()
    suggestion.answered_by, suggestion.answered_at = by.user, timezone.now()
    suggestion.full_clean(validate_unique=False, validate_constraints=False)
    suggestion.save()
    thread = suggestion.thread
    thread.resolved_at, thread.resolved_by = timezone.now(), by.user
    thread.resolved_reviewer = by.reviewer if by.user is None else None
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_reviewer"])
    acting.record(
        by,
        "review.answered",
        thread.review,
        suggestion,
        thread=thread.pk,
        state=state,
        line=suggestion.line,
        text=acting.digest(suggestion.answer),
    )
    made = [whom for whom in (thread.by or thread.reviewer,) if whom]
    notifying.notify(thread.review, "review.answered", made, by, thread=thread.pk, state=state)
