"""The organization's brand, today's and that of each version: colors as style sheets, and logos."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from roles import bounded_work
from roles.exporters import color, logo_formats
from roles.models import Organization
from roles.models.organization import Logo
from roles.web.shared.http_caching import unless_known

LIGHT_GROUND = "#f4f4f3"  # the darkest and the lightest ground that the style sheets put text on
DARK_GROUND = "#1e2123"
FIVE_MINUTES = 5 * 60
A_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The style sheet with the brand color, adjusted for contrast in light, dark and print."""
    chosen = Organization.objects.values_list("brand_color", flat=True).filter(pk=1).first()
    content = _color_rules(chosen or color.FALLBACK, root=":root").encode()
    response = HttpResponse(content, "text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return unless_known(request, response, hashlib.sha256(content).hexdigest()[:32])


@login_not_required
@require_safe
def version_css(request: HttpRequest, color_digits: str) -> HttpResponse:
    """The style sheet for a version with this brand color (six hexadecimal digits): it colors the
    document, and public pages as a whole. Linked after `brand_css`."""
    rules = _color_rules(f"#{color_digits}", root=":root:has(> .public)")
    response = HttpResponse(rules, "text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return unless_known(request, response, hashlib.sha256(rules.encode()).hexdigest()[:32])


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The file of a logo, for anyone who knows its SHA-256: public pages and exports show it. An
    SVG might contain scripts; the headers stop them from running."""
    stored = Logo.objects.filter(digest=digest).first()
    if stored is None:
        raise Http404
    content = bytes(stored.content)
    # Cached, because decoding takes time and anyone can request it repeatedly. Not in the lane of
    # visitors, because the file is the organization's own.
    with bounded_work.in_lane("people"):
        kind = caches["local"].get_or_set(
            f"logo-kind:{digest}", lambda: logo_formats.checked_type(content) or "", None
        )
    if not kind:
        raise Http404
    response = HttpResponse(content, kind)
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return unless_known(request, response, digest)


def _color_rules(chosen: str, *, root: str) -> str:
    light = color.readable(chosen, LIGHT_GROUND)
    dark = color.readable(chosen, DARK_GROUND)
    return (
        f"/* The brand color, adjusted for readable contrast. */\n"
        f"{root} {{ {_properties(light)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ {root} {{ {_properties(dark)} }} }}\n"
        f".paper {{ {_properties(color.readable(chosen))} }}\n"
    )


def _properties(accent: str) -> str:
    red, green, blue = color.rgb(accent)
    return (
        f"--jd-accent: {accent}; --jd-accent-rgb: {red}, {green}, {blue};"
        f" --jd-on-accent: {color.text_on(accent)};"
    )
