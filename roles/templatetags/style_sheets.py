"""Tags that link a page's style sheets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from django.template import Context

register = template.Library()

COMMON = ("layers", "fonts", "tokens", "base", "header", "components", "buttons", "forms", "lists")


@register.simple_tag
def style_sheets(*names: str) -> SafeString:
    """Returns the links to these style sheets (static/css/<name>.css)."""
    addresses = ((static(f"css/{name}.css"),) for name in names)
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', addresses)


@register.simple_tag
def common_style_sheets() -> SafeString:
    """Returns the links to the style sheets of every page."""
    return style_sheets(*COMMON)


@register.simple_tag(takes_context=True)
def area_style_sheet(context: Context) -> SafeString:
    """Returns the link to the style sheet of the area (a package of roles/web) that the page
    belongs to, or an empty string if the area has none."""
    match = getattr(context.get("request"), "resolver_match", None)
    module = match.func.__module__ if match else ""
    area = module.removeprefix("roles.web.").partition(".")[0]
    return style_sheets(area) if _has_style_sheet(area) else SafeString()


@lru_cache
def _has_style_sheet(area: str) -> bool:
    return area not in COMMON and (settings.BASE_DIR / "static" / "css" / f"{area}.css").is_file()
