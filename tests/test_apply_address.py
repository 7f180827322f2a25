"""The link or email address to apply: what is accepted, and the URL that it becomes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from roles import apply_address, limits


@pytest.mark.parametrize(
    ("typed", "stored", "url"),
    [
        ("https://example.org/jobs", "https://example.org/jobs", "https://example.org/jobs"),
        ("http://example.org", "http://example.org", "http://example.org"),
        (" https://example.org/a?b=c#d ", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("careers.example.org/apply", "https://careers.example.org/apply", "https://careers.example.org/apply"),
        ("jobs@example.org", "jobs@example.org", "mailto:jobs@example.org"),
        ("mailto:jobs@example.org", "jobs@example.org", "mailto:jobs@example.org"),
        ("https://example.org/@jobs", "https://example.org/@jobs", "https://example.org/@jobs"),
        ("https://例え.jp/求人", "https://例え.jp/求人", "https://例え.jp/求人"),
    ],
)  # fmt: skip
def test_links_and_email_addresses_are_accepted(typed: str, stored: str, url: str) -> None:
    assert apply_address.tidy(typed) == stored
    apply_address.validate(stored)
    assert apply_address.url(stored) == url


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "data:text/html,x",
        "https://",
        "https:// example.org",
        "jobs@",
        "@example.org",
        "jobs at example.org",
        "call us",
        "jobs@example.org, hr@example.org",
        "jobs@example.org?bcc=x@example.org",
        "https://example.org/" + "a" * limits.APPLY_LIMIT,
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        apply_address.validate(apply_address.tidy(typed))
    assert apply_address.url(apply_address.tidy(typed)) == ""
