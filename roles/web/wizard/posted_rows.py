"""A posted wizard page as it comes: fields by row, and what is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roles.assembly import DraftRows
from roles.drafts.changes import Change
from roles.models import Line
from roles.web.shared.post_data import Post, number, single
from roles.web.wizard.row_fields import RowView, Values

if TYPE_CHECKING:
    from roles.web.wizard.paste_list_forms import PastedLine


@dataclass
class PostedPage:
    """What a posted page asks for. `errors` and `typed` are by row prefix."""

    changes: list[Change] = field(default_factory=list)
    errors: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    typed: dict[str, Values] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    pasted: dict[str, list[PastedLine]] = field(default_factory=dict)  # by section
    accepted: set[str] = field(default_factory=set)  # rows that now stand as typed
    refused: bool = False  # nothing took effect: the page shows everything as typed

    def show(self, view: RowView) -> RowView:
        """The row with what was typed into it, and what is wrong with that."""
        view.typed = self.typed.get(view.prefix)
        view.typed_base = self.bases.get(view.prefix, "")
        view.errors = self.errors.get(view.prefix, {})
        return view

    def let_go_of_untouched(self) -> None:
        """Show rows in which nothing was typed as they are stored now."""
        for prefix in self.bases.keys() - self.accepted:
            del self.typed[prefix], self.bases[prefix]

    def saved(self, token: int) -> list[RowView]:
        """The rows that the page may from now on base on `token`: those it changed."""
        both = {twin(prefix) for prefix in self.accepted} & self.typed.keys()
        rows = [prefix.split("-", 1) for prefix in sorted(self.accepted | both)]
        return [RowView(k, uid, self.typed[f"{k}-{uid}"], token) for k, uid in rows]


def twin(prefix: str) -> str:
    """The other row of the same line: the line itself, or what stands under its "More"."""
    kind, _dash, uid = prefix.partition("-")
    return {"line": f"more-{uid}", "more": f"line-{uid}"}.get(kind, prefix)


def picked(post: Post, prefix: str) -> str:
    """What the person chose after a conflict about this row: mine, theirs, or nothing."""
    line = twin(prefix) if prefix.startswith("more-") else prefix
    return single(post, f"pick-{line}")


@dataclass(frozen=True)
class LinePosition:
    """Where a line stood when the page was made: uids, and the revision it came from."""

    section: str = ""
    parent: str = ""
    revision: int | None = None


def shown_values(post: Post, prefix: str) -> Values:
    """What was typed into the fields of a row, by field name."""
    names = {name.removeprefix(f"{prefix}-") for name in post if name.startswith(f"{prefix}-")}
    hidden = {"base", "parent", "placeholder", "line", "plain", "id"}
    typed: Values = {name: post.getlist(f"{prefix}-{name}") for name in names - hidden}
    if "facts" in typed:  # an empty value says that the boxes were on the page
        typed["facts"] = [fact for fact in typed["facts"] if fact]
    kind = prefix.split("-", 1)[0]
    for name in {"answer": ("plain",), "references": ("id",)}.get(kind, ()):
        typed[name] = post.getlist(f"{prefix}-{name}")
    return typed


def place_of(post: Post, prefix: str) -> LinePosition:
    section, parent, revision, *_rest = [*single(post, f"{prefix}-parent").split(":"), "", ""]
    return LinePosition(section, parent, number(revision) or None)


def every_line(rows: DraftRows) -> Iterable[Line]:
    for group in (rows.lines, rows.sub_lines):
        for lines in group.values():
            yield from lines


def _comes_back_with_its_line(post: Post, prefix: str, now: Values | None) -> bool:
    """A sub-line nobody touched returns where its removed line is put back."""
    parent = place_of(post, prefix).parent
    return now is None and bool(parent) and single(post, f"pick-line-{parent}") == "mine"


def is_put_back(post: Post, prefix: str, now: Values | None) -> bool:
    """Whether a removed row comes back because the person wants it, or its line."""
    if now is not None or not prefix.startswith("line-"):
        return False
    return picked(post, prefix) == "mine" or _comes_back_with_its_line(post, prefix, now)
