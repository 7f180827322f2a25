"""The line editor with a mouse and with touch, in wide and narrow windows."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser import acting

SCREENS: dict[str, Any] = {
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "390": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
EDGE = 130  # pixels from the edge of the window where nothing can be dropped reliably


def open_step(page: Page, reference: str, step: str = "responsibilities") -> Page:
    page.goto(acting.step_url(reference, step))
    acting.expect_heading(page, dict(acting.STEPS)[step])
    return page


def texts(card: Locator) -> list[Any]:
    """Returns the lines of a section in order; a line with sub-lines as [text, [sub-lines]]."""
    return list(
        card.evaluate(
            """card => [...card.querySelectorAll("ol.line-list > li.line")].map(line => {
              const words = one => one.querySelector(".line-text").value;
              const subs = [...line.querySelectorAll("ol.sub-lines > li")].map(words);
              return subs.length ? [words(line), subs] : words(line);
            })"""
        )
    )


def expect_texts(card: Locator, *wanted: Any) -> None:
    """The section has these lines, once the page is redrawn."""
    names = [one[0] if isinstance(one, list) else one for one in wanted]
    fields = card.locator("ol.line-list > li.line > .line-body > .line-text")
    expect(fields).to_have_count(len(names))
    for number, name in enumerate(names):
        expect(fields.nth(number)).to_have_value(name)
    expect(card.locator(".is-dragged, .drop-mark")).to_have_count(0)
    card.page.wait_for_function(
        "() => document.getElementById('save-state').classList.contains('is-saved')"
    )
    assert texts(card) == list(wanted)


def expect_live_message(page: Page, words: str) -> None:
    """The message is in the live region."""
    expect(page.locator("#messages[role=status][aria-live=polite]")).to_contain_text(words)


class Hand:
    """Drags a line by its handle: with touch if the page has it, otherwise with the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.finger: CDPSession | None = None
        if page.evaluate("matchMedia('(pointer: coarse)').matches"):
            self.finger = page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def _touch(self, kind: str) -> None:
        assert self.finger is not None
        points = [] if kind == "touchEnd" else [{"x": self.at[0], "y": self.at[1]}]
        self.finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def take(self, line: Locator) -> None:
        handle = line.locator(".line-handle").first
        show_controls(line)
        handle.scroll_into_view_if_needed()
        self.at = middle(handle)
        if self.finger:
            self._touch("touchStart")
        else:
            self.page.mouse.move(*self.at)
            self.page.mouse.down()
        expect(line).to_have_class(
            "line is-dragged" if not _is_sub(line) else "line is-sub is-dragged"
        )

    def move(self, x: float, y: float) -> None:
        steps = 4
        for step in range(1, steps + 1):
            here = (
                self.at[0] + (x - self.at[0]) * step / steps,
                self.at[1] + (y - self.at[1]) * step / steps,
            )
            if self.finger:
                old, self.at = self.at, here
                self._touch("touchMove")
                self.at = old
            else:
                self.page.mouse.move(*here)
        self.at = (x, y)

    def bring(self, target: Locator) -> dict[str, float]:
        """Drag to the edge of the window until the target scrolls into view. Returns its box."""
        height = int(self.page.evaluate("innerHeight"))
        for _times in range(80):
            box = target.bounding_box()
            assert box is not None
            place = box["y"] + min(box["height"], 80) / 2
            if EDGE < place < height - EDGE:
                return {side: box[side] for side in ("x", "y", "width", "height")}
            edge = 20 if place <= EDGE else height - 20
            if self.at[1] != edge:
                self.move(self.at[0], edge)
            self.page.wait_for_timeout(60)
            if abs(place - height / 2) < height:
                self.move(self.at[0], height / 2)
        raise AssertionError("the page does not scroll to where the line is to be dropped")

    def over(self, target: Locator, where: str) -> None:
        """Drag above, below or under (as a sub-line) a line, or above or below a heading."""
        box = self.bring(target)
        half = min(box["height"], 80) / 2
        down = {"above": half / 3, "below": half * 1.5, "under": half * 1.5}[where]
        self.move(box["x"] + (150 if where == "under" else 40), box["y"] + down)
        expect(self.page.locator(".drop-mark")).to_have_count(1)

    def drop(self) -> None:
        if self.finger:
            self._touch("touchEnd")
        else:
            self.page.mouse.up()

    def carry(self, line: Locator, target: Locator, where: str) -> None:
        self.take(line)
        self.over(target, where)
        self.drop()


def show_controls(line: Locator) -> None:
    """Makes the line the active one; its other controls appear."""
    line.locator(".line-text").first.focus()


def open_outline(page: Page) -> None:
    """Opens the steps and the outline, which are closed in a narrow window."""
    if page.locator(".wizard-here").is_visible():
        page.locator("#wizard-steps, #outline").evaluate_all(
            "all => all.forEach(details => { details.open = true })"
        )


def _is_sub(line: Locator) -> bool:
    return "is-sub" in (line.get_attribute("class") or "")


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
