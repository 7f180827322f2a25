"""samples: the documents in the tests of formats are ones that a person could have saved."""

import pytest

from roles import folding, limits, vocabulary
from roles.document import Document
from tests import samples, starter_rules


def texts(value):
    yield value.title
    for part in value.sections:
        yield part.heading
        for line in part.every_line():
            yield from (line.text, line.detail, line.group)
    yield from (answer.value for answer in value.answers)
    yield from (text for fact in value.facts for text in (*fact.values, *map(str, fact.places)))


def every_line(value):
    return [line for part in value.sections for line in part.every_line()]


@pytest.mark.parametrize("make", [samples.everything, samples.hostile, samples.right_to_left])
def test_a_sample_is_within_the_limits_and_equal_after_storing(make):
    value = make()
    assert Document.from_dict(value.to_dict()) == value
    assert [t for t in texts(value) if folding.forbidden_character(t)] == []
    lines = every_line(value)
    assert len(lines) <= limits.LINES_LIMIT
    assert sum(len(line.text) + len(line.detail) for line in lines) <= limits.TEXT_LIMIT
    for line in lines:
        is_entry = line.form == "entry"
        assert len(line.text) <= (limits.LINE_LIMIT if is_entry else limits.PARAGRAPH_LIMIT)
        assert len(line.detail) <= limits.DETAIL_LIMIT
        assert len(line.group) <= limits.GROUP_LIMIT
    assert len({line.uid for line in lines}) == len(lines)
    assert all(len(part.heading) <= limits.HEADING_LIMIT for part in value.sections)
    assert len(value.sections) <= limits.SECTIONS_LIMIT
    assert len(value.title) <= limits.TITLE_LIMIT


def test_the_hostile_sample_covers_everything():
    value = samples.hostile()
    assert {part.kind for part in value.sections} == set(vocabulary.SECTION_KINDS)
    assert {part.style for part in value.sections} == set(vocabulary.STYLES)
    assert {part.audience for part in value.sections} == set(vocabulary.AUDIENCES)
    assert len(every_line(value)) == limits.LINES_LIMIT
    assert max(len(line.text) for line in every_line(value)) == limits.PARAGRAPH_LIMIT
    everything = "\n".join(texts(value))
    for text in (*samples.FORMULAS, *samples.MARKDOWN, *samples.LETTERS):
        assert text in everything


def test_restricted_content_is_removed_for_other_audiences():
    public = str(samples.hostile().for_audience("public").to_dict())
    internal = str(samples.hostile().for_audience("internal").to_dict())
    assert not any(secret in public for secret in samples.SECRETS.values())
    assert samples.SECRETS["internal"] in internal
    assert samples.SECRETS["restricted"] not in internal


def test_every_template_is_included_with_its_text():
    templates = samples.of_templates()
    assert sorted(templates) == starter_rules.TEMPLATES
    for value in templates.values():
        assert Document.from_dict(value.to_dict()) == value
        assert all(line.text for line in every_line(value))
        assert value.sections
