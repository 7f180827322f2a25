"""Pages about the installation: email, the history of changes, versions and licenses."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata

import django
from django.conf import settings
from django.contrib import messages
from django.core.checks import run_checks
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks_db.models import DBTaskResult

from roles import mail, outages
from roles.models import Event, Notification
from roles.models.event import REST
from roles.web.shared import key_pages, unavailable
from roles.web.shared.access import person, requires
from roles.web.shared.settings_navigation import navigation
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("number",), is_descending=True)
LICENSE_LIMIT = 60  # characters; some packages state the whole text
# The last part of a backend's module -> how email leaves.
BACKENDS: dict[str, str | Promise] = {
    "smtp": _lazy("Email server (SMTP)"),
    "console": _lazy("Printed in the log, not sent"),
    "locmem": _lazy("Kept in memory, not sent"),
    "filebased": _lazy("Written to files, not sent"),
    "dummy": _lazy("Not sent"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("settings.change")
def email_page(request: HttpRequest) -> HttpResponse:
    """How email is set up on the server, without the password. A POST sends a test."""
    by = person(request)
    if request.method == "POST":
        if not by.email:
            messages.error(request, _("Your account has no email address."))
        elif problem := mail.send_test(by):
            messages.error(request, _("The test email wasn’t sent: %s") % problem)
        else:
            messages.success(request, _("Test email sent to %s.") % by.email)
        return redirect("settings_email")
    kind = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    security = "TLS" if settings.EMAIL_USE_TLS else "SSL" if settings.EMAIL_USE_SSL else _("None")
    context = {
        "method": BACKENDS.get(kind, settings.EMAIL_BACKEND),
        "is_server": kind == "smtp",
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "security": security,
        "account": settings.EMAIL_HOST_USER,
        "has_password": bool(settings.EMAIL_HOST_PASSWORD),
        "sender": settings.DEFAULT_FROM_EMAIL,
        "site": mail.address("/"),
        **navigation(request),
    }
    return render(request, "settings/email.html", context)


# --- history

NOUNS: dict[str, str | Promise] = {
    "organization": _lazy("Organization"),
    "department": _lazy("Department"),
    "location": _lazy("Location"),
    "jobfamily": _lazy("Job family"),
    "joblevel": _lazy("Job level"),
    "paygrade": _lazy("Pay grade"),
    "responsibilitycategory": _lazy("Category"),
    "customfact": _lazy("Custom fact"),
    "placeholderanswer": _lazy("Placeholder"),
    "payreference": _lazy("Market figure"),
    "snippet": _lazy("Snippet"),
    "template": _lazy("Template"),
    "library": _lazy("Starter library"),
    "account": _lazy("Account"),
    "user": _lazy("Account"),
}
CHANGES: dict[str, str | Promise] = {
    "added": _lazy("Added"),
    "changed": _lazy("Changed"),
    "moved": _lazy("Moved"),
    "deleted": _lazy("Deleted"),
    "imported": _lazy("Imported"),
    "audiences": _lazy("Audiences changed"),
    "prefixes": _lazy("Prefixes changed"),
    "revised": _lazy("Revised"),
    "tagged": _lazy("Tags changed"),
    "status": _lazy("Status changed"),
    "statement": _lazy("Statement changed"),
    "saved": _lazy("Saved"),
    "loaded": _lazy("Loaded"),
    "deactivated": _lazy("Deactivated"),
    "reactivated": _lazy("Reactivated"),
    "erased": _lazy("Erased"),
}


@require_safe
@requires("settings.change")
def change_history(request: HttpRequest) -> HttpResponse:
    """The events of the organization's chain, newest first."""
    events = Event.objects.filter(chain=REST)
    page = key_pages.page_of(request, events, NEWEST_FIRST, PAGE_SIZE)
    rows = [(event, *_event_words(event.verb)) for event in page.object_list]
    context = {"page": page, "rows": rows, **navigation(request)}
    return render(request, "settings/history.html", context)


def _event_words(verb: str) -> tuple[str, str]:
    """Returns what was changed and how; an unknown verb as it is."""
    noun, _dot, change = verb.partition(".")
    return str(NOUNS.get(noun, noun)), str(CHANGES.get(change, change))


# --- about


@require_safe
@requires("settings.change")
def about_page(request: HttpRequest) -> HttpResponse:
    """Versions, health, and the licenses of the installed packages."""
    reason = outages.current()
    context = {
        "version": _own_version(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": _database_version(),
        "outage": unavailable.REASONS[reason] if reason else "",
        "warnings": [str(message.msg) for message in run_checks() if message.is_serious()],
        "background": settings.BACKGROUND,
        "waiting_tasks": DBTaskResult.objects.ready().count(),
        "failed_tasks": DBTaskResult.objects.failed().count(),
        "waiting_email": Notification.objects.unsent("now").count(),
        "packages": _packages(),
        **navigation(request),
    }
    return render(request, "settings/about.html", context)


@lru_cache(maxsize=1)
def _own_version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def _database_version() -> str:
    numbers = ".".join(map(str, connection.get_database_version()))
    return f"{connection.display_name} {numbers}"


@lru_cache(maxsize=1)
def _packages() -> list[tuple[str, str, str]]:
    """Returns name, version, and license of each installed package."""
    found = {one.metadata["Name"].lower(): one for one in metadata.distributions()}
    return [
        (one.metadata["Name"], one.version, next(_licenses(one), ""))
        for _name, one in sorted(found.items())
    ]


def _licenses(package: metadata.Distribution) -> Iterator[str]:
    """Yields what the package states about its license, the most exact first."""
    about = package.metadata
    yield from about.get_all("License-Expression") or ()
    for classifier in about.get_all("Classifier") or ():
        if classifier.startswith("License :: "):
            yield classifier.rsplit(" :: ", 1)[-1]
    for text in about.get_all("License") or ():
        if stated := text.strip():
            yield stated.splitlines()[0][:LICENSE_LIMIT]
