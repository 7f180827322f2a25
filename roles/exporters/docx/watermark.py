"""The watermark of a draft, as Word makes it: its menu can remove it."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from roles import fonts
from roles.exporters import color

NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_STYLE = (
    "position:absolute;margin-left:0;margin-top:0;width:400pt;height:130pt;rotation:306;"
    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)
# The shape type of WordArt text, as Word declares it for watermarks.
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>'
    "</v:shapetype>"
)


def run(word: str, number: int) -> str:
    """Returns the watermark as a run that takes no space. Each header has its own `number`."""
    name = f"PowerPlusWaterMarkObject{number}"  # name by which Word recognizes watermarks
    style = quoteattr(f"font-family:'{fonts.FAMILY}';font-size:1pt")
    return (
        f'<w:r><w:pict>{_SHAPE_TYPE}<v:shape id="{name}" type="#_x0000_t136" alt=""'
        f' style="{_STYLE}" o:allowincell="f" fillcolor="{color.WATERMARK}" stroked="f">'
        f"<v:textpath style={style} string={quoteattr(word)}/></v:shape></w:pict></w:r>"
    )
