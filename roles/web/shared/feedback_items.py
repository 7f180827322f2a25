"""What stands beside a draft under review, as a page shows it: a box for each note, in piles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from roles.models import Section, User
from roles.reviews import comments
from roles.reviews.feedback import Margin
from roles.web.shared import feedback_forms
from roles.web.shared.feedback_item import Box


@dataclass(frozen=True)
class Pile:
    """The boxes of one place; `place` names it in the page."""

    place: str
    boxes: list[Box]

    @property
    def is_open(self) -> bool:
        return any(box.is_open for box in self.boxes)

    @property
    def label(self) -> str:
        """How much there is of what."""
        count = sum(box.suggestion is not None for box in self.boxes)
        others = len(self.boxes) - count
        words = []
        if count:
            words.append(ngettext("%d suggestion", "%d suggestions", count) % count)
        if others:
            words.append(ngettext("%d comment", "%d comments", others) % others)
        return ", ".join(words)


@dataclass
class Boxes:
    """The boxes of one page, and where each stands."""

    margin: Margin | None = None
    all: list[Box] = field(default_factory=list)
    by_line: dict[str, list[Box]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))
    feet: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: list[Box] = field(default_factory=list)

    def at_line(self, uid: str) -> Pile | None:
        found = self.by_line.get(uid)
        return Pile(uid, found) if found else None

    def at_head(self, section: Section) -> Pile | None:
        found = self.heads.get(section.pk)
        return Pile(f"head-{section.uid}", found) if found else None

    def at_foot(self, section: Section) -> Pile | None:
        found = self.feet.get(section.pk)
        return Pile(f"foot-{section.uid}", found) if found else None

    def count(self, kinds: tuple[str, ...]) -> int:
        """How many stand in sections of these kinds."""
        found = (box.note.section for box in self.all)
        return sum(section is not None and section.kind in kinds for section in found)

    @property
    def fitting(self) -> int:
        """How many could be accepted as they are, in one deed."""
        return len(self.margin.fitting()) if self.margin else 0


def boxes(
    found: Margin | None,
    token: int,
    typed: feedback_forms.Typed | None = None,
    errors: Mapping[str, Mapping[str, list[str]]] | None = None,
    moved: int = 0,
) -> Boxes:
    """The notes as a page shows them, with what was typed beside them and not sent."""
    if found is None:
        return Boxes()
    made = Boxes(found)
    names = _names(found)
    for note in found.notes:
        pk = note.thread.pk
        box = Box(
            note,
            token,
            names,
            (typed or {}).get(pk, {}),
            (errors or {}).get(f"say-{pk}", {}),
            is_moved=pk == moved,
        )
        made.all.append(box)
        if note.section is None:
            made.elsewhere.append(box)
        elif note.line is not None:
            made.by_line[note.line.uid].append(box)
        else:
            places = made.feet if note.is_line_gone else made.heads
            places[note.section.pk].append(box)
    return made


def _names(found: Margin) -> dict[int, str]:
    """Whom the comments mention, by id."""
    texts = (said.text for note in found.notes for said in note.thread.comments.all())
    ids = {int(key) for text in texts for key in comments.MENTION.findall(text)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
