"""A form that was submitted after the session had expired, carried through sign-in.

Its fields stay on the sign-in page until the person signs in there. They are kept in the session of
the browser only for the steps after that: a second factor, or the way to a provider and back. The
page that offers to submit them (`sign_in.resubmit`) is found with a random number that only this
sign-in has, so whoever signs in to the same browser otherwise isn't shown them.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from roles.web.shared import post_data, rate_limits

PREFIX = "carried-"  # of the names of its fields on the sign-in page
KEY = "carried_forms"  # in the session, by number
MOST = 3  # forms of one browser, from several tabs
SECONDS = 15 * 60  # for which it's kept there; allauth keeps its own state for 10 minutes
# Characters that are kept before it's known who signs in; a whole draft has some 100,000.
LIMIT = 512 * 1024
SALT = "carried form"


class CarriedForm(NamedTuple):
    """The path of the form, on this site ("" if there is none), its fields, and who was signed in
    when it was filled in: the signed ID of an account, or ""."""

    path: str = ""
    fields: list[tuple[str, str]] = []
    typed_by: str = ""

    @property
    def is_small(self) -> bool:
        return sum(len(name) + len(value) for name, value in self.fields) <= LIMIT


def refused(request: HttpRequest) -> CarriedForm:
    """Returns the form of this request, whose session has expired."""
    fields = post_data.carried(request.POST)
    return CarriedForm(request.get_full_path(), fields, _last_account(request))


def posted(request: HttpRequest) -> CarriedForm:
    """Returns the form that the sign-in page carries, without passwords."""
    path = request.POST.get("carried_path", "")
    if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, None)):
        return CarriedForm()
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in post_data.carried(request.POST)
        if name.startswith(PREFIX)
    ]
    return CarriedForm(path, fields, request.POST.get("carried_by", ""))


def keep(request: HttpRequest, form: CarriedForm) -> str:
    """Keeps the form in the session. Returns the URL of the page that offers to submit it."""
    number = secrets.token_urlsafe(16)
    kept = {**form._asdict(), "number": number, "until": time.time() + SECONDS}
    request.session[KEY] = dict([*_valid(request).items(), (number, kept)][-MOST:])
    request.held_form = kept  # type: ignore[attr-defined]
    return _address(kept)


def keep_for_visitor(request: HttpRequest, form: CarriedForm) -> str:
    """The same for someone who is not signed in yet. Returns "" if the form is too long, or if too
    many come from one address."""
    if not (form.is_small and rate_limits.is_allowed(request, "carried_form")):
        return ""
    address = keep(request, form)
    request.session.set_expiry(SECONDS)  # until the sign-in sets another
    return address


def take(request: HttpRequest) -> CarriedForm:
    """Returns the form that this URL was made for, once. It is empty if there is none, if it has
    expired, or if another person had filled it in."""
    kept = _valid(request).get(request.GET.get("form", ""))
    if kept is None:
        return CarriedForm()
    request.session[KEY] = {n: one for n, one in _valid(request).items() if one is not kept}
    if _account(kept["typed_by"]) not in (None, request.user.pk):
        messages.warning(request, _("Someone else filled in that form, so it was discarded."))
        return CarriedForm()
    return CarriedForm(kept["path"], kept["fields"])


def hold(request: HttpRequest, next_path: str) -> None:
    """Keeps the form that `next_path` leads to during this sign-in, even if that replaces the
    session (see `restore`)."""
    request.held_form = _of_path(request, next_path)  # type: ignore[attr-defined]


def restore(request: HttpRequest) -> None:
    """Puts the form that is held for this sign-in into the session, and removes expired ones."""
    kept = getattr(request, "held_form", None)
    if kept is not None or KEY in request.session:
        request.session[KEY] = _valid(request) | ({kept["number"]: kept} if kept else {})


def sign_in_address(request: HttpRequest) -> str:
    """Returns the URL of the sign-in page for another attempt, which leads to the same form."""
    kept = getattr(request, "held_form", None)
    address = reverse("account_login")
    if kept is None:
        return address
    return f"{address}?{urlencode({'next': _address(kept)})}"


def is_kept(request: HttpRequest, next_path: str) -> bool:
    """Whether `next_path` leads to a form that is still kept."""
    return _of_path(request, next_path) is not None


def _address(kept: dict[str, Any]) -> str:
    return f"{reverse('resubmit')}?{urlencode({'form': kept['number']})}"


def _of_path(request: HttpRequest, path: str) -> dict[str, Any] | None:
    split = urlsplit(path)
    if split.path != reverse("resubmit"):
        return None
    return _valid(request).get(parse_qs(split.query).get("form", [""])[0])


def _valid(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Returns the forms that haven't expired, by number."""
    now = time.time()
    return {n: one for n, one in request.session.get(KEY, {}).items() if one["until"] > now}


def _last_account(request: HttpRequest) -> str:
    """Returns the signed ID of the account whose session has ended, if the browser still names it
    and the list of sessions has it."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    ended = UserSession.objects.filter(session_key=key[:40]) if key else UserSession.objects.none()
    account = ended.values_list("user", flat=True).first()
    return "" if account is None else signing.dumps(account, salt=SALT)


def _account(signed: str) -> int | None:
    try:
        return int(signing.loads(signed, salt=SALT))
    except signing.BadSignature:
        return None
