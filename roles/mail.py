"""Email to people, as text and HTML. Errors are logged, not raised."""

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
    """Emails the person who ordered an export that it is ready or that it failed. Returns whether
    an email was sent."""
    left_out = export.files.filter(state="left_out").count()
    context = {
        "export": export,
        "made": export.total - left_out,
        "left_out": left_out,
        "url": address(export.get_absolute_url(), export.site),
    }
    if export.state == "done":
        subject = _("Your export is ready to download")
    else:
        subject = _("Your export failed")
    return send(export.by, subject, "email/export_finished", context)


def address(path: str, site: str = "") -> str:
    """Returns the absolute URL of a path, for links in email: on SITE_URL, else on `site` (which
    the person used), else on the first of ALLOWED_HOSTS."""
    return f"{settings.SITE_URL or site.rstrip('/') or _first_host()}{path}"


def _first_host() -> str:
    """Returns the most likely site, without the Host header of a request, which can be forged."""
    hosts = (host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*", "[")))
    host = next(hosts, "localhost")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"


def send(to: User, subject: str, template: str, context: dict[str, Any]) -> bool:
    """Sends an email to an account (see `post`). Returns False if the account is deactivated or has
    no address."""
    if not to.email or not to.is_active:
        return False
    return post(to.email, subject, template, {"person": to, **context})


def post(
    address: str, subject: str, template: str, context: dict[str, Any], reply_to: str = ""
) -> bool:
    """Sends `<template>.txt` and `<template>.html`. Returns whether the email was sent; errors are
    logged."""
    subject = one_line(subject)
    context = {"subject": subject, **context}
    try:
        return bool(_compose(address, subject, template, context, reply_to).send())
    except Exception:  # email servers can fail in any way
        log.exception("email could not be sent")
        return False


def send_test(to: User) -> str:
    """Sends a test email to an account. Returns what the email server answered if it failed, else
    an empty text."""
    subject = _("Test email from JD Builder")
    context = {"subject": subject, "person": to, "url": address("/")}
    try:
        is_sent = _compose(to.email, subject, "email/test", context, "").send()
    except Exception as error:
        log.exception("test email could not be sent")
        return one_line(str(error)) or type(error).__name__
    return "" if is_sent else _("The email server didn’t accept it.")


def _compose(
    address: str, subject: str, template: str, context: dict[str, Any], reply_to: str
) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject,
        render_to_string(f"{template}.txt", context),
        to=[address],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},  # no out-of-office replies
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def one_line(text: str) -> str:
    """Returns a text as an email subject, without line breaks, which would start another header."""
    return shorten(" ".join(_NO_LINE.sub(" ", text).split()), SUBJECT_LIMIT, placeholder=" …")
