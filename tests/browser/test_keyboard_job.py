"""The whole main job without a mouse: from the gallery to the PDF of a version. At every stop
the focus is somewhere, and a person sees where."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from roles.models import JobDescription
from tests import pdfs
from tests.browser import acting

pytestmark = pytest.mark.browser

PASTED = "Duties:\n• Write down what was agreed\n• Call back within a day\n"
REWORDED = "Typed without a mouse."

# Whether the focus is lost, whether it shows, and whether something covers it.
FOCUS = """goal => {
  const active = document.activeElement;
  if (!active || active === document.body) return { lost: true };
  const shows = one => {
    const style = one && getComputedStyle(one);
    return style && style.opacity !== "0" && style.visibility === "visible"
      && (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
        || style.boxShadow !== "none");
  };
  const box = active.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const uncovered = points.some(([x, y]) => {
    const there = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return there && (active.contains(there) || active.closest("label")?.contains(there)
      || there.matches("label") && there.contains(active));
  });
  return {
    visible: shows(active) || shows(active.closest("label"))
      || active.matches("[type=date]:not(:focus)"),  // its little calendar has a ring of its own
    uncovered: uncovered || !document.getElementById("main").contains(active),
    reached: active === goal,
    name: active.outerHTML.slice(0, 200),
  };
}"""


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def look(self, goal: Locator | None = None) -> bool:
        """Checks the focus; returns whether it is at the goal."""
        handle = goal.element_handle() if goal else None
        focus = self.page.evaluate(FOCUS, handle)
        if not (focus.get("visible") and focus.get("uncovered")):
            self.page.wait_for_timeout(200)  # until it is drawn, and scrolled to
            focus = self.page.evaluate(FOCUS, handle)
        assert not focus.get("lost"), f"the focus is lost on {self.page.url}"
        assert focus["visible"], f"no visible focus: {focus['name']}"
        assert focus["uncovered"], f"the focus is covered: {focus['name']}"
        return bool(focus["reached"])

    def to(self, goal: Locator, *, key: str = "Tab", most: int = 250) -> None:
        """Presses Tab, looking at every stop, until that is reached."""
        expect(goal).to_be_attached()
        if self.page.evaluate("document.activeElement !== document.body") and self.look(goal):
            return
        handle = goal.element_handle()
        for _number in range(most):
            self.page.keyboard.press(key)
            focus = self.page.evaluate(FOCUS, handle)
            if not (focus.get("visible") and focus.get("uncovered")):
                self.look(goal)
            if focus.get("reached"):
                return
        raise AssertionError(f"{goal} is not reached with {most} times {key}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def type_over(self, text: str) -> None:
        self.press("ControlOrMeta+A")
        self.type(text)

    def to_the_editor(self) -> None:
        """Over the steps, the outline and the placeholders."""
        self.to(self.page.get_by_role("link", name="Skip to the editor"), most=25)
        self.press("Enter")

    def next(self, heading: str) -> None:
        self.to(self.page.get_by_role("button", name="Next"))
        self.press("Enter")
        acting.expect_heading(self.page, heading)


@pytest.fixture
def page(visitor, library):
    page = visitor("hr", reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


@pytest.fixture
def hands(page):
    return Hands(page)


def begin(page, hands) -> None:
    page.goto("/descriptions/new/")
    hands.to(page.get_by_label("Job title"))
    hands.type("Client account manager")
    hands.to(page.get_by_label("Job family").first)
    hands.type("Account man")
    expect(page.locator("#like p")).to_be_visible()
    hands.to(page.locator("input[name=source]").first)
    wanted = "template:account-manager-mid"
    for _number in range(20):
        if page.evaluate("document.activeElement.value") == wanted:
            break
        hands.press("ArrowDown")
        hands.look()
    assert page.evaluate("document.activeElement.value") == wanted
    hands.press("Space")
    hands.to(page.get_by_role("button", name="Start writing"))
    hands.press("Enter")
    acting.expect_heading(page, "Job details")


def details(page, hands) -> None:
    hands.to_the_editor()
    hands.to(page.get_by_role("textbox", name="Reports to", exact=True))
    hands.type("Head of sales")
    hands.to(page.get_by_role("checkbox", name="Denver"))
    hands.press("Space")
    acting.expect_saved(page)
    acting.expect_preview(page, "Denver")
    hands.next("Responsibilities")


def responsibilities(page, hands) -> None:
    jd = JobDescription.objects.get()
    uid = jd.sections.filter(kind="responsibilities").order_by("position")[0].uid
    card = page.locator(f"#card-{uid}")
    first = str(acting.lines(card).first.get_attribute("id"))
    text = page.locator(f"#{first}-text")
    count = acting.lines(card).count()
    hands.to_the_editor()
    hands.to(text)
    hands.type_over(REWORDED)
    acting.expect_saved(page)
    hands.look(text)

    for key, number in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        hands.press(f"Alt+Shift+{key}")
        expect(acting.lines(card).nth(number)).to_have_attribute("id", first)
        expect(text).to_be_focused()
        hands.look(text)
    hands.to(page.locator(f"#{first} .toggle input:checked"), most=3)
    hands.press("ArrowRight")
    assert hands.look(page.locator(f"#{first}").get_by_role("radio", name="Marginal", exact=True))
    acting.expect_saved(page)
    hands.to(page.locator(f"#{first} .line-more > summary"), most=4)
    hands.press("Enter")
    hands.to(page.locator(f"#{first}").get_by_label("Group", exact=True), most=6)
    hands.type("Every day")
    acting.expect_saved(page)
    acting.expect_preview(page, "Every day")
    paste(page, hands, card, count)
    assert jd.sections.get(uid=uid).lines.get(text=REWORDED).essential == "marginal"


def paste(page, hands, card, count: int) -> None:
    own = card.get_by_label("Write your own")
    hands.to(own)
    page.evaluate("text => navigator.clipboard.writeText(text)", PASTED)
    hands.press("ControlOrMeta+V")
    add = card.get_by_role("button", name="Add selected lines")
    expect(add).to_be_visible()
    expect(card.locator(".pasted-lines textarea").first).to_be_focused()
    hands.to(add)
    hands.press("Enter")
    expect(card.locator(".line-text").filter(visible=True).last).to_be_visible()
    expect(add).to_have_count(0)
    expect(acting.lines(card)).to_have_count(count + 3)
    hands.look()
    acting.expect_preview(page, "Call back within a day")


def qualifications(page, hands) -> None:
    hands.next("Skills and qualifications")
    group = page.get_by_role("radiogroup", name="Required or preferred").first
    hands.to_the_editor()
    hands.to(group.locator("input:checked"))
    goal = group.get_by_role("radio", name="Preferred", exact=True)
    for _number in range(3):
        if hands.look(goal):
            break
        hands.press("ArrowRight")
    assert hands.look(goal)
    acting.expect_saved(page)
    name = str(goal.get_attribute("name"))
    uid = name.removeprefix("line-").removesuffix("-requirement")
    acting.expect_preview(page, "(Preferred)")
    assert f'data-line="{uid}"' in page.locator("#preview").inner_html()


def finish(page, hands) -> None:
    steps = page.get_by_role("navigation", name="Steps")
    hands.to(steps.get_by_role("button", name="Finish"), key="Shift+Tab")
    hands.press("Enter")
    acting.expect_heading(page, "Finish")
    hands.to_the_editor()
    answers = page.locator(".question input[type=text]")
    for number in range(answers.count()):
        hands.to(answers.nth(number))
        hands.type(f"Answer{number}")
    acting.expect_saved(page)
    hands.to(page.get_by_label("What changed"))
    hands.type("Written without a mouse")
    hands.to(page.get_by_role("button", name="Save version"))
    hands.press("Enter")
    acting.expect_heading(page, "Version 1")


def take_the_pdf(page, hands) -> None:
    hands.to(page.locator("summary", has_text="Export"))
    hands.press("Enter")
    hands.to(page.get_by_role("link", name="PDF, Public", exact=True), most=15)
    with page.expect_download() as waiting:
        hands.press("Enter")
    text = " ".join(pdfs.page_texts(pdfs.read_pdf(waiting.value.path().read_bytes())))
    for words in (REWORDED, "Every day", "Call back within a day", "Denver", "Answer0"):
        assert words in text


def test_from_the_gallery_to_the_pdf(page, hands):
    begin(page, hands)
    details(page, hands)
    responsibilities(page, hands)
    qualifications(page, hands)
    finish(page, hands)
    take_the_pdf(page, hands)
    jd = JobDescription.objects.get()
    assert jd.reports_to == "Head of sales"
    version = jd.versions.get()
    assert version.document.open_placeholders() == []
    assert re.search("without a mouse", version.note)
