"""The web page: one file that is valid, fetches nothing, runs nothing, prints with its edition,
and shows to an audience what it may see."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from tinyhtml5.parser import HTMLParser as StrictParser  # type: ignore[import-untyped]

from roles.document import Document
from roles.editions import Brand
from roles.exporters import FORMATS, webpage
from tests import samples
from tests.exporters.test_plain_text import expected_texts, squeezed

TEMPLATES = samples.of_templates()
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10" width="40" height="10">'
    b'<rect width="40" height="10" fill="#0b6e4f"/></svg>'
)
EVIL = "</style></title><script>alert(1)</script><img src=http://evil.example/x>"


def shown(value: Document, edition: Any = None) -> str:
    return FORMATS["html"].render(value, edition or samples.version()).decode("utf-8")


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text outside the head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("style", "title"):
            self.words.append(data)

    def metas(self) -> dict[str | None, str | None]:
        return {a.get("name"): a.get("content") for tag, a in self.tags if tag == "meta"}

    @property
    def text(self) -> str:
        return squeezed("".join(self.words))


def assert_valid(page: str) -> None:
    parser = StrictParser()
    parser.parse(page)
    # A non-character that someone typed is passed on; the page around it is sound.
    assert [error for error in parser.errors if error[1] != "invalid-codepoint"] == []


def assert_stands_alone(page: str) -> None:
    """Nothing that a browser would fetch or run."""
    for tag, attributes in Page(page).tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "form", "base")
        for name, value in attributes.items():
            assert not name.startswith("on")
            if (tag, name) == ("a", "href"):  # the author's, followed only by a person
                assert str(value).startswith(("https://", "http://", "mailto:")), value
            elif name in ("src", "href", "srcset", "action", "poster", "data"):
                assert str(value).startswith("data:image/"), (tag, name)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert not re.search(r"url\(|@import|expression", style[1])
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "value",
    [
        *(samples.everything(), samples.hostile(), samples.right_to_left()),
        *TEMPLATES.values(),
    ],
    ids=["everything", "hostile", "right_to_left", *TEMPLATES],
)
def test_is_valid_and_complete(value: Document) -> None:
    page = shown(value)
    assert_valid(page)
    assert_stands_alone(page)
    seen = Page(page).text
    for words in expected_texts(value, samples.version()):
        for line in words.split("\n"):
            line = line.removeprefix("– ")  # our mark of a sub-line
            assert squeezed(line) in seen, line[:100]


def test_has_metadata() -> None:
    page = Page(shown(samples.everything()))
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.tags
    metas = page.metas()
    assert metas["author"] == "Northwind Ltd"
    assert metas["description"] == "ACC-0007 · Version 3 · March 12, 2026 · abababababab"
    assert metas["dcterms.identifier"] == "ACC-0007"
    assert metas["version"] == "3"
    assert metas["dcterms.created"] == "2026-03-12"
    assert metas["keywords"] == "sha256:" + "ab" * 32
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert "<title>Account Manager</title>" in shown(samples.everything())
    footer = '<footer class="edition">ACC-0007 · Version 3 · March 12, 2026 · abababababab<'
    assert footer in shown(samples.everything())


def test_direction_of_the_language() -> None:
    page = Page(shown(samples.right_to_left()))
    assert ("html", {"lang": "ar", "dir": "rtl"}) in page.tags


def test_only_drafts_are_marked() -> None:
    mark = '<p class="watermark" aria-hidden="true"><span>DRAFT</span></p>'
    draft = samples.draft()
    assert mark in shown(samples.everything(), draft)
    assert "ACC-0007 · DRAFT · March 12, 2026</footer>" in shown(samples.everything(), draft)
    assert mark not in shown(samples.everything())
    assert mark not in shown(samples.everything(), replace(draft, is_template=True))


def test_prints_on_the_editions_paper_with_footer() -> None:
    edition = samples.version(paper="Letter", color="#7a1f3d")
    page = shown(samples.everything(), edition)
    assert "@page{size:letter;" in page
    assert '@bottom-left{content:"ACC-0007 · Version 3 · March 12, 2026 · abababababab"}' in page
    assert '@bottom-right{content:"Page " counter(page) " of " counter(pages)}' in page
    assert '@top-right{content:"Account Manager"}' in page
    assert ".jd{--jd-accent:#7a1f3d}" in page
    assert "@page{size:A4;" in shown(samples.everything())


def test_logo_is_embedded() -> None:
    page = Page(shown(samples.everything(), replace(samples.version(), logo=LOGO)))
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    data = base64.b64encode(LOGO).decode()
    assert [image["src"] for image in images] == [f"data:image/svg+xml;base64,{data}"]
    assert images[0]["alt"] == "Northwind Ltd"
    for broken in (b"GIF89a", b"<svg><script/></svg>"):
        assert "<img" not in shown(samples.everything(), replace(samples.version(), logo=broken))


def test_text_cannot_end_style_or_title() -> None:
    edition = replace(samples.version(), reference=EVIL, brand=Brand(EVIL))
    page = shown(replace(samples.everything(), title=EVIL), edition)
    assert_valid(page)
    assert_stands_alone(page)
    assert page.count("</style>") == 1
    assert page.count("</title>") == 1


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_has_only_content_of_the_audience(audience: str) -> None:
    page = shown(samples.hostile().for_audience(audience))
    assert samples.SECRETS["restricted"] not in page
    assert (samples.SECRETS["internal"] in page) == (audience == "internal")


def test_the_same_bytes_every_time() -> None:
    assert shown(samples.hostile()) == shown(samples.hostile())
    assert len(webpage.fingerprint()) == 64
    assert len(shown(samples.everything())) < 30_000
