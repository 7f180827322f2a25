"""Messages for screen readers: what a button of the line editor did."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from roles.drafts import Draft
from roles.models import Line, Section
from roles.web.shared.post_data import Post
from roles.web.wizard import line_selection

# Button -> message; the new position of a line is filled in.
MESSAGES: dict[str, str | Promise] = {
    "line-up": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-down": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-in": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-out": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-place": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-to": gettext_lazy("“%(text)s” is now %(place)s."),
    "line-reset": gettext_lazy("“%(text)s” was reset to the library wording."),
    "line-newer": gettext_lazy("“%(text)s” now has the newer wording."),
    "line-remove": gettext_lazy("Line removed. Select Undo to restore it."),
    "line-add": gettext_lazy("Line added."),
    "sub-add": gettext_lazy("Sub-line added."),
    "lines-add": gettext_lazy("Lines added."),
    "snippet-add": gettext_lazy("Snippet added."),
    "snippets-add": gettext_lazy("Snippets added."),
    "section-place": gettext_lazy("“%(heading)s” is now section %(place)s."),
    "section-up": gettext_lazy("“%(heading)s” moved up."),
    "section-down": gettext_lazy("“%(heading)s” moved down."),
    "section-remove": gettext_lazy("Section removed. Select Undo to restore it."),
    "section-add": gettext_lazy("Section added."),
    "section-start": gettext_lazy("Section added."),
    "section-audience": gettext_lazy("Audience chosen."),
    "pay-add": gettext_lazy("Pay range added."),
    "pay-remove": gettext_lazy("Pay range removed. Select Undo to restore it."),
}


def selection_message(name: str, target: str, post: Post) -> str:
    """The message for a button of post_parser.SELECTION_ACTIONS: how many lines it was for."""
    section, _colon, mark = target.partition(":")
    if name == "lines-remove":
        count = len(line_selection.selected(post, section))
        template = ngettext(
            "%(count)d line removed. Select Undo to restore it.",
            "%(count)d lines removed. Select Undo to restore them.",
            count,
        )
        return template % {"count": count}
    field, _dot, value = mark.partition(".")
    count = len(line_selection.markable(post, section, field))
    word = _(str(line_selection.MARKS[field][value])) if value else _("Not stated")
    template = ngettext(
        "%(count)d line set to “%(mark)s”.", "%(count)d lines set to “%(mark)s”.", count
    )
    return template % {"count": count, "mark": word}


def message(name: str, uid: str, draft: Draft) -> str:
    """The message for a button of MESSAGES that was pressed for the row `uid`."""
    template = str(MESSAGES[name])
    values = {"text": "", "place": "", "heading": ""}
    uid = uid.partition(":")[0]
    if "%(text)s" in template:
        lines = Line.objects.select_related("section", "parent")
        line = lines.filter(description=draft.description, uid=uid).first()
        if line is not None:
            values |= {"text": Truncator(line.text).words(8), "place": _position(line)}
    elif "%(heading)s" in template:
        section = Section.objects.filter(description=draft.description, uid=uid).first()
        if section is not None:
            values |= {"heading": section.heading, "place": _section_position(section)}
    return template % values


def _section_position(section: Section) -> str:
    """The position of a section, such as "2 of 8"."""
    beside = Section.objects.filter(description=section.description_id)
    uids = list(beside.order_by("position", "pk").values_list("uid", flat=True))
    return _("%(number)d of %(count)d") % {
        "number": uids.index(section.uid) + 1,
        "count": len(uids),
    }


def _position(line: Line) -> str:
    """The position of a line, such as "line 2 of 9 in Duties, group Daily"."""
    beside = list(
        Line.objects.filter(section=line.section_id, parent=line.parent_id)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )
    where = {"number": beside.index(line.pk) + 1, "count": len(beside)}
    if line.parent is not None:
        above = Truncator(line.parent.text).words(6)
        return _("sub-line %(number)d of %(count)d under “%(above)s”") % {**where, "above": above}
    text = _("line %(number)d of %(count)d in %(heading)s") % {
        **where,
        "heading": line.section.heading,
    }
    return f"{text}, {_('group')} {line.group}" if line.group else text
