"""Styles and lists of a Word document, as parts of the package. Names are Word's own where
possible, so that its menus offer them.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from roles.exporters import localized
from roles.exporters.docx.theme import NAMESPACE, word_language

BULLETS, DASHES, NUMBERS = 1, 2, 3  # lists; further numbered ones restart
INK, MUTED, FAINT, RULE = "1D2329", "56606B", "6B7580", "DDE2E7"


@dataclass(frozen=True, slots=True)
class WordStyle:
    """A Word style: id, name, base style, and properties as XML."""

    id: str
    name: str
    paragraph: str = ""
    text: str = ""
    based_on: str = "Normal"
    next: str = ""
    kind: str = "paragraph"


def _spacing(before: float, after: float, line: float = 1.1) -> str:
    return (
        f'<w:spacing w:before="{before * 20:.0f}" w:after="{after * 20:.0f}"'
        f' w:line="{line * 240:.0f}" w:lineRule="auto"/>'
    )


def _indent(start: int, hanging: int = 0) -> str:
    return f'<w:ind w:left="{start}" w:hanging="{hanging}"/>'


def _text(size: float = 0, color: str = "", *, bold: bool = False, italic: bool = False) -> str:
    """Returns text properties in the order that the schema requires."""
    theme = ' w:themeColor="accent1"' if color == "accent" else ""
    value = "{accent}" if color == "accent" else color
    return (
        ("<w:b/><w:bCs/>" if bold else "")
        + ("<w:i/><w:iCs/>" if italic else "")
        + (f'<w:color w:val="{value}"{theme}/>' if color else "")
        + (f'<w:sz w:val="{size * 2:.0f}"/><w:szCs w:val="{size * 2:.0f}"/>' if size else "")
    )


_TOGETHER = "<w:contextualSpacing/>"  # no space between paragraphs of the style
_KEEP = "<w:keepNext/><w:keepLines/>"


def _numbered(number: int) -> str:
    return f'<w:numPr><w:numId w:val="{number}"/></w:numPr>'


def _heading(level: int) -> str:
    return f'<w:outlineLvl w:val="{level - 1}"/>'


STYLES = (
    WordStyle("Normal", "Normal", _spacing(0, 6), based_on=""),
    WordStyle("BodyText", "Body Text"),
    WordStyle("Title", "Title", _KEEP + _spacing(0, 2, 1), _text(23, "14181C", bold=True)),
    WordStyle("Subtitle", "Subtitle", _spacing(2, 12), _text(12, MUTED), next="BodyText"),
    WordStyle("Organization", "Organization", _KEEP + _spacing(0, 9), _text(9.5, MUTED, bold=True)),
    WordStyle(
        "Heading1",
        "heading 1",
        _KEEP + _spacing(16, 5, 1.05) + _heading(1),
        _text(13.5, "accent", bold=True),
        next="BodyText",
    ),
    WordStyle(
        "Heading2",
        "heading 2",
        _KEEP + _spacing(9, 3) + _heading(2),
        _text(10.5, INK, bold=True),
        next="BodyText",
    ),
    WordStyle(
        "Heading3",
        "heading 3",
        _KEEP + _spacing(6, 3) + _heading(3),
        _text(10.5, INK, bold=True),
        next="BodyText",
    ),
    WordStyle("ListBullet", "List Bullet", _numbered(BULLETS) + _spacing(0, 3)),
    WordStyle("ListBullet2", "List Bullet 2", _numbered(DASHES) + _spacing(0, 3)),
    WordStyle("ListNumber", "List Number", _numbered(NUMBERS) + _spacing(0, 3)),
    WordStyle("List", "List", _spacing(0, 3)),
    WordStyle("ListContinue", "List Continue", _spacing(0, 4) + _indent(360), _text(0, "3C454E")),
    WordStyle(
        "ListContinue2", "List Continue 2", _spacing(0, 4) + _indent(720), _text(0, "3C454E")
    ),
    WordStyle("TableText", "Table Text", _spacing(2, 2, 1.05), _text(10)),
    WordStyle("TableHeading", "Table Heading", _KEEP, _text(9, MUTED, bold=True), "TableText"),
    WordStyle(
        "TableGap",
        "Table Gap",
        '<w:spacing w:before="0" w:after="0" w:line="60" w:lineRule="exact"/>',
        _text(4),
    ),
    WordStyle("Caption", "caption", "<w:keepNext/>" + _spacing(4, 3), _text(10, INK, bold=True)),
    WordStyle(
        "Signature",
        "Signature",
        "<w:keepLines/><w:pBdr>"
        f'<w:top w:val="single" w:sz="6" w:space="3" w:color="{MUTED}"/></w:pBdr>'
        + _spacing(34, 0)
        + '<w:ind w:right="{signature}"/>',
        _text(9.5, MUTED),
    ),
    WordStyle("NothingHere", "Nothing Here", "", _text(0, FAINT, italic=True)),
    WordStyle("Header", "header", "{tab}" + _spacing(0, 0), _text(8.5, MUTED)),
    WordStyle("Footer", "footer", "{rule}{tab}" + _spacing(0, 0), _text(8.5, MUTED)),
    WordStyle(
        "RedlineSummary", "Redline Summary", "{box}" + _spacing(0, 14) + _TOGETHER, _text(9.5, INK)
    ),
    WordStyle("DefaultParagraphFont", "Default Paragraph Font", based_on="", kind="character"),
    WordStyle("Strong", "Strong", "", "<w:b/><w:bCs/>", "DefaultParagraphFont", kind="character"),
    WordStyle(
        "Hyperlink",
        "Hyperlink",
        "",
        '<w:color w:val="1155CC" w:themeColor="hyperlink"/><w:u w:val="single"/>',
        "DefaultParagraphFont",
        kind="character",
    ),
    WordStyle("Tags", "Tags", "", _text(9, MUTED), "DefaultParagraphFont", kind="character"),
    WordStyle(
        "Placeholder",
        "Open Placeholder",
        "",
        _text(0, "4D3C00"),
        "DefaultParagraphFont",
        kind="character",
    ),
)
EDGE = f'w:val="single" w:sz="6" w:space="0" w:color="{RULE}"'
_TABLES = f"""
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr>
<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>
<w:left w:w="108" w:type="dxa"/>
<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="JobDescription">
<w:name w:val="Job Description"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top {EDGE}/><w:bottom {EDGE}/><w:insideH {EDGE}/></w:tblBorders>
<w:tblCellMar><w:top w:w="30" w:type="dxa"/>{{sides}}</w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="8B95A0"/></w:tcBorders></w:tcPr>
</w:tblStylePr></w:style>"""


def styles(accent: str, language: str, width: int) -> str:
    """Returns styles.xml. `accent` is RRGGBB, `width` the text width in twentieths of a point."""
    fields = {
        "accent": accent,
        "signature": str(width - 4600),
        "tab": f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>',
        "rule": '<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="C9D0D7"/></w:pBdr>',
        "box": "<w:pBdr>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="6" w:color="8B95A0"/>'
            for side in ("top", "left", "bottom", "right")
        )
        + "</w:pBdr>",
    }
    start, end = (80, 80) if localized.direction(language) == "rtl" else (0, 160)
    fields["sides"] = (
        f'<w:left w:w="{start}" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/>'
        f'<w:right w:w="{end}" w:type="dxa"/>'
    )
    made = "".join(_style(look, fields) for look in STYLES)
    return f"<w:styles {NAMESPACE}>{_defaults(language)}{made}{_filled(_TABLES, fields)}</w:styles>"


def _defaults(language: str) -> str:
    code = word_language(language)
    other = code if localized.direction(language) == "rtl" else "ar-SA"
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia"'
        ' w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"/>'
        f'<w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        f"<w:lang w:val={quoteattr(code)} w:eastAsia={quoteattr(code)}"
        f" w:bidi={quoteattr(other)}/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault/></w:docDefaults>"
    )


def _style(look: WordStyle, fields: dict[str, str]) -> str:
    paragraph, text = (_filled(xml, fields) for xml in (look.paragraph, look.text))
    is_default = look.id in ("Normal", "DefaultParagraphFont")
    return (
        f'<w:style w:type="{look.kind}" w:styleId="{look.id}"'
        + (' w:default="1"' if is_default else "")
        + (' w:customStyle="1"' if look.id in _OWN_STYLES else "")
        + f'><w:name w:val="{look.name}"/>'
        + (f'<w:basedOn w:val="{look.based_on}"/>' if look.based_on else "")
        + (f'<w:next w:val="{look.next}"/>' if look.next else "")
        + "<w:qFormat/>"
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{text}</w:rPr>" if text else "")
        + "</w:style>"
    )


# Styles that Word doesn't have.
_OWN_STYLES = frozenset(
    {
        *("Organization", "TableText", "TableHeading", "TableGap", "NothingHere"),
        *("RedlineSummary", "Tags", "Placeholder"),
    }
)


def _filled(xml: str, fields: dict[str, str]) -> str:
    for name, value in fields.items():
        xml = xml.replace(f"{{{name}}}", value)
    return xml


def numbering(accent: str, series: int) -> str:
    """Returns numbering.xml: the three lists, and further numbered lists that restart at 1. The
    first of these has the number NUMBERS + 1."""
    lists = (
        _list(BULLETS, "bullet", "•", "ListBullet", 360, accent),
        _list(DASHES, "bullet", "–", "ListBullet2", 720, accent),
        _list(NUMBERS, "decimal", "%1.", "ListNumber", 360, accent),
    )
    numbers = [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number in (BULLETS, DASHES, NUMBERS)
    ]
    numbers += [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{NUMBERS}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number in range(NUMBERS + 1, NUMBERS + 1 + series)
    ]
    return f"<w:numbering {NAMESPACE}>{''.join((*lists, *numbers))}</w:numbering>"


def _list(number: int, form: str, text: str, style: str, indent: int, accent: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}">'
        '<w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="{style}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f"<w:pPr>{_indent(indent, 360 if indent == 360 else 300)}</w:pPr>"
        f'<w:rPr><w:color w:val="{accent}" w:themeColor="accent1"/></w:rPr>'
        "</w:lvl></w:abstractNum>"
    )
