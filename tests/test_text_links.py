"""Web and email addresses in texts."""

import time

import pytest

from roles.text_links import find_links

ONE = {
    "a web address in a sentence": (
        "see https://careers.example.org/apply today",
        "https://careers.example.org/apply",
        "https://careers.example.org/apply",
    ),
    "an email address": ("jobs@example.org", "jobs@example.org", "mailto:jobs@example.org"),
    "brackets inside and around": (
        "(https://x.org/a_(b)).",
        "https://x.org/a_(b)",
        "https://x.org/a_(b)",
    ),
    "without a scheme": ("www.example.org", "www.example.org", "https://www.example.org"),
    "without a scheme, in a sentence": (
        "Apply at www.example.org/jobs!",
        "www.example.org/jobs",
        "https://www.example.org/jobs",
    ),
    "in angle brackets": ("<https://x.org/a>", "https://x.org/a", "https://x.org/a"),
    "in quotation marks": ("“https://x.org/a,b”,", "https://x.org/a,b", "https://x.org/a,b"),
    "with a query and a fragment": (
        "https://x.org/a?b=c&d=%20e#f;",
        "https://x.org/a?b=c&d=%20e#f",
        "https://x.org/a?b=c&d=%20e#f",
    ),
    "with a port": ("http://x.org:8080/a:", "http://x.org:8080/a", "http://x.org:8080/a"),
    "on the intranet": ("http://intranet/jobs", "http://intranet/jobs", "http://intranet/jobs"),
    "in capitals": ("HTTPS://X.ORG/A", "HTTPS://X.ORG/A", "https://x.org/A"),
    "before an em dash": ("https://x.org/a—then", "https://x.org/a", "https://x.org/a"),
    "before an ellipsis": ("https://x.org/a…", "https://x.org/a", "https://x.org/a"),
    "with a host in other letters": (
        "https://bücher.example/straße",
        "https://bücher.example/straße",
        "https://xn--bcher-kva.example/stra%C3%9Fe",
    ),
    "with ß in the host, which isn't ss": (
        "https://faß.de",
        "https://faß.de",
        "https://xn--fa-hia.de",
    ),
    "with a Japanese host": ("https://例え.jp/", "https://例え.jp/", "https://xn--r8jz45g.jp/"),
    "with a Japanese path": (
        "https://ja.wikipedia.org/wiki/東京。",
        "https://ja.wikipedia.org/wiki/東京",
        "https://ja.wikipedia.org/wiki/%E6%9D%B1%E4%BA%AC",
    ),
    "within Japanese": (
        "応募はhttps://example.org/applyから。",
        "https://example.org/apply",
        "https://example.org/apply",
    ),
    "an email address within Japanese": (
        "連絡先jobs@example.orgまで",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "an email address before a Korean particle": (
        "jobs@example.org으로 지원",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "an email address within Thai": (
        "ส่งที่jobs@example.orgภายใน",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "an email address after a Hebrew preposition": (
        "שלח ל-jobs@example.org.",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "before an Arabic question mark": (
        "https://x.org/مسار؟",
        "https://x.org/مسار",
        "https://x.org/%D9%85%D8%B3%D8%A7%D8%B1",
    ),
    "with a zero-width space": (
        "https://x.org/\u200bapply",
        "https://x.org/\u200bapply",
        "https://x.org/apply",
    ),
    "an email address with a label": (
        "Email:jobs@example.org,",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "an email address in apostrophes": (
        "'jobs@example.org'",
        "jobs@example.org",
        "mailto:jobs@example.org",
    ),
    "an email address with an apostrophe": (
        "o'brien@example.org",
        "o'brien@example.org",
        "mailto:o'brien@example.org",
    ),
    "an email address with a plus sign": (
        "a.b+c@example.co.uk;",
        "a.b+c@example.co.uk",
        "mailto:a.b+c@example.co.uk",
    ),
    "an email address with an umlaut": (
        "müller@example.org",
        "müller@example.org",
        "mailto:m%C3%BCller@example.org",
    ),
    "an email address as a URL": (
        "mailto:jobs@example.org?subject=Job%20A.",
        "mailto:jobs@example.org?subject=Job%20A",
        "mailto:jobs@example.org?subject=Job%20A",
    ),
}


@pytest.mark.parametrize(("text", "shown", "url"), ONE.values(), ids=ONE)
def test_one_address(text, shown, url):
    (link,) = find_links(text)
    assert text[link.start : link.end] == shown
    assert link.url == url
    assert link.url.isascii()


NONE = {
    "a blank in the host": "https://careers.[company].org/apply",
    "a blank in the path": "https://x.org/[job code]/apply",
    "a blank at the end": "https://x.org/jobs/[number]",
    "a blank before an email address": "[name]@example.org",
    "a blank in the domain": "jobs@eu.example.[tld]",
    "a blank of another system": "https://x.org/{{job_id}}",
    "a blank in angle brackets": "https://x.org/<job>",
    "a script": "javascript:alert('https')",
    "data": "data:text/html;base64,PHA+",
    "a file": "file:///etc/passwd",
    "a server of files": "ftp://user:pass@example.org/x",
    "a name before the host, as in phishing": "https://example.org@evil.example",
    "no host": "https:// and http://.",
    "an empty label": "https://x..org",
    "a port that is none": "https://x.org:123456",
    "a domain alone": "example.org",
    "a mention": "@example and a@b",
    "a programming language": "C@D, C#, .NET",
    "a version": "package@1.2.3",
    "a word that ends in www": "awww.example",
    "two signs": "x@y@example.org",
    "too long": "https://x.org/" + "a" * 3_000,
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_address(text):
    assert find_links(text) == []


def test_several_addresses():
    text = "Write to a@example.org/b@example.org or see www.example.org, https://x.org/."
    assert [link.url for link in find_links(text)] == [
        *("mailto:a@example.org", "mailto:b@example.org"),
        *("https://www.example.org", "https://x.org/"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 200_000, "a@" * 100_000, "www." * 50_000, "https://" * 30_000),
        *("https://x.org/" + ")" * 200_000, "." * 100_000 + "@", "a." * 100_000 + "@x.org"),
        *("x@" + "a." * 100_000, "https://x.org/a[" * 10_000, "a@b.org " * 20_000),
    ],
    ids=lambda text: text[:12],
)
def test_time_is_in_proportion_to_the_length(text):
    started = time.process_time()
    find_links(text)
    assert time.process_time() - started < 2
