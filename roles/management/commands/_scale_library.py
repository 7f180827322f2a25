"""The made-up organization's people, places and library."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib.auth.models import Group

from roles import folding, permissions, vocabulary
from roles.management.commands import _scale_words as words
from roles.models import (
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    Snippet,
    SnippetRevision,
    User,
)

CODE = "scale-"
BATCH = 500  # rows of one statement
COMPANY = "Northwind Analytics"

KINDS = {"responsibility": 60, "skill": 20, "qualification": 15, "boilerplate": 5}  # percent
STATUSES = {"active": 80, "reference": 8, "proposed": 6, "retired": 6}

Item = TypeVar("Item")


def weighted(rng: random.Random, weights: dict[Item, int]) -> Item:
    return rng.choices(list(weights), list(weights.values()))[0]


def uid(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):016x}"


# --- the organization


@dataclass
class Company:
    organization: Organization
    works: dict[int, words.Work]  # by id of the job family
    families: list[JobFamily]
    levels: list[JobLevel]
    titles: dict[int, str]  # what a level puts before a title, by its id
    departments: dict[str, Department]
    locations: list[Location]
    authors: list[User]
    managers: list[User]


def make_company(rng: random.Random) -> Company:
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
        managers=_people(rng, "manager", 80),
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


# --- the library


@dataclass
class Texts:
    """Readable texts from word lists; none comes twice."""

    rng: random.Random
    seen: set[str] = field(default_factory=set)

    def write(self, kind: str, work: words.Work) -> tuple[str, str, str]:
        """Category, text and detail of a new snippet."""
        while True:
            found = getattr(self, kind)(work)
            if found[1] not in self.seen:
                self.seen.add(found[1])
                return found  # type: ignore[no-any-return]

    def responsibility(self, work: words.Work) -> tuple[str, str, str]:
        pick = self.rng.choice
        parts = [pick(words.VERBS), pick(work.objects), pick(words.PARTNERS), pick(words.RHYTHMS)]
        if self.rng.random() < 0.3:
            parts.pop(self.rng.choice((2, 3)))
        parts.append(pick(words.PURPOSES))
        return pick(list(vocabulary.CATEGORIES["responsibility"])), " ".join(parts) + ".", ""

    def skill(self, work: words.Work) -> tuple[str, str, str]:
        pick = self.rng.choice
        category = pick(list(vocabulary.CATEGORIES["skill"]))
        means = f"with {pick(words.TOOLS)}" if category != "interpersonal" else ""
        parts = (pick(words.ABILITIES), pick(work.objects), means or pick(words.PARTNERS))
        return category, " ".join(parts), pick(words.EXPLANATIONS)

    def qualification(self, work: words.Work) -> tuple[str, str, str]:
        pick, own = self.rng.choice, _category(self.rng, "qualification")
        if own == "education":
            text = f"{pick(words.DEGREES)} in {pick(words.FIELDS)}, {pick(words.EQUIVALENTS)}"
            return own, f"{text}, with a focus on {pick(work.objects)}", ""
        if own == "experience":
            text = f"{pick(words.SPANS)} of experience with {pick(work.objects)}"
            return own, f"{text} in {pick(words.SETTINGS)}, {pick(words.EQUIVALENTS)}", ""
        text = f"Proven practice with {pick(words.TOOLS)} for {pick(work.objects)}"
        return own, f"{text} in {pick(words.SETTINGS)}", ""

    def boilerplate(self, work: words.Work) -> tuple[str, str, str]:
        category = self.rng.choice(list(words.BOILERPLATE))
        sentences = (self.filled(text, work) for text in words.BOILERPLATE[category])
        return category, " ".join(sentences), ""

    def filled(self, pattern: str, work: words.Work) -> str:
        """A pattern with its gaps filled at random."""
        first, second = self.rng.sample(work.objects, 2)
        return pattern.format(
            place=self.rng.choice(words.CITIES)[0],
            year=self.rng.randrange(1950, 2020),
            number=self.rng.randrange(3, 400),
            days=self.rng.randrange(2, 30),
            department=work.department,
            objects=first,
            others=second,
        )


def _category(rng: random.Random, kind: str) -> str:
    return rng.choice(list(vocabulary.CATEGORIES[kind]))


@dataclass
class Library:
    """The newest and older revisions that lines may come from, by kind and job family."""

    texts: Texts
    offered: dict[tuple[str, int], list[SnippetRevision]]

    def pick(self, rng: random.Random, kind: str, family: JobFamily) -> SnippetRevision | None:
        """A revision for this family; some are used much more often than others."""
        found = self.offered.get((kind, family.pk), [])
        return found[int(len(found) * rng.random() ** 2)] if found else None


def make_library(rng: random.Random, company: Company, count: int) -> Library:
    library = Library(Texts(rng), defaultdict(list))
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        made = [_snippet(rng, company, library.texts, number) for number in numbers]
        Snippet.objects.bulk_create([snippet for snippet, _families in made], BATCH)
        _tag(rng, company, made)
        for snippet, families in made:
            _offer(library, snippet, families, _revisions(rng, company, snippet))
    return library


def _snippet(
    rng: random.Random, company: Company, texts: Texts, number: int
) -> tuple[Snippet, list[JobFamily]]:
    kind = weighted(rng, KINDS)
    families = rng.sample(company.families, rng.choices((1, 2), (4, 1))[0])
    category, text, detail = texts.write(kind, company.works[families[0].pk])
    snippet = Snippet(
        code=f"{CODE}{number + 1:06d}",
        kind=kind,
        category=category,
        status=weighted(rng, STATUSES),
        owner=rng.choice(company.authors),
        text=text,
        detail=detail,
        search_text=folding.search_text(text, detail),
        edited=True,
    )
    return snippet, families


def _tag(
    rng: random.Random, company: Company, made: Sequence[tuple[Snippet, list[JobFamily]]]
) -> None:
    """Families as chosen (a tenth: all of them), and no, one or two levels."""
    by_family, by_level = Snippet.families.through, Snippet.levels.through
    families, levels = [], []
    for snippet, chosen in made:
        if rng.random() < 0.9:
            families += [by_family(snippet=snippet, jobfamily=family) for family in chosen]
        few = rng.sample(company.levels, rng.choice((0, 1, 1, 2)))
        levels += [by_level(snippet=snippet, joblevel=level) for level in few]
    by_family.objects.bulk_create(families, BATCH)
    by_level.objects.bulk_create(levels, BATCH)


def _revisions(rng: random.Random, company: Company, snippet: Snippet) -> list[SnippetRevision]:
    """The snippet's revisions, the newest last and with its words."""
    count = rng.choices((1, 2, 3), (80, 15, 5))[0]
    return [
        SnippetRevision(
            snippet=snippet,
            number=number,
            text=snippet.text if number == count else f"{snippet.text} (earlier words {number})",
            detail=snippet.detail,
            author=rng.choice(company.authors),
            note="" if number == 1 else rng.choice(words.NOTES),
        )
        for number in range(1, count + 1)
    ]


def _offer(
    library: Library, snippet: Snippet, families: list[JobFamily], revisions: list[SnippetRevision]
) -> None:
    """Save the revisions; what may enter a job description joins the choice."""
    SnippetRevision.objects.bulk_create(revisions)
    if snippet.is_offered:
        kind = snippet.kind
        if kind == "boilerplate":
            kind = snippet.category
        for family in families:
            library.offered[kind, family.pk] += revisions
