"""Additions to WeasyPrint's PDF/A-3, and the attached data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pydyf  # type: ignore[import-untyped]
from django.utils.translation import gettext

from roles.editions import DATA_ATTACHMENT

# PDF/A requires a description of properties of other standards (ISO 19005-3, 6.6.2.3).
_IDENTIFICATION = b"""<rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""
_DOUBTFUL_END = b"\r\nendstream"


def attachment(data: bytes, day: date | None) -> Any:
    """Returns the document's data as an attachment with the date of the edition."""
    from weasyprint import Attachment

    moment = datetime.combine(day or date(2000, 1, 1), time(), tzinfo=UTC)
    return Attachment(
        string=data,
        name=DATA_ATTACHMENT,
        description=gettext("This job description as data"),
        created=moment,
        modified=moment,
        relationship="Data",
    )


def has_doubtful_end(content: bytes) -> bool:
    """Returns whether a stream in the file ends with a carriage return. Readers disagree whether
    it belongs to the content."""
    return _DOUBTFUL_END in content


def finish(pdf: Any, padding: int, *, is_accessible: bool) -> None:
    """Declare PDF/UA-1 in the metadata, too, if the file is accessible, and store them
    uncompressed. `padding` empty objects are added, to get other bytes in the streams that
    WeasyPrint writes after this step."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    if is_accessible:
        metadata.stream = [part.replace(b"</rdf:RDF>", _IDENTIFICATION) for part in metadata.stream]
    metadata.compress = False
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.data.endswith(_DOUBTFUL_END):
            stream.compress = False
    for _ in range(padding):
        pdf.add_object(pydyf.Dictionary())
