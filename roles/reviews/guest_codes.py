"""The code that proves that a guest who opened a link can read email to its address."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roles import drafts, mail
from roles.models import Organization, Reviewer
from roles.reviews import review_events, review_lock
from roles.reviews.actor import Actor

SALT = "roles.reviews.guest_codes"
DIGITS = 6
VALID_MINUTES = 15  # of a code
TRIES_LIMIT = 5  # of entering one code
INTERVAL_MINUTES = 1  # between two codes to one address
CODES_PER_DAY = 8  # to one address


def send(*, reviewer: Reviewer) -> None:
    """Emails a code to a guest; earlier codes stop working. Raises drafts.ActionRefused if codes
    are requested too often or the email could not be sent."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        reviewer = _locked(reviewer)
        now = timezone.now()
        _check_frequency(reviewer)
        reviewer.codes_sent = reviewer.codes_sent + 1 if _is_today(reviewer) else 1
        reviewer.code, reviewer.code_sent_at, reviewer.code_tries = _hash(reviewer, code), now, 0
        reviewer.save(update_fields=["code", "code_sent_at", "code_tries", "codes_sent"])
    context = {
        "code": code,
        "minutes": VALID_MINUTES,
        "organization": Organization.objects.the(),
    }
    subject = _("%s is your code") % code
    if not mail.post(reviewer.email, subject, "email/review_code", context):
        Reviewer.objects.filter(pk=reviewer.pk, code=reviewer.code).update(code="")
        raise drafts.ActionRefused(_("The email couldn’t be sent. Try again in a minute."))


def confirm(*, reviewer: Reviewer, code: str) -> None:
    """Uses up the code and records that the guest entered. Raises drafts.ActionRefused if the code
    is incorrect or no longer valid."""
    with transaction.atomic():
        review = review_lock.lock(reviewer.review)
        reviewer = _locked(reviewer)
        problem = _check_code(reviewer, code)
        if not problem:
            review_events.record(
                Actor(reviewer=reviewer), "review.entered", review, reviewer, reviewer=reviewer.pk
            )
    if problem:  # after the transaction, so that the attempt is counted
        raise drafts.ActionRefused(problem)


def has_valid_code(reviewer: Reviewer) -> bool:
    """Whether a code was sent that can still be entered."""
    if not reviewer.code or reviewer.code_sent_at is None or reviewer.code_tries >= TRIES_LIMIT:
        return False
    return timezone.now() < reviewer.code_sent_at + timedelta(minutes=VALID_MINUTES)


def _check_code(reviewer: Reviewer, code: str) -> str:
    """Returns what is wrong with the code, or an empty string. The row is locked, so simultaneous
    attempts are all counted."""
    if not has_valid_code(reviewer):
        return _("This code is no longer valid. Request a new one.")
    is_right = constant_time_compare(reviewer.code, _hash(reviewer, code))
    reviewer.code_tries += 1
    if is_right or reviewer.code_tries >= TRIES_LIMIT:
        reviewer.code = ""
    reviewer.save(update_fields=["code", "code_tries"])
    if is_right:
        return ""
    if not reviewer.code:
        return _("Too many incorrect attempts. Request a new code.")
    return _("Incorrect code. Use the one in the latest email.")


def _check_frequency(reviewer: Reviewer) -> None:
    if reviewer.code_sent_at is None:
        return
    if timezone.now() < reviewer.code_sent_at + timedelta(minutes=INTERVAL_MINUTES):
        message = ngettext(
            "We just sent a code. Check your email, or wait %d minute to request another.",
            "We just sent a code. Check your email, or wait %d minutes to request another.",
            INTERVAL_MINUTES,
        )
        raise drafts.ActionRefused(message % INTERVAL_MINUTES)
    if _is_today(reviewer) and reviewer.codes_sent >= CODES_PER_DAY:
        raise drafts.ActionRefused(_("You’ve reached today’s limit of codes. Try again tomorrow."))


def _is_today(reviewer: Reviewer) -> bool:
    sent = reviewer.code_sent_at
    return sent is not None and timezone.localdate(sent) == timezone.localdate()


def _locked(reviewer: Reviewer) -> Reviewer:
    return Reviewer.objects.select_for_update().get(pk=reviewer.pk)


def _hash(reviewer: Reviewer, code: str) -> str:
    """Returns a hash for this guest and this link only, keyed with SECRET_KEY."""
    value = f"{reviewer.pk}.{reviewer.link_key}.{code}"
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()
