"""The feedback on a draft, as a page shows it: an item for each note, grouped by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from roles.models import Section, User
from roles.reviews import comments
from roles.reviews.feedback import DraftFeedback
from roles.web.shared import feedback_forms
from roles.web.shared.feedback_item import FeedbackItem


@dataclass(frozen=True)
class FeedbackGroup:
    """The items of one place; `place` is its name in the page."""

    place: str
    items: list[FeedbackItem]

    @property
    def is_open(self) -> bool:
        return any(item.is_open for item in self.items)

    @property
    def label(self) -> str:
        """The number of suggestions and comments."""
        count = sum(item.suggestion is not None for item in self.items)
        others = len(self.items) - count
        counts = []
        if count:
            counts.append(ngettext("%d suggestion", "%d suggestions", count) % count)
        if others:
            counts.append(ngettext("%d comment", "%d comments", others) % others)
        return ", ".join(counts)


@dataclass
class FeedbackItems:
    """The items of one page, by place."""

    draft_feedback: DraftFeedback | None = None
    all: list[FeedbackItem] = field(default_factory=list)
    by_line: dict[str, list[FeedbackItem]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[int, list[FeedbackItem]] = field(default_factory=lambda: defaultdict(list))
    feet: dict[int, list[FeedbackItem]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: list[FeedbackItem] = field(default_factory=list)

    def at_line(self, uid: str) -> FeedbackGroup | None:
        found = self.by_line.get(uid)
        return FeedbackGroup(uid, found) if found else None

    def at_head(self, section: Section) -> FeedbackGroup | None:
        found = self.heads.get(section.pk)
        return FeedbackGroup(f"head-{section.uid}", found) if found else None

    def at_foot(self, section: Section) -> FeedbackGroup | None:
        found = self.feet.get(section.pk)
        return FeedbackGroup(f"foot-{section.uid}", found) if found else None

    def count(self, kinds: tuple[str, ...]) -> int:
        """Returns the number of items in sections of these kinds."""
        found = (item.note.section for item in self.all)
        return sum(section is not None and section.kind in kinds for section in found)

    @property
    def fitting(self) -> int:
        """The number of suggestions that can be accepted together without changes."""
        return len(self.draft_feedback.fitting()) if self.draft_feedback else 0


def build(
    found: DraftFeedback | None,
    token: int,
    typed: feedback_forms.Typed | None = None,
    errors: Mapping[str, Mapping[str, list[str]]] | None = None,
    moved: int = 0,
) -> FeedbackItems:
    """Returns the items of the notes, with unsent input."""
    if found is None:
        return FeedbackItems()
    made = FeedbackItems(found)
    names = _names(found)
    for note in found.notes:
        pk = note.thread.pk
        item = FeedbackItem(
            note,
            token,
            names,
            (typed or {}).get(pk, {}),
            (errors or {}).get(f"feedback-{pk}", {}),
            is_moved=pk == moved,
        )
        made.all.append(item)
        if note.section is None:
            made.elsewhere.append(item)
        elif note.line is not None:
            made.by_line[note.line.uid].append(item)
        else:
            places = made.feet if note.is_line_gone else made.heads
            places[note.section.pk].append(item)
    return made


def _names(found: DraftFeedback) -> dict[int, str]:
    """Returns the names of the mentioned people, by id."""
    texts = (comment.text for note in found.notes for comment in note.thread.comments.all())
    ids = {int(key) for text in texts for key in comments.MENTION.findall(text)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
