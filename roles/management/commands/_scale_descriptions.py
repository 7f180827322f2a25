"""The made-up organization's job descriptions and their versions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone

from roles import assembly, document, folding, placeholders, vocabulary
from roles.management.commands import _scale_words as words
from roles.management.commands._scale_library import BATCH, Company, Library, uid, weighted
from roles.models import (
    Approval,
    EffectivePeriod,
    JobDescription,
    JobDescriptionIndex,
    JobFamily,
    Line,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    SnippetRevision,
    Version,
    VersionUse,
)
from roles.versions import description_index

YEARS = ("1", "2", "3", "5", "8")

VERSIONS = {0: 30, 1: 35, 2: 22, 3: 13}
WITH_VERSION = {"draft": 15, "in_review": 10, "approved": 10, "current": 55, "archived": 10}

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
        versions = weighted(rng, VERSIONS)
        hours = rng.choice((None, "20", "32.5", "38", "40"))
        words_of_title = (company.titles[level.pk], role[0].lower() + role[1:])
        title = " ".join(words_of_title) if words_of_title[0] else role
        made = JobDescription(
            owner=rng.choice(company.authors),
            status=weighted(rng, WITH_VERSION) if versions else "draft",
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
            uid=uid(self.rng),
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
            uid=uid(rng),
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
        wanted = kind if kind in words.BOILERPLATE else offers[0] if offers else ""
        if kind == "summary":
            wanted = "company"
        return self.library.pick(self.rng, wanted, family)

    def _answer(self, line: Line, *, always: bool) -> None:
        """An answer for [X], always where there are versions: approved ones hold none open."""
        for found in placeholders.find_placeholders(line.text):
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
                    uid=uid(rng),
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
            made.search_text = folding.search_text(made.reference, made.title, *made.similar_titles)
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
        if rows.description.status == "current":
            effective += _effective(batch.rng, of_this)
    Version.objects.bulk_create(versions, BATCH)
    EffectivePeriod.objects.bulk_create(effective, BATCH)
    Approval.objects.bulk_create((Approval(version=row.version) for row in effective), BATCH)
    JobDescriptionIndex.objects.bulk_create(
        (description_index.build_index(row.version) for row in effective), BATCH
    )
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
    organization = batch.company.organization
    for made in batch.descriptions:
        yield assembly.DraftRows(made, sections[made.pk], lines, {}, answers, shared, organization)


def _version(batch: Batch, rows: assembly.DraftRows, number: int) -> Version:
    then = {
        section.pk: [ln for ln in rows.lines[section.pk] if batch.since[ln.uid] <= number]
        for section in rows.sections
    }
    canonical = assembly.assemble(rows.description, replace(rows, lines=then)).canonical_json()
    return Version(
        description=rows.description,
        number=number,
        note=words.NOTES[0] if number == 1 else batch.rng.choice(words.NOTES),
        text=canonical.decode(),
        sha256=document.sha256(canonical),
        brand=asdict(rows.organization.brand()),
        author=batch.rng.choice(batch.company.authors),
    )


def _effective(rng: random.Random, versions: Sequence[Version]) -> list[EffectivePeriod]:
    """The last holds now, the one before did until then."""
    since = timezone.localdate() - timedelta(days=rng.randrange(1, 900))
    rows = [
        EffectivePeriod(
            description=versions[-1].description,
            version=versions[-1],
            since=since,
            by=versions[-1].author,
        )
    ]
    for earlier in versions[-2:-1]:
        before = since - timedelta(days=rng.randrange(30, 400))
        rows.append(
            EffectivePeriod(
                description=earlier.description,
                version=earlier,
                since=before,
                until=since,
                by=earlier.author,
            )
        )
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
