"""Comments: threads about a line, a section or the whole document; replies; resolving and
reopening."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from roles import drafts
from roles.document import Document
from roles.limits import COMMENTS_LIMIT, THREADS_LIMIT
from roles.models import Comment, Review, Reviewer, Thread, User, Version
from roles.reviews import notify, review_events, review_lock
from roles.reviews.actor import Actor
from roles.reviews.review_access import Reader

MENTION = re.compile(r"@\[(\d{1,9})\]")
_TYPED = re.compile(r"(?<![\w.@])@([\w.+-]{1,150})")


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """The place that a thread is about: uids, and the text there. Both uids are empty for general
    comments."""

    section: str = ""
    line: str = ""
    heading: str = ""
    quote: str = ""
    audience: str = "public"


def find_place(document: Document, section: str, line: str) -> CommentPlace:
    """Returns the place in the document as its reader sees it. Raises drafts.ActionRefused if there
    is none."""
    if not section and not line:
        return CommentPlace()
    for one in document.filled().sections:
        if one.uid == section and not line:
            return CommentPlace(one.uid, "", one.heading, "", one.audience)
        for entry in one.every_line():
            if line and entry.uid == line and section in ("", one.uid):
                return CommentPlace(one.uid, entry.uid, one.heading, entry.plain_text, one.audience)
    raise drafts.ActionRefused(_("This line or section isn’t in this version."))


def comment(
    *, reader: Reader, version: Version, text: str, section: str = "", line: str = ""
) -> Thread:
    """Starts a thread at a place of a version. Raises drafts.ActionRefused if the review is
    closed, the place does not exist, or the text is empty."""
    with transaction.atomic():
        thread = start_thread(reader, version, section, line)
        add(thread, text, _actor(reader))
    return thread


def reply(*, reader: Reader, thread: Thread, text: str) -> Comment:
    """Adds a comment to a thread; a resolved one is reopened. Authors can reply after the review
    has ended, too. Raises drafts.ActionRefused if the thread is full or the text is empty."""
    with transaction.atomic():
        review = _lock(reader)
        thread = Thread.objects.get(pk=thread.pk)
        thread.review = review
        if thread.comments.count() >= COMMENTS_LIMIT:
            raise drafts.ActionRefused(_("This thread is full. Start a new one."))
        added = add(thread, text, _actor(reader))
        if thread.resolved_at is not None:
            _set_resolved(thread, None)
    return added


def resolve(*, reader: Reader, thread: Thread) -> Thread:
    """Resolves a thread. Raises drafts.ActionRefused unless the person started it or is an author
    of the draft."""
    return _set_state(reader, thread, is_resolved=True)


def reopen(*, reader: Reader, thread: Thread) -> Thread:
    """Reverts `resolve`, for the same people."""
    return _set_state(reader, thread, is_resolved=False)


def start_thread(reader: Reader, version: Version, section: str, line: str) -> Thread:
    """Creates a thread without a comment, inside an action."""
    review = review_lock.lock_open(reader.review)
    if review.threads.count() >= THREADS_LIMIT:
        raise drafts.ActionRefused(
            _("This review has reached its limit of threads. Reply to an existing one.")
        )
    if not review.rounds.filter(version=version).exists():
        raise drafts.ActionRefused(_("This version isn’t under review."))
    place = find_place(reader.document(version), section, line)
    by = _actor(reader)
    return Thread.objects.create(
        review=review,
        description=review.description,
        version=version,
        section=place.section,
        line=place.line,
        heading=place.heading,
        quote=place.quote,
        audience=place.audience,
        by=by.user,
        reviewer=by.reviewer,
    )


def may_resolve(reader: Reader, thread: Thread) -> bool:
    """Whether this person can resolve or reopen the thread."""
    return reader.may("review.answer") or _actor(reader).is_author_of(thread)


def _actor(reader: Reader) -> Actor:
    return Actor(reader.user, reader.reviewer)


def _lock(reader: Reader) -> Review:
    """Returns the review, locked; it must be open, except for the authors of the draft."""
    locked = review_lock.lock(reader.review)
    if not reader.may("review.answer"):
        review_lock.refuse_closed(locked)
    return locked


def add(thread: Thread, text: str, by: Actor, *, should_notify: bool = True) -> Comment:
    """Adds a comment to a thread, inside an action; `should_notify`: whether people besides those
    it mentions are notified."""
    text = text.strip()
    if not text:
        raise drafts.ActionRefused(_("Enter a comment."))
    text, mentioned = _with_mentions(text, thread.review)
    added = Comment(thread=thread, text=text, by=by.user, reviewer=by.reviewer)
    added.full_clean(validate_unique=False, validate_constraints=False)
    added.save()
    added.mentions.set(mentioned)
    review_events.record(
        by,
        "review.commented",
        thread.review,
        added,
        thread=thread.pk,
        text=review_events.digest(added.text),
        mentions=[user.pk for user in mentioned],
    )
    notify.notify(thread.review, "review.mentioned", mentioned, by, thread=thread.pk)
    others = (
        [user for user in _participants(thread) if user not in mentioned] if should_notify else []
    )
    notify.notify(thread.review, "review.commented", others, by, thread=thread.pk)
    return added


def _participants(thread: Thread) -> list[User | Reviewer]:
    """The authors, and everyone who wrote in the thread."""
    comments = thread.comments.select_related("by", "reviewer__user")
    people: list[User | Reviewer] = list(notify.authors(thread.review))
    people += [person for person in (c.by or c.reviewer for c in comments) if person]
    return people


def _with_mentions(text: str, review: Review) -> tuple[str, list[User]]:
    """Returns the text with each `@username` of a mentionable person replaced by `@[id]`, and the
    mentioned people."""
    people = {user.username.lower(): user for user in mentionable(review)}
    mentioned: dict[int, User] = {}

    def token(found: re.Match[str]) -> str:
        name = found[1].rstrip(".-+")
        user = people.get(name.lower())
        if user is None:
            return found[0]
        mentioned[user.pk] = user
        return f"@[{user.pk}]{found[1][len(name) :]}"

    plain = MENTION.sub(r"@(\1)", text)  # a typed token mentions no one
    return _TYPED.sub(token, plain), list(mentioned.values())


def mentionable(review: Review) -> list[User]:
    """Returns the people that a comment can mention: reviewers with accounts, the authors, and the
    hiring managers of the job description."""
    reviewers = review.reviewers.current().filter(user__is_active=True)
    people = [one.user for one in reviewers.select_related("user") if one.user]
    people += [*notify.authors(review), *review.description.hiring_managers.all()]
    return list({user.pk: user for user in people if user.is_active}.values())


def _set_state(reader: Reader, thread: Thread, *, is_resolved: bool) -> Thread:
    with transaction.atomic():
        review = _lock(reader)
        thread = Thread.objects.get(pk=thread.pk)
        thread.review = review
        if not may_resolve(reader, thread):
            raise drafts.ActionRefused(
                _("Only the person who started this thread or an author can do that.")
            )
        if (thread.resolved_at is not None) == is_resolved:
            return thread
        by = _actor(reader)
        _set_resolved(thread, by if is_resolved else None)
        verb = "review.resolved" if is_resolved else "review.reopened"
        review_events.record(by, verb, review, thread, thread=thread.pk)
    return thread


def _set_resolved(thread: Thread, by: Actor | None) -> None:
    thread.resolved_at = timezone.now() if by else None
    thread.resolved_by = by.user if by else None
    thread.resolved_reviewer = by.reviewer if by and by.user is None else None
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_reviewer"])
