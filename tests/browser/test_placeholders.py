"""Placeholders as a person answers them: in the panel beside each step, at the finish, and what
a version says of those still open."""

import re

import pytest
from playwright.sync_api import expect

from roles.models import Location, PlaceholderAnswer
from tests import builders
from tests.browser import acting, editing

pytestmark = pytest.mark.browser


@pytest.fixture
def account(transactional_db):
    builders.organization(name="")
    PlaceholderAnswer.objects.create(placeholder="website", value="www.example.org")
    return builders.user("hr")


@pytest.fixture
def jd(account):
    jd = builders.description(account, years_from=3, years_to=4)
    jd.locations.set([Location.objects.create(city="Denver", region="Colorado")])
    uid = jd.sections.get(kind="responsibilities").uid
    for text in (
        "Greet the guests of [Company] in [city].",
        "Praise [Company Name] after [X] years.",
        "Answer within [X] days.",
        "Serve our [clients, customers, partners, e.g. schools].",
        "Know [industry, e.g. a trade].",
        "Look at [website].",
    ):
        builders.add_line(jd, uid, text)
    summary = jd.sections.get(kind="summary").uid
    builders.add_line(jd, summary, "Join [company name].", form="paragraph")
    return jd


@pytest.fixture
def wizard(wizard):
    return opened(wizard)


@pytest.fixture
def wide(wide):
    return opened(wide)


def opened(page):
    editing.open_outline(page)
    if panel(page).get_attribute("open") is None:  # folded on a phone
        panel(page).locator("summary").click()
    return page


def panel(page):
    return page.locator("#placeholders-panel")


def questions(page):
    return panel(page).locator("li.question")


def question(page, raw: str, nth: int = 0):
    label = page.get_by_text(f"[{raw}]", exact=True)
    return page.locator("li.question").filter(has=label).nth(nth)


def field(page, raw: str, nth: int = 0):
    return (
        question(page, raw, nth)
        .get_by_role("combobox")
        .or_(question(page, raw, nth).get_by_role("textbox"))
    )


def marks(page, state: str):
    return page.locator(f"#preview .jd-{state}")


def test_each_placeholder_is_listed_once_with_count_and_places(wizard):
    page = wizard
    expect(questions(page)).to_have_count(7)
    expect(panel(page).locator("summary")).to_contain_text("6 to fill in")
    company = question(page, "company name")
    expect(company).to_contain_text("3 times · Summary, Responsibilities")
    for number, words in enumerate(("after [X] years", "within [X] days")):
        expect(question(page, "X", number)).to_contain_text(words)
    expect(question(page, "website")).to_contain_text("your organization’s default")
    expect(field(page, "website")).to_have_value("www.example.org")
    expect(marks(page, "answered")).to_have_text(["www.example.org"])


def test_typed_value_appears_in_the_preview_before_it_is_saved(wide, jd):
    """All three ways to write it at once, and marked; the brackets are back when it is gone."""
    page = wide
    page.route("**/edit/**", lambda route: None)  # the server takes its time
    field(page, "company name").press_sequentially("Harbor Press")
    here = page.locator('#preview [data-placeholder="company name"]')
    expect(here).to_have_text(["Harbor Press"] * 3)
    expect(here).to_have_class(["jd-answered"] * 3)
    assert here.first.evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"
    field(page, "X", 1).fill("2")
    expect(page.locator("#preview")).to_contain_text("Answer within 2 days.")
    expect(page.locator("#preview")).to_contain_text("after [X] years.")
    field(page, "company name").fill("")
    expect(here).to_have_text(["[company name]", "[Company]", "[Company Name]"])
    expect(here).to_have_class(["jd-open"] * 3)
    page.complaints.allow(".*")
    page.unroute_all(behavior="ignoreErrors")
    field(page, "company name").fill("Harbor Press")
    page.on("dialog", lambda dialog: dialog.accept())


def test_value_is_saved_and_cleared(wizard, jd):
    page = wizard
    field(page, "company name").fill("Harbor Press")
    acting.expect_saved(page)
    expect(marks(page, "answered").filter(has_text="Harbor Press")).to_have_count(3)
    assert jd.answers.get(placeholder="company name").value == "Harbor Press"
    editing.open_step(page, jd.reference, "summary")
    opened(page)
    expect(panel(page).locator("summary")).to_contain_text("5 to fill in")
    assert questions(page).last.evaluate("one => !one.classList.contains('is-open')")
    field(page, "company name").fill("")
    acting.expect_saved(page)
    expect(marks(page, "open").filter(has_text=re.compile("company", re.I))).to_have_count(3)


def test_choices_and_suggestions_are_buttons(wizard, jd):
    page = wizard
    chosen = "clients, customers, partners, e.g. schools"
    chips = question(page, chosen).locator(".chips button")
    expect(chips).to_have_text(["clients", "customers", "partners"])
    expect(field(page, chosen)).to_have_attribute("placeholder", "e.g. schools")
    chips.nth(1).click()
    expect(field(page, chosen)).to_have_value("customers")
    expect(field(page, chosen)).to_be_focused()
    acting.expect_preview(page, "Serve our customers.")
    expect(question(page, "city").get_by_role("button")).to_have_text(["Denver"])
    expect(question(page, "X").get_by_role("button")).to_have_text(["3", "4"])
    expect(question(page, "X", 1).get_by_role("button")).to_have_count(0)
    expect(question(page, "X", 1).locator("input[inputmode=numeric]")).to_have_count(1)
    industry = "industry, e.g. a trade"
    question(page, industry).get_by_role("button", name="software").press("Enter")
    acting.expect_saved(page)
    acting.expect_preview(page, "Know software.")
    values = dict(jd.answers.values_list("placeholder", "value"))
    assert "customers" in values.values()
    assert "software" in values.values()


def test_organization_default_is_overridden_here_only(wide, jd):
    page = wide
    field(page, "website").fill("www.harbor.example")
    acting.expect_saved(page)
    acting.expect_preview(page, "Look at www.harbor.example.")
    assert jd.answers.get(placeholder="website").value == "www.harbor.example"
    shared = PlaceholderAnswer.objects.get(placeholder="website", description=None)
    assert shared.value == "www.example.org"


def test_brackets_can_be_kept(wide, jd):
    page = wide
    question(page, "city").get_by_label("Not a placeholder").check()
    expect(page.get_by_text("Placeholders to fill in: 5")).to_be_visible()
    acting.expect_saved(page)
    expect(marks(page, "open").filter(has_text="[city]")).to_have_count(0)
    acting.expect_preview(page, "in [city].")
    line = acting.lines(acting.section(page, "Responsibilities")).nth(1).locator(".line-text").first
    line.fill("Drive through [city] and [region].")
    now = marks(page, "open").all_text_contents()  # before the server prints it
    assert "[region]" in now
    assert "[city]" not in now
    assert jd.answers.get(placeholder="city").plain


def test_new_placeholder_appears_in_the_panel(wide):
    """Typed into a line it is marked at once, and asked for as soon as the line is saved."""
    page = wide
    card = acting.section(page, "Responsibilities")
    first = acting.lines(card).first.locator(".line-text").first
    first.fill("Travel to [region] for [Company].")
    expect(marks(page, "open").filter(has_text="[region]")).to_have_count(1)
    acting.expect_saved(page)
    expect(question(page, "region").get_by_role("button")).to_have_text(["Colorado"])
    expect(panel(page).locator("summary")).to_contain_text("7 to fill in")
    expect(question(page, "company name")).to_contain_text("4 times")


def test_panel_is_not_replaced_while_someone_types(wide):
    """It counts at once, is never swapped under the hands, and is sorted when they leave it."""
    page = wide
    field(page, "city").fill("Boise")
    acting.expect_saved(page)
    acting.expect_preview(page, "in Boise.")
    expect(field(page, "city")).to_be_focused()
    expect(panel(page).locator("summary")).to_contain_text("5 to fill in")
    order = question(page, "city").evaluate("one => [...one.parentElement.children].indexOf(one)")
    page.keyboard.press("Tab")
    page.get_by_label("Write your own").first.focus()
    expect(questions(page).nth(order)).not_to_contain_text("[city]")
    expect(panel(page).locator("summary")).to_contain_text("5 to fill in")


def test_finish_lists_placeholders_too(wizard, jd, assert_accessible):
    page = editing.open_step(wizard, jd.reference, "finish")
    expect(page.locator("#placeholders-panel")).to_have_count(0)
    expect(page.locator("#editor li.question")).to_have_count(7)
    field(page, "company name").fill("Harbor Press")
    acting.expect_saved(page)
    expect(marks(page, "answered").filter(has_text="Harbor Press")).to_have_count(3)
    assert_accessible(page)
    page.get_by_role("button", name="Save version").click()
    acting.expect_heading(page, "Version 1")
    note = page.locator(".open-words")
    expect(note).to_contain_text("5 blanks")
    expect(note).to_contain_text("[city], [X]")
    assert_accessible(page)
    editing.open_step(page, jd.reference, "finish")
    for number in range(page.locator("li.question.is-open").count()):
        page.locator("li.question input[type=text]").nth(number).fill(f"answer {number}")
        acting.expect_saved(page)
    expect(marks(page, "open")).to_have_count(0)
    expect(page.locator("[data-open-words]:visible, li.question.is-open")).to_have_count(0)
    page.get_by_role("button", name="Save version").click()
    acting.expect_heading(page, "Version 2")
    expect(page.locator(".open-words")).to_have_count(0)
    expect(page.locator(".paper")).to_contain_text("Greet the guests of Harbor Press")
