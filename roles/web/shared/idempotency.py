"""Forms of a page of their own. One takes effect once, however often it is sent:
`{% nonce %}` marks it, `once` looks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from roles.models import IdempotencyKey
from roles.web.shared import guest_session
from roles.web.shared.access import person
from roles.web.shared.embedded_form import EmbeddedForm


def run_once(request: HttpRequest, action: Callable[[], str]) -> str:
    """Run the action and return the address it answers with; where a form with this nonce has
    already taken effect, return that answer and do nothing. What the action raises passes
    through, and the form may then be sent again."""
    given = request.POST.get("nonce", "")
    if not given:
        return action()
    # Hashed, because what was sent may be anything, and the column holds 64 characters.
    # With the person, because one cannot answer for another's form.
    user = person(request) if request.user.is_authenticated else None
    reviewer = None if user else guest_session.guest_reviewer(request)
    whose = f"guest {reviewer.pk}:{given}" if reviewer else f"{user and user.pk}:{given}"
    nonce = hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            # The unique nonce makes a second submission wait here until the first is done.
            submission = IdempotencyKey.objects.create(nonce=nonce, user=user)
            submission.answer = action()
            submission.save(update_fields=["answer"])
            return submission.answer
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(nonce=nonce, user=user).first()
        if earlier is None:
            raise
        return earlier.answer


def form_data(request: HttpRequest) -> Any:
    """What a form is bound to: what was sent, or nothing where the page is only shown."""
    return request.POST if request.method == "POST" else None


def submit(
    request: HttpRequest, form: EmbeddedForm, action: Callable[[], str], message: str
) -> HttpResponseBase | None:
    """Do what a valid form asks and go on to the address that the action returns; None where
    the form is not valid or was refused, which it then says itself."""
    if not form.is_valid():
        return None
    try:
        address = run_once(request, action)
    except ValidationError as error:
        form.refuse(error)
        return None
    messages.success(request, message)
    return redirect(address)
