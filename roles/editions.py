"""What an export shows and a hash must not contain: reference, version, date, brand, vacancy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

SHORT_HASH = 12  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Brand:
    """How the organization's prints look."""

    name: str = ""
    color: str = "#1f4e79"  # #rrggbb
    logo_digest: str = ""  # SHA-256 of the logo's bytes, or empty
    paper: str = "A4"  # A4 | Letter


@dataclass(frozen=True, slots=True)
class Posting:
    """The vacancy that a job description advertises while it is open for applications: the
    first and the last day, and the addresses of its public page and of the organization's logo
    where there are any."""

    date_posted: date
    valid_through: date
    url: str = ""
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a print shows and a hash must not contain."""

    reference: str
    number: int | None = None  # None: the draft
    day: date | None = None
    sha256: str = ""
    brand: Brand = field(default_factory=Brand)
    logo: bytes | None = None  # the logo's bytes: PNG, JPEG or SVG
    is_template: bool = False  # a sample of what a template gives, not anyone's draft
    posting: Posting | None = None  # None: not open for applications

    @property
    def short_sha256(self) -> str:
        """As much of the hash as a print shows: enough to find the version by."""
        return self.sha256[:SHORT_HASH]

    @property
    def is_draft(self) -> bool:
        return self.number is None
