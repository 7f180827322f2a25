"""A short job description that shows what the organization's brand looks like."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roles.document import Document
from roles.document_parts import DocumentLine, DocumentSection, Fact
from roles.editions import Edition
from roles.models import Organization
from roles.web.shared.document_html import article


def article_of_sample(organization: Organization) -> SafeString:
    """Returns the sample as HTML, with the stored logo. The page sets the color."""
    logo = bytes(organization.logo.content) if organization.logo else None
    edition = Edition(reference="SAM-0001", brand=organization.brand(), logo=logo, is_template=True)
    return article(sample(), edition)


def sample() -> Document:
    """Returns the sample: facts, a paragraph, and a list."""
    lines = (
        _("Prepare renewal plans with each customer."),
        _("Answer questions within one working day."),
    )
    return Document(
        title=_("Account Manager"),
        facts=(
            Fact("job_family", (_("Account management"),)),
            Fact("work_mode", ("hybrid",)),
        ),
        sections=(
            DocumentSection(
                "facts", "facts", _("Job details"), style="table", facts=("job_family", "work_mode")
            ),
            DocumentSection(
                "summary",
                "summary",
                _("Summary"),
                lines=(
                    DocumentLine(
                        "summary-1",
                        _("You advise our customers and help them get the most from our products."),
                        form="paragraph",
                    ),
                ),
            ),
            DocumentSection(
                "responsibilities",
                "responsibilities",
                _("Responsibilities"),
                lines=tuple(DocumentLine(f"line-{n}", text) for n, text in enumerate(lines)),
            ),
        ),
        language="en",
    )
