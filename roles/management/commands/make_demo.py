"""Creates the demo data: `manage.py make_demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from roles import permissions
from roles.demo import demo_accounts, demo_descriptions
from roles.models import JobDescription


class Command(BaseCommand):
    help = "Creates the demo accounts and job descriptions once. Prints the usernames and password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts need DEBUG=1.")
        password = demo_accounts.password(Path(settings.DATA_DIR) / "demo-password")
        with transaction.atomic():
            people = {name: demo_accounts.account(name, password) for name in demo_accounts.PEOPLE}
            if not JobDescription.objects.exists():
                demo_descriptions.create(people)
        self.stdout.write("Demo accounts, all with the password " + password)
        for name, (kind, first, last) in demo_accounts.PEOPLE.items():
            group = permissions.GROUPS.get(kind, "Administrator")
            self.stdout.write(f"  {name:<9} {group:<16} {first} {last}")
