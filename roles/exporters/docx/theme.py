"""Fonts, colors, settings, and properties of a Word document, as parts of the package."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from roles.document import Document
from roles.editions import Edition
from roles.exporters import localized
from roles.fonts import FAMILY

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FALLBACKS = "Source Sans 3,Calibri,Segoe UI,Arial"  # whichever is installed
_OTHER_SCRIPTS = "Arial"  # includes Arabic and Hebrew, and is installed with Word

# Languages for which Word needs a region; others are used as they are.
_REGIONS = {
    **{"en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"},
    **{"nb": "nb-NO", "nl": "nl-NL", "pl": "pl-PL", "pt": "pt-PT", "sv": "sv-SE", "da": "da-DK"},
    **{"ja": "ja-JP", "ko": "ko-KR", "zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"},
    **{"hi": "hi-IN", "th": "th-TH"},
    **{"ar": "ar-SA", "he": "he-IL", "fa": "fa-IR", "ur": "ur-PK"},
}
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="9525">{_FILL}<a:prstDash val="solid"/></a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"
_CORE_NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_APP_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def word_language(code: str) -> str:
    """Returns the language with the region that Word expects."""
    return _REGIONS.get(code, code)


def theme(accent: str) -> str:
    """Returns theme1.xml with the brand color and the font, so that Word's Design menu can change
    them everywhere."""
    colors = {"dk2": "1D2329", "lt2": "EEF0F2", "accent1": accent}
    colors |= {f"accent{n}": c for n, c in enumerate(("56606B", "8B95A0", "B45309"), 2)}
    colors |= {"accent5": "0B6E4F", "accent6": "6B2C91", "hlink": "1155CC", "folHlink": "6B2C91"}
    named = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colors.items()
    )
    family = f'<a:latin typeface="{FAMILY}"/><a:ea typeface=""/><a:cs typeface="{_OTHER_SCRIPTS}"/>'
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' name="Job description"><a:themeElements><a:clrScheme name="Brand">'
        '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
        f'<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>{named}</a:clrScheme>'
        f'<a:fontScheme name="Brand"><a:majorFont>{family}</a:majorFont>'
        f"<a:minorFont>{family}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Plain"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        "</a:theme>"
    )


def fonts() -> str:
    """Returns fontTable.xml with substitutes for the font."""
    return (
        f'<w:fonts {NAMESPACE}><w:font w:name="{FAMILY}"><w:altName w:val="{_FALLBACKS}"/>'
        '<w:panose1 w:val="020B0503030403020204"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def settings(language: str) -> str:
    """Returns settings.xml, without compatibility modes for older versions of Word."""
    code = quoteattr(word_language(language))
    bidi = f" w:bidi={code}" if localized.direction(language) == "rtl" else ""
    numbered = "".join(f' w:accent{n}="accent{n}"' for n in range(1, 7))
    return (
        f'<w:settings {NAMESPACE}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting'
        ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        f' w:val="15"/></w:compat><w:themeFontLang w:val={code}{bidi}/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2"'
        f'{numbered} w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        "</w:settings>"
    )


def core_properties(title: str, document: Document, edition: Edition) -> str:
    """Returns core.xml: the document properties in Word."""
    stated = {
        "dc:title": title,
        "dc:subject": edition.reference,
        "dc:creator": edition.brand.name,
        "cp:keywords": f"sha256:{edition.sha256}" if edition.sha256 else "",
        "dc:language": word_language(document.language),
        "cp:lastModifiedBy": edition.brand.name,
    }
    found = [f"<{name}>{escape(text)}</{name}>" for name, text in stated.items() if text]
    if edition.day:
        moment = f"{edition.day.isoformat()}T00:00:00Z"
        found += [
            f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
            for name in ("created", "modified")
        ]
    return f"<cp:coreProperties {_CORE_NAMESPACES}>{''.join(found)}</cp:coreProperties>"


def app_properties(edition: Edition) -> str:
    """Returns app.xml: the program and the organization."""
    company = f"<Company>{escape(edition.brand.name)}</Company>" if edition.brand.name else ""
    return (
        f'<Properties xmlns="{_APP_NAMESPACE}"><Application>JD Builder</Application>{company}'
        "</Properties>"
    )
