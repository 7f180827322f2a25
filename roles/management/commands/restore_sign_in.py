"""The way back in for an administrator: `manage.py restore_sign_in USERNAME`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from roles import mail
from roles.models import User
from roles.people import sign_in_policy


class Command(BaseCommand):
    help = (
        "Allows passwords again, if single sign-on fails, and prints a link to choose a new"
        " password for an account. The link works once, for an hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--remove-factors",
            action="store_true",
            help="also remove the second factors of the account, if they are lost",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        if not user.is_active:
            raise CommandError("This account is deactivated.")
        sign_in_policy.restore_passwords()
        if options["remove_factors"]:
            count = sign_in_policy.remove_factors(user)
            self.stdout.write(f"Second factors removed: {count}")
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        self.stdout.write("Open this link to choose a new password:")
        self.stdout.write(mail.address(path.replace("UID-KEY", key)))
