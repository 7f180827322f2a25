"""Generated job descriptions: sections, lines, pay, and placeholder values."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from bench.scale import words
from bench.scale.company_rows import Company
from bench.scale.sampling import STATEMENT_ROWS, random_uid, weighted
from bench.scale.snippet_rows import SnippetPool
from bench.scale.times import own_times, random_time
from roles import placeholders, search_words, vocabulary
from roles.models import (
    DraftText,
    JobDescription,
    JobFamily,
    Line,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    SnippetRevision,
    search_word,
)

YEARS = ("1", "2", "3", "5", "8")

VERSIONS = {0: 30, 1: 35, 2: 22, 3: 13}
WITH_VERSION = {"draft": 15, "in_review": 10, "approved": 10, "current": 55, "archived": 10}

# Every job description has the sections in ALWAYS and one to four of SOMETIMES.
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
class DescriptionBatch:
    """Rows of some job descriptions. `since` is the first version with a line, by its uid."""

    rng: random.Random
    company: Company
    pool: SnippetPool
    descriptions: list[JobDescription] = field(default_factory=list)
    version_counts: list[int] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pay_ranges: list[PayRange] = field(default_factory=list)
    answers: list[PlaceholderAnswer] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)

    def create(self, count: int) -> None:
        """Creates `count` job descriptions without their versions."""
        for family in [self.rng.choice(self.company.families) for _ in range(count)]:
            self._describe(family)
        self._number()
        self._save()

    def _describe(self, family: JobFamily) -> None:
        rng, company = self.rng, self.company
        work, level = company.works[family.pk], rng.choice(company.levels)
        role, focus = rng.choice(work.roles), rng.choice(words.FOCUSES)
        versions = weighted(rng, VERSIONS)
        hours = rng.choice((None, "20", "32.5", "38", "40"))
        title_parts = (company.titles[level.pk], role[0].lower() + role[1:])
        title = " ".join(title_parts) if title_parts[0] else role
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
            employment_types=[rng.choice(list(vocabulary.EMPLOYMENT_TYPES))],
            weekly_hours=Decimal(hours) if hours else None,
            flsa_status=rng.choice(("", *vocabulary.FLSA_STATUSES)),
            eeo_category=rng.choice(list(vocabulary.EEO_CATEGORIES)),
            reports_to=rng.choice(words.PEOPLE).format(department=work.department),
            open_until_filled=rng.random() < 0.2,
            newest_number=versions,
            created_at=random_time(rng),
        )
        made.changed_at = random_time(rng, after=made.created_at)
        self.descriptions.append(made)
        self.version_counts.append(versions)
        self._write(made, family, versions)

    def _write(self, made: JobDescription, family: JobFamily, versions: int) -> None:
        """Adds four to seven sections with 8 to 40 lines in total."""
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
            uid=random_uid(self.rng),
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
            uid=random_uid(rng),
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
            line.text = self.pool.texts.filled(pattern, work)
        else:
            line.text = self.pool.texts.responsibility(work)[1]
        if "requirement" in known.asks:
            line.requirement = rng.choice(("required", "required", "preferred", ""))
        if "essential" in known.asks:
            line.essential = rng.choice(("essential", "marginal", ""))
            line.frequency = rng.choice(("", "", *vocabulary.FREQUENCIES))
            line.percent = rng.choice((None, None, 5, 10))
        self.lines.append(line)
        # The first line of a section is in all versions, because sections can't be empty.
        later = versions > 1 and number > 1 and rng.random() < 0.2
        self.since[line.uid] = rng.randrange(2, versions + 1) if later else 1
        self._answer(line, always=versions > 0)

    def _origin(self, kind: str, family: JobFamily) -> SnippetRevision | None:
        """Returns a snippet for most lines; None if no snippet fits."""
        if self.rng.random() < 0.15:
            return None
        offers = vocabulary.SECTION_KINDS[kind].offers
        wanted = kind if kind in words.BOILERPLATE else offers[0] if offers else ""
        if kind == "summary":
            wanted = "company"
        return self.pool.pick(self.rng, wanted, family)

    def _answer(self, line: Line, *, always: bool) -> None:
        """Fills in [X]; always if there are versions, because approved ones have no blanks."""
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
                    uid=random_uid(rng),
                    position=position,
                    location=rng.choice(self.company.locations).city,
                    minimum=Decimal(minimum),
                    maximum=Decimal(minimum * rng.randrange(11, 16) // 10),
                )
            )

    def _number(self) -> None:
        """Sets references and search texts."""
        prefixes = {made.job_family.prefix for made in self.descriptions if made.job_family}
        for prefix in sorted(prefixes):
            ReferenceCounter.objects.get_or_create(prefix=prefix)
        counters = ReferenceCounter.objects.select_for_update().in_bulk(prefixes)
        for made in self.descriptions:
            assert made.job_family is not None  # noqa: S101  # narrows the type
            counter = counters[made.job_family.prefix]
            counter.last += 1
            made.reference = str(counter)
            made.search_text = search_words.search_text(
                made.reference, made.title, *made.similar_titles
            )
        ReferenceCounter.objects.bulk_update(counters.values(), ["last"])

    def _save(self) -> None:
        rng, company = self.rng, self.company
        with own_times((JobDescription, "created_at"), (JobDescription, "changed_at")):
            JobDescription.objects.bulk_create(self.descriptions, STATEMENT_ROWS)
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
        at.objects.bulk_create(places, STATEMENT_ROWS)
        names.objects.bulk_create(managers, STATEMENT_ROWS)
        Section.objects.bulk_create(self.sections, STATEMENT_ROWS)
        Line.objects.bulk_create(self.lines, STATEMENT_ROWS)
        PayRange.objects.bulk_create(self.pay_ranges, STATEMENT_ROWS)
        PlaceholderAnswer.objects.bulk_create(self.answers, STATEMENT_ROWS)
        self._store_texts()
        self._show_market_figures()

    def _store_texts(self) -> None:
        texts: dict[int, list[str]] = defaultdict(list)
        snippets: dict[int, Counter[str]] = defaultdict(Counter)
        for line in self.lines:
            texts[line.description_id] += (line.section.heading, line.group, line.text, line.detail)
            if line.revision is not None:
                snippets[line.description_id][str(line.revision.snippet_id)] += 1
        rows = []
        for made in self.descriptions:
            text = search_words.one_a_line(texts[made.pk])
            titles = (made.reference, made.title, *made.similar_titles)
            words = search_words.search_text(*titles, text)
            uses = dict(snippets[made.pk])
            row = DraftText(description=made, text=text, search_text=words, snippets=uses)
            rows.append(row)
        search_word.remember(row.search_text for row in rows)
        DraftText.objects.bulk_create(rows, STATEMENT_ROWS)

    def _show_market_figures(self) -> None:
        figures = list(PayReference.objects.order_by("code"))
        shown = Section.pay_references.through
        rows = [
            shown(section=section, payreference=figure)
            for section in self.sections
            if section.kind == "pay" and figures and self.rng.random() < 0.5
            for figure in self.rng.sample(figures, 1)
        ]
        shown.objects.bulk_create(rows, STATEMENT_ROWS)


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER) + list(SOMETIMES).index(kind)
