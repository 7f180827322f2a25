"""Suggestions and comments beside a draft: how a page shows them, and what is answered there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from roles import assembly, comparison, drafting, vocabulary
from roles.comparison import Piece, Pieces
from roles.exporters import redline
from roles.forms import suggestions
from roles.forms.posted import number, one
from roles.forms.steps import Step, step_of
from roles.forms.suggestions import Asked
from roles.models import Comment, JobDescription, Section, Suggestion, Thread, User
from roles.review import margin, reading, saying, suggesting
from roles.review.margin import Margin, Note
from roles.views.access import person

UNSENT = gettext_lazy("What you wrote beside a line is not sent yet: send it, or clear it.")


class Moved(Exception):  # noqa: N818  # it names an outcome, as drafting.Stale does
    """The line that a suggestion is about was changed since the page was made."""

    def __init__(self, thread: int) -> None:
        super().__init__(f"moved: {thread}")
        self.thread = thread


@dataclass
class Box:
    """A note as a page shows it. `token` is the draft's when it was read, `typed` what stands
    in its fields and is not sent, `errors` what is wrong with that; `is_moved`: it was answered
    while its line had changed."""

    note: Note
    token: int
    names: Mapping[int, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    is_moved: bool = False

    @property
    def thread(self) -> Thread:
        return self.note.thread

    @property
    def suggestion(self) -> Suggestion | None:
        return self.note.suggestion

    @property
    def uid(self) -> str:
        return f"say-{self.thread.pk}"

    @property
    def step(self) -> Step | None:
        """Where the draft has its place."""
        return step_of(self.note.section.kind) if self.note.section is not None else None

    @property
    def is_open(self) -> bool:
        """Whether it needs to be seen at once."""
        return self.is_moved or bool(self.typed or self.errors)

    # --- the suggestion

    @property
    def offered(self) -> dict[str, str]:
        """The words in which it would be accepted as it is."""
        text, detail = self.note.proposed if self.suggestion else ("", "")
        return {"text": text, "detail": detail}

    @property
    def was(self) -> str:
        """What the page is based on, to be sent back."""
        return f"{self.token}.{suggestions.offered(self.offered) if self.suggestion else ''}"

    @property
    def value(self) -> dict[str, str]:
        """Field name to the text in it."""
        return {**dict.fromkeys(suggestions.FIELDS, ""), **self.offered, **self.typed}

    @property
    def redlines(self) -> list[SafeString]:
        """What accepting it would do to the line as it reads now."""
        found = self.suggestion
        if found is None:
            return []
        line = self.note.line
        now = (line.text, line.detail) if line is not None else (found.was, found.was_detail)
        if found.kind == "requirement":
            stated = line.requirement if line is not None else found.was_requirement
            return [_marked(_one(now[0])), _marked(_became(stated, found.requirement))]
        if found.kind == "remove":
            pairs = [(text, "") for text in now]
        elif found.kind == "add":
            pairs = [("", text) for text in self.note.proposed]
        else:
            pairs = list(zip(now, self.note.proposed, strict=True))
        return [_marked(comparison.pieces(*pair)) for pair in pairs if any(pair)]

    @property
    def earlier(self) -> list[SafeString]:
        """What was suggested when the line read otherwise."""
        found = self.suggestion
        if found is None or not self.note.is_changed:
            return []
        if found.kind == "requirement":
            was = _became(found.was_requirement, found.requirement)
            return [_marked(_one(found.was)), _marked(was)]
        wanted = (found.text, found.detail) if found.kind == "reword" else ("", "")
        pairs = zip((found.was, found.was_detail), wanted, strict=True)
        return [_marked(comparison.pieces(*pair)) for pair in pairs if any(pair)]

    @property
    def says_so_already(self) -> bool:
        """Whether the line reads as suggested, whoever wrote it so."""
        found, line = self.suggestion, self.note.line
        if found is None or line is None or found.kind not in ("reword", "requirement"):
            return False
        same_words = (line.text, line.detail) == self.note.proposed
        wanted = found.requirement if found.kind == "requirement" else line.requirement
        return same_words and line.requirement == wanted

    @property
    def behind(self) -> str:
        """The words of the line behind which a new one belongs."""
        found, line = self.suggestion, self.note.line
        return line.text if found and found.kind == "add" and line is not None else ""

    @property
    def has_detail(self) -> bool:
        """Whether its words are in two fields."""
        return bool(self.offered["detail"] or (self.suggestion and self.suggestion.was_detail))

    @property
    def may_be_reworded(self) -> bool:
        return self.suggestion is not None and self.suggestion.kind in ("reword", "add")

    @property
    def as_new(self) -> bool:
        """Whether accepting it brings a line back that is gone."""
        found = self.suggestion
        return self.note.is_line_gone and found is not None and found.kind in _CHANGING

    @property
    def hindrance(self) -> str:
        """Why it cannot be accepted, in words, or nothing."""
        found = self.suggestion
        if found is None:
            return ""
        if self.note.is_locked:
            return _("The template locks the text of this section, so it cannot be accepted.")
        if self.note.section is None and found.kind != "remove":
            return _("Its section is gone from the draft, so it cannot be accepted.")
        return ""

    # --- what was said

    @property
    def said(self) -> list[tuple[Comment, str]]:
        """The comments, and their words with the names of those whom they mention."""
        return [(said, self._words(said)) for said in self.thread.comments.all()]

    def _words(self, said: Comment) -> str:
        return saying.MENTION.sub(lambda m: f"@{self.names.get(int(m[1]), '…')}", said.text)


_CHANGING = ("reword", "requirement")


def _marked(pieces: Pieces) -> SafeString:
    return redline.marked(pieces)


def _one(text: str, state: str = "same") -> Pieces:
    return (Piece(text, state),)


def _became(old: str, new: str) -> Pieces:
    """One mark of a line instead of another."""
    words = [
        str(_(vocabulary.REQUIREMENTS[code])) if code else _("not stated") for code in (old, new)
    ]
    if old == new:
        return _one(words[0])
    return (*_one(words[0], "removed"), *_one(" "), *_one(words[1], "added"))


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
        return len(fitting(self.margin)) if self.margin else 0


def boxes(
    found: Margin | None,
    token: int,
    typed: suggestions.Typed | None = None,
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
    ids = {int(key) for text in texts for key in saying.MENTION.findall(text)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def fitting(found: Margin) -> list[Note]:
    """The suggestions whose lines are as they were when they were made, one for each line."""
    taken = set()
    fits = []
    for note in found.notes:
        if note.suggestion is None or note.section is None or note.is_locked:
            continue
        is_add = note.suggestion.kind == "add"
        if not is_add and (note.line is None or note.is_changed or note.line.uid in taken):
            continue
        if note.line is not None and not is_add:
            taken.add(note.line.uid)
        fits.append(note)
    return fits


# --- answers


def check(asked: Asked) -> dict[str, dict[str, list[str]]]:
    """What is wrong with what was typed for the deed, by row as the page names it."""
    form = suggestions.form(asked)
    return {f"say-{asked.thread}": form.problems} if form and not form.is_valid() else {}


@dataclass(frozen=True, slots=True)
class Done:
    """What is said of an answer, and the line that it was about."""

    said: str
    line: str = ""


def carry_out(
    request: HttpRequest,
    description: JobDescription,
    asked: Asked,
    token: int,
    touched: Collection[str] = (),
) -> Done:
    """Do what a valid page asks, which as a whole was based on `token`; `touched` are the rows
    of the draft that it just wrote. Raises Moved where the line of a suggestion was changed since,
    drafting.Refused where it is not possible. Must run in a transaction."""
    if asked.deed == suggestions.ALL_THAT_FIT:
        return Done(_accept_all(request, description, token))
    found = Thread.objects.select_related("review", "suggestion", "version").defer("version__text")
    thread = found.filter(pk=asked.thread, description=description).first()
    if thread is None:
        raise drafting.Refused(_("This is no longer there."))
    thread.review.description = thread.description = description
    if asked.deed.startswith("thread-"):
        return Done(_talk(request, thread, asked), thread.line)
    seen = _seen(request, thread, asked)
    if f"line:{thread.line}" in touched:
        seen = description.edit_token
    return Done(_decide(request, thread, asked, seen), thread.line)


def _seen(request: HttpRequest, thread: Thread, asked: Asked) -> int:
    """The token at which the page read the line: with the suggestion, or in the line's own row,
    which autosaves renew. The page's own token may be newer: an answer to a conflict has shown
    other lines only."""
    row = one(request.POST, f"line-{thread.line}-was").partition(".")[0]
    return max(asked.base, number(row))


def _decide(request: HttpRequest, thread: Thread, asked: Asked, token: int) -> str:
    """A suggestion accepted or declined."""
    suggestion = getattr(thread, "suggestion", None)
    if suggestion is None:
        raise drafting.Refused(_("This is no longer there."))
    suggestion.thread = thread
    typed, by = _typed(asked), person(request)
    if asked.deed == "suggestion-decline":
        suggesting.decline(suggestion=suggestion, reason=typed["reason"], by=by)
        return _("Declined. Who suggested it is told why.")
    try:
        as_new = asked.deed == "suggestion-new"
        suggesting.accept(suggestion=suggestion, by=by, token=token, as_new=as_new, **typed)
    except drafting.Stale as stale:
        raise Moved(thread.pk) from stale
    return _("Accepted. Undo takes it back.")


def _typed(asked: Asked) -> dict[str, str]:
    form = suggestions.form(asked)
    return dict(form.cleaned_data) if form and form.is_valid() else {}


def _talk(request: HttpRequest, thread: Thread, asked: Asked) -> str:
    """A reply, or the end of a thread."""
    reader = reading.reader(thread.review, person(request))
    if reader is None:
        raise drafting.Refused(_("This is no longer there."))
    if asked.deed == "thread-reply":
        saying.reply(reader=reader, thread=thread, text=_typed(asked)["reply"])
        return _("Your reply is there.")
    saying.resolve(reader=reader, thread=thread)
    return _("Resolved. It stays on the page of the review.")


def _accept_all(request: HttpRequest, description: JobDescription, token: int) -> str:
    """Accept what fits the draft as the page showed it."""
    description.refresh_from_db()
    found = margin.beside(description, assembly.load_rows(description))
    notes = fitting(found) if found else []
    if not notes or description.edit_token != token:
        raise drafting.Refused(
            _("The draft was changed meanwhile. Look at the suggestions again, then accept them.")
        )
    for note in notes:
        assert note.suggestion is not None  # noqa: S101  # narrows the type
        now = JobDescription.objects.values_list("edit_token", flat=True).get(pk=description.pk)
        suggesting.accept(suggestion=note.suggestion, by=person(request), token=now)
    count = len(notes)
    return ngettext("%d suggestion is accepted.", "%d suggestions are accepted.", count) % count
