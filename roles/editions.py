"""Data of an export that isn't hashed: reference, version, date, brand, and vacancy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

SHORT_HASH = 12  # hexadecimal digits

# Names in exported files, by which importers recognize them.
DATA_FORMAT = "jd-builder"  # of JSON files
DATA_ATTACHMENT = "job-description.json"  # of archive PDFs


@dataclass(frozen=True, slots=True)
class Brand:
    """The look of the organization's documents."""

    name: str = ""
    color: str = "#1f4e79"  # #rrggbb
    logo_digest: str = ""  # SHA-256 of the logo's bytes, or empty
    paper: str = "A4"  # A4 | Letter


@dataclass(frozen=True, slots=True)
class Posting:
    """An open vacancy: the first and the last day to apply, and the URLs of its public page and of
    the organization's logo, if any."""

    date_posted: date
    valid_through: date
    url: str = ""
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """Data of an exported document that isn't hashed."""

    reference: str
    number: int | None = None  # None: the draft
    day: date | None = None
    sha256: str = ""
    brand: Brand = field(default_factory=Brand)
    logo: bytes | None = None  # the logo's bytes: PNG, JPEG or SVG
    is_template: bool = False  # a sample of a template, not a draft
    posting: Posting | None = None  # None: not open for applications
    apply_to: str = ""  # the organization's link or email address to apply

    @property
    def short_sha256(self) -> str:
        """The start of the hash, as shown in exports: enough to find the version."""
        return self.sha256[:SHORT_HASH]

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def is_watermarked(self) -> bool:
        """Whether exports are marked as a draft."""
        return self.is_draft and not self.is_template
