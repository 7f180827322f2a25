"""The body of a Word document: the paragraphs and tables of a flow as WordprocessingML."""

from __future__ import annotations

from itertools import zip_longest
from xml.sax.saxutils import escape

from roles.exporters import flow, spans
from roles.exporters.docx import runs, styles
from roles.exporters.docx.theme import NAMESPACE

_STYLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "heading": "Heading1",
    "group": "Heading2",
    "question": "Heading3",
    "text": "BodyText",
    "lead": "BodyText",
    "bullets": "ListBullet",
    "numbers": "ListNumber",
    "plain": "List",
    "sub": "ListBullet2",
    "detail": "ListContinue",
    "sub_detail": "ListContinue2",
    "signature": "Signature",
    "empty": "NothingHere",
    "cell": "TableText",
    "cell_sub": "ListBullet2",
    "cell_head": "TableHeading",
    "caption": "Caption",
    "summary": "RedlineSummary",
    "gap": "TableGap",
}
_LOOK_OF_HEADED = '<w:tblLook w:val="0620" w:firstRow="1" w:firstColumn="0"/>'
_LOOK_OF_FACTS = '<w:tblLook w:val="0680" w:firstRow="0" w:firstColumn="1"/>'
_HEAD = ("title", "subtitle")
_RULE = (
    '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="8" w:color="{0}"'
    ' w:themeColor="accent1"/></w:pBdr>'
)
_IN_CELL = '<w:ind w:left="260" w:hanging="260"/>'

# Column widths as percentages of the table's width, counted from the first or the last column.
# The others share the rest.
_FROM_FIRST = {"facts": (31, 69), "entries": (38, 62)}
_FROM_LAST = {"ranges": (30, 15), "references": (27, 23)}


class Body:
    """Writes blocks, and collects the lists, comments, and links that they need."""

    def __init__(self, direction: str, width: int, accent: str, changes: runs.RunChanges) -> None:
        self.base, self.width, self.accent, self.changes = direction, width, accent, changes
        self.series: dict[str, int] = {}
        self.notes: list[str] = []
        self.links = runs.RunLinks()

    def blocks(self, found: list[flow.Block]) -> str:
        """Returns all blocks as XML."""
        roles = [getattr(block, "role", "") for block in found]
        ends = max((n for n, role in enumerate(roles) if role in _HEAD), default=-1)
        return "".join(
            self.paragraph(block, is_last_of_head=number == ends, is_kept=_explains(behind, block))
            if isinstance(block, flow.FlowParagraph)
            else self._table(block)
            for number, (block, behind) in enumerate(zip_longest(found, found[1:]))
        )

    def paragraph(
        self, paragraph: flow.FlowParagraph, *, is_last_of_head: bool = False, is_kept: bool = False
    ) -> str:
        """Returns one paragraph, optionally kept on a page with the next one. The head has a line
        in the brand color below it."""
        way = runs.direction(paragraph.text, self.base)
        properties = (
            f'<w:pStyle w:val="{_STYLES[paragraph.role]}"/>'
            + ("<w:keepNext/>" if is_kept or paragraph.role == "lead" else "")
            + (self._number(paragraph.series) if paragraph.series else "")
            + (_RULE.format(self.accent) if is_last_of_head else "")
            + ("<w:bidi/>" if way == "rtl" else "")
            + (_IN_CELL if paragraph.role == "cell_sub" else "")
            + self._mark(paragraph.state)
        )
        inner = runs.runs(paragraph.spans, way, self.changes, self.links)
        if paragraph.note:
            inner = self._noted(inner, paragraph.note)
        return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"

    def _number(self, series: str) -> str:
        number = self.series.setdefault(series, styles.NUMBERS + 1 + len(self.series))
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'

    def _mark(self, state: str) -> str:
        """Returns the mark of an added or removed paragraph, for its end."""
        if state == "same":
            return ""
        return f"<w:rPr>{self._change(state)}</w:rPr>"

    def _change(self, state: str) -> str:
        return f"<w:{'ins' if state == 'added' else 'del'} {self.changes.attributes()}/>"

    def _noted(self, inner: str, note: str) -> str:
        number = len(self.notes)
        self.notes.append(note)
        return (
            f'<w:commentRangeStart w:id="{number}"/>{inner}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:commentReference w:id="{number}"/></w:r>'
        )

    def comments(self) -> str:
        """Returns comments.xml with the notes."""
        made = "".join(
            f"<w:comment {self.changes.comment(number)}><w:p><w:pPr>"
            f'<w:pStyle w:val="TableText"/></w:pPr><w:r><w:t xml:space="preserve">'
            f"{escape(note)}</w:t></w:r></w:p></w:comment>"
            for number, note in enumerate(self.notes)
        )
        return f"<w:comments {NAMESPACE}>{made}</w:comments>"

    # --- tables

    def _table(self, table: flow.FlowTable) -> str:
        count = len(table.head) or 2
        shares = _shares(table.shape, count)
        widths = [self.width * share // sum(shares) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        properties = (
            '<w:tblStyle w:val="JobDescription"/>'
            + ("<w:bidiVisual/>" if self.base == "rtl" else "")
            + f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            + (_LOOK_OF_HEADED if table.head else _LOOK_OF_FACTS)
        )
        rows = [self._head(table, widths)] if table.head else []
        rows += [self._row(row, widths) for row in table.rows]
        gap = flow.FlowParagraph("gap", (), state=table.state)
        return (
            f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"{''.join(rows)}</w:tbl>{self.paragraph(gap)}"
        )

    def _head(self, table: flow.FlowTable, widths: list[int]) -> str:
        cells = tuple(
            (
                flow.FlowParagraph(
                    "cell_head", (spans.Span(name, state=table.state),), state=table.state
                ),
            )
            for name in table.head
        )
        return self._row(flow.FlowRow(cells, state=table.state), widths, is_head=True)

    def _row(self, row: flow.FlowRow, widths: list[int], *, is_head: bool = False) -> str:
        properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "")
        if row.state != "same":
            properties += self._change(row.state)
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{''.join(map(self.paragraph, cell))}</w:tc>"
            for width, cell in zip(widths, row.cells, strict=True)
        )
        return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _explains(behind: flow.Block | None, block: flow.Block) -> bool:
    """Returns whether the next block explains this one: a line's text and its detail."""
    if behind is None or behind.key[1:] != ("detail", 0):
        return False
    return behind.key[:1] == block.key[:1] and block.key[1:2] == ("text",)


def _shares(shape: str, count: int) -> list[int]:
    """Returns the proportional widths of this number of columns."""
    if shape in _FROM_FIRST and count > 1:
        return list(_FROM_FIRST[shape])
    last = _FROM_LAST.get(shape, ())[:count]
    others = count - len(last)
    return [(100 - sum(last)) // others] * others + list(last) if others else list(last)
