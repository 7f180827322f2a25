"""Suggestions of a reviewer, answered next to the lines of the draft."""

import pytest
from playwright.sync_api import expect

from roles.models import JobDescription
from roles.reviews import suggestions
from tests import builders
from tests.browser import acting, editing
from tests.browser.editing import SCREENS, expect_live_message

pytestmark = pytest.mark.browser

FIRST = "Prepare renewal plans for each account."
SECOND = "Report to the head of sales."


def box(page, thread):
    return page.locator(f"#feedback-{thread}")


@pytest.mark.parametrize("screen", SCREENS)
def test_answer_suggestions_by_keyboard(visitor, is_fine, transactional_db, screen):
    author, manager = builders.user("hr"), builders.user("manager")
    jd = builders.description(author)
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, SECOND)
    review = builders.review(jd, manager)
    reader, version = builders.reader(review, manager), jd.versions.get()
    lines = {line.text: line for line in jd.lines.filter(section__kind="responsibilities")}
    first, second = (
        suggestions.suggest(
            reader=reader,
            version=version,
            proposal=suggestions.Proposal("reword", line.section.uid, line.uid, text),
            why="So that it is clear.",
        ).thread_id
        for line, text in ((lines[FIRST], "Plan renewals."), (lines[SECOND], "Report."))
    )
    page = visitor(author, **SCREENS[screen])
    editing.open_step(page, jd.reference)
    group = page.locator(f"#feedback-at-{lines[FIRST].uid} > summary")
    group.focus()
    page.keyboard.press("Enter")
    expect(box(page, first).locator("ins").first).to_be_visible()
    is_fine(page)

    # Accept with changes: Tab to the text, edit it, Tab to the button.
    page.locator(f"#feedback-{first}-words > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(f"#feedback-{first}-text")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Plan all renewals.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_live_message(page, "Suggestion accepted.")
    line = page.locator(f"#line-{lines[FIRST].uid}-text")
    expect(line).to_have_value("Plan all renewals.")
    expect(line).to_be_focused()
    expect(box(page, first)).to_have_count(0)
    expect(page.locator("#preview")).to_contain_text("Plan all renewals.")

    # Text typed now is saved, and the old wording is not sent again.
    line.press("End")
    page.keyboard.type(" Soon.")
    acting.expect_saved(page)

    # Decline: first without a reason, then with one.
    page.complaints.allow("422")
    page.locator(f"#feedback-at-{lines[SECOND].uid} > summary").press("Enter")
    page.locator(f"#feedback-{second}-decline > summary").press("Enter")
    page.locator(f"#feedback-{second}-declined").press("Enter")
    expect(page.locator(f"#feedback-{second}-reason-error")).to_contain_text("Enter a reason")
    page.locator(f"#feedback-{second}-reason").fill("It is final.")
    page.locator(f"#feedback-{second}-declined").press("Enter")
    expect_live_message(page, "Suggestion declined.")
    expect(page.locator(".feedback-group")).to_have_count(0)
    acting.expect_saved(page)
    texts = JobDescription.objects.get().lines.filter(section__kind="responsibilities")
    assert list(texts.values_list("text", flat=True)) == ["Plan all renewals. Soon.", SECOND]

    page.goto(f"/reviews/{review.pk}/suggestions/")
    expect(page.get_by_text("It is final.")).to_be_visible()
    is_fine(page)
