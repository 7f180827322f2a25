"""Replaces the name of a deactivated account: `manage.py erase_account`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roles import people
from roles.models import User
from roles.people import erasure


class Command(BaseCommand):
    help = (
        "Erases a deactivated account that owns no job descriptions. A pseudonym replaces its "
        "name everywhere, and the history can still be verified."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--reason", default="", help="kept in the history permanently; do not include names"
        )
        parser.add_argument(
            "--yes", action="store_true", help="erase the account; this cannot be undone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        account = User.objects.filter(username=options["username"]).first()
        if account is None:
            raise CommandError(f"There is no account {options['username']}.")
        if not options["yes"]:
            self.stdout.write(
                f"{account.username} would be erased permanently. Confirm with --yes."
            )
            return
        try:
            erased = erasure.erase(account=account, by=None, reason=options["reason"])
        except people.AccountChangeRefused as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Erased. The account is now {erased.username}.")
