"""The generated organization: families, levels, departments, locations, and people."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.contrib.auth.models import Group

from bench.benchmark_sizes import APPROVER
from bench.scale import words
from roles import permissions
from roles.models import Department, JobFamily, JobLevel, Location, Organization, User

CODE = "scale-"  # prefix of snippet codes and user names
COMPANY = "Northwind Analytics"


@dataclass
class Company:
    """Rows that job descriptions refer to."""

    organization: Organization
    works: dict[int, words.Work]  # by id of the job family
    families: list[JobFamily]
    levels: list[JobLevel]
    titles: dict[int, str]  # title prefix by id of the level
    departments: dict[str, Department]
    locations: list[Location]
    authors: list[User]
    managers: list[User]
    reviewers: list[User]  # also the one of the benchmarks


def create_company(rng: random.Random) -> Company:
    """Returns the rows, created if they are missing; the people are always new."""
    organization = Organization.objects.the()
    if not organization.name:
        organization.name = COMPANY
        organization.save()
    families = [
        JobFamily.objects.get_or_create(
            code=work.code, defaults={"name": work.name, "prefix": work.prefix}
        )[0]
        for work in words.WORKS
    ]
    levels = [
        JobLevel.objects.get_or_create(
            code=code,
            defaults={"name": name, "years_from": low, "years_to": high, "position": position},
        )[0]
        for position, (code, name, low, high, _title) in enumerate(words.LEVELS)
    ]
    places = (tuple(part.replace("_", " ") for part in place) for place in words.CITIES)
    managers = _people(rng, "manager", 80)
    measured = User.objects.filter(username=APPROVER)
    return Company(
        organization=organization,
        works={f.pk: work for f, work in zip(families, words.WORKS, strict=True)},
        families=families,
        levels=levels,
        titles={lv.pk: row[4] for lv, row in zip(levels, words.LEVELS, strict=True)},
        departments={
            work.department: Department.objects.get_or_create(name=work.department)[0]
            for work in words.WORKS
        },
        locations=[
            Location.objects.get_or_create(city=city, region=region, country=country)[0]
            for city, region, country in places
        ],
        authors=_people(rng, "hr", 40),
        managers=managers,
        reviewers=[*managers, *measured],
    )


def _people(rng: random.Random, kind: str, count: int) -> list[User]:
    people = []
    for number in range(1, count + 1):
        name = f"{CODE}{kind}{number}"
        person = User(
            username=name,
            email=f"{name}@scale.example",
            first_name=rng.choice(words.FIRST_NAMES),
            last_name=rng.choice(words.LAST_NAMES),
        )
        person.set_unusable_password()
        people.append(person)
    User.objects.bulk_create(people)
    group = Group.objects.get_or_create(name=permissions.GROUPS[kind])[0]
    group.user_set.add(*people)
    return people
