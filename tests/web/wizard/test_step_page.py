"""The wizard without JavaScript: forms are posted as a browser posts them, and typed values are
never lost."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from roles import assembly, drafts, library, limits, search, versions
from roles.drafts import changes
from roles.models import (
    CustomFact,
    Event,
    JobDescription,
    Line,
    Location,
    PayReference,
    PlaceholderAnswer,
    Snippet,
    Template,
    Version,
)
from roles.web.shared.wizard_steps import STEPS, step_of
from tests import builders, starter_rules, strategies
from tests.html import buttons, fields, find
from tests.pages import Page, open_page, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TEMPLATES = starter_rules.TEMPLATES
SLUGS = [step.slug for step in STEPS]


# --- fixtures


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    """A draft of the signed-in person with one line in each of its three sections."""
    return builders.description(client.user)


def url(jd: JobDescription, step: str = "responsibilities") -> str:
    return reverse("wizard_step", args=[jd.reference, step])


def line(jd: JobDescription, kind: str = "responsibilities") -> Line:
    return jd.lines.filter(section__kind=kind, parent=None).order_by("pk")[0]


def uid(jd: JobDescription, kind: str = "responsibilities") -> str:
    return str(jd.sections.get(kind=kind).uid)


def texts(jd: JobDescription, kind: str = "responsibilities") -> list[str]:
    rows = jd.lines.filter(section__kind=kind, parent=None).order_by("position", "pk")
    return [row.text for row in rows]


def token(jd: JobDescription) -> int:
    jd.refresh_from_db()
    return jd.edit_token


def change_as_someone_else(jd: JobDescription, *wanted: changes.Change) -> None:
    """Another author changes the draft."""
    jd.refresh_from_db()
    drafts.apply(description=jd, by=builders.user("hr"), token=jd.edit_token, changes=wanted)
    jd.refresh_from_db()


# --- steps and buttons


def test_unchanged_rows_are_not_saved(client: Any, jd: JobDescription) -> None:
    """Changing one line is one row in the event."""
    builders.add_line(jd, uid(jd), "Second line", percent=30, group="Daily")
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = ["Other words"]
    page.press("save")
    event = Event.objects.filter(chain=jd.reference).order_by("-number")[0]
    assert event.what["rows"] == [f"line:{line(jd).uid}"]


@pytest.mark.parametrize(
    ("do", "leads_to"),
    [("save", "responsibilities"), ("next", "qualifications"), ("back", "details")],
)
def test_every_button_saves_and_leads_to_its_page(
    client: Any, jd: JobDescription, do: str, leads_to: str
) -> None:
    """What was typed is saved whichever is pressed."""
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = ["Other words"]
    assert page.press(do).url == url(jd, leads_to)
    assert texts(jd) == ["Other words"]


@pytest.mark.slow
def test_next_leads_through_every_step(client: Any, jd: JobDescription) -> None:
    """There is no step before the first or after the last."""
    going = open_page(client, url(jd, "details"))
    seen = [going.url]
    while "next" in going.buttons:
        going = going.press("next")
        seen.append(going.url)
    assert seen == [url(jd, slug) for slug in SLUGS]
    back = [going.url]
    while "back" in going.buttons:
        going = going.press("back")
        back.append(going.url)
    assert back == seen[::-1]
    assert "back" not in open_page(client, url(jd, "details")).buttons


@pytest.mark.slow
def test_every_step_can_be_opened_from_the_list(client: Any, jd: JobDescription) -> None:
    """What was typed is saved; an unknown step leads back to the same one."""
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = ["Other words"]
    assert page.press("go:pay").url == url(jd, "pay")
    assert texts(jd) == ["Other words"]
    page = open_page(client, url(jd))
    page.buttons.append("go:moon")
    assert page.press("go:moon").url == url(jd)


@pytest.mark.parametrize(
    "path",
    [
        "/descriptions/ACC-9999/edit/details/",
        "/descriptions/nonsense/edit/details/",
        "/descriptions/ACC-99999999999999999999/edit/details/",
        "/descriptions/{reference}/edit/moon/",
        "/descriptions/{reference}/pick/0000000000000000/",
        "/descriptions/{reference}/pick/moon/",
    ],
)
def test_unknown_reference_step_or_section_is_404(
    client: Any, jd: JobDescription, path: str
) -> None:
    """An unknown reference, step or section."""
    where = path.format(reference=jd.reference)
    assert client.get(where).status_code == 404
    if "/edit/" in path:
        assert client.post(where, {"action": "save"}).status_code == 404


# --- fields


@pytest.mark.slow
def test_line_is_changed_and_removed(client: Any, jd: JobDescription) -> None:
    """With every field of the editor."""
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["A  new line "]
    page = page.press(f"line-add:{uid(jd)}")
    assert texts(jd)[1] == "A new line"
    new = jd.lines.get(text="A new line").uid
    for name, value in (
        *(("percent", "25"), ("essential", "essential"), ("frequency", "weekly")),
        *(("group", " Daily  work "), ("detail", "Why\r\nand how")),
    ):
        page.data[f"line-{new}-{name}"] = [value]
    page = page.press("save")
    row = jd.lines.get(uid=new)
    assert (row.percent, row.essential, row.frequency) == (25, "essential", "weekly")
    assert (row.group, row.detail) == ("Daily work", "Why\nand how")
    page.press(f"line-remove:{new}")
    assert not jd.lines.filter(uid=new).exists()


@pytest.mark.slow
def test_typed_new_line_is_added_by_every_button(client: Any, jd: JobDescription) -> None:
    """White space alone is no line."""
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["Typed, then Next"]
    page.data[f"newsub-{line(jd).uid}-text"] = ["A sub-line, too"]
    page.press("next")
    assert texts(jd)[1] == "Typed, then Next"
    assert line(jd).lines.get().text == "A sub-line, too"
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["  \r\n "]
    page.press("next")
    assert len(texts(jd)) == 2


@pytest.mark.slow
@pytest.mark.both_databases
def test_lines_and_sections_are_moved(client: Any, jd: JobDescription) -> None:
    """With buttons; the first one can't move up."""
    builders.add_line(jd, uid(jd), "Second")
    page = open_page(client, url(jd))
    second = jd.lines.get(text="Second").uid
    assert f"line-up:{line(jd).uid}" not in page.buttons
    page = page.press(f"line-up:{second}")
    assert texts(jd)[0] == "Second"
    page.press(f"section-up:{uid(jd)}")
    kinds = jd.sections.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == ["responsibilities", "summary", "qualifications"]


@pytest.mark.slow
def test_outline_adds_renames_and_removes_sections(client: Any, jd: JobDescription) -> None:
    """From any step; without a heading, a section gets that of its kind."""
    page = open_page(client, url(jd))
    page.data["new-section-kind"] = ["benefits"]
    page.press("section-add")
    assert jd.sections.get(kind="benefits").heading == "Benefits"
    page = open_page(client, url(jd))
    page.data[f"section-{uid(jd, 'summary')}-heading"] = ["In short"]
    page = page.press("save")
    assert jd.sections.get(kind="summary").heading == "In short"
    page.press(f"section-remove:{uid(jd, 'summary')}")
    assert not jd.sections.filter(kind="summary").exists()


@pytest.mark.slow
def test_step_without_sections_offers_the_usual_ones(client: Any, jd: JobDescription) -> None:
    """An empty step says what to do."""
    response = client.get(url(jd, "conditions"))
    [empty] = find(response, class_="empty")
    assert find(empty, "button", value="section-start:conditions")
    page = open_page(client, url(jd, "conditions")).press("section-start:conditions")
    assert jd.sections.filter(kind="conditions").exists()
    assert "section-start:conditions" not in page.buttons
    assert "section-start:reporting" in page.buttons


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("conditions", "qualifications", ""),
        ("company", "", "summary"),
        ("about_role", "summary", "responsibilities"),
        ("faq", "qualifications", ""),
    ],
)
def test_offered_section_is_added_where_its_kind_usually_is(
    client: Any, jd: JobDescription, kind: str, before: str, after: str
) -> None:
    """Between the sections of the kinds around it."""
    step = next(step.slug for step in STEPS if kind in step.kinds)
    open_page(client, url(jd, step)).press(f"section-start:{kind}")
    kinds = ["", *jd.sections.order_by("position").values_list("kind", flat=True), ""]
    place = kinds.index(kind)
    assert (kinds[place - 1], kinds[place + 1]) == (before, after)


@pytest.mark.slow
def test_facts_are_saved(client: Any, jd: JobDescription) -> None:
    """Every kind of field, and the custom facts of the organization."""
    place = Location.objects.create(city="Denver", region="CO", country="US")
    CustomFact.objects.create(code="cost-centre", label="Cost centre")
    page = open_page(client, url(jd, "details"))
    values = {
        "title": "  Key   account manager ",
        "similar_titles": "Partner lead\r\n\r\nClient lead",
        "years_from": "3",
        "years_to": "3",
        "weekly_hours": "37.5",
        "soc_code": "41-3091",
        "apply_by": "2027-02-28",
        "work_mode": "hybrid",
        "own-cost-centre": "4711",
        "locations": str(place.pk),
    }
    for name, value in values.items():
        page.data[f"facts-{name}"] = [value]
    assert page.press("next").response.status_code == 200
    jd.refresh_from_db()
    assert jd.title == "Key account manager"
    assert jd.similar_titles == ["Partner lead", "Client lead"]
    assert (jd.years_from, jd.years_to, jd.weekly_hours) == (3, 3, Decimal("37.5"))
    assert (jd.soc_code, str(jd.apply_by), jd.work_mode) == (
        "41-3091",
        "2027-02-28",
        "hybrid",
    )
    assert jd.custom_facts == {"cost-centre": "4711"}
    assert list(jd.locations.all()) == [place]


@pytest.mark.slow
def test_facts_shown_in_a_section(client: Any, jd: JobDescription) -> None:
    """Checked, and unchecked down to none."""
    facts = builders.add_section(jd, "facts", "Details")
    page = open_page(client, url(jd, "details"))
    page.data[f"section-{facts}-facts"] = ["", "years", "department"]
    page = page.press("save")
    assert jd.sections.get(uid=facts).facts == ["years", "department"]
    page.data[f"section-{facts}-facts"] = [""]
    page.press("save")
    assert jd.sections.get(uid=facts).facts == []


@pytest.mark.slow
@pytest.mark.both_databases
def test_pay_ranges_and_market_figures(client: Any, jd: JobDescription) -> None:
    """They are added, changed, chosen and removed."""
    figure = PayReference.objects.create(code="f", role="Account manager", amount=54840)
    pay = builders.add_section(jd, "pay", "Pay")
    page = open_page(client, url(jd, "pay"))
    page.data[f"newpay-{pay}-minimum"] = ["50000"]
    page.data[f"newpay-{pay}-maximum"] = ["60000.5"]
    page.data[f"references-{pay}-id"] = [str(figure.pk)]
    page = page.press("next")
    page = open_page(client, url(jd, "pay"))
    row = jd.sections.get(uid=pay).pay_ranges.get()
    assert (str(row.minimum), str(row.maximum), row.currency) == ("50000.00", "60000.50", "USD")
    assert jd.sections.get(uid=pay).pay_references.get() == figure
    page.data[f"pay-{row.uid}-location"] = ["Denver"]
    page.data[f"references-{pay}-id"] = []
    page = page.press("save")
    row.refresh_from_db()
    assert row.location == "Denver"
    assert not jd.sections.get(uid=pay).pay_references.exists()
    page.press(f"pay-remove:{row.uid}")
    assert not jd.sections.get(uid=pay).pay_ranges.exists()


def answer_field(page: Page, key: str, name: str = "value") -> str:
    """The name of the field for a placeholder's answer."""
    prefix = next(
        field.removesuffix("-placeholder")
        for field, values in page.data.items()
        if field.endswith("-placeholder") and values == [key]
    )
    return f"{prefix}-{name}"


@pytest.mark.slow
@pytest.mark.both_databases
def test_placeholders_are_filled_in_on_the_last_step(client: Any, jd: JobDescription) -> None:
    """Each once, local ones for their line; an answer can be removed."""
    builders.add_line(jd, uid(jd), "[X] calls for [Company]")
    builders.add_line(jd, uid(jd), "[Company Name] again")
    page = open_page(client, url(jd, "finish"))
    page.data[answer_field(page, "company name")] = ["Acme"]
    page.data[answer_field(page, "x")] = ["5"]
    page = page.press("save")
    filled = assembly.assemble(jd).filled()
    assert [ln.text for ln in filled.sections[1].lines][1:] == ["5 calls for Acme", "Acme again"]
    page.data[answer_field(page, "x")] = [""]
    page.data[answer_field(page, "company name", "plain")] = ["on"]
    page.press("save")
    assert set(PlaceholderAnswer.objects.values_list("placeholder", "plain")) == {
        ("company name", True)
    }


@pytest.mark.parametrize(
    "raw",
    ["Größe", "ß" * 60, "ﷺ" * 10, "size ｅ.ｇ. large", "A & <b>"],
    ids=["accents", "grows twofold", "grows eighteenfold", "wide letters", "markup"],
)
def test_every_placeholder_can_be_filled_in(client: Any, jd: JobDescription, raw: str) -> None:
    """Whatever is in the brackets."""
    builders.add_line(jd, uid(jd), f"[{raw}]")
    page = open_page(client, url(jd, "finish"))
    name = next(name for name in page.data if re.fullmatch(r"answer-\w+-value", name))
    page.data[name] = ["Answered"]
    assert page.press("save").response.status_code == 200
    assert not assembly.assemble(jd).open_placeholders()


# --- autosave


def autosave(client: Any, page: Page, prefix: str, **values: str) -> Any:
    """What the page's script posts for one row."""
    row = {name: value for name, value in page.data.items() if name.startswith(f"{prefix}-")}
    typed = {f"{prefix}-{name}": value for name, value in values.items()}
    data = {**row, **typed, "action": "autosave", "token": page.data["token"]}
    return client.post(page.url, data, headers={"HX-Request": "true"})


def test_autosave_saves_and_returns_the_new_base(client: Any, jd: JobDescription) -> None:
    """The row and the page are based on it from then on, and the preview is updated."""
    page = open_page(client, url(jd))
    prefix = f"line-{line(jd).uid}"
    response = autosave(client, page, prefix, text="Saved by itself")
    assert response.status_code == 200
    assert texts(jd) == ["Saved by itself"]
    assert response.headers["HX-Trigger"] == "draft-changed"
    assert f'name="token" id="token" value="{token(jd)}"' in response.text
    assert f'id="{prefix}-base" value="{token(jd)}.' in response.text


def test_autosave_without_a_change_saves_nothing(client: Any, jd: JobDescription) -> None:
    """Neither a token nor an event."""
    before = token(jd)
    page = open_page(client, url(jd))
    response = autosave(client, page, f"line-{line(jd).uid}")
    assert response.status_code == 200
    assert "HX-Trigger" not in response.headers
    assert token(jd) == before


def test_invalid_autosave_returns_the_error(client: Any, jd: JobDescription) -> None:
    """422 with the row's error; nothing is saved, and new lines are ignored."""
    page = open_page(client, url(jd))
    prefix = f"line-{line(jd).uid}"
    response = autosave(client, page, prefix, percent="101")
    assert response.status_code == 422
    assert f'id="{prefix}-errors"' in response.text
    assert "less than or equal to 100" in response.text
    assert line(jd).percent is None


@pytest.mark.slow
def test_autosave_of_a_stale_row_is_a_conflict(client: Any, jd: JobDescription) -> None:
    """One of another row is merged, and the page's token stays the same."""
    page = open_page(client, url(jd))
    own = line(jd)
    change_as_someone_else(jd, changes.ChangeLine(own.uid, {"text": "Theirs"}))
    assert autosave(client, page, f"line-{own.uid}", text="Mine").status_code == 409
    section = f"section-{uid(jd)}"
    response = autosave(client, page, section, heading="My heading")
    assert response.status_code == 200
    assert f'name="token" id="token" value="{page.typed("token")}"' in response.text
    assert f'id="{section}-base" value="{token(jd)}.' in response.text
    assert texts(jd) == ["Theirs"]


@pytest.mark.slow
def test_a_conflict_names_who_only_continued_typing(
    client: Any, client_for: Any, jd: JobDescription
) -> None:
    """The page was made while someone typed; what they typed next has no event of its own."""
    prefix = f"line-{line(jd).uid}"
    other = client_for(builders.user("hr", first_name="Dana", last_name="Reyes"))
    theirs = open_page(other, url(jd))
    autosave(other, theirs, prefix, text="Their first words")
    page = open_page(client, url(jd))
    events = Event.objects.count()
    theirs = open_page(other, url(jd))
    assert autosave(other, theirs, prefix, text="Their next words").status_code == 200
    assert Event.objects.count() == events
    response = autosave(client, page, prefix, text="Mine")
    assert response.status_code == 409
    assert "Dana Reyes" in response.text
    assert "Their next words" in response.text
    assert "Mine" in response.text


def test_an_autosave_of_a_line_that_is_gone_is_a_conflict(client: Any, jd: JobDescription) -> None:
    """Also of the fields under "More"."""
    page = open_page(client, url(jd))
    own = line(jd)
    change_as_someone_else(jd, changes.RemoveLine(own.uid))
    assert autosave(client, page, f"line-{own.uid}", text="Mine").status_code == 409
    data = {"action": "autosave", "token": page.data["token"], f"more-{own.uid}-base": "0."}
    more = data | {f"more-{own.uid}-detail": "Mine"}
    assert client.post(page.url, more).status_code == 409


def test_an_autosave_of_a_line_and_what_is_under_more(client: Any, jd: JobDescription) -> None:
    """Both rows of the line are saved and based on the new state; sub-lines likewise."""
    own = line(jd)
    builders.change(jd, changes.AddLine(own.section.uid, {"text": "Below"}, parent=own.uid))
    for row in (own, own.lines.get()):
        base = f"{token(jd)}."
        data = {
            f"line-{row.uid}-base": base,
            f"line-{row.uid}-text": "New words",
            f"more-{row.uid}-base": base,
            f"more-{row.uid}-detail": "New detail",
        }
        response = client.post(url(jd), data | {"action": "autosave", "token": token(jd)})
        assert response.status_code == 200
        row.refresh_from_db()
        assert (row.text, row.detail) == ("New words", "New detail")
        for kind in ("line", "more"):
            assert f'id="{kind}-{row.uid}-base" value="{token(jd)}.' in response.text


def test_next_autosave_is_based_on_the_answer_to_the_last(client: Any, jd: JobDescription) -> None:
    """The second is based on the answer to the first."""
    page = open_page(client, url(jd))
    prefix = f"line-{line(jd).uid}"
    for words in ("One", "Two", "Three"):
        response = autosave(client, page, prefix, text=words)
        base = re.search(rf'id="{prefix}-base" value="([^"]+)"', response.text)
        assert base
        page.data[f"{prefix}-base"] = [base[1]]
    assert texts(jd) == ["Three"]


# --- invalid values


LONG = "x" * 2001


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("line-text", LONG, "up to 2000 characters. This one has 2001"),
        ("line-text", "", "Enter some text, or remove the line."),
        ("line-text", "a\x00b", "Null characters are not allowed."),
        ("line-text", "bell \x07 rings", "can’t be stored (U+0007)"),
        ("line-text", "last \uffff", "can’t be stored (U+FFFF)"),
        ("more-detail", LONG, "at most 2000 characters"),
        ("line-percent", "101", "less than or equal to 100"),
        ("line-percent", "-1", "greater than or equal to 0"),
        ("line-percent", "ten", "Enter a whole number."),
        ("line-percent", "9" * 30, "less than or equal to 100"),
        ("more-group", "x" * 101, "at most 100 characters"),
        ("line-essential", "perhaps", "Select a valid choice"),
        ("section-heading", "", "Enter the heading."),
        ("section-heading", "x" * 151, "at most 150 characters"),
        ("section-audience", "everyone", "Select a valid choice"),
        ("section-audience", "", "Choose the audience."),
        ("section-style", "", "Choose the layout."),
        ("new-text", LONG, "up to 2000 characters. This one has 2001"),
        ("new-text", "a\x1bb", "can’t be stored (U+001B)"),
        ("new-form", "poem", "Select a valid choice"),
        ("newsub-text", LONG, "up to 2000 characters. This one has 2001"),
    ],
)
def test_refused_page_shows_errors_and_typed_values(
    client: Any, jd: JobDescription, name: str, value: str, message: str
) -> None:
    """422 with the error beside the field; everything typed is on the page, and nothing was
    saved."""
    page = open_page(client, f"{url(jd)}?open={line(jd).uid}")
    kind, _dash, last = name.partition("-")
    where = line(jd).uid if kind in ("line", "more", "newsub") else uid(jd)
    page.data[f"{kind}-{where}-{last}"] = [value]
    if name.startswith("new-"):
        page.data.setdefault(f"new-{uid(jd)}-text", ["Kept"])
        page.data[f"new-{uid(jd)}-text"] = [page.typed(f"new-{uid(jd)}-text") or "Kept"]
    other = f"section-{uid(jd)}-heading"
    if name != "section-heading":
        page.data[other] = ["A heading typed as well"]
    before = token(jd)
    back = page.press("next")
    assert back.response.status_code == 422
    assert message in back.text
    assert f'id="{kind}-{where}-errors"' in back.text
    if last not in ("essential", "audience", "style", "form"):
        assert back.typed(f"{kind}-{where}-{last}") == value
    assert back.typed(other) == page.typed(other)
    assert token(jd) == before


@pytest.mark.slow
def test_refused_page_can_be_fixed_and_posted_again(client: Any, jd: JobDescription) -> None:
    """The page that says what is wrong is a page like any other."""
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = [LONG]
    page.data[f"new-{uid(jd)}-text"] = ["Another line"]
    back = page.press("next")
    back.data[f"line-{line(jd).uid}-text"] = ["Short"]
    assert back.press("next").url == url(jd, "qualifications")
    assert texts(jd) == ["Short", "Another line"]


def test_stale_row_stays_stale_on_a_refused_page(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = [LONG]
    change_as_someone_else(jd, changes.ChangeLine(line(jd).uid, {"text": "Theirs"}))
    back = page.press("save")
    assert back.response.status_code == 422
    back.data[f"line-{line(jd).uid}-text"] = ["Mine"]
    assert back.press("save").response.status_code == 409
    assert texts(jd) == ["Theirs"]


@pytest.mark.parametrize("value", ["", "x" * 151, "a\x00b"])
def test_refused_heading_stays_in_the_outline(client: Any, jd: JobDescription, value: str) -> None:
    """With its error, though its section belongs to another step."""
    page = open_page(client, url(jd))
    name = f"section-{uid(jd, 'summary')}-heading"
    page.data[name] = [value]
    back = page.press("save")
    assert back.response.status_code == 422
    assert 'class="field-errors"' in back.text
    assert back.typed(name) == value


def test_heading_of_a_refused_new_section_stays(client: Any, jd: JobDescription) -> None:
    """Its kind was not chosen."""
    page = open_page(client, url(jd))
    page.data["new-section-heading"] = ["What we offer"]
    back = page.press("section-add")
    assert back.response.status_code == 422
    assert "Choose a section type." in back.text
    assert back.typed("new-section-heading") == "What we offer"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"minimum": "60", "maximum": "50"}, "The maximum can’t be below the minimum."),
        ({"minimum": "$", "maximum": ""}, "Enter a minimum, a maximum, or both."),
        ({"minimum": "many", "maximum": "70"}, "Enter a number."),
        ({"minimum": "-1", "maximum": "70"}, "greater than or equal to 0"),
        ({"minimum": "1.005", "maximum": "70"}, "is ambiguous"),
        ({"minimum": "1", "maximum": "1" * 20}, "no more than 12 digits"),
        ({"minimum": "NaN", "maximum": "70"}, "Enter a number."),
        ({"minimum": "1", "maximum": "2", "currency": "ABC"}, "isn’t a currency code"),
        ({"minimum": "1", "maximum": "2", "years_from": "5", "years_to": "4"}, "minimum"),
    ],
)
@pytest.mark.parametrize("kind", ["newpay", "pay"])
def test_invalid_pay_is_refused(
    client: Any, jd: JobDescription, kind: str, values: dict[str, str], message: str
) -> None:
    """New or changed, with the error beside it."""
    pay = builders.add_section(jd, "pay", "Pay")
    where = pay
    if kind == "pay":
        builders.change(jd, changes.AddPay(pay, {"minimum": 1, "maximum": 2}))
        where = str(jd.sections.get(uid=pay).pay_ranges.get().uid)
    page = open_page(client, url(jd, "pay"))
    for name, value in values.items():
        page.data[f"{kind}-{where}-{name}"] = [value]
    back = page.press("next")
    assert back.response.status_code == 422
    assert message in back.text
    for name, value in values.items():
        assert back.typed(f"{kind}-{where}-{name}") == value


def test_address_after_a_save_fits_into_its_column(client: Any, jd: JobDescription) -> None:
    """PostgreSQL refuses a longer text than `IdempotencyKey.answer` can store."""
    page = open_page(client, url(jd))
    response = client.post(page.url, {**page.data, "action": f"open:{'x' * 1000}"})
    assert len(response["Location"]) <= 500


@pytest.mark.slow
def test_hidden_initial_facts_can_have_any_value(client: Any, jd: JobDescription) -> None:
    page = open_page(client, url(jd, "details"))
    page.data["initial-facts-locations"] = ["9" * 20]
    page.data["facts-reports_to"] = ["Sales Director"]
    assert page.press("save").response.status_code == 200
    jd.refresh_from_db()
    assert jd.reports_to == "Sales Director"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("title", "", "Enter the job title."),
        ("title", "x" * 151, "at most 150 characters"),
        ("title", "a\x00b", "Null characters are not allowed."),
        ("reports_to", "bell \x07", "can’t be stored (U+0007)"),
        ("years_to", "1", "The maximum years can’t be below the minimum."),
        ("years_from", "61", "less than or equal to 60"),
        ("weekly_hours", "169", "less than or equal to 168"),
        ("soc_code", "41", "Enter a code such as 41-3091"),
        ("apply_by", "tomorrow", "Enter a date such as 2026-01-31."),
        ("similar_titles", "x" * 151, "A title can have up to 150 characters."),
        ("similar_titles", "\n".join("abcdefghijklmnopqrstu"), "Enter up to 20 similar titles."),
        ("job_family", "9" * 20, "Select a valid choice"),
        ("locations", "9" * 20, "Select a valid choice"),
        ("locations", "moon", "is not a valid value"),
        ("locations", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_invalid_facts_are_refused(
    client: Any, jd: JobDescription, name: str, value: str, message: str
) -> None:
    """With the error beside the field and the rest as typed."""
    Location.objects.create(city="Denver")
    page = open_page(client, url(jd, "details"))
    page.data[f"facts-{name}"] = [value]
    page.data["facts-job_code"] = ["AM-7"]
    back = page.press("next")
    assert back.response.status_code == 422
    assert message in back.text
    assert back.typed("facts-job_code") == "AM-7"
    jd.refresh_from_db()
    assert jd.job_code == ""


def test_html_is_escaped(client: Any, jd: JobDescription) -> None:
    """In the field, in the preview and in the outline, as it was typed."""
    page = open_page(client, url(jd))
    markup = "<script>alert('x')</script> & <b>bold</b> </textarea>"
    page.data[f"line-{line(jd).uid}-text"] = [markup]
    page.data[f"section-{uid(jd)}-heading"] = [markup]
    back = page.press("save")
    assert texts(jd) == [markup]
    assert back.typed(f"line-{line(jd).uid}-text") == markup
    assert "<script>alert" not in back.text
    assert "<b>bold" not in back.text


def test_lone_surrogate_becomes_a_replacement_character(client: Any, jd: JobDescription) -> None:
    """Its bytes are replaced, and there is no error."""
    body = f"action=save&new-{uid(jd)}-text=half+%ED%A0%BD&token={token(jd)}"
    response = client.post(url(jd), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert texts(jd)[-1].startswith("half ")
    assert "\ufffd" in texts(jd)[-1]


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 20, "1.5", "٣", "\x00"])
def test_invalid_token_counts_as_an_old_page(
    client: Any, jd: JobDescription, nonsense: str
) -> None:
    """Merged if no row is changed twice, a conflict otherwise; never an error."""
    page = open_page(client, url(jd))
    page.data["token"] = [nonsense]
    page.data[f"new-{uid(jd)}-text"] = ["Added all the same"]
    assert page.press("save").response.status_code in (200, 409)


@pytest.mark.slow
def test_full_draft_refuses_a_line_and_shows_its_text(client: Any, jd: JobDescription) -> None:
    """The limit is 400 lines; the typed line is still in its field."""
    section = jd.sections.get(kind="summary")
    Line.objects.bulk_create(
        Line(description=jd, section=section, text=f"Line {n}")
        for n in range(limits.LINES_LIMIT - jd.lines.count())
    )
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["One too many"]
    back = page.press(f"line-add:{uid(jd)}")
    assert back.response.status_code == 422
    assert f"up to {limits.LINES_LIMIT} lines" in back.text
    assert back.typed(f"new-{uid(jd)}-text") == "One too many"


def test_archived_draft_refuses_changes_and_shows_the_text(client: Any, jd: JobDescription) -> None:
    """Archived while the page was open."""
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = ["Mine"]
    JobDescription.objects.update(status="archived")
    back = page.press("save")
    assert back.response.status_code == 422
    assert "is archived" in back.text
    assert back.typed(f"line-{line(jd).uid}-text") == "Mine"


# --- conflicts


def conflict(client: Any, jd: JobDescription, *theirs: changes.Change, **typed: str) -> Page:
    """The answer to a save of `typed` (field of the one line to text) after others changed
    something."""
    page = open_page(client, url(jd))
    for name, value in typed.items():
        page.data[f"line-{line(jd).uid}-{name}"] = [value]
    page.data[f"new-{uid(jd)}-text"] = ["A line typed as well"]
    change_as_someone_else(jd, *theirs)
    back = page.press("next")
    assert back.response.status_code == 409
    assert not jd.lines.filter(text="A line typed as well").exists()
    return back


def picks(page: Page) -> list[str]:
    """The questions of a conflict page."""
    return sorted({name for name in page.data if name.startswith("pick-")})


def test_conflict_page_has_both_texts_and_everything_typed(client: Any, jd: JobDescription) -> None:
    """Nothing is lost or overwritten, and the page names the other person."""
    own = line(jd)
    back = conflict(client, jd, changes.ChangeLine(own.uid, {"text": "Theirs"}), text="Mine <b>")
    assert back.typed(f"line-{own.uid}-text") == "Mine <b>"
    assert "Theirs</p>" in back.text
    assert back.typed(f"new-{uid(jd)}-text") == "A line typed as well"
    assert Event.objects.order_by("-pk")[0].actor in back.text
    assert texts(jd) == ["Theirs"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pick", "typed", "text"),
    [
        ("mine", None, "Mine"),
        ("theirs", None, "Theirs"),
        ("mine", "Both, merged by hand", "Both, merged by hand"),
    ],
)
def test_conflict_is_resolved(
    client: Any, jd: JobDescription, pick: str, typed: str | None, text: str
) -> None:
    """With one's own text, theirs, or a merged one; the rest of the page is saved with it."""
    own = line(jd)
    back = conflict(client, jd, changes.ChangeLine(own.uid, {"text": "Theirs"}), text="Mine")
    assert picks(back) == [f"pick-line-{own.uid}"]
    back.data[f"pick-line-{own.uid}"] = [pick]
    if typed:
        back.data[f"line-{own.uid}-text"] = [typed]
    assert back.send().url == url(jd, "qualifications")
    assert texts(jd) == [text, "A line typed as well"]


def test_conflict_shows_fields_that_only_the_other_person_changed(
    client: Any, jd: JobDescription
) -> None:
    """Choosing one's own text must not silently undo their percentage."""
    own = line(jd)
    theirs = changes.ChangeLine(own.uid, {"text": "Theirs", "percent": 40})
    back = conflict(client, jd, theirs, text="Mine")
    assert "Percent of time" in back.text
    assert ">40</p>" in back.text


@pytest.mark.slow
def test_conflict_can_conflict_again(client: Any, jd: JobDescription) -> None:
    """Someone changed the line a second time: nothing is overwritten."""
    own = line(jd)
    back = conflict(client, jd, changes.ChangeLine(own.uid, {"text": "Theirs"}), text="Mine")
    change_as_someone_else(jd, changes.ChangeLine(own.uid, {"text": "Theirs again"}))
    again = back.send()
    assert again.response.status_code == 409
    assert "Theirs again" in again.text
    assert again.typed(f"line-{own.uid}-text") == "Mine"


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "wanted"), [("mine", ["Mine"]), ("theirs", [])])
def test_removed_line_is_restored_or_discarded(
    client: Any, jd: JobDescription, pick: str, wanted: list[str]
) -> None:
    """A restored line has the same uid."""
    own = line(jd)
    back = conflict(client, jd, changes.RemoveLine(own.uid), text="Mine")
    assert f"pick-line-{own.uid}" in fields(back)
    back.data[f"pick-line-{own.uid}"] = [pick]
    assert back.send().response.status_code == 200
    assert texts(jd) == [*wanted, "A line typed as well"]
    assert jd.lines.filter(uid=own.uid).exists() == (pick == "mine")


@pytest.mark.slow
def test_restored_line_is_complete(client: Any, jd: JobDescription) -> None:
    """With its snippet revision and its marks."""
    used = builders.snippet()
    builders.use(jd, used)
    own = jd.lines.get(revision__isnull=False)
    page = open_page(client, url(jd))
    page.data[f"line-{own.uid}-text"] = ["Mine"]
    page.data[f"line-{own.uid}-percent"] = ["40"]
    change_as_someone_else(jd, changes.RemoveLine(own.uid))
    back = page.press("save")
    assert back.send().response.status_code == 200
    again = jd.lines.get(uid=own.uid)
    assert (again.text, again.percent) == ("Mine", 40)
    assert again.revision == used.latest()


@pytest.mark.slow
def test_restored_sub_line_is_below_its_line(client: Any, jd: JobDescription) -> None:
    """Not as a line of its own."""
    own = line(jd)
    builders.change(jd, changes.AddLine(uid(jd), {"text": "Sub"}, parent=own.uid))
    sub = own.lines.get()
    page = open_page(client, url(jd))
    page.data[f"line-{sub.uid}-text"] = ["Mine"]
    change_as_someone_else(jd, changes.RemoveLine(sub.uid))
    back = page.press("save")
    assert back.response.status_code == 409
    assert back.send().response.status_code == 200
    assert jd.lines.get(uid=sub.uid).parent == own


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize(("pick", "wanted"), [("mine", []), ("theirs", ["Theirs"])])
def test_removing_a_changed_line_is_a_conflict(
    client: Any, jd: JobDescription, pick: str, wanted: list[str]
) -> None:
    """It is removed anyway, or stays exactly as they wrote it."""
    own = line(jd)
    page = open_page(client, url(jd))
    change_as_someone_else(jd, changes.ChangeLine(own.uid, {"text": "Theirs", "percent": 40}))
    back = page.press(f"line-remove:{own.uid}")
    assert back.response.status_code == 409
    assert "pick-action" in fields(back)
    assert "Theirs</p>" in back.text
    back.data["pick-action"] = [pick]
    assert back.send().response.status_code == 200
    assert texts(jd) == wanted
    assert [row.percent for row in jd.lines.filter(uid=own.uid)] == [40] * len(wanted)


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "wanted"), [("mine", []), ("theirs", ["70.00"])])
def test_removing_changed_pay_is_a_conflict(
    client: Any, jd: JobDescription, pick: str, wanted: list[str]
) -> None:
    """It is removed anyway, or stays exactly as they wrote it."""
    pay = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.AddPay(pay, {"minimum": 50, "maximum": 60}))
    ranges = jd.sections.get(uid=pay).pay_ranges
    own = ranges.get().uid
    page = open_page(client, url(jd, "pay"))
    change_as_someone_else(jd, changes.ChangePay(own, {"maximum": 70}))
    back = page.press(f"pay-remove:{own}")
    assert back.response.status_code == 409
    back.data["pick-action"] = [pick]
    assert back.send().response.status_code == 200
    assert [str(row.maximum) for row in ranges.all()] == wanted


def test_removing_a_removed_line_succeeds(client: Any, jd: JobDescription) -> None:
    """After at most one question."""
    own = line(jd)
    page = open_page(client, url(jd))
    change_as_someone_else(jd, changes.RemoveLine(own.uid))
    back = page.press(f"line-remove:{own.uid}")
    if back.response.status_code == 409:
        back = back.send()
    assert back.response.status_code == 200
    assert texts(jd) == []


@pytest.mark.slow
def test_moving_a_removed_line_can_be_discarded(client: Any, jd: JobDescription) -> None:
    """The move is dropped with the line."""
    builders.add_line(jd, uid(jd), "Second")
    second = jd.lines.get(text="Second").uid
    page = open_page(client, url(jd))
    change_as_someone_else(jd, changes.RemoveLine(second))
    back = page.press(f"line-up:{second}")
    assert back.response.status_code == 409
    for name in picks(back):
        back.data[name] = ["theirs"]
    assert back.send().response.status_code == 200
    assert len(texts(jd)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "first"), [("mine", "Third"), ("theirs", "Second")])
def test_moving_a_moved_line_is_a_conflict(
    client: Any, jd: JobDescription, pick: str, first: str
) -> None:
    """It is moved anyway in the new order, or stays."""
    for text in ("Second", "Third"):
        builders.add_line(jd, uid(jd), text)
    page = open_page(client, url(jd))
    second, third = (jd.lines.get(text=text).uid for text in ("Second", "Third"))
    change_as_someone_else(jd, changes.MoveLine(second, -1))
    builders.change(jd, changes.MoveLine(third, -1))
    back = page.press(f"line-up:{third}")
    assert back.response.status_code == 409
    assert "pick-action" in fields(back)
    back.data["pick-action"] = [pick]
    assert back.send().response.status_code == 200
    assert texts(jd)[0] == first


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "kinds"), [("mine", "qrs"), ("theirs", "rqs")])
def test_moving_a_section_in_a_changed_order_is_a_conflict(
    client: Any, jd: JobDescription, pick: str, kinds: str
) -> None:
    """The outline is one order."""
    page = open_page(client, url(jd))
    change_as_someone_else(jd, changes.MoveSection(uid(jd, "summary"), 2))
    change_as_someone_else(jd, changes.ChangeFacts({"title": "Other"}))
    back = page.press(f"section-up:{uid(jd, 'qualifications')}")
    assert back.response.status_code == 409
    assert "pick-action" in fields(back)
    back.data["pick-action"] = [pick]
    assert back.send().response.status_code == 200
    kinds_in_order = jd.sections.order_by("position").values_list("kind", flat=True)
    assert "".join(kind[0] for kind in kinds_in_order) == kinds


@pytest.mark.slow
@pytest.mark.parametrize("pick", ["mine", "theirs"])
def test_removed_section_does_not_block_the_page(
    client: Any, jd: JobDescription, pick: str
) -> None:
    """Its line, a new line for it and the heading of another section were typed: whatever is
    chosen, at most two answers are needed."""
    page = open_page(client, url(jd))
    page.data[f"line-{line(jd).uid}-text"] = ["Mine"]
    page.data[f"new-{uid(jd)}-text"] = ["New"]
    page.data[f"section-{uid(jd, 'summary')}-heading"] = ["In short"]
    change_as_someone_else(jd, changes.RemoveSection(uid(jd)))
    back = page.press("next")
    for _ in range(2):
        assert back.response.status_code == 409
        assert "Mine" in back.text
        for name in picks(back):
            back.data[name] = [pick]
        back = back.send()
        if back.response.status_code == 200:
            break
    assert back.response.status_code == 200
    assert jd.sections.get(kind="summary").heading == "In short"


@pytest.mark.slow
def test_conflicting_headings(client: Any, jd: JobDescription) -> None:
    """A section's own fields."""
    page = open_page(client, url(jd))
    name = f"section-{uid(jd)}-heading"
    page.data[name] = ["Mine"]
    change_as_someone_else(
        jd, changes.ChangeSection(uid(jd), {"heading": "Theirs", "style": "numbers"})
    )
    back = page.press("save")
    assert back.response.status_code == 409
    assert "Theirs" in back.text
    assert back.send().response.status_code == 200
    assert jd.sections.get(uid=uid(jd)).heading == "Mine"


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_conflicting_facts(client: Any, jd: JobDescription, pick: str, title: str) -> None:
    """Only those that this person changed are a question; theirs stay."""
    page = open_page(client, url(jd, "details"))
    page.data["facts-title"] = ["Mine"]
    change_as_someone_else(jd, changes.ChangeFacts({"title": "Theirs", "job_code": "AM-7"}))
    back = page.press("next")
    assert back.response.status_code == 409
    assert picks(back) == ["pick-facts"]
    assert "Theirs</p>" in back.text
    back.data["pick-facts"] = [pick]
    assert back.send().url == url(jd, "responsibilities")
    jd.refresh_from_db()
    assert (jd.title, jd.job_code) == (title, "AM-7")


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "value"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_conflicting_answers(client: Any, jd: JobDescription, pick: str, value: str) -> None:
    """Both answers are on the page."""
    builders.add_line(jd, uid(jd), "[city]")
    page = open_page(client, url(jd, "finish"))
    page.data[answer_field(page, "city")] = ["Mine"]
    change_as_someone_else(jd, changes.AnswerPlaceholder("city", "Theirs"))
    builders.change(jd, changes.ChangeFacts({"job_code": "AM"}))
    back = page.press("save")
    if back.response.status_code == 200:  # it was blank when the page was loaded
        pytest.fail("the other person's answer was overwritten unseen")
    assert back.response.status_code == 409
    assert "Theirs</p>" in back.text
    for name in picks(back):
        back.data[name] = [pick]
    assert back.send().response.status_code == 200
    assert PlaceholderAnswer.objects.get().value == value


# --- versions


def test_version_is_saved_from_the_last_step(client: Any, jd: JobDescription) -> None:
    """With what was typed on the page."""
    builders.add_line(jd, uid(jd), "In [city]")
    page = open_page(client, url(jd, "finish"))
    page.data[answer_field(page, "city")] = ["Denver"]
    page.data["note"] = ["As agreed"]
    assert page.press("version").url == reverse("version", args=[jd.reference, 1])
    version = Version.objects.get()
    assert version.note == "As agreed"
    assert version.document == assembly.assemble(jd)
    assert not version.document.open_placeholders()


@pytest.mark.parametrize(
    ("name", "value"), [("note", "x" * 501), ("note", "a\x00b"), ("label", "x" * 51)]
)
def test_note_that_is_too_long_is_refused(
    client: Any, jd: JobDescription, name: str, value: str
) -> None:
    """And no version is saved."""
    page = open_page(client, url(jd, "finish"))
    page.data[name] = [value]
    back = page.press("version")
    assert back.response.status_code == 422
    assert back.typed(name) == value
    assert 'class="field-errors' in back.text or "invalid-feedback" in back.text
    assert not Version.objects.exists()


def test_empty_required_section_is_reported(client: Any, jd: JobDescription) -> None:
    """The typed note is still there."""
    other = builders.add_section(jd, "benefits", "What we offer")
    jd.sections.filter(uid=other).update(required=True)
    page = open_page(client, url(jd, "finish"))
    page.data["note"] = ["A note worth keeping"]
    back = page.press("version")
    assert back.response.status_code == 422
    assert "“What we offer”" in back.text
    assert back.typed("note") == "A note worth keeping"


@pytest.mark.slow
@pytest.mark.parametrize(("pick", "number"), [("mine", 1), ("theirs", 0)])
def test_version_of_a_changed_draft_is_a_conflict(
    client: Any, jd: JobDescription, pick: str, number: int
) -> None:
    """It is saved with their changes, or not at all."""
    page = open_page(client, url(jd, "finish"))
    page.data["note"] = ["A note worth keeping"]
    change_as_someone_else(jd, changes.ChangeLine(line(jd).uid, {"text": "Theirs"}))
    back = page.press("version")
    assert back.response.status_code == 409
    assert back.typed("note") == "A note worth keeping"
    back.data["pick-action"] = [pick]
    assert back.send().response.status_code == 200
    assert Version.objects.count() == number


# --- repeated submission


@pytest.mark.slow
def test_form_is_applied_once(client: Any, jd: JobDescription) -> None:
    """Posted four times, it has the same answer four times."""
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["Once"]
    pages = [page.press("next") for _ in range(4)]
    assert {p.url for p in pages} == {url(jd, "qualifications")}
    assert texts(jd)[1:] == ["Once"]


@pytest.mark.slow
def test_version_is_saved_once(client: Any, jd: JobDescription) -> None:
    """However often the button is pressed."""
    page = open_page(client, url(jd, "finish"))
    assert {page.press("version").url for _ in range(4)} == {
        reverse("version", args=[jd.reference, 1])
    }
    assert Version.objects.count() == 1


@pytest.mark.slow
def test_refused_form_can_be_posted_again(client: Any, jd: JobDescription) -> None:
    """Only a form that was applied counts."""
    page = open_page(client, url(jd))
    page.data[f"new-{uid(jd)}-text"] = ["Once"]
    JobDescription.objects.update(status="archived")
    assert page.press("save").response.status_code == 422
    JobDescription.objects.update(status="draft")
    assert page.press("save").response.status_code == 200
    assert texts(jd)[1:] == ["Once"]


@pytest.mark.slow
def test_nonce_of_another_person_is_ignored(
    client: Any, jd: JobDescription, client_for: Any
) -> None:
    """It doesn't lead to their page, and is no error."""
    for who in (client_for("hr"), client):
        page = open_page(who, url(jd))
        page.data["nonce"] = ["the same"]
        page.data[f"new-{uid(jd)}-text"] = [f"By {who.user.username}"]
        assert page.press("save").response.status_code in (200, 422)
    assert not list(Event.objects.broken())


# --- the start page


def start(client: Any, **values: str) -> Page:
    page = open_page(client, reverse("description_new"))
    page.url = reverse("description_new")
    values = {"title": "Account manager", "source": "blank", **values}
    for name, value in values.items():
        page.data[name] = [value]
    return page.send()


@pytest.mark.slow
def test_start_leads_to_the_first_step(client: Any, starter_library: None) -> None:
    """From a blank page, from a template, from a copy."""
    family = builders.family()
    for number, source in enumerate(("blank", f"template:{TEMPLATES[2]}", "copy:ACC-0001"), 1):
        page = start(client, source=source, family=str(family.pk))
        assert page.url == f"/descriptions/ACC-000{number}/edit/details/"
    lines = [d.lines.count() for d in JobDescription.objects.order_by("pk")]
    assert lines[0] == lines[2] == 0
    assert lines[1] > 10


@pytest.mark.slow
def test_start_is_applied_once(client: Any) -> None:
    """However often the form is posted, there is one job description."""
    page = open_page(client, reverse("description_new"))
    page.url = reverse("description_new")
    page.data |= {"title": ["Account manager"], "source": ["blank"]}
    assert len({page.send().url for _ in range(4)}) == 1
    assert JobDescription.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": ""}, "Enter the job title."),
        ({"title": "x" * (limits.TITLE_LIMIT + 1)}, f"at most {limits.TITLE_LIMIT} characters"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
        ({"title": "bell \x07"}, "can’t be stored (U+0007)"),
        ({"family": "9" * 20}, "Select a valid choice"),
        ({"level": "x"}, "Select a valid choice"),
        ({"source": ""}, "Choose a starting point."),
        ({"source": "template:moon"}, "no longer exists"),
        ({"source": "template:a\x00b"}, "no longer exists"),
        ({"source": "copy:ACC-9999"}, "can’t be copied"),
        ({"source": "copy:a\x00b"}, "can’t be copied"),
    ],
)
def test_refused_start_shows_the_error(client: Any, values: dict[str, str], message: str) -> None:
    """With the title as typed, and no reference used up."""
    page = start(client, **{"title": "Key account manager", **values})
    assert page.response.status_code == 422
    assert message in page.text
    assert page.typed("title") == values.get("title", "Key account manager")
    assert not JobDescription.objects.exists()


@pytest.mark.slow
@pytest.mark.both_databases
def test_template_retired_since_keeps_the_title(client: Any, starter_library: None) -> None:
    """The error is beside the choice."""
    page = open_page(client, reverse("description_new"))
    page.url = reverse("description_new")
    page.data |= {"title": ["Key account manager"], "source": [f"template:{TEMPLATES[0]}"]}
    Template.objects.filter(code=TEMPLATES[0]).update(status="retired")
    back = page.send()
    assert back.response.status_code == 422
    assert re.search(r'id="source_error">.*?This template has been retired\.', back.text, re.DOTALL)
    assert back.typed("title") == "Key account manager"
    back.data["source"] = ["blank"]
    assert back.send().response.status_code == 200


def test_similar_roles_are_shown_at_the_start(client: Any, jd: JobDescription) -> None:
    """Those that the person can see."""
    builders.description(title="Secret account manager", confidential=True)
    page = open_page(client, reverse("description_new") + "?title=Senior+accounts+manager")
    assert jd.reference in page.text
    assert "Secret" not in page.text
    assert page.typed("title") == "Senior accounts manager"


def test_hidden_job_description_cannot_be_copied(client: Any) -> None:
    """As if it didn't exist."""
    secret = builders.description(title="Secret", confidential=True)
    page = start(client, source=f"copy:{secret.reference}")
    assert page.response.status_code == 422
    assert "can’t be copied" in page.text


# --- the snippet picker


def pick(client: Any, jd: JobDescription, **query: Any) -> Any:
    """The answer to a search for the section of responsibilities."""
    return client.get(reverse("wizard_pick", args=[jd.reference, uid(jd)]), query)


@pytest.mark.slow
@pytest.mark.both_databases
def test_picker_finds_snippets_of_the_section(client: Any, jd: JobDescription) -> None:
    """Offered snippets of the section's kind, by any form of their words; others on request."""
    builders.snippet("Managing the renewals of accounts.")
    builders.snippet("Plan quarterly visits.")
    builders.snippet("A degree.", "qualification")
    retired = builders.snippet("Manage a fax machine.")
    Snippet.objects.filter(pk=retired.pk).update(status="retired")
    results = pick(client, jd).text
    assert "Managing the renewals" in results
    assert "Plan quarterly" in results
    assert "A degree." not in results
    assert "fax" not in results
    results = pick(client, jd, q="manages account").text
    assert "Managing the renewals" in results
    assert "Plan quarterly" not in results
    assert "A degree." in pick(client, jd, kind="all").text
    assert f"snippets-add:{uid(jd)}" in buttons(pick(client, jd))
    assert f"snippets-add:{uid(jd)}" not in buttons(pick(client, jd, q="zeppelin"))


@pytest.mark.both_databases
def test_picker_searches_all_types_if_its_own_has_no_match(client: Any, jd: JobDescription) -> None:
    builders.snippet("Plan quarterly visits.")
    builders.snippet("We give equal opportunity to all.", "boilerplate")
    note = "Matches from other types and categories are shown."
    results = pick(client, jd, q="equal opportunity").text
    assert "We give equal opportunity" in results
    assert note in results
    assert note not in pick(client, jd, q="quarterly").text
    results = pick(client, jd, q="zeppelin").text
    assert note not in results
    assert "No snippets match “zeppelin”." in results


@pytest.mark.slow
def test_picker_adds_a_snippet_and_marks_it(client: Any, jd: JobDescription) -> None:
    """It is marked as used, and no other field of the page is needed."""
    used = builders.snippet("Manage renewals.")
    page = read_page(client, url(jd), pick(client, jd))
    assert "already added" not in page.text
    assert page.press(f"snippet-add:{uid(jd)}:{used.pk}").response.status_code == 200
    assert jd.lines.get(revision__snippet=used).text == "Manage renewals."
    assert "already added" in pick(client, jd).text


@pytest.mark.slow
def test_picker_shows_thirty_snippets(client: Any, jd: JobDescription) -> None:
    """It says that there are more; those that fit the family come first."""
    for number in range(31):
        builders.snippet(f"Duty number {number:02}.")
    fitting = builders.snippet("Zealously fit the family.", families=[builders.family()])
    response = pick(client, jd)
    assert response.text.count('name="action" value="snippet-add:') == 30
    assert len(find(find(response, class_="pick-end")[0], "span")) == 1
    assert response.text.index(fitting.text) < response.text.index("Duty number 30.")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("kind", "heading", "wanted"),
    [
        ("benefits", "What we offer", ("boilerplate", "benefits")),
        ("other", "Benefits and perks", ("boilerplate", "benefits")),
        ("other", "How to apply", ("boilerplate", "apply")),
        ("company", "About us", ("boilerplate", "company")),
        ("legal", "Equal opportunity", ("boilerplate", "equal_opportunity")),
        ("legal", "Legal", ("boilerplate", "legal")),
        ("legal", "Disclaimers", ("boilerplate", "")),
        ("acknowledgment", "Signatures", ("boilerplate", "acknowledgment")),
        ("skills", "Technical skills", ("skill", "technical")),
        ("skills", "Top skills", ("skill", "")),
        ("qualifications", "Education and experience", ("qualification", "")),
        ("qualifications", "Licenses", ("qualification", "license")),
        ("qualifications", "Other requirements", ("qualification", "")),
        ("responsibilities", "What you will do", ("responsibility", "")),
        ("conditions", "Working conditions", ("", "")),
    ],
)
def test_picker_opens_with_what_the_section_holds(
    client: Any, jd: JobDescription, kind: str, heading: str, wanted: tuple[str, str]
) -> None:
    """A heading that names one category is more exact than the kind of the section."""
    assert search.kind_and_category(kind, heading) == wanted
    section = builders.add_section(jd, kind, heading)
    own = builders.snippet("Fits the section.", *wanted[:1]) if wanted[0] else None
    if own is not None:
        Snippet.objects.filter(pk=own.pk).update(category=wanted[1])
    builders.snippet("Of another kind.", "skill" if wanted[0] != "skill" else "boilerplate")
    address = reverse("wizard_pick", args=[jd.reference, section])
    text = client.get(address).text
    assert ("Fits the section." in text) == bool(wanted[0])
    assert ("Of another kind." in text) == (not wanted[0])
    assert ("no snippets for this kind of section" in text) == (not wanted[0])
    page = client.get(reverse("wizard_step", args=[jd.reference, step_of(kind).slug])).text
    card = page[page.index(f'id="picker-{section}"') :]
    selects = re.findall(r'<select[^>]*name="(kind|category)".*?</select>', card, re.DOTALL)[:2]
    assert selects == ["kind", "category"]
    selected = re.findall(r'<option value="(\w*)"[^>]*selected', card)[:2]
    assert selected[0] == (wanted[0] or "all")
    assert not wanted[1] or selected[1] == wanted[1]


def test_picker_says_that_nothing_fits(client: Any, jd: JobDescription) -> None:
    """No snippet of that category, or none for this family and level."""
    section = builders.add_section(jd, "benefits", "Benefits")
    builders.snippet("Train the juniors.")
    text = client.get(reverse("wizard_pick", args=[jd.reference, section])).text
    assert "no snippets in “Benefits” that fit" in text
    assert "Train the juniors." not in text
    other, by = [builders.family("Care", "CAR")], builders.user("curator")
    library.retag(snippet=Snippet.objects.get(), by=by, category="", families=other, levels=[])
    assert "None of these is for this job’s family and level." in pick(client, jd).text
    builders.snippet("For any family.")
    assert "None of these" not in pick(client, jd).text


def test_snippets_for_the_title_come_first(client: Any, jd: JobDescription) -> None:
    """Then those for the family, for the level, without tags, and for others."""
    builders.template("Senior account manager")
    family, level = [builders.family()], [builders.level()]
    other = [builders.family("Care", "CAR")]
    for text, tags in (
        ("A for another family.", {"families": other}),
        ("B without tags.", {}),
        ("C for the level.", {"levels": level}),
        ("D for the family.", {"families": family}),
        ("E for both.", {"families": family, "levels": level}),
    ):
        builders.snippet(text, **tags)
    text = pick(client, jd).text
    order = ["Visit the customers", "E for", "D for", "C for", "B without", "A for"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 5000},
        {"q": "a\x00b"},
        {"q": "%_\\'\";--"},
        {"q": "<script>alert(1)</script>"},
        {"q": " ".join(f"word{n}" for n in range(100))[:200]},
        {"kind": "a\x00b", "category": "a\x00b", "family": "9" * 30, "level": "-1"},
        {"kind": "moon", "family": "1.5", "level": "٣"},
        {"q": "\ud83d".encode("utf-16", "surrogatepass")},
    ],
)
def test_hostile_searches_find_nothing(
    client: Any, jd: JobDescription, query: dict[str, Any]
) -> None:
    """The page is shown, escaped."""
    response = pick(client, jd, **query)
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_retired_snippet_is_refused(client: Any, jd: JobDescription) -> None:
    """It was retired while the list was open."""
    used = builders.snippet()
    page = read_page(client, url(jd), pick(client, jd))
    Snippet.objects.filter(pk=used.pk).update(status="retired")
    back = page.press(f"snippet-add:{uid(jd)}:{used.pk}")
    assert back.response.status_code == 422
    assert "no longer available" in back.text


# --- hostile posts


UIDS = ("UID1", "UID2", "UID3", "", "a" * 60, "\x00", "moon", "a-b")  # the first three exist
VALUES = (
    *("", "x", "\x00", "-1", "9" * 30, "٣", "[X]", "<b>", "a" * 200, "on", "0.", "0.x"),
    *("mine", "theirs", "pay", "entry", "paragraph", "public", "2027-02-28", "year", *UIDS),
)
FIELDS = {
    "line": (*("in", "text", "detail", "form", "group", "category", "requirement", "percent"),),
    "section": ("heading", "audience", "style", "facts"),
    "pay": ("minimum", "maximum", "currency", "period", "years_from", "years_to", "location"),
    "references": ("id",),
    "answer": ("placeholder", "line", "value", "plain"),
    "new": ("text", "form", "group", "section-kind", "section-heading", "section-after"),
    "newsub": ("text", "detail"),
    "newpay": ("minimum", "maximum", "currency", "period"),
    "facts": ("base", "title", "locations", "job_family", "similar_titles", "apply_by", "years_to"),
}
ACTIONS = (
    *("save", "next", "back", "go:", "go:pay", "autosave", "version", "line-add:", "section-add"),
    *("line-up:", "line-down:", "line-remove:", "snippet-add:", "section-up:", "section-down:"),
    *("section-remove:", "pay-add:", "pay-remove:", "sub-add:", "nonsense:::"),
)


@st.composite
def hostile_posts(draw: st.DrawFn) -> dict[str, list[str]]:
    """Posts that no page sends: fields of rows that exist and that don't, some left out, in any
    combination."""
    values = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2)
    post = {"token": [draw(st.sampled_from(["0", "9" * 18, "", "x"]))]}
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(list(FIELDS)))
        uid = draw(st.sampled_from(UIDS))
        prefix = kind if kind == "facts" else draw(st.sampled_from([f"{kind}-{uid}", kind]))
        post[f"{prefix}-base"] = [draw(st.sampled_from(["0.", "999999.x", ""]))]
        post[f"pick-{prefix}"] = [draw(st.sampled_from(["mine", "theirs", ""]))]
        for name in draw(st.lists(st.sampled_from(FIELDS[kind]), unique=True)):
            post[f"{prefix}-{name}"] = draw(values)
    extra = draw(st.sampled_from(["", ":1", ":x", ":" + "9" * 17]))
    post["action"] = [draw(st.sampled_from(ACTIONS)) + draw(st.sampled_from(UIDS)) + extra]
    return post


@pytest.fixture
def target(client: Any, jd: JobDescription) -> tuple[Any, JobDescription, dict[str, str]]:
    pay = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.AddPay(pay, {"minimum": 50, "maximum": 60}))
    rows = {"UID1": line(jd).uid, "UID2": uid(jd)}
    return client, jd, {**rows, "UID3": str(jd.sections.get(uid=pay).pay_ranges.get().uid)}


def _send(target: tuple[Any, JobDescription, dict[str, str]], post: dict[str, list[str]]) -> int:
    """The status of a post to a draft, rolled back afterwards; an exception counts as 500."""
    client, jd, rows = target
    text = re.compile("|".join(rows))
    sent = {
        text.sub(lambda match: rows[match[0]], name): [
            text.sub(lambda match: rows[match[0]], value) for value in values
        ]
        for name, values in post.items()
    }
    client.raise_request_exception = False
    with transaction.atomic():
        status = int(client.post(url(jd, "pay"), sent).status_code)
        transaction.set_rollback(True)
    return status


@pytest.mark.slow
@given(post=hostile_posts())
@strategies.examples(100)
def test_no_post_breaks_the_wizard(
    target: tuple[Any, JobDescription, dict[str, str]], post: dict[str, list[str]]
) -> None:
    """Whatever is posted, the answer is a page and never a server error."""
    assert _send(target, post) in (200, 302, 409, 422)


@pytest.mark.parametrize(
    "post",
    [
        {"action": ["save"], "new-text": ["x"]},
        {"action": ["save"], "newsub-text": ["x"]},
        {"action": ["save"], "new--text": ["x"]},
        {"action": ["save"], "newpay-minimum": ["x"]},
        {"action": ["save"], "answer-x-base": ["0."], "answer-x-placeholder": ["city"]},
        {
            "action": ["save"],
            "answer-x-base": ["0."],
            "answer-x-placeholder": [":"],
            "answer-x-value": ["v"],
        },
        {
            "action": ["save"],
            "answer-x-base": ["0."],
            "answer-x-placeholder": ["ﷺ" * 90],
            "answer-x-value": ["v"],
        },
        {
            "action": ["save"],
            "answer-x-base": ["0."],
            "answer-x-placeholder": ["a\x00b"],
            "answer-x-value": ["v"],
        },
        {"action": ["save"], "section-UID2-base": ["0."], "section-UID2-audience": [""]},
        {
            "action": ["save"],
            "line-UID1-base": ["99."],
            "line-UID1-text": ["x"],
            "line-UID1-form": [""],
        },
        {"action": ["line-add:UID2"], "new-UID2-text": ["x"], "new-UID2-form": [""]},
        {
            "action": ["save"],
            f"line-{'a' * 60}-base": ["0."],
            f"line-{'a' * 60}-text": ["x"],
            f"line-{'a' * 60}-parent": ["UID2"],
            f"pick-line-{'a' * 60}": ["mine"],
        },
        {"action": ["line-up:\x00"]},
        {"action": ["line-add:\x00"], "new-\x00-text": ["x"]},
        {"action": ["section-up:\x00"]},
        {"action": ["pay-remove:\x00"]},
        {"action": ["snippet-add:UID2:99999999999999999"]},
        {
            "action": ["save"],
            "references-UID2-base": ["0."],
            "references-UID2-id": ["9" * 17, "9" * 30],
        },
        {"action": ["save"], "nonce": ["a\x00b"]},
        {"action": ["save"], "nonce": ["ﷺ" * 100]},
        {"action": ["version"], "note": ["x"], "label": ["x"], "token": ["0"]},
        {"action": ["save"], "facts-base": ["0"]},
        {
            "action": ["save"],
            "facts-base": ["0"],
            "facts-title": ["x"],
            "facts-locations": ["9" * 20],
        },
        {
            "action": ["save"],
            "facts-base": ["0"],
            "facts-title": ["x"],
            "initial-facts-locations": ["x"],
        },
    ],
    ids=lambda post: " ".join(post)[:60].replace("\x00", "0"),
)
def test_posts_that_caused_errors_before(
    target: tuple[Any, JobDescription, dict[str, str]], post: dict[str, list[str]]
) -> None:
    """Names without a row, rows without fields, empty choices, NUL in keys and uids."""
    assert _send(target, {"token": ["0"], **post}) in (200, 302, 409, 422)


def test_version_from_the_wizard_can_be_verified_and_restored(
    client: Any, jd: JobDescription
) -> None:
    page = open_page(client, url(jd, "finish"))
    page.press("version")
    assert not list(Event.objects.broken())
    jd.refresh_from_db()
    version = Version.objects.get()
    lost = versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)
    assert lost == []
