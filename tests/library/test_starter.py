"""Loading a starter library, and its templates and figures."""

from __future__ import annotations

import re
import shutil
import time
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roles import library
from roles.library import starter, starter_files
from roles.models import (
    Department,
    Event,
    JobFamily,
    JobLevel,
    Location,
    PayReference,
    Snippet,
    Template,
    TemplateLine,
)
from tests import builders, starter_rules

pytestmark = pytest.mark.django_db

FAMILIES = {"account-management": "ACC", "sales": "SAL", "customer-success": "CUS"}
LEVELS = {"entry": (0, 2), "mid": (2, 4), "senior": (4, None)}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the starter library that tests can change."""
    return Path(shutil.copytree(starter.DIRECTORY, tmp_path / "library"))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def facts() -> dict[str, object]:
    """Returns the number of rows after a load."""
    return {
        "snippets": Snippet.objects.count(),
        "revisions": sum(s.revisions.count() for s in Snippet.objects.all()),
        "lines": TemplateLine.objects.count(),
        "pay": PayReference.objects.count(),
        "events": Event.objects.count(),
    }


# --- loading


@pytest.mark.slow
def test_first_load_creates_rows() -> None:
    done = starter.load()
    assert (done.changed, done.preserved, done.same) == (0, 0, 0)
    assert dict(JobFamily.objects.values_list("code", "prefix")) == FAMILIES
    levels = {x.code: (x.years_from, x.years_to) for x in JobLevel.objects.all()}
    assert levels == LEVELS
    assert [x.code for x in JobLevel.objects.all()] == ["entry", "mid", "senior"]
    one = Snippet.objects.get(code="am-main-contact")
    assert one.edited is False
    assert {x.code for x in one.levels.all()} == {"mid", "senior"}
    assert [(r.number, r.author) for r in one.revisions.all()] == [(1, None)]
    assert one in Snippet.objects.all().matching("points of contact")
    event = Event.objects.get()
    assert (event.verb, event.actor, event.what["added"]) == ("library.loaded", "", done.added)


@pytest.mark.slow
def test_second_load_changes_nothing_and_is_fast() -> None:
    starter.load()
    before = facts()
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        done = starter.load()
    assert time.perf_counter() - started < 0.9
    assert len(queries) <= 20
    assert (done.added, done.changed, done.preserved) == (0, 0, 0)
    assert facts() == before


@pytest.mark.slow
def test_changed_text_in_the_files_adds_a_revision(directory: Path) -> None:
    starter.load(directory)
    rewrite(directory / "skills.toml", 'text = "Active listening"', 'text = "Listening well"')
    rewrite(directory / "skills.toml", 'levels = ["entry", "mid", "senior"]', 'levels = ["entry"]')
    done = starter.load(directory)
    assert (done.added, done.changed) == (0, 1)
    one = Snippet.objects.get(code="sk-active-listening")
    assert one.text == "Listening well"
    assert [r.number for r in one.revisions.all()] == [2, 1]
    assert [x.code for x in one.levels.all()] == ["entry"]
    assert one in Snippet.objects.all().matching("listens well")
    assert Event.objects.latest("pk").what["changed"] == 1
    assert starter.load(directory).changed == 0


@pytest.mark.slow
def test_changed_tag_in_the_files_adds_no_revision(directory: Path) -> None:
    starter.load(directory)
    rewrite(directory / "skills.toml", 'category = "interpersonal"', 'category = "technical"')
    assert starter.load(directory).changed == 1
    one = Snippet.objects.get(code="sk-active-listening")
    assert (one.category, one.revisions.count()) == ("technical", 1)


@pytest.mark.slow
def test_edited_entries_are_preserved(directory: Path) -> None:
    starter.load(directory)
    curator = builders.user("curator")
    one = Snippet.objects.get(code="sk-active-listening")
    library.revise(snippet=one, text="Our own words", by=curator, based_on=1)
    two = Snippet.objects.get(code="sk-asking-questions")
    library.set_status(snippet=two, status="retired", by=curator)
    template = Template.objects.get(code="account-manager-mid")
    Template.objects.filter(pk=template.pk).update(edited=True)
    pay = PayReference.objects.get(code="us-am-city-denver")
    PayReference.objects.filter(pk=pay.pk).update(edited=True, amount=1)
    for old in ('text = "Active listening"', 'text = "Asking useful questions"'):
        rewrite(directory / "skills.toml", old, 'text = "Changed upstream"')
    rewrite(directory / "pay_references.toml", "amount = 54840", "amount = 54841")
    rewrite(directory / "templates/account-manager-mid.toml", 'title = "', 'title = "Changed ')
    lines = set(TemplateLine.objects.values_list("pk", flat=True))
    done = starter.load(directory)
    assert (done.added, done.changed, done.preserved) == (0, 0, 4)
    one.refresh_from_db()
    two.refresh_from_db()
    pay.refresh_from_db()
    assert (one.text, two.status) == ("Our own words", "retired")
    assert pay.amount == Decimal(1)
    assert set(TemplateLine.objects.values_list("pk", flat=True)) == lines
    out = StringIO()
    call_command("load_library", path=directory, stdout=out)
    assert "4 changed upstream, but were not overwritten: you edited them." in out.getvalue()


@pytest.mark.slow
def test_snippet_of_the_organization_keeps_its_code(directory: Path) -> None:
    own = builders.snippet("Our own", "skill", code="sk-active-listening")
    assert starter.load(directory).preserved == 1
    own.refresh_from_db()
    assert own.text == "Our own"


@pytest.mark.slow
def test_entries_removed_from_the_files_are_kept(directory: Path) -> None:
    starter.load(directory)
    (directory / "boilerplate.toml").unlink()
    (directory / "templates/account-manager-full.toml").unlink()
    before = facts()
    done = starter.load(directory)
    assert (done.added, done.changed) == (0, 0)
    assert facts() == before


@pytest.mark.slow
def test_changed_templates_and_figures_are_updated(directory: Path) -> None:
    starter.load(directory)
    path = directory / "templates/account-manager-mid.toml"
    rewrite(path, 'title = "', 'title = "Changed ')
    path.write_text(path.read_text() + '\n[[section]]\nkind = "legal"\nheading = "Legal"\n')
    rewrite(directory / "pay_references.toml", "amount = 54840", "amount = 54841")
    assert starter.load(directory).changed == 2
    template = Template.objects.get(code="account-manager-mid")
    assert template.title.startswith("Changed ")
    assert template.sections.last().heading == "Legal"  # type: ignore[union-attr]
    assert PayReference.objects.get(code="us-am-city-denver").amount == 54841


@pytest.mark.slow
def test_changed_architecture_is_preserved(directory: Path) -> None:
    starter.load(directory)
    Department.objects.filter(name="Sales").update(name="Commercial")
    Location.objects.filter(city="Denver").delete()
    PayReference.objects.filter(code="us-am-city-denver").delete()
    assert starter.load(directory).added == 0
    assert not Department.objects.filter(name="Sales").exists()
    path = directory / "job_architecture.toml"
    path.write_text(path.read_text() + '\n[[department]]\nname = "Legal"\n')
    assert starter.load(directory).added == 1
    assert Department.objects.filter(name="Legal").exists()
    assert not Location.objects.filter(city="Denver").exists()


@pytest.mark.slow
def test_template_lines_use_the_wording_of_snippets() -> None:
    starter.load()
    template = Template.objects.get(code="account-manager-detailed")
    activities = template.sections.get(heading="Monthly activities")
    line = activities.lines.first()
    assert line is not None
    assert line.snippet is not None
    assert (line.text, line.snippet.code) == ("", "am-monthly-forecast")
    assert line.detail.startswith("In the first week")
    question = template.sections.get(kind="faq").lines.get(text="How is success measured?")
    assert question.lines.count() == 4


@pytest.mark.slow
def test_figures_store_level_names() -> None:
    starter.load()
    figure = PayReference.objects.get(code="us-am-hirequotient-2024-02-mid")
    assert (figure.level, figure.as_of) == ("Mid level", "2024-02")
    assert (figure.low, figure.high) == (Decimal(80_000), Decimal(90_000))


# --- invalid files


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("skills.toml", '"interpersonal"', '"charm"', "sk-active-listening: unknown category"),
        ("skills.toml", '"account-management"', '"alchemy"', "sk-active-listening: unknown family"),
        ("skills.toml", '["entry"', '["novice"', "sk-active-listening: unknown level “novice”"),
        ("skills.toml", '"Active listening"', '"' + "x" * 2001 + '"', "Use at most 2000"),
        ("skills.toml", '"Active listening"', '""', "sk-active-listening: Enter the wording."),
        ("skills.toml", '"Active listening"', '"a\\u0007b"', "sk-active-listening: text: "),
        ("skills.toml", '"Active listening"', "7", "sk-active-listening: “text” has the wrong"),
        ("skills.toml", "text =", "txt =", "sk-active-listening: unknown key “txt”"),
        ("skills.toml", 'code = "sk-active-listening"', "", "skills.toml, snippet 1: code is"),
        ("skills.toml", '"sk-active-listening"', '"am-main-contact"', "this code is also"),
        ("skills.toml", "\n[[snippet]]", "\n[[snippets]]", "unknown key “snippets”"),
        ("skills.toml", 'text = "', "text = ", "skills.toml: not a TOML file"),
        ("pay_references.toml", "amount = 72711", "", "us-am-city-san-francisco: "),
        ("pay_references.toml", "amount = 72711", "amount = -1e99", "us-am-city-san-francisco: "),
        ("pay_references.toml", '"USD"', '"ABC"', "us-am-city-san-francisco: currency: “ABC”"),
        ("pay_references.toml", '"year"', '"shift"', "us-am-city-san-francisco: period: "),
        ("job_architecture.toml", '"ACC"', '"acc"', "account-management: prefix: "),
        ("templates/account-manager-mid.toml", 'snippet = "', 'snippet = "x', "unknown snippet"),
        (
            "templates/account-manager-mid.toml",
            'kind = "',
            'kind = "x',
            "section 1: unknown section type",
        ),
        ("templates/account-manager-mid.toml", 'heading = "', 'heading = "' + "x" * 151, "heading"),
        ("templates/account-manager-mid.toml", '"required"', '"perhaps"', "requirement: "),
        ("templates/account-manager-mid.toml", 'family = "', 'family = "x', "unknown family"),
    ],
)
def test_error_names_the_file_and_loads_nothing(
    directory: Path, file: str, old: str, new: str, message: str
) -> None:
    rewrite(directory / file, old, new)
    with pytest.raises(starter.BadLibrary) as caught:
        starter.load(directory)
    assert str(caught.value).startswith(file)
    assert message in str(caught.value)
    assert not Snippet.objects.exists()
    assert not JobFamily.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.slow
def test_currency_is_read_in_any_case(directory: Path) -> None:
    rewrite(directory / "pay_references.toml", '"USD"', '"usd"')
    starter.load(directory)
    assert set(PayReference.objects.values_list("currency", flat=True)) == {"USD"}


@pytest.mark.slow
def test_code_cannot_move_to_another_kind(directory: Path) -> None:
    starter.load(directory)
    (directory / "skills.toml").unlink()
    path = directory / "qualifications.toml"
    path.write_text(path.read_text() + '\n[[snippet]]\ncode = "sk-active-listening"\ntext = "x"\n')
    with pytest.raises(starter.BadLibrary, match="already used by a skill"):
        starter.load(directory)


def test_file_with_invalid_encoding(directory: Path) -> None:
    (directory / "skills.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(starter.BadLibrary, match=r"skills\.toml: not a TOML file"):
        starter.load(directory)


def test_unknown_file(directory: Path) -> None:
    (directory / "duties.toml").write_text("")
    with pytest.raises(starter.BadLibrary, match=r"duties\.toml"):
        starter.load(directory)


# --- the command


@pytest.mark.slow
def test_command_reports_the_result(directory: Path) -> None:
    out = StringIO()
    call_command("load_library", stdout=out)
    call_command("load_library", path=directory, stdout=out)
    first, second = out.getvalue().splitlines()
    assert re.fullmatch(r"Library: \d{3} entries added, 0 changed\.", first)
    assert second == "Library: up to date."


def test_command_reports_errors(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was loaded\. .*no library files"):
        call_command("load_library", path=tmp_path / "nowhere")


# --- templates and figures; for the texts, see test_starter_texts.py


@pytest.fixture(scope="module")
def files() -> starter_files.StarterFiles:
    return starter_files.read(starter.DIRECTORY)


BY_LEVEL = [f"account-manager-{level}" for level in LEVELS]


def test_number_of_templates(
    files: starter_files.StarterFiles,
) -> None:
    assert [entry.name for entry in files.templates] == starter_rules.TEMPLATES
    assert len(starter_rules.TEMPLATES) >= 11


# The required headings, in order; others can follow them.
SHAPES = {
    "strategic-account-manager-brief": "Job brief · What does a strategic account manager do? · "
    "Responsibilities · Requirements · Strategic account manager FAQ",
    "key-account-manager-classic": "Company bio · Responsibilities · Qualifications",
    "customer-success-manager": "Introduction · What you'll do · Minimum qualifications · "
    "Preferred qualifications",
    "account-manager-first-year": "Introduction · In your first year you will · "
    "The ideal candidate",
    "account-director": "Reports to · Responsibilities · Qualifications",
    "account-manager-entry": "Role overview · Key responsibilities · Required qualifications · "
    "Preferred qualifications · Pay range and composition",
    "account-manager-senior": "Role overview · Key responsibilities · Required qualifications · "
    "Preferred qualifications · Pay range and composition",
    "account-executive": "Duties · What does an account executive do? · Skills · "
    "Pay expectation · Education and training · Experience · Frequently asked questions",
}


@pytest.mark.parametrize("code", SHAPES)
def test_structure_of_a_template(files: starter_files.StarterFiles, code: str) -> None:
    [template] = [entry for entry in files.templates if entry.name == code]
    headings = [section["heading"] for section in template.values["section"]]
    assert " · ".join(headings).startswith(SHAPES[code])


@pytest.mark.slow
def test_gallery_is_ordered_by_position() -> None:
    starter.load()
    codes = list(Template.objects.values_list("code", flat=True))
    assert [code for code in codes if code in BY_LEVEL] == BY_LEVEL
    assert codes[0] == BY_LEVEL[0]
    positions = Template.objects.values_list("position", flat=True)
    assert len(set(positions)) == len(codes)


@pytest.mark.slow
def test_changed_position_is_updated(directory: Path) -> None:
    starter.load(directory)
    rewrite(directory / "templates/account-director.toml", "position = 90", "position = 5")
    assert starter.load(directory).changed == 1
    first = Template.objects.first()
    assert first is not None
    assert first.code == "account-director"


def test_job_titles_of_templates_are_in_title_case(files: starter_files.StarterFiles) -> None:
    """They are printed as they are stored."""
    for template in files.templates:
        role = template.values["role"]
        assert all(word[0].isupper() or word in ("of", "and") for word in role.split()), role


def test_adjacent_levels_have_templates(files: starter_files.StarterFiles) -> None:
    assert {entry.values["role"].lower() for entry in files.templates} == {
        *("account manager", "senior account manager", "key account manager"),
        *("strategic account manager", "account director"),
        *("account executive", "customer success manager"),
    }
    tags = {(entry.values["family"], entry.values.get("level")) for entry in files.templates}
    assert {family for family, _ in tags} == set(FAMILIES)
    assert {level for _, level in tags} == {*LEVELS, None}


def test_every_section_has_guidance(files: starter_files.StarterFiles) -> None:
    for template in files.templates:
        for section in template.values["section"]:
            where, guidance = f"{template.name}, {section['heading']}", section["guidance"]
            words = len(guidance.split())
            assert 60 <= words <= 130, f"{where}: {words}"
            assert guidance.count("\n\nGood: ") == guidance.count("\n\nWeak: ") == 1, where


def test_guidance_is_not_repeated(files: starter_files.StarterFiles) -> None:
    """No paragraph appears twice, because authors read several in a week."""
    values = [
        paragraph
        for template in files.templates
        for section in template.values["section"]
        for paragraph in section["guidance"].split("\n\n")
    ]
    assert not starter_rules.twins(values)


def test_template_lines_fit_role_and_level(
    files: starter_files.StarterFiles,
) -> None:
    snippets = {entry.name: entry.values for entry in files.snippets}
    for template in files.templates:
        codes = [line["snippet"] for line in _lines(template) if "snippet" in line]
        assert len(codes) == len(set(codes)), template.name
        for code in codes:
            for tag, of_template in (("families", "family"), ("levels", "level")):
                wanted, tags = template.values.get(of_template), snippets[code][tag]
                assert not wanted or not tags or wanted in tags, f"{template.name}: {code}"


def test_template_requirements_fit_the_level(
    files: starter_files.StarterFiles,
) -> None:
    """Entry, mid, and senior have the same sections; requirements never decrease."""
    templates = {entry.name: entry for entry in files.templates}
    headings = [[s["heading"] for s in templates[code].values["section"]] for code in BY_LEVEL]
    assert headings[0] == headings[1] == headings[2]
    required = [_count(templates[code], "required") for code in BY_LEVEL]
    assert required == sorted(required)
    assert required[0] < required[-1]
    for entry in files.templates:
        assert _count(entry, "required") >= 4, entry.name
        assert 3 <= _count(entry, "preferred") <= 5, entry.name


def _lines(template: starter_files.StarterEntry, *kinds: str) -> list[dict[str, Any]]:
    """Returns the lines of sections of these kinds, or of all."""
    return [
        line
        for section in template.values["section"]
        for line in section.get("line", ())
        if not kinds or section["kind"] in kinds
    ]


def _count(template: starter_files.StarterEntry, requirement: str) -> int:
    lines = _lines(template, "qualifications")
    return sum(line.get("requirement") == requirement for line in lines)


def test_market_figures_are_complete(files: starter_files.StarterFiles) -> None:
    amounts = {entry.values.get("amount") for entry in files.pay_references}
    cities = {72711, 60875, 54840, 53039, 59716, 51151, 60984, 64226}
    years = {44000, 51000, 60000, 63000, 64000}
    assert amounts >= cities | years | {63348}
    ranges = {(e.values.get("low"), e.values.get("high")) for e in files.pay_references}
    assert ranges >= {(38000, 83000), (45000, 85000)}
    assert ranges >= {(70000, 80000), (80000, 90000), (100000, 130000)}
    for entry in files.pay_references:
        assert (entry.values["currency"], entry.values["period"]) == ("USD", "year")
