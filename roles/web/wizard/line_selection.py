"""The lines that a person selected in a section, and the changes of the buttons for all of them.

Each line has a checkbox `chosen`, and each section one for all its lines (`all-<section>`).
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from roles import vocabulary
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.drafts.errors import ActionRefused
from roles.web.shared.post_data import Post, number, single
from roles.web.wizard import row_parsers

# Fields that are set for several lines at once -> their values.
MARKS = {"requirement": vocabulary.REQUIREMENTS, "essential": vocabulary.ESSENTIALS_SHORT}


def choices(asks: Collection[str]) -> list[tuple[str, str]]:
    """The marks of a section whose lines ask for these fields: `field.value` and its label. The
    last one of each field clears it."""
    found = []
    for name, words in MARKS.items():
        if name in asks:
            found += [(f"{name}.{value}", _(word)) for value, word in words.items()]
            found.append((f"{name}.", _("Not stated")))
    return found


def selected(post: Post, section: str) -> list[str]:
    """The uids of the selected lines and sub-lines of a section, in the order of the page. Only
    lines that the page showed are selected: someone else may have added others."""
    chosen = set(post.getlist("chosen"))
    is_all = f"all-{section}" in post
    uids = []
    for name in post:
        uid = name.removeprefix("line-").removesuffix("-parent")
        if name != f"line-{uid}-parent" or single(post, name).partition(":")[0] != section:
            continue
        if is_all or uid in chosen:
            uids.append(uid)
    return uids


def set_mark(post: Post, section: str, mark: str) -> list[Change]:
    """The changes that give the selected lines a value, such as `requirement.preferred`. Lines
    that can't have it, such as paragraphs, and lines that have it are left as they are. Raises
    ActionRefused if no line is selected, or none can have it."""
    name, _dot, value = mark.partition(".")
    if name not in MARKS or value not in ("", *MARKS[name]):
        raise ActionRefused(_("This isn’t a choice for these lines."))
    _check_selected(post, section)
    able = markable(post, section, name)
    if not able:
        raise ActionRefused(_("Paragraphs and sub-lines can’t be marked. Select other lines."))
    return [
        changes.ChangeLine(uid, {name: value}, _base(post, uid))
        for uid in able
        if single(post, f"line-{uid}-{name}") != value and not _is_discarded(post, uid)
    ]


def markable(post: Post, section: str, name: str) -> list[str]:
    """The uids of the selected lines that show a field of MARKS."""
    return [uid for uid in selected(post, section) if f"line-{uid}-{name}" in post]


def remove(post: Post, section: str) -> list[Change]:
    """The changes that remove the selected lines. Raises ActionRefused if none is selected."""
    _check_selected(post, section)
    return [
        changes.RemoveLine(uid, _base(post, uid))
        for uid in selected(post, section)
        if not _is_discarded(post, uid)
    ]


def _check_selected(post: Post, section: str) -> None:
    if not selected(post, section):
        raise ActionRefused(_("Select at least one line first."))


def _is_discarded(post: Post, uid: str) -> bool:
    """Whether the person chose the other version of the line after a conflict."""
    return row_parsers.conflict_choice(post, f"line-{uid}") == "theirs"


def _base(post: Post, uid: str) -> int | None:
    """The edit token at which the page read the line."""
    token = single(post, f"line-{uid}-base").partition(".")[0]
    return number(token) if token else None
