"""Generated snippets and their revisions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.scale import words
from bench.scale.company_rows import CODE, Company
from bench.scale.sampling import STATEMENT_ROWS, weighted
from bench.scale.times import own_times, random_time
from roles import library, search_words, stored_values, vocabulary
from roles.models import JobFamily, JobLevel, Snippet, SnippetRevision, search_word

KINDS = {"responsibility": 60, "skill": 20, "qualification": 15, "boilerplate": 5}  # percent
STATUSES = {"active": 80, "reference": 8, "proposed": 6, "retired": 6}


@dataclass
class GeneratedTexts:
    """Creates readable texts from word lists, without duplicates."""

    rng: random.Random
    seen: set[str] = field(default_factory=set)

    def write(self, kind: str, work: words.Work) -> tuple[str, str, str]:
        """Returns category, text, and detail of a new snippet."""
        while True:
            found = getattr(self, kind)(work)
            if found[1] not in self.seen:
                self.seen.add(found[1])
                return found  # type: ignore[no-any-return]

    def responsibility(self, work: words.Work) -> tuple[str, str, str]:
        pick = self.rng.choice
        parts = [
            pick(words.VERBS),
            pick(work.objects),
            pick(words.PARTNERS),
            pick(words.RHYTHMS),
        ]
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
        """Returns the pattern with random words in its fields."""
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
class SnippetPool:
    """The revisions that lines can come from, by kind and job family."""

    texts: GeneratedTexts
    offered: dict[tuple[str, int], list[SnippetRevision]]

    def pick(self, rng: random.Random, kind: str, family: JobFamily) -> SnippetRevision | None:
        """Returns a revision for this family; some are much more frequent than others."""
        found = self.offered.get((kind, family.pk), [])
        return found[int(len(found) * rng.random() ** 2)] if found else None


def create_snippets(rng: random.Random, company: Company, count: int) -> SnippetPool:
    """Creates `count` snippets with their revisions."""
    pool = SnippetPool(GeneratedTexts(rng), defaultdict(list))
    for first in range(0, count, STATEMENT_ROWS):
        numbers = range(first, min(first + STATEMENT_ROWS, count))
        created = [_snippet(rng, company, pool.texts, number) for number in numbers]
        tagged = [(one, *_tags(rng, company, families)) for one, families in created]
        for snippet, families, levels in tagged:
            library.set_tags(snippet, families, levels)
        with own_times((Snippet, "changed_at")):
            Snippet.objects.bulk_create([snippet for snippet, _families in created], STATEMENT_ROWS)
        search_word.remember(snippet.search_text for snippet, _families in created)
        _save_tags(tagged)
        for snippet, families in created:
            _offer(pool, snippet, families, _revisions(rng, company, snippet))
    return pool


def store_uses() -> None:
    """Stores where each snippet is used, as the actions do."""
    for value in stored_values.STORED_VALUES.values():
        if value.model is Snippet:
            Snippet.objects.update(**{value.column: value.counted()})


def _snippet(
    rng: random.Random, company: Company, texts: GeneratedTexts, number: int
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
        search_text=search_words.with_neighbors(search_words.search_text(text, detail)),
        edited=True,
        changed_at=random_time(rng),
    )
    return snippet, families


def _tags(
    rng: random.Random, company: Company, families: list[JobFamily]
) -> tuple[list[JobFamily], list[JobLevel]]:
    """Returns the families (none for a tenth, which is for all) and up to two levels."""
    levels = rng.sample(company.levels, rng.choice((0, 1, 1, 2)))
    return (families if rng.random() < 0.9 else []), levels


def _save_tags(created: Sequence[tuple[Snippet, list[JobFamily], list[JobLevel]]]) -> None:
    by_family, by_level = Snippet.families.through, Snippet.levels.through
    families = [
        by_family(snippet=snippet, jobfamily=family)
        for snippet, families, _levels in created
        for family in families
    ]
    levels = [
        by_level(snippet=snippet, joblevel=level)
        for snippet, _families, levels in created
        for level in levels
    ]
    by_family.objects.bulk_create(families, STATEMENT_ROWS)
    by_level.objects.bulk_create(levels, STATEMENT_ROWS)


def _revisions(rng: random.Random, company: Company, snippet: Snippet) -> list[SnippetRevision]:
    """Returns the snippet's revisions; the last one has its wording."""
    count = rng.choices((1, 2, 3), (80, 15, 5))[0]
    return [
        SnippetRevision(
            snippet=snippet,
            number=number,
            text=snippet.text if number == count else f"{snippet.text} (earlier wording {number})",
            detail=snippet.detail,
            author=rng.choice(company.authors),
            note="" if number == 1 else rng.choice(words.NOTES),
        )
        for number in range(1, count + 1)
    ]


def _offer(
    pool: SnippetPool, snippet: Snippet, families: list[JobFamily], revisions: list[SnippetRevision]
) -> None:
    """Saves the revisions, and adds those of offered snippets to the pool."""
    SnippetRevision.objects.bulk_create(revisions)
    if snippet.is_offered:
        kind = snippet.kind
        if kind == "boilerplate":
            kind = snippet.category
        for family in families:
            pool.offered[kind, family.pk] += revisions
