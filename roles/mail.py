"""Mail to people of the product: text and HTML, and never a reason why a deed fails."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from roles.models import BulkExport, User

log = logging.getLogger(__name__)


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
    return send(export.by, subject, "roles/mail/export_finished", context)


def address(path: str, site: str) -> str:
    """A path of the product as a link in mail: on SITE_URL, or the site that the person used."""
    return f"{settings.SITE_URL or site.rstrip('/')}{path}"


def send(to: User, subject: str, template: str, context: dict[str, Any]) -> bool:
    """Send `<template>.txt` and `<template>.html`; nothing to closed accounts and those
    without an address. What goes wrong is logged; False where nothing was sent."""
    if not to.email or not to.is_active:
        return False
    context = {"person": to, **context}
    body = render_to_string(f"{template}.txt", context)
    mail = EmailMultiAlternatives(subject, body, to=[to.email])
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    try:
        return bool(mail.send())
    except Exception:  # a mail server may fail in any way
        log.exception("mail could not be sent")
        return False
