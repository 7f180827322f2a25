"""A comparison as a document in HTML and PDF: insertions underlined, deletions struck through,
moves and changed attributes noted, with a summary at the top.

Uses the tree of `roles.comparison` and the templates of documents.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from roles.comparison import Comparison, ShownFact
from roles.editions import Edition
from roles.exporters import change_notes, footer, localized, pdf
from roles.exporters.redline_context import RedlineContext


def render(found: Comparison, old: Edition, new: Edition) -> bytes:
    """Returns the redline as a PDF/UA-1 file, watermarked if the newer side is a draft."""

    def page(logo_url: str) -> str:
        return page_html(found, old, new, logo_url=logo_url)

    return pdf.printed(page, found.new.language, new)


def page_html(found: Comparison, old: Edition, new: Edition, *, logo_url: str) -> str:
    """Returns a whole HTML page around the article. The caller adds a style sheet."""
    with override(found.new.language):
        sides = change_notes.became(footer.edition_state(old), footer.edition_state(new))
        context = {
            "title": f"{found.new.title or new.reference}: {sides}",
            "language": found.new.language,
            "direction": localized.direction(found.new.language),
            "edition": new,
            "article": mark_safe(article_html(found, old, new, logo_url=logo_url)),  # noqa: S308
        }
        return render_to_string("document/page.html", context)


def article_html(
    found: Comparison, old: Edition, new: Edition, *, logo_url: str, only_changed: bool = False
) -> str:
    """Returns the `<article class="jd jd-redline">`, styled by `static/css/document.css`. With
    `only_changed`, unchanged lines and sections are counted instead of shown."""
    with override(found.new.language):
        return render_to_string(
            "document/redline.html",
            RedlineContext(found, only_changed).context(old, new, logo_url),
        )


def sections(found: Comparison, *, only_changed: bool = False) -> list[dict[str, Any]]:
    """Returns the sections for a template that adds something to their lines, without the old
    places of moved nodes. With `only_changed`, unchanged lines are counted instead of shown."""
    redline = RedlineContext(found, only_changed)
    return [redline.section_context(node) for node in found.sections if node.state != "left"]


def facts(found: Comparison) -> list[dict[str, Any]]:
    """Returns all facts of both documents, wherever they are shown."""
    nodes = (ShownFact(node.state, (), name=node.name, fact=node) for node in found.facts)
    return list(RedlineContext(found, only_changed=False).facts_context(nodes))
