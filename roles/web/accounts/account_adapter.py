"""What signing in does here, as hooks of django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import mail, outages, tasks
from roles.models import SignInPolicy, User
from roles.people import addresses, sign_in_policy
from roles.web.accounts import carried_form, sign_in_events

INCORRECT = _("Incorrect username, email address, or password. Try again.")
TOO_MANY = _("Too many failed attempts. Wait a few minutes, or reset your password.")

# allauth's messages that are shown; others are left out.
MESSAGES: dict[str, str | Promise] = {
    "account/messages/password_changed.txt": _("Password changed."),
    "account/messages/password_set.txt": _("Password saved."),
    "account/messages/email_confirmed.txt": _("Email address confirmed."),
    "account/messages/email_confirmation_failed.txt": _(
        "This address can’t be confirmed, because another account has it."
    ),
    "account/messages/email_confirmation_sent.txt": _(
        "We sent a link to the new address. Open it to confirm the address."
    ),
    "account/messages/email_deleted.txt": _("The new address was removed."),
    "mfa/messages/totp_activated.txt": _("Authenticator app added."),
    "mfa/messages/totp_deactivated.txt": _("Authenticator app removed."),
    "mfa/messages/webauthn_added.txt": _("Passkey added."),
    "mfa/messages/webauthn_removed.txt": _("Passkey removed."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes created."),
    "usersessions/messages/sessions_logged_out.txt": _("Signed out everywhere else."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": INCORRECT,
        "email_password_mismatch": INCORRECT,
        "too_many_login_attempts": TOO_MANY,
        "password_sign_in_off": _("Your organization signs in with its own provider."),
        "incorrect_password": _("Incorrect password. Try again."),
        "enter_current_password": _("This isn’t your current password."),
        "duplicate_email": _("This is already your address."),
        "email_taken": _("Another account has this email address."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation, and by single sign-on."""
        return False

    # --- signing in

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not SignInPolicy.objects.the().has_password_sign_in:
            raise self.validation_error("password_sign_in_off")
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            outages.raise_current()  # attempts can't be counted: not the person's fault
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Attempts at one account count together, whichever of its names and of the site's hosts
        they use. A new password clears them."""
        name = str(credentials.get("email") or credentials.get("username") or "")
        user = sign_in_events.account_named(name)
        return f"account {user.pk}" if user else name.lower()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = credentials.get("email") or credentials.get("username") or ""
        sign_in_events.record_failure(name, "password")

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuses what isn't single sign-on, where the organization requires that."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None or SignInPolicy.objects.the().has_password_sign_in:
            return refused
        records = get_authentication_records(request, user)
        if records and records[-1]["method"] == "socialaccount":
            return None
        page: HttpResponse = refuse(request, "sso").response
        return page

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        carried_form.restore(request)
        addresses.confirm(user)
        policy = SignInPolicy.objects.the()
        request.session.set_expiry(policy.session_hours * 3600)
        records = get_authentication_records(request, user)
        has_used_provider = any(record["method"] == "socialaccount" for record in records)
        # The provider asks for its own factors.
        if not has_used_provider and sign_in_policy.lacks_factor(user):
            request.session["lacks_factor"] = True

    # --- confirming one's identity before what is sensitive

    def is_reauthentication_required(self, app: str = "") -> bool:
        """Whether the last sign-in or confirmation is too long ago."""
        return not sign_in_events.is_recent(
            get_authentication_records(self.request, self.request.user),
            app_settings.REAUTHENTICATION_TIMEOUT,
        )

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Adds single sign-on, for accounts that used it."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        if not SignInPolicy.objects.the().has_password_sign_in:
            methods = []
        for account in user.socialaccount_set.all():
            methods.append(
                {
                    "id": f"provider:{account.provider}",
                    "description": _("Use %s") % account.get_provider(self.request).name,
                    "url": reverse("confirm_with_provider", args=[account.pk]),
                }
            )
        return methods

    # --- email and messages

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirms an address, unless another account has it by now."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:  # user_email_unique
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template)
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Enqueues the email of the product for allauth's."""
        if template_prefix == "account/email/password_reset_key":
            link = context["password_reset_url"]
            tasks.email_account(email, "password_reset", link=link)
        elif template_prefix == "account/email/email_confirmation":
            tasks.email_account(email, "confirm_email", link=context["activate_url"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return mail.address(path.replace("UID-KEY", key), self._site())

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return mail.address(path, self._site())

    def _site(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}"

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_security")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Visitors whose address isn't known, through a Unix socket, count as one."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "0.0.0.0"  # noqa: S104  # not an address to listen on


def refuse(request: HttpRequest, reason: str) -> ImmediateHttpResponse:
    """Returns the exception that answers a refused sign-in with its page."""
    context = {"reason": reason, "sign_in_address": carried_form.sign_in_address(request)}
    page = render(request, "accounts/sign_in_refused.html", context, status=403)
    return ImmediateHttpResponse(page)
