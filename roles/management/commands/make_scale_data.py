"""A large, made-up organisation for benchmarks: snippets, job descriptions and versions.

Rows are made in bulk, past the deeds, and are what the deeds would have left. The same seed
on the same database gives the same texts. Job descriptions made here begin their chain of
events with the first deed done to them; one event tells that the whole was made.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.utils import timezone

from roles import assembly, document, permissions, vocabulary, wording
from roles.management.commands import _scale_words as words
from roles.models import (
    Department,
    Effective,
    Event,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    Location,
    Organisation,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    Snippet,
    SnippetRevision,
    User,
    Version,
    VersionUse,
)

CODE = "scale-"
BATCH = 500  # rows of one statement
AT_ONCE = 250  # job descriptions made together
COMPANY = "Northwind Analytics"
YEARS = ("1", "2", "3", "5", "8")

KINDS = {"responsibility": 60, "skill": 20, "qualification": 15, "boilerplate": 5}  # percent
STATUSES = {"active": 80, "reference": 8, "proposed": 6, "retired": 6}
VERSIONS = {0: 30, 1: 35, 2: 22, 3: 13}
WITH_VERSION = {"draft": 15, "in_review": 10, "approved": 10, "effective": 55, "archived": 10}

# Sections that every job description has, and those of which it has one to four.
ALWAYS = {
    "summary": "Role overview",
    "responsibilities": "Key responsibilities",
    "qualifications": "Requirements",
}
SOMETIMES = {
    "company": "About us",
    "objectives": "Objectives of this role",
    "skills": "Skills",
    "conditions": "Working conditions",
    "pay": "Pay",
    "benefits": "Benefits",
    "apply": "How to apply",
    "legal": "Legal",
}
ORDER = ("company", "summary", "objectives", "responsibilities", "skills", "qualifications")
BOILERPLATE_OF = {
    "company": "company",
    "benefits": "benefits",
    "apply": "apply",
    "legal": "legal",
}

Row = TypeVar("Row", bound=models.Model)
Item = TypeVar("Item")


class Command(BaseCommand):
    help = "Makes a large organisation for benchmarks. Never for a database that matters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--snippets", type=int, default=20_000)
        parser.add_argument("--descriptions", type=int, default=5_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["force"]):
            raise CommandError("Made-up data is for development (DEBUG); --force makes it here.")
        if min(options["snippets"], options["descriptions"]) < 1:
            raise CommandError("At least one snippet and one job description are needed.")
        if Snippet.objects.filter(code__startswith=CODE).exists():
            raise CommandError("This database has made-up data already.")
        rng = random.Random(options["seed"])  # noqa: S311  # the same data each time
        with transaction.atomic():
            company = _make_company(rng)
            library = _make_library(rng, company, options["snippets"])
            for first in range(0, options["descriptions"], AT_ONCE):
                count = min(AT_ONCE, options["descriptions"] - first)
                Batch(rng, company, library).make(count)
            counts = {name: options[name] for name in ("snippets", "descriptions", "seed")}
            Event.objects.record(by=None, verb="scale.made", about="made-up data", **counts)
        self.stdout.write("Made {snippets} snippets, {descriptions} descriptions.".format(**counts))


def _weighted(rng: random.Random, weights: dict[Item, int]) -> Item:
    return rng.choices(list(weights), list(weights.values()))[0]


def _uid(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):016x}"


# --- the organisation


@dataclass
class Company:
    organisation: Organisation
    works: dict[int, words.Work]  # by id of the job family
    families: list[JobFamily]
    levels: list[JobLevel]
    titles: dict[int, str]  # what a level puts before a title, by its id
    departments: dict[str, Department]
    locations: list[Location]
    authors: list[User]
    managers: list[User]


def _make_company(rng: random.Random) -> Company:
    organisation = Organisation.objects.the()
    if not organisation.name:
        organisation.name = COMPANY
        organisation.save()
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
        organisation=organisation,
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
        pick, own = self.rng.choice, pick_category(self.rng, "qualification")
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


def pick_category(rng: random.Random, kind: str) -> str:
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


def _make_library(rng: random.Random, company: Company, count: int) -> Library:
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
    kind = _weighted(rng, KINDS)
    families = rng.sample(company.families, rng.choices((1, 2), (4, 1))[0])
    category, text, detail = texts.write(kind, company.works[families[0].pk])
    snippet = Snippet(
        code=f"{CODE}{number + 1:06d}",
        kind=kind,
        category=category,
        status=_weighted(rng, STATUSES),
        owner=rng.choice(company.authors),
        text=text,
        detail=detail,
        search_text=wording.search_text(text, detail),
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


# --- job descriptions


@dataclass
class Batch:
    """Some job descriptions on their way into the database. `since` says from which version
    on a line is there, by its uid."""

    rng: random.Random
    company: Company
    library: Library
    descriptions: list[JobDescription] = field(default_factory=list)
    version_counts: list[int] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pay_ranges: list[PayRange] = field(default_factory=list)
    answers: list[PlaceholderAnswer] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)

    def make(self, count: int) -> None:
        for family in [self.rng.choice(self.company.families) for _ in range(count)]:
            self._describe(family)
        self._number()
        self._save()
        _make_versions(self)

    def _describe(self, family: JobFamily) -> None:
        rng, company = self.rng, self.company
        work, level = company.works[family.pk], rng.choice(company.levels)
        role, focus = rng.choice(work.roles), rng.choice(words.FOCUSES)
        versions = _weighted(rng, VERSIONS)
        hours = rng.choice((None, "20", "32.5", "38", "40"))
        words_of_title = (company.titles[level.pk], role[0].lower() + role[1:])
        title = " ".join(words_of_title) if words_of_title[0] else role
        made = JobDescription(
            owner=rng.choice(company.authors),
            status=_weighted(rng, WITH_VERSION) if versions else "draft",
            confidential=rng.random() < 0.02,
            edit_token=1,
            title=f"{title}, {focus}",
            similar_titles=rng.sample(work.roles, rng.randrange(3)),
            job_family=family,
            job_level=level,
            pay_grade=rng.choice(("", f"{family.prefix[0]}{rng.randrange(1, 9)}")),
            job_code=f"{rng.randrange(10_000):04d}",
            soc_code=f"{rng.randrange(11, 54)}-{rng.randrange(1000, 9999)}",
            years_from=level.years_from,
            years_to=level.years_to,
            department=company.departments[work.department],
            work_mode=rng.choice(("", *vocabulary.WORK_MODES)),
            employment_type=rng.choice(list(vocabulary.EMPLOYMENT_TYPES)),
            weekly_hours=Decimal(hours) if hours else None,
            flsa_status=rng.choice(("", *vocabulary.FLSA_STATUSES)),
            eeo_category=rng.choice(list(vocabulary.EEO_CATEGORIES)),
            reports_to=rng.choice(words.PEOPLE).format(department=work.department),
            open_until_filled=rng.random() < 0.2,
        )
        self.descriptions.append(made)
        self.version_counts.append(versions)
        self._write(made, family, versions)

    def _write(self, made: JobDescription, family: JobFamily, versions: int) -> None:
        """Four to seven sections with 8 to 40 lines in all."""
        rng = self.rng
        extra = rng.sample(list(SOMETIMES), rng.randrange(1, 5))
        chosen = sorted({*ALWAYS, *extra}, key=_place)
        paragraphs = [kind for kind in chosen if vocabulary.SECTION_KINDS[kind].form != "entry"]
        entries = [kind for kind in chosen if kind not in (*paragraphs, "pay")]
        wanted = dict.fromkeys(chosen, 1)
        for _ in range(rng.randrange(8, 41) - len(chosen)):
            wanted[rng.choice((*entries, "responsibilities", "responsibilities"))] += 1
        for position, kind in enumerate(chosen, 1):
            section = self._section(made, kind, position)
            for number in range(1, wanted[kind] + 1):
                self._line(section, family, number, versions)
            if kind == "pay":
                self._pay(section)

    def _section(self, made: JobDescription, kind: str, position: int) -> Section:
        known = vocabulary.SECTION_KINDS[kind]
        section = Section(
            description=made,
            uid=_uid(self.rng),
            position=position,
            kind=kind,
            heading=(ALWAYS | SOMETIMES)[kind],
            audience=known.audience,
            style=known.style,
            required=kind in ALWAYS,
        )
        self.sections.append(section)
        return section

    def _line(self, section: Section, family: JobFamily, number: int, versions: int) -> None:
        rng, work = self.rng, self.company.works[family.pk]
        known = vocabulary.SECTION_KINDS[section.kind]
        line = Line(
            description=section.description,
            section=section,
            uid=_uid(rng),
            position=number,
            form=known.form,
        )
        origin = self._origin(section.kind, family)
        if origin is not None:
            line.revision, line.text, line.detail = origin, origin.text, origin.detail
            if origin.snippet.category in vocabulary.line_categories(section.kind):
                line.category = origin.snippet.category
            if rng.random() < 0.15:
                line.text = f"{line.text.rstrip('.')}, {rng.choice(words.RHYTHMS)}."
        elif section.kind == "conditions":
            line.category, pattern = rng.choice(words.CONDITIONS)
            line.text = self.library.texts.filled(pattern, work)
        else:
            line.text = self.library.texts.responsibility(work)[1]
        if "requirement" in known.asks:
            line.requirement = rng.choice(("required", "required", "preferred", ""))
        if "essential" in known.asks:
            line.essential = rng.choice(("essential", "marginal", ""))
            line.frequency = rng.choice(("", "", *vocabulary.FREQUENCIES))
            line.percent = rng.choice((None, None, 5, 10))
        self.lines.append(line)
        # The first line of a section has been there from the start: none may be empty.
        later = versions > 1 and number > 1 and rng.random() < 0.2
        self.since[line.uid] = rng.randrange(2, versions + 1) if later else 1
        self._answer(line, always=versions > 0)

    def _origin(self, kind: str, family: JobFamily) -> SnippetRevision | None:
        """A text of the library for most lines; none where it offers none."""
        if self.rng.random() < 0.15:
            return None
        offers = vocabulary.SECTION_KINDS[kind].offers
        wanted = BOILERPLATE_OF.get(kind, offers[0] if offers else "")
        if kind == "summary":
            wanted = "company"
        return self.library.pick(self.rng, wanted, family)

    def _answer(self, line: Line, *, always: bool) -> None:
        """An answer for [X], always where there are versions: approved ones hold none open."""
        for found in wording.find_placeholders(line.text):
            if found.is_local and (always or self.rng.random() < 0.5):
                self.answers.append(
                    PlaceholderAnswer(
                        description=line.description,
                        line=line,
                        placeholder=found.key,
                        value=self.rng.choice(YEARS),
                    )
                )

    def _pay(self, section: Section) -> None:
        rng = self.rng
        for position in range(1, rng.randrange(2, 5)):
            minimum = rng.randrange(30, 120) * 1000
            self.pay_ranges.append(
                PayRange(
                    section=section,
                    uid=_uid(rng),
                    position=position,
                    location=rng.choice(self.company.locations).city,
                    minimum=Decimal(minimum),
                    maximum=Decimal(minimum * rng.randrange(11, 16) // 10),
                )
            )

    def _number(self) -> None:
        """References in turn, and what search finds the rows by."""
        prefixes = {made.job_family.prefix for made in self.descriptions if made.job_family}
        for prefix in sorted(prefixes):
            ReferenceCounter.objects.get_or_create(prefix=prefix)
        counters = ReferenceCounter.objects.select_for_update().in_bulk(prefixes)
        for made in self.descriptions:
            assert made.job_family is not None  # noqa: S101  # narrows the type
            counter = counters[made.job_family.prefix]
            counter.last += 1
            made.reference = str(counter)
            made.search_text = wording.search_text(made.reference, made.title, *made.similar_titles)
        ReferenceCounter.objects.bulk_update(counters.values(), ["last"])

    def _save(self) -> None:
        rng, company = self.rng, self.company
        JobDescription.objects.bulk_create(self.descriptions, BATCH)
        at, names = JobDescription.locations.through, JobDescription.hiring_managers.through
        places, managers = [], []
        for made in self.descriptions:
            places += [
                at(jobdescription=made, location=place)
                for place in rng.sample(company.locations, rng.choice((0, 1, 1, 2)))
            ]
            managers += [
                names(jobdescription=made, user=user)
                for user in rng.sample(company.managers, rng.choice((0, 1, 1, 2)))
            ]
        at.objects.bulk_create(places, BATCH)
        names.objects.bulk_create(managers, BATCH)
        Section.objects.bulk_create(self.sections, BATCH)
        Line.objects.bulk_create(self.lines, BATCH)
        PayRange.objects.bulk_create(self.pay_ranges, BATCH)
        PlaceholderAnswer.objects.bulk_create(self.answers, BATCH)
        self._show_market_figures()

    def _show_market_figures(self) -> None:
        figures = list(PayReference.objects.order_by("code"))
        shown = Section.pay_references.through
        rows = [
            shown(section=section, payreference=figure)
            for section in self.sections
            if section.kind == "pay" and figures and self.rng.random() < 0.5
            for figure in self.rng.sample(figures, 1)
        ]
        shown.objects.bulk_create(rows, BATCH)


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER) + list(SOMETIMES).index(kind)


# --- versions


def _make_versions(batch: Batch) -> None:
    """The versions of a batch, of the text that assembly makes; the last is the draft, or in
    some drafts what it was before the newest lines."""
    models.prefetch_related_objects(batch.descriptions, "locations")
    models.prefetch_related_objects(batch.sections, "pay_ranges", "pay_references")
    versions, effective = [], []
    for rows, count in zip(_rows(batch), batch.version_counts, strict=True):
        of_this = [_version(batch, rows, number) for number in range(1, count + 1)]
        versions += of_this
        if rows.description.status == "effective":
            effective += _effective(batch.rng, of_this)
    Version.objects.bulk_create(versions, BATCH)
    Effective.objects.bulk_create(effective, BATCH)
    VersionUse.objects.bulk_create(_uses(batch, versions), BATCH)


def _rows(batch: Batch) -> Iterator[assembly.DraftRows]:
    """What assembly.load_rows would load for each job description."""
    sections: dict[int, list[Section]] = defaultdict(list)
    lines: dict[int, list[Line]] = defaultdict(list)
    answers: dict[int | None, list[PlaceholderAnswer]] = defaultdict(list)
    for section in batch.sections:
        sections[section.description_id].append(section)
    for line in batch.lines:
        lines[line.section_id].append(line)
    for answer in batch.answers:
        answers[answer.line_id].append(answer)
    shared = list(PlaceholderAnswer.objects.filter(description=None).order_by("placeholder"))
    organisation = batch.company.organisation
    for made in batch.descriptions:
        yield assembly.DraftRows(made, sections[made.pk], lines, {}, answers, shared, organisation)


def _version(batch: Batch, rows: assembly.DraftRows, number: int) -> Version:
    then = {
        section.pk: [ln for ln in rows.lines[section.pk] if batch.since[ln.uid] <= number]
        for section in rows.sections
    }
    known = assembly.DraftRows(**{**_fields(rows), "lines": then})
    canonical = assembly.assemble(rows.description, known).canonical_json()
    return Version(
        description=rows.description,
        number=number,
        note=words.NOTES[0] if number == 1 else batch.rng.choice(words.NOTES),
        text=canonical.decode(),
        sha256=document.sha256(canonical),
        brand=asdict(rows.organisation.brand()),
        author=batch.rng.choice(batch.company.authors),
    )


def _fields(rows: assembly.DraftRows) -> dict[str, Any]:
    return {name: getattr(rows, name) for name in rows.__dataclass_fields__}


def _effective(rng: random.Random, versions: Sequence[Version]) -> list[Effective]:
    """The last holds now, the one before did until then."""
    since = timezone.localdate() - timedelta(days=rng.randrange(1, 900))
    rows = [Effective(version=versions[-1], since=since, by=versions[-1].author)]
    for earlier in versions[-2:-1]:
        before = since - timedelta(days=rng.randrange(30, 400))
        rows.append(Effective(version=earlier, since=before, until=since, by=earlier.author))
    return rows


def _uses(batch: Batch, versions: Iterable[Version]) -> list[VersionUse]:
    linked: dict[int, list[Line]] = defaultdict(list)
    for line in batch.lines:
        if line.revision is not None:
            linked[line.description_id].append(line)
    return [
        VersionUse(version=version, line_uid=line.uid, revision=line.revision)
        for version in versions
        for line in linked[version.description_id]
        if batch.since[line.uid] <= version.number
    ]
