"""Demo accounts, which share a password."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth.models import Group

from roles import permissions
from roles.models import User

PEOPLE = {
    "author1": ("hr", "Alex", "Morgan"),
    "author2": ("hr", "Sam", "Rivera"),
    "manager1": ("manager", "Robin", "Chen"),
    "manager2": ("manager", "Jamie", "Okafor"),
    "curator1": ("curator", "Kim", "Larsen"),
    "curator2": ("curator", "Toni", "Haddad"),
    "employee1": ("employee", "Noor", "Haas"),
    "admin": ("admin", "Ada", "Marin"),
}


def password(path: Path) -> str:
    """Returns the password of all accounts from the file. If there is none, uses DEMO_PASSWORD or a
    random password and saves it there."""
    if path.exists():
        return path.read_text().strip()
    chosen = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
    path.touch(mode=0o600)
    path.write_text(chosen + "\n")
    return chosen


def account(name: str, password: str) -> User:
    """Returns the account with this key of PEOPLE, and creates it if it is missing."""
    kind, first, last = PEOPLE[name]
    existing: User | None = User.objects.filter(username=name).first()
    if existing is not None:
        return existing
    person = User(
        username=name,
        first_name=first,
        last_name=last,
        email=f"{name}@northwind.example",
        is_staff=kind == "admin",
        is_superuser=kind == "admin",
    )
    person.set_password(password)
    person.save()
    if kind in permissions.GROUPS:
        person.groups.add(Group.objects.get(name=permissions.GROUPS[kind]))
    return person
