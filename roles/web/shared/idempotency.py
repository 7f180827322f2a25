"""Forms that take effect only once, however often they are submitted: `{% nonce %}` adds a nonce
to the form, and `run_once` checks it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from roles.models import IdempotencyKey
from roles.web.shared import guest_session
from roles.web.shared.access import person
from roles.web.shared.embedded_form import EmbeddedForm


def run_once(request: HttpRequest, action: Callable[[], str]) -> str:
    """Runs the action and returns the URL that it returns. If a form with this nonce was already
    processed, returns the earlier URL instead. Exceptions of the action are not caught; the form
    can then be submitted again."""
    posted = request.POST.get("nonce", "")
    if not posted:
        return action()
    # Hashed, because the posted value can have any length and the column has 64 characters.
    # Includes the person, so that no one can use the nonce of another's form.
    user = person(request) if request.user.is_authenticated else None
    reviewer = None if user else guest_session.guest_reviewer(request)
    key = f"guest {reviewer.pk}:{posted}" if reviewer else f"{user and user.pk}:{posted}"
    nonce = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
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
    """Returns the data for a form: the POST data, or None for other methods."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm, context: dict[str, Any]
) -> HttpResponse:
    """Renders the page of a form, with status 422 if the form has errors."""
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def submit(
    request: HttpRequest, form: EmbeddedForm, action: Callable[[], str], message: str = ""
) -> HttpResponseBase | None:
    """Runs the action if the form is valid and returns a redirect to its URL. Returns None, with
    the errors in the form, if the form is invalid or the action is refused. Without `message`, the
    action itself says what it did."""
    if not form.is_valid():
        return None
    try:
        address = run_once(request, action)
    except ValidationError as error:
        form.refuse(error)
        return None
    if message:
        messages.success(request, message)
    return redirect(address)
