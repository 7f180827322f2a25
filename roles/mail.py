"""Mail to people of the product: text and HTML, and never a reason why a deed fails."""

from __future__ import annotations

import logging
import re
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from roles.models import BulkExport, User

log = logging.getLogger(__name__)

SUBJECT_LIMIT = 150  # characters
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def export_finished(export: BulkExport) -> bool:
    """Tell the person who asked for an export that it can be fetched, or that it failed."""
    left_out = export.files.filter(state="left_out").count()
    context = {
        "export": export,
        "made": export.total - left_out,
        "left_out": left_out,
        "url": address(export.get_absolute_url(), export.site),
    }
    if export.state == "done":
        subject = _("Your export of job descriptions is ready")
    else:
        subject = _("Your export of job descriptions could not be made")
    return send(export.by, subject, "email/export_finished", context)


def address(path: str, site: str = "") -> str:
    """A path of the product as a link in mail: on SITE_URL, the site that the person used, or
    the first host of ALLOWED_HOSTS."""
    return f"{settings.SITE_URL or site.rstrip('/') or _first_host()}{path}"


def _first_host() -> str:
    """Where the product is most likely reached; never what some request called it, for that
    could lead links astray."""
    named = (host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*", "[")))
    host = next(named, "localhost")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"


def send(to: User, subject: str, template: str, context: dict[str, Any]) -> bool:
    """`post` to a person; nothing to closed accounts and those without an address."""
    if not to.email or not to.is_active:
        return False
    return post(to.email, subject, template, {"person": to, **context})


def post(
    address: str, subject: str, template: str, context: dict[str, Any], reply_to: str = ""
) -> bool:
    """Send `<template>.txt` and `<template>.html`. What goes wrong is logged; False where
    nothing was sent."""
    subject = one_line(subject)
    context = {"subject": subject, **context}
    mail = EmailMultiAlternatives(
        subject,
        render_to_string(f"{template}.txt", context),
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},  # nobody's absence notes, please
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    try:
        return bool(mail.send())
    except Exception:  # a mail server may fail in any way
        log.exception("mail could not be sent")
        return False


def one_line(text: str) -> str:
    """A text as the subject of a mail: nothing in it begins a new header."""
    return shorten(" ".join(_NO_LINE.sub(" ", text).split()), SUBJECT_LIMIT, placeholder=" …")
