"""The public page of a job description and its files, for anyone, without session or cookie.

One query finds the version that is shown today. The page is cached under a key of everything
that it depends on: the version, the open vacancy, the address, the code and the templates. So it
is never stale, and no entry has to be removed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from textwrap import shorten
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override
from django.views.decorators.http import require_safe

from roles import apply_address, document
from roles.editions import SHORT_HASH, Edition, Posting
from roles.exporters import (
    FORMATS,
    CannotExport,
    Format,
    TooCostly,
    apply_link,
    file_names,
    footer,
    jsonld,
    localized,
    render_fingerprint,
)
from roles.models import EffectivePeriod, Organization
from roles.templatetags import style_sheets
from roles.versions import rendered_files
from roles.web.shared.absolute_urls import absolute
from roles.web.shared.document_html import article, logo_address, style_address
from roles.web.shared.http_caching import unless_known

AUDIENCE = "public"
FIVE_MINUTES = 5 * 60
A_DAY = 24 * 60 * 60
DESCRIPTION_FIELDS = ("reference", "is_public", "date_posted", "valid_through")
GIST_LENGTH = 160  # characters; search engines cut what is longer
ROBOTS = """User-agent: *
Allow: /jd/
Allow: /static/
Allow: /logo/
Allow: /brand.css
Allow: /brand/
Disallow: /
"""


@login_not_required
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The public sections of the version that is current today."""
    shown = _shown(reference)
    if shown is None:
        return _not_found()
    url = absolute(request, "public_page", shown.description.reference)
    check = absolute(request, "verify_copy", shown.version.sha256[:SHORT_HASH])
    parts = (_key(shown), url, check)
    key = "public-page:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    lifetime = 0 if settings.DEBUG else A_DAY  # changes of a template show in development
    content = caches["local"].get_or_set(key, lambda: _content(shown, url, check), lifetime) or b""
    response = HttpResponse(content)
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    # No Last-Modified: when an earlier version is current again, its page would be older than
    # what the browser has, and would be taken for unchanged.
    return unless_known(request, response, hashlib.sha256(content).hexdigest()[:32])


@login_not_required
@require_safe
def file(request: HttpRequest, reference: str, format: str) -> HttpResponseBase:
    """The stored public file of the version that is current today."""
    shown = _shown(reference)
    form = FORMATS.get(format)
    if shown is None or form is None or (form.needs_posting and not _posting(shown)):
        return _not_found()
    refused = f"public-file-refused:{shown.version.pk}:{format}"
    if caches["local"].get(refused):
        return _too_costly()
    try:
        stored = rendered_files.rendered(
            version=shown.version, format=format, audience=AUDIENCE, during_outages=True
        )
    except TooCostly:
        caches["local"].set(refused, True, FIVE_MINUTES)  # anyone can ask for it again and again
        return _too_costly()
    except CannotExport:
        return _not_found()
    etag = f'"{stored.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = FileResponse(stored.file.open("rb"), content_type=form.content_type)
        edition = Edition(shown.description.reference, shown.version.number)
        name = file_names.file_name(stored.title, edition, form.extension)
        response["Content-Disposition"] = file_names.attachment(name)
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"  # search engines index the page instead
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines can index public pages only."""
    response = HttpResponse(ROBOTS, "text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=A_DAY)
    return response


def _not_found() -> HttpResponse:
    """Return the same answer for unknown references and for ones that aren't public."""
    response = HttpResponse(render_to_string("public/not_found.html"), status=404)
    patch_cache_control(response, no_cache=True)
    return response


def _too_costly() -> HttpResponse:
    """Return the answer for a file that takes too long to print. Its authors are told why."""
    response = HttpResponse(render_to_string("public/too_costly.html"), status=503)
    response["Retry-After"] = str(FIVE_MINUTES)
    patch_cache_control(response, no_cache=True)
    return response


def _shown(reference: str) -> EffectivePeriod | None:
    """Return today's public period, or None. A version with blank placeholders isn't shown;
    whether it has any is cached, because a version never changes."""
    period = (
        EffectivePeriod.objects.public_on(timezone.localdate())
        .filter(description__reference=reference.upper())
        .select_related("version", "description")
        .annotate(apply_to=Organization.objects.filter(pk=1).values("apply_to"))
        .only(
            *(f"version__{name}" for name in ("number", "sha256", "brand", "created_at")),
            *(f"description__{name}" for name in DESCRIPTION_FIELDS),
            "version__description_id",
        )
        .first()
    )
    if period is None:
        return None
    period.version.description = period.description  # the same row: saves a query
    key = f"public-open:{period.version.sha256}"
    is_open = caches["local"].get_or_set(
        key, lambda: bool(period.version.document.open_words()), A_DAY
    )
    return None if is_open else period


def _posting(shown: EffectivePeriod, url: str = "") -> Posting | None:
    """Return the vacancy that is open for applications today."""
    return shown.description.posting(timezone.localdate(), url)


def _key(shown: EffectivePeriod) -> tuple[Any, ...]:
    """Return what the page depends on, except its address."""
    version = shown.version
    outside = (_posting(shown), getattr(shown, "apply_to", ""))
    return (version.pk, version.sha256, version.description_id, *outside, fingerprint())


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a hash of the code and templates that make the page."""
    templates = settings.BASE_DIR / "templates"
    parts = [
        *(templates / "public").glob("*.html"),
        *render_fingerprint.TEMPLATES.glob("*.html"),
    ]
    looks = [static(f"css/{name}.css") for name in (*style_sheets.COMMON, "document", "public")]
    own = (templates / "bare.html", *sorted(parts))
    return render_fingerprint.fingerprint(
        files=own, more=repr((looks, sorted(FORMATS), settings.TIME_ZONE))
    )


def _content(shown: EffectivePeriod, url: str, check: str) -> bytes:
    """Render the page in the language of its document."""
    whole = shown.version.document.for_audience(AUDIENCE)
    edition = replace(rendered_files.edition(shown.version), posting=_posting(shown, url))
    whole = apply_link.with_default(whole, edition)
    structured_data = _structured_data(whole, edition)
    with override(whole.language):
        context = {
            "title": whole.filled().title or edition.reference,
            "organization": edition.brand.name,
            "gist": _gist(whole),
            "url": url,
            "check": check,
            "edition": edition,
            "edition_line": footer.edition_line(edition),
            "posting": edition.posting,
            "closes": localized.day(edition.posting.valid_through) if edition.posting else "",
            "language": whole.language,
            "style_address": style_address(edition),
            "paper": _with_anchor(article(whole, edition), whole),
            "apply": _apply(whole),
            "apply_url": _apply_url(whole, edition),
            "formats": _formats(bool(structured_data)),
            "structured_data": structured_data,
        }
        return render_to_string("public/page.html", context).encode()


def _formats(is_advertised: bool) -> dict[str, Format]:
    """Return the offered formats by their code."""
    return {code: form for code, form in FORMATS.items() if is_advertised or not form.needs_posting}


def _gist(whole: document.Document) -> str:
    """Return one or two sentences about the role, from its summary or its first section."""
    filled = whole.filled()
    first = sorted(filled.sections, key=lambda section: section.kind != "summary")
    texts = (line.plain_text for section in first for line in section.lines)
    return shorten(next(texts, filled.title), GIST_LENGTH, placeholder=" …")


def _apply(whole: document.Document) -> document.DocumentSection | None:
    """Return the section about applying, or None."""
    return next((s for s in whole.sections if s.kind == "apply" and not whole.is_empty(s)), None)


def _apply_url(whole: document.Document, edition: Edition) -> str:
    """Return the URL of the button that leads to the application, or ""."""
    address = apply_link.address(whole, edition)
    url = apply_address.url(address)
    if not url or apply_address.is_link(address):
        return url
    subject = f"{whole.filled().title} ({edition.reference})"
    return f"{url}?{urlencode({'subject': subject}, quote_via=quote)}"


def _with_anchor(paper: SafeString, whole: document.Document) -> SafeString:
    """Return the document with an anchor at the section about applying."""
    apply = _apply(whole)
    if apply is None:
        return paper
    mark = f'data-section="{apply.uid}"'
    return SafeString(paper.replace(mark, f'id="apply" {mark}', 1))


def _structured_data(whole: document.Document, edition: Edition) -> SafeString:
    """Return the advertisement as JSON-LD, or "" where the vacancy isn't open or something
    required is missing."""
    posting = edition.posting
    if posting is None:
        return SafeString("")
    address = logo_address(edition)
    logo_url = urljoin(posting.url, address) if address else ""
    try:
        found = jsonld.script(whole, replace(edition, posting=replace(posting, logo_url=logo_url)))
    except CannotExport:
        return SafeString("")
    return format_html('<script type="application/ld+json">{}</script>', found)
