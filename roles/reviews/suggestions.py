"""Suggestions: reword, remove or add a line, or change its requirement; and the author's answer,
which applies an accepted suggestion to the draft."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import document, drafts, limits, vocabulary
from roles.models import JobDescription, Suggestion, Thread, User, Version
from roles.models.section_content import new_uid
from roles.reviews import (
    comments,
    notify,
    review_events,
    review_lock,
    suggestion_changes,
    sync_suggestions,
)
from roles.reviews.actor import Actor
from roles.reviews.review_access import Reader


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested change. `line` is the uid of its line; for `add`, of the line before the new one
    (empty: at the end of the section)."""

    kind: str  # a key of models.discussion.SUGGESTIONS
    section: str
    line: str = ""
    text: str = ""
    detail: str = ""
    requirement: str = ""


def suggest(*, reader: Reader, version: Version, proposal: Proposal, why: str = "") -> Suggestion:
    """Suggests a change to a line of a version. Raises drafts.ActionRefused if the review is
    closed, the line does not exist, or the suggestion is empty or changes nothing."""
    with transaction.atomic():
        whole = reader.document(version)
        line = _line(whole, proposal)
        _check(proposal, line)
        _check_draft_takes(whole, proposal, line)
        thread = comments.start_thread(reader, version, proposal.section, proposal.line)
        suggestion = Suggestion(
            thread=thread,
            kind=proposal.kind,
            old_text=line.text if line else "",
            old_detail=line.detail if line else "",
            old_requirement=line.requirement if line else "",
            text=proposal.text.strip(),
            detail=proposal.detail.strip(),
            requirement=proposal.requirement,
        )
        suggestion.full_clean(validate_unique=False, validate_constraints=False)
        suggestion.save()
        by = Actor(reader.user, reader.reviewer)
        values = [suggestion.text, suggestion.detail, suggestion.requirement]
        review_events.record(
            by,
            "review.suggested",
            thread.review,
            suggestion,
            thread=thread.pk,
            kind=suggestion.kind,
            text=review_events.digest("\n".join(values)),
        )
        authors = notify.authors(thread.review)
        notify.notify(thread.review, "review.suggested", authors, by, thread=thread.pk)
        if why.strip():
            comments.add(thread, why, by, should_notify=False)
    return suggestion


def withdraw(*, reader: Reader, suggestion: Suggestion) -> Suggestion:
    """Withdraws one's own suggestion while it is open. Raises drafts.ActionRefused for others."""
    with transaction.atomic():
        locked = _locked(suggestion, reader.review.pk)
        review_lock.refuse_closed(locked.thread.review, even_expired=True)
        by = Actor(reader.user, reader.reviewer)
        if not by.is_author_of(locked.thread):
            raise drafts.ActionRefused(
                _("Only the person who made the suggestion can withdraw it.")
            )
        locked.line = ""
        _answer(locked, "withdrawn", "", by)
    return locked


def decline(*, suggestion: Suggestion, reason: str, by: User) -> Suggestion:
    """Declines a suggestion with a reason; the draft stays as it is. Raises drafts.ActionRefused
    without a reason, or if it was already answered."""
    if not reason.strip():
        raise drafts.ActionRefused(_("Enter a reason."))
    with transaction.atomic():
        locked = _locked(suggestion, suggestion.thread.review_id)
        locked.line = ""
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
    as_new: bool = False,
) -> Suggestion:
    """Applies a suggestion to the draft, with other wording where `text` or `detail` are given;
    `as_new`: a line that was removed is restored. The change is the accepting author's; the event
    names the suggestion it came from. Raises drafts.StaleDraft if the line changed since the
    page with `token` was made (the suggestion is not answered then), drafts.ActionRefused if
    the line is gone or its section takes no such change."""
    with transaction.atomic():
        locked = _locked(suggestion, suggestion.thread.review_id)
        line = suggestion_changes.draft_line(locked)
        proposed = suggestion_changes.proposed(locked, line)
        final = suggestion_changes.AcceptedWording(
            locked,
            line,
            proposed[0] if text is None else text.strip(),
            proposed[1] if detail is None else detail.strip(),
            new_uid(),
            as_new,
        )
        hashes = _apply(final, by, token)
        is_changed = (final.text, final.detail) != proposed
        locked.accepted_text, locked.accepted_detail = final.text, final.detail
        _answer(locked, "changed" if is_changed else "accepted", answer, Actor(user=by), **hashes)
    return locked


def _apply(final: suggestion_changes.AcceptedWording, by: User, token: int) -> dict[str, str]:
    """Applies the wording to the draft. Returns the hashes of the line before and after, which
    `sync_suggestions` uses to follow undo and redo."""
    changes = suggestion_changes.changes_of(final)
    suggestion = final.suggestion
    description = suggestion.thread.description
    suggestion.line = final.uid if suggestion.kind == "add" else suggestion.thread.line
    old = sync_suggestions.state(description, suggestion.line)
    try:
        drafts.apply(description=description, by=by, token=token, changes=changes, is_step=True)
    except ValidationError as error:
        raise drafts.ActionRefused(" ".join(error.messages)) from error
    return {"old": old, "new": sync_suggestions.state(description, suggestion.line)}


def origins(description: JobDescription, lines: Collection[str]) -> dict[str, list[Suggestion]]:
    """Returns the accepted suggestions that these lines of a draft (uids) came from, newest
    first."""
    found: dict[str, list[Suggestion]] = {}
    if not lines:
        return found
    accepted = Suggestion.objects.filter(
        thread__description=description, state__in=sync_suggestions.ACCEPTED, line__in=list(lines)
    ).select_related("answered_by", "thread__by", "thread__reviewer__user")
    for suggestion in accepted.order_by("-answered_at"):
        found.setdefault(suggestion.line, []).append(suggestion)
    return found


def _line(whole: document.Document, proposal: Proposal) -> document.DocumentLine | None:
    for section in whole.sections:
        for line in section.every_line():
            if line.uid == proposal.line:
                return line
    return None


def _check(proposal: Proposal, line: document.DocumentLine | None) -> None:
    """Raises drafts.ActionRefused if the suggestion is empty or changes nothing."""
    if proposal.kind not in suggestion_changes.CHANGES:
        raise drafts.ActionRefused(_("Choose the type of change."))
    if line is None and proposal.kind != "add":
        raise drafts.ActionRefused(_("The line isn’t in this version."))
    if proposal.kind in ("reword", "add") and not proposal.text.strip():
        raise drafts.ActionRefused(_("Enter the new wording."))
    if line is None:
        return
    is_same = (line.text, line.detail) == (proposal.text.strip(), proposal.detail.strip())
    if proposal.kind == "reword" and is_same:
        raise drafts.ActionRefused(_("The line already says this."))
    if proposal.kind == "requirement" and line.requirement == proposal.requirement:
        raise drafts.ActionRefused(_("The line already has this requirement."))


def _check_draft_takes(
    whole: document.Document, proposal: Proposal, line: document.DocumentLine | None
) -> None:
    """Raises drafts.ActionRefused if the suggestion is invalid in every draft."""
    section = next((one for one in whole.sections if one.uid == proposal.section), None)
    if section is None:
        return  # comments.start_thread refuses it
    usual = vocabulary.SECTION_KINDS[section.kind].form
    form = line.form if line is not None else usual
    if form == "entry" and len(proposal.text) > limits.LINE_LIMIT:
        message = _("A list item can have up to %d characters.")
        raise drafts.ActionRefused(message % limits.LINE_LIMIT)
    if len(proposal.detail) > limits.DETAIL_LIMIT:
        message = _("A detail can have up to %d characters.")
        raise drafts.ActionRefused(message % limits.DETAIL_LIMIT)
    is_sub = line is not None and line not in section.lines
    if proposal.kind == "requirement" and not suggestion_changes.takes_requirement(
        section.kind, form, is_sub=is_sub
    ):
        raise drafts.ActionRefused(_("This line can’t be marked as required or preferred."))


def _locked(suggestion: Suggestion, review_id: int) -> Suggestion:
    """Returns the current suggestion, locked. Raises drafts.ActionRefused if it was answered."""
    thread = Thread.objects.select_related("review").get(pk=suggestion.thread_id, review=review_id)
    review = review_lock.lock(thread.review)
    found = Suggestion.objects.select_related("thread__description", "thread__reviewer__user")
    locked = found.get(pk=suggestion.pk)
    locked.thread.review = review
    if not locked.is_open:
        raise drafts.ActionRefused(
            _("This suggestion was already answered: %s.") % locked.get_state_display()
        )
    return locked


def _answer(suggestion: Suggestion, state: str, answer: str, by: Actor, **what: str) -> None:
    suggestion.state, suggestion.answer = state, answer.strip()
    suggestion.answered_by, suggestion.answered_at = by.user, timezone.now()
    suggestion.full_clean(validate_unique=False, validate_constraints=False)
    suggestion.save()
    thread = suggestion.thread
    thread.resolved_at, thread.resolved_by = timezone.now(), by.user
    thread.resolved_reviewer = by.reviewer if by.user is None else None
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_reviewer"])
    review_events.record_answer(by, suggestion, **what)
    made = [person for person in (thread.by or thread.reviewer,) if person]
    notify.notify(thread.review, "review.answered", made, by, thread=thread.pk, state=state)
