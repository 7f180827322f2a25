"""The changes that can be made to a draft, as plain values. Uids name rows that exist unless
stated.

`base` is the token that the page had when it last read the row; None: the whole page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ChangeFacts:
    """New values of facts: fields of JobDescription by name."""

    values: Mapping[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class AddSection:
    """`uid` restores a section that someone else removed, or names a new one for the changes
    after this one."""

    kind: str
    heading: str
    after: str | None = ""  # uid; empty: at the end; None: where its kind usually is
    uid: str = ""


@dataclass(frozen=True)
class ChangeSection:
    """New values among heading, audience, style, facts."""

    uid: str
    values: Mapping[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class MoveSection:
    uid: str
    by: int  # -1 up, 1 down


@dataclass(frozen=True)
class PlaceSection:
    """Move a section after the one with the uid `after` (empty: first)."""

    uid: str
    after: str = ""


@dataclass(frozen=True)
class RemoveSection:
    """`is_confirmed`: the person was told why the template requires the section."""

    uid: str
    is_confirmed: bool = False


@dataclass(frozen=True)
class AddLine:
    """Free text. `uid` restores a line that someone else removed, `revision` (an id) its link to
    the library."""

    section: str
    values: Mapping[str, Any]
    parent: str = ""  # uid of the line it becomes a sub-line of
    uid: str = ""
    revision: int | None = None
    after: str = ""  # uid of the line before it; empty: after the last one of its group and form


@dataclass(frozen=True)
class NewLine:
    """One of several new lines: `revision` (an id) links it to the library. `percent` (of working
    time) and `requirement` are ignored in sections that don't ask for them."""

    text: str
    revision: int | None = None
    lines: tuple[NewLine, ...] = ()
    detail: str = ""
    percent: int | None = None
    requirement: str = ""


@dataclass(frozen=True)
class AddLines:
    """A list of entries with their sub-lines at the end of a section."""

    section: str
    lines: tuple[NewLine, ...]


@dataclass(frozen=True)
class AddSnippets:
    """The newest revisions of snippets (ids) as lines, in that order."""

    section: str
    snippets: tuple[int, ...]


@dataclass(frozen=True)
class ChangeLine:
    """New values among models.section_content.LINE_FIELDS."""

    uid: str
    values: Mapping[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class TakeLibraryWording:
    """The library's wording instead of the line's own."""

    uid: str
    base: int | None = None


@dataclass(frozen=True)
class TakeRevision:
    """The wording of another revision (an id) of the line's snippet, instead of its author's.
    Rollouts make this change, also in a section that a template locks: the locked wording is the
    organization's, and this is its new one. The rest of the line stays as it is."""

    uid: str
    revision: int
    base: int | None = None


@dataclass(frozen=True)
class MoveLine:
    """One step: past its neighbor, or into the neighbor's group if that is another."""

    uid: str
    by: int  # -1 up, 1 down


@dataclass(frozen=True)
class PlaceLine:
    """Move a line after `after` (the uid of a line there; empty: first; None: last) in a section,
    or among the sub-lines of `parent`. `group` None: the group at that position."""

    uid: str
    section: str
    after: str | None = ""
    parent: str = ""
    group: str | None = None


@dataclass(frozen=True)
class IndentLine:
    """Make a line the last sub-line of the one above it."""

    uid: str


@dataclass(frozen=True)
class OutdentLine:
    """Make a sub-line a line of its own, after its parent."""

    uid: str


@dataclass(frozen=True)
class RemoveLine:
    uid: str
    base: int | None = None


@dataclass(frozen=True)
class AddPay:
    """A pay range: values are fields of PayRange."""

    section: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangePay:
    uid: str
    values: Mapping[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class RemovePay:
    uid: str
    base: int | None = None


@dataclass(frozen=True)
class ShowReferences:
    """The market figures (ids) to show in a pay section, instead of those shown so far."""

    section: str
    references: tuple[int, ...]
    base: int | None = None


@dataclass(frozen=True)
class AnswerPlaceholder:
    """An answer for the job description, or for one line of it. An empty one that is not plain
    removes the answer."""

    placeholder: str
    value: str = ""
    plain: bool = False
    line: str = ""
    base: int | None = None


Change = (
    ChangeFacts
    | AddSection
    | ChangeSection
    | MoveSection
    | PlaceSection
    | RemoveSection
    | AddLine
    | AddLines
    | AddSnippets
    | ChangeLine
    | TakeLibraryWording
    | TakeRevision
    | MoveLine
    | PlaceLine
    | IndentLine
    | OutdentLine
    | RemoveLine
    | AddPay
    | ChangePay
    | RemovePay
    | ShowReferences
    | AnswerPlaceholder
)
