"""Draft rows -> `Document`, and the edition that a draft is printed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils import timezone

from roles import document, languages, vocabulary
from roles.editions import Edition
from roles.models import (
    CustomFact,
    JobDescription,
    Line,
    Organization,
    PlaceholderAnswer,
    Section,
)
from roles.models.pay_range import PAY_FIELDS
from roles.models.section_content import LINE_FIELDS


@dataclass(frozen=True)
class DraftRows:
    """The rows of one draft, loaded with a constant number of queries. Sections in order;
    lines and sub-lines in order, by section id and by parent id; answers by line id (None:
    the job description's own)."""

    description: JobDescription
    sections: list[Section]
    lines: Mapping[int, list[Line]]
    sub_lines: Mapping[int, list[Line]]
    answers: Mapping[int | None, list[PlaceholderAnswer]]
    shared_answers: list[PlaceholderAnswer]
    organization: Organization
    custom_facts: list[CustomFact] | None = None  # None: not loaded yet


def load_rows(description: JobDescription) -> DraftRows:
    """Returns the rows of a draft, for assembly and the wizard."""
    return load_all_rows([description])[0]


def load_all_rows(descriptions: Sequence[JobDescription]) -> list[DraftRows]:
    """`load_rows` of several, with as many queries as for one (locations aside: prefetch them)."""
    by_key = {description.pk: description for description in descriptions}
    sections: dict[int, list[Section]] = defaultdict(list)
    of_these = Section.objects.filter(description__in=by_key).order_by("position", "pk")
    for section in of_these.prefetch_related("pay_ranges", "pay_references"):
        section.description = by_key[section.description_id]
        sections[section.description_id].append(section)
    every_line = Line.objects.filter(description__in=by_key).select_related("revision")
    lines, sub_lines = _lines_by_parent(every_line.order_by("position", "pk"), by_key)
    answers = _answer_rows(by_key)
    organization, custom = Organization.objects.the(), list(CustomFact.objects.all())
    shared = answers[None][None]
    return [
        DraftRows(
            *(one, sections[one.pk], lines, sub_lines, answers[one.pk], shared),
            organization=organization,
            custom_facts=custom,
        )
        for one in descriptions
    ]


def load_lines(description: JobDescription, uids: Collection[str]) -> DraftRows:
    """Returns the draft's rows with these lines and nothing else, by one query: enough to see
    what was typed into them."""
    of_uids = Line.objects.filter(description=description, uid__in=uids).order_by("pk")
    lines, sub_lines = _lines_by_parent(of_uids, {description.pk: description})
    return DraftRows(description, [], lines, sub_lines, {}, [], Organization(), custom_facts=[])


def _lines_by_parent(
    rows: Iterable[Line], descriptions: Mapping[int, JobDescription]
) -> tuple[dict[int, list[Line]], dict[int, list[Line]]]:
    """Returns the lines by section id, and the sub-lines by parent id. `descriptions` are the job
    descriptions of the lines, by id."""
    lines: dict[int, list[Line]] = defaultdict(list)
    sub_lines: dict[int, list[Line]] = defaultdict(list)
    for line in rows:
        line.description = descriptions[line.description_id]
        if line.parent_id is None:
            lines[line.section_id].append(line)
        else:
            sub_lines[line.parent_id].append(line)
    return lines, sub_lines


AnswerRows = dict[int | None, dict[int | None, list[PlaceholderAnswer]]]


def _answer_rows(keys: Iterable[int]) -> AnswerRows:
    """Returns the answers of these job descriptions and of the organization, by the ids of the job
    description and the line (None: of neither)."""
    found: AnswerRows = defaultdict(lambda: defaultdict(list))
    wanted = Q(description__in=list(keys)) | Q(description=None)
    for answer in PlaceholderAnswer.objects.filter(wanted).order_by("placeholder"):
        found[answer.description_id][answer.line_id].append(answer)
    return found


def assemble(description: JobDescription, rows: DraftRows | None = None) -> document.Document:
    """Returns the draft as a document, with the organization's answers in it."""
    rows = rows or load_rows(description)
    made = document.Document(
        title=description.title,
        facts=tuple(_facts(description, rows)),
        sections=tuple(_section(section, rows) for section in rows.sections),
        answers=_answers(rows),
    ).with_needed_answers()
    return replace(made, language=description.language or usual_language(made))


def usual_language(made: document.Document) -> str:
    """Returns the language of a document for which none is chosen: the detected one, or that of
    the organization while there is too little text."""
    return languages.detected(made) or Organization.objects.the().language


def draft_edition(description: JobDescription) -> Edition:
    """Returns the edition in which a draft is printed: today's brand, no number."""
    organization = Organization.objects.select_related("logo").the()
    return Edition(
        reference=description.reference,
        day=timezone.localdate(),
        brand=organization.brand(),
        logo=bytes(organization.logo.content) if organization.logo else None,
        posting=description.posting(timezone.localdate()),
        apply_to=organization.apply_to,
    )


def _section(section: Section, rows: DraftRows) -> document.DocumentSection:
    return document.DocumentSection(
        uid=section.uid,
        kind=section.kind,
        heading=section.heading,
        audience=section.shown_to,
        style=section.style,
        heading_display=section.heading_display,
        facts=tuple(section.facts),
        lines=tuple(_line(line, rows) for line in rows.lines.get(section.pk, ())),
        pay_ranges=tuple(
            document.DocumentPayRange(uid=pay.uid, **{n: getattr(pay, n) for n in PAY_FIELDS})
            for pay in section.pay_ranges.all()
        ),
        pay_references=tuple(reference.value() for reference in section.pay_references.all()),
    )


def _line(line: Line, rows: DraftRows) -> document.DocumentLine:
    return document.DocumentLine(
        uid=line.uid,
        answers=tuple(_answer(answer) for answer in rows.answers.get(line.pk, ())),
        lines=tuple(_line(sub, rows) for sub in rows.sub_lines.get(line.pk, ())),
        **{name: getattr(line, name) for name in LINE_FIELDS},
    )


def _answer(answer: PlaceholderAnswer) -> document.Answer:
    return document.Answer(answer.placeholder, answer.value, answer.plain)


def _answers(rows: DraftRows) -> tuple[document.Answer, ...]:
    """Returns the job description's answers, and the organization's for other placeholders."""
    found = {answer.placeholder: _answer(answer) for answer in rows.shared_answers}
    if rows.organization.name:
        found.setdefault("company name", document.Answer("company name", rows.organization.name))
    found |= {answer.placeholder: _answer(answer) for answer in rows.answers.get(None, ())}
    return tuple(found[key] for key in sorted(found))


def _facts(description: JobDescription, rows: DraftRows) -> list[document.Fact]:
    """Returns the stated facts, in the order of vocabulary.FACTS, then the custom ones."""

    def audience(name: str, usual: str) -> str:
        chosen = rows.organization.fact_audiences.get(name, usual)
        return chosen if chosen in vocabulary.AUDIENCES else usual

    facts = []
    for name, kind in vocabulary.FACTS.items():
        reader = audience(name, kind.audience)
        if name == "locations":
            places = tuple(location.place() for location in description.locations.all())
            if places:
                facts.append(document.Fact(name, places=places, audience=reader))
            continue
        values = _fact_values(description, name)
        if any(values):
            facts.append(document.Fact(name, values, audience=reader))
    custom = CustomFact.objects.all() if rows.custom_facts is None else rows.custom_facts
    for own in custom:
        value = description.custom_facts.get(own.code, "")
        if value:
            facts.append(document.Fact(own.code, (value,), audience=own.audience, label=own.label))
    return facts


def _fact_values(description: JobDescription, name: str) -> tuple[str, ...]:
    if name == "similar_titles":
        return tuple(description.similar_titles)
    if name == "years":
        span = (description.years_from, description.years_to)
        return tuple("" if years is None else str(years) for years in span)
    if name in vocabulary.FACTS_OF_SEVERAL_CHOICES:
        chosen = getattr(description, vocabulary.FACTS_OF_SEVERAL_CHOICES[name])
        return tuple(code for code in vocabulary.FACTS[name].choices or () if code in chosen)
    if name == "weekly_hours":
        hours = description.weekly_hours
        return ("" if hours is None else f"{hours.normalize():f}",)
    if name == "apply_by":
        if description.open_until_filled:
            return (vocabulary.OPEN_UNTIL_FILLED,)
        return (description.apply_by.isoformat() if description.apply_by else "",)
    value = getattr(description, name)
    return ("" if value is None else str(value),)
