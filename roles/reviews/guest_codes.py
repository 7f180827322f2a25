"""The code that proves that whoever came by a link reads the mail of its address."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from roles import drafts, mail
from roles.models import Organization, Reviewer
from roles.reviews import review_events, review_lock
from roles.reviews.actor import Actor

SALT = "roles.reviews.guest_codes"
DIGITS = 6
MINUTES = 15  # for which a code is valid
TRIES = 5  # of typing one code
PAUSE = timedelta(minutes=1)  # between two codes
A_DAY = 8  # codes to one address


def send(*, reviewer: Reviewer) -> None:
    """Mail a code to the address of the seat; the one before is no longer valid. Raises
    drafting.Refused where codes are asked for too often, or the mail could not be sent."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        reviewer = _locked(reviewer)
        now = timezone.now()
        _refuse_often(reviewer)
        reviewer.codes_sent = reviewer.codes_sent + 1 if _is_today(reviewer) else 1
        reviewer.code, reviewer.code_sent_at, reviewer.code_tries = _hash(reviewer, code), now, 0
        reviewer.save(update_fields=["code", "code_sent_at", "code_tries", "codes_sent"])
    context = {
        "code": code,
        "minutes": MINUTES,
        "organization": Organization.objects.the(),
    }
    subject = _("%s is your code") % code
    if not mail.post(reviewer.email, subject, "email/review_code", context):
        Reviewer.objects.filter(pk=reviewer.pk, code=reviewer.code).update(code="")
        raise drafts.ActionRefused(_("The mail could not be sent. Try again in a minute."))


def confirm(*, reviewer: Reviewer, code: str) -> None:
    """Use up the code. Raises drafting.Refused where it is wrong or not valid any more. The
    record shows that somebody came in who reads the mail of that address."""
    with transaction.atomic():
        review = review_lock.lock(reviewer.review)
        reviewer = _locked(reviewer)
        problem = _try(reviewer, code)
        if not problem:
            review_events.record(
                Actor(reviewer=reviewer), "review.entered", review, reviewer, reviewer=reviewer.pk
            )
    if problem:  # only now, so that the try is counted
        raise drafts.ActionRefused(problem)


def is_waiting(reviewer: Reviewer) -> bool:
    """Whether a code was sent that may still be typed."""
    if not reviewer.code or reviewer.code_sent_at is None or reviewer.code_tries >= TRIES:
        return False
    return timezone.now() < reviewer.code_sent_at + timedelta(minutes=MINUTES)


def _try(reviewer: Reviewer, code: str) -> str:
    """What is wrong with the code, or nothing; the seat is locked, so that tries at the same
    moment are counted one after the other."""
    if not is_waiting(reviewer):
        return _("This code is no longer valid. Have a new one sent.")
    is_right = constant_time_compare(reviewer.code, _hash(reviewer, code))
    reviewer.code_tries += 1
    if is_right or reviewer.code_tries >= TRIES:
        reviewer.code = ""
    reviewer.save(update_fields=["code", "code_tries"])
    if is_right:
        return ""
    if not reviewer.code:
        return _("That was wrong too often. Have a new code sent.")
    return _("This is not the code that was sent. Look at the newest mail.")


def _refuse_often(reviewer: Reviewer) -> None:
    if reviewer.code_sent_at is None:
        return
    if timezone.now() < reviewer.code_sent_at + PAUSE:
        raise drafts.ActionRefused(
            _("A code was sent a moment ago. Look at your mail, or wait a minute for another.")
        )
    if _is_today(reviewer) and reviewer.codes_sent >= A_DAY:
        raise drafts.ActionRefused(_("No more codes are sent today. Try again tomorrow."))


def _is_today(reviewer: Reviewer) -> bool:
    sent = reviewer.code_sent_at
    return sent is not None and timezone.localdate(sent) == timezone.localdate()


def _locked(reviewer: Reviewer) -> Reviewer:
    return Reviewer.objects.select_for_update().get(pk=reviewer.pk)


def _hash(reviewer: Reviewer, code: str) -> str:
    """Of this seat and this link alone, with the product's secret key."""
    value = f"{reviewer.pk}.{reviewer.link_key}.{code}"
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()
