"""Several lines at once, lists typed into the field for one line, and sections that are moved or
removed: plain forms, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import drafts
from roles.drafts import changes
from roles.models import Event, JobDescription, Line, Section
from tests import builders
from tests.html import by_id, find, messages, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    """A draft with eight responsibilities, one with a sub-line, and a paragraph."""
    jd = builders.description(client.user)
    uid = duties(jd).uid
    for number in range(2, 9):
        builders.add_line(jd, uid, f"Duty {number}")
    builders.change(
        jd,
        changes.AddLine(uid, {"text": "Sub-duty"}, parent=lines(jd)[1]),
        changes.AddLine(uid, {"text": "In short.", "form": "paragraph"}),
    )
    return jd


def duties(jd: JobDescription) -> Section:
    return jd.sections.get(kind="responsibilities")


def lines(jd: JobDescription) -> list[str]:
    rows = duties(jd).lines.filter(parent=None, form="entry").order_by("position")
    return list(rows.values_list("uid", flat=True))


def essentials(jd: JobDescription) -> list[str]:
    rows = duties(jd).lines.filter(parent=None).order_by("position")
    return list(rows.values_list("essential", flat=True))


def open_duties(client: Any, jd: JobDescription) -> Page:
    return open_page(client, reverse("wizard_step", args=[jd.reference, "responsibilities"]))


class TestSelectedLines:
    @pytest.mark.slow
    def test_all_lines_get_a_mark_at_once(self, client: Any, jd: JobDescription) -> None:
        """One event and one step of undo; the paragraph and the sub-line can't have it."""
        uid = duties(jd).uid
        page = open_duties(client, jd)
        before = Event.objects.count()
        page = page.press(f"lines-set:{uid}:essential.essential", **{f"all-{uid}": "on"})
        assert essentials(jd) == ["essential"] * 8 + [""]
        assert messages(page) == "8 lines set to “Essential”."
        assert Event.objects.count() == before + 1
        page = page.press("undo")
        assert messages(page) == "Undone: changing 8 lines."
        assert essentials(jd) == [""] * 9

    @pytest.mark.both_databases
    def test_selected_lines_only(self, client: Any, jd: JobDescription) -> None:
        chosen = lines(jd)[2:5]
        mark = f"lines-set:{duties(jd).uid}:essential.marginal"
        open_duties(client, jd).press(mark, chosen=chosen)
        assert essentials(jd) == ["", "", *["marginal"] * 3, *[""] * 4]

    @pytest.mark.slow
    def test_mark_can_be_cleared(self, client: Any, jd: JobDescription) -> None:
        first, second = lines(jd)[:2]
        builders.change(jd, *(changes.ChangeLine(u, {"essential": "essential"}) for u in lines(jd)))
        page = open_duties(client, jd)
        page = page.press(f"lines-set:{duties(jd).uid}:essential.", chosen=[first, second])
        assert essentials(jd) == ["", "", *["essential"] * 6, ""]
        assert messages(page) == "2 lines set to “Not stated”."

    @pytest.mark.slow
    @pytest.mark.both_databases
    @pytest.mark.parametrize("value", ["required", "preferred"])
    def test_requirement_of_qualifications(
        self, client: Any, jd: JobDescription, value: str
    ) -> None:
        section = jd.sections.get(kind="qualifications")
        for number in range(7):
            builders.add_line(jd, section.uid, f"Certificate {number}")
        page = open_page(client, reverse("wizard_step", args=[jd.reference, "qualifications"]))
        page.press(f"lines-set:{section.uid}:requirement.{value}", **{f"all-{section.uid}": "on"})
        assert set(section.lines.values_list("requirement", flat=True)) == {value}

    @pytest.mark.slow
    def test_lines_are_removed_at_once(self, client: Any, jd: JobDescription) -> None:
        """With their sub-lines; undo restores all of them."""
        chosen, total = lines(jd)[1:4], duties(jd).lines.count()
        before = Event.objects.count()
        page = open_duties(client, jd).press(f"lines-remove:{duties(jd).uid}", chosen=chosen)
        assert duties(jd).lines.count() == total - 4
        assert Event.objects.count() == before + 1
        assert messages(page) == "3 lines removed. Select Undo to restore them."
        page.press("undo")
        assert duties(jd).lines.count() == total

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_a_line_and_its_sub_line_can_both_be_selected(
        self, client: Any, jd: JobDescription
    ) -> None:
        sub = Line.objects.get(text="Sub-duty")
        chosen = [lines(jd)[1], sub.uid]
        open_duties(client, jd).press(f"lines-remove:{duties(jd).uid}", chosen=chosen)
        assert not Line.objects.filter(uid__in=chosen)

    def test_typed_text_is_saved_too(self, client: Any, jd: JobDescription) -> None:
        first = lines(jd)[0]
        mark = f"lines-set:{duties(jd).uid}:essential.essential"
        typed = {f"line-{first}-text": "Typed before"}
        open_duties(client, jd).press(mark, chosen=[first], **typed)
        line = jd.lines.get(uid=first)
        assert (line.text, line.essential) == ("Typed before", "essential")

    @pytest.mark.parametrize("action", ["lines-set:%s:essential.essential", "lines-remove:%s"])
    def test_nothing_selected(self, client: Any, jd: JobDescription, action: str) -> None:
        page = open_duties(client, jd).press(action % duties(jd).uid)
        assert page.response.status_code == 422
        assert "Select at least one line first." in words(by_id(page, "refused"))

    @pytest.mark.both_databases
    def test_paragraphs_and_sub_lines_have_no_marks(self, client: Any, jd: JobDescription) -> None:
        chosen = list(Line.objects.filter(text__in=["In short.", "Sub-duty"]).values_list("uid"))
        mark = f"lines-set:{duties(jd).uid}:essential.essential"
        page = open_duties(client, jd).press(mark, chosen=[uid for (uid,) in chosen])
        assert "Select other lines." in words(by_id(page, "refused"))

    @pytest.mark.parametrize("mark", ["text.x", "essential.often", "percent.100", "", "essential"])
    def test_unknown_marks_are_refused(self, client: Any, jd: JobDescription, mark: str) -> None:
        uid = duties(jd).uid
        page = open_duties(client, jd)
        data = {**page.data, f"all-{uid}": "on", "action": f"lines-set:{uid}:{mark}"}
        before = list(jd.lines.order_by("pk").values())
        client.post(page.url, data)
        after = list(jd.lines.order_by("pk").values())
        unmarked = [{**row, "essential": "", "changed_at": 0} for row in after]
        assert unmarked == [{**row, "changed_at": 0} for row in before]

    def test_lines_of_another_section_are_not_touched(
        self, client: Any, jd: JobDescription
    ) -> None:
        other = jd.sections.get(kind="qualifications").lines.get()
        page = open_duties(client, jd)
        page = page.press(f"lines-remove:{duties(jd).uid}", chosen=[other.uid])
        assert page.response.status_code == 422
        assert Line.objects.filter(pk=other.pk).exists()

    @pytest.mark.slow
    def test_line_that_someone_else_changed_is_a_conflict(
        self, client: Any, jd: JobDescription
    ) -> None:
        """Nothing is removed; the person chooses."""
        page = open_duties(client, jd)
        jd.refresh_from_db()
        change = changes.ChangeLine(lines(jd)[1], {"text": "Reworded"})
        drafts.apply(description=jd, by=builders.user("hr"), token=jd.edit_token, changes=[change])
        count = jd.lines.count()
        page = page.press(f"lines-remove:{duties(jd).uid}", chosen=lines(jd)[:3])
        assert page.response.status_code == 409
        assert jd.lines.count() == count
        theirs = {f"pick-line-{lines(jd)[1]}": "theirs"}
        page.press(f"lines-remove:{duties(jd).uid}", **theirs)
        assert jd.lines.filter(text="Reworded").exists()
        assert jd.lines.count() == count - 2

    def test_locked_section_has_no_selection(self, client: Any, jd: JobDescription) -> None:
        jd.sections.update(locked=True)
        page = open_duties(client, jd)
        assert not find(page, name="chosen")
        data = {**page.data, f"all-{duties(jd).uid}": "on"}
        count = jd.lines.count()
        client.post(page.url, {**data, "action": f"lines-remove:{duties(jd).uid}"})
        assert jd.lines.count() == count

    def test_sections_offer_the_marks_of_their_lines(self, client: Any, jd: JobDescription) -> None:
        """Benefits have none, so there is only Remove."""
        uid = builders.add_section(jd, "benefits", "Benefits", "Paid leave", "Health plan")
        page = open_page(client, reverse("wizard_step", args=[jd.reference, "pay"]))
        assert [b for b in page.buttons if b.startswith("lines-")] == [f"lines-remove:{uid}"]


FIVE = "Plan the week\r\nOrder stock\r\nTrain new staff\r\nCount the till\r\nLock up"


class TestListInTheFieldForOneLine:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (FIVE, 5),
            ("• Plan the week\r\n• Order stock", 2),
            ("1. Plan the week\r\n\r\n2. Order stock\r\n3. Train staff", 3),
            ("- Plan the week\r\n  - on Mondays\r\n- Order stock", 3),
            ("Plan the week\rOrder stock", 2),
        ],
        ids=["plain lines", "bullets", "numbers", "sub-lines", "old line ends"],
    )
    def test_offers_its_lines(self, client: Any, jd: JobDescription, text: str, found: int) -> None:
        """Nothing is added before it is confirmed."""
        uid, count = duties(jd).uid, jd.lines.count()
        page = open_duties(client, jd)
        page = page.press(f"line-add:{uid}", **{f"new-{uid}-text": text})
        assert f"{found} lines" in messages(page)
        assert page.typed(f"new-{uid}-text") == ""
        assert jd.lines.count() == count
        page.press(f"lines-add:{uid}")
        assert jd.lines.count() == count + found
        assert jd.lines.filter(text="Plan the week").exists()

    @pytest.mark.parametrize("button", ["next", "back", "save", "go:finish"])
    def test_is_offered_whichever_button_is_pressed(
        self, client: Any, jd: JobDescription, button: str
    ) -> None:
        uid = duties(jd).uid
        page = open_duties(client, jd).press(button, **{f"new-{uid}-text": FIVE})
        assert page.typed(f"entry-{uid}-4-text") == "Lock up"

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "text",
        [
            "One line",
            "\r\n  One line \r\n",
            "Prepare the weekly staffing plan for all of the stores in the northern region,\r\n"
            "and publish it by Thursday.",
        ],
        ids=["one", "blank lines around", "wrapped"],
    )
    def test_one_line_is_added_at_once(self, client: Any, jd: JobDescription, text: str) -> None:
        uid, count = duties(jd).uid, jd.lines.count()
        open_duties(client, jd).press(f"line-add:{uid}", **{f"new-{uid}-text": text})
        assert jd.lines.count() == count + 1
        assert jd.lines.filter(text=" ".join(text.split())).exists()

    @pytest.mark.parametrize(
        ("text", "stored", "percent"),
        [
            ("• Plan the week", "Plan the week", None),
            ("•\u2060  \u2060Plan the weekly roster", "Plan the weekly roster", None),
            ("&bull; Plan the week &amp; month", "Plan the week & month", None),
            ("- **Planning:** plan the `weekly` roster", "Planning: plan the weekly roster", None),
            (
                "- Follow our [safety handbook](https://example.org/h)",
                "Follow our safety handbook",
                None,
            ),
            ("40% – Plan the week", "Plan the week", 40),
            ("Plan the week\t40%", "Plan the week", 40),
            (
                "5 * 3 * 2 boxes of C* and [X] <parts>",
                "5 * 3 * 2 boxes of C* and [X] <parts>",
                None,
            ),
            ("-5 °C storage", "-5 °C storage", None),
        ],
    )
    def test_one_pasted_line_is_read_like_a_list(
        self, client: Any, jd: JobDescription, text: str, stored: str, percent: int | None
    ) -> None:
        uid = duties(jd).uid
        open_duties(client, jd).press(f"line-add:{uid}", **{f"new-{uid}-text": text})
        line = duties(jd).lines.latest("pk")
        assert (line.text, line.percent) == (stored, percent)

    @pytest.mark.both_databases
    def test_question_and_answer_in_one_line_are_text_and_detail(
        self, client: Any, jd: JobDescription
    ) -> None:
        uid = duties(jd).uid
        typed = {f"new-{uid}-text": "Who is your customer?\tMid-size firms"}
        open_duties(client, jd).press(f"line-add:{uid}", **typed)
        line = duties(jd).lines.latest("pk")
        assert (line.text, line.detail) == ("Who is your customer?", "Mid-size firms")

    def test_entries_that_run_together_are_offered(self, client: Any, jd: JobDescription) -> None:
        uid = duties(jd).uid
        typed = {f"new-{uid}-text": "1. Plan the week 2. Order stock 3. Train staff"}
        page = open_duties(client, jd).press(f"line-add:{uid}", **typed)
        texts = [page.typed(f"entry-{uid}-{number}-text") for number in range(3)]
        assert texts == ["Plan the week", "Order stock", "Train staff"]

    @pytest.mark.slow
    def test_a_pasted_sub_line_has_no_bullet(self, client: Any, jd: JobDescription) -> None:
        parent = lines(jd)[0]
        address = reverse("wizard_step", args=[jd.reference, "responsibilities"])
        page = open_page(client, f"{address}?open={parent}")
        page.press(f"sub-add:{parent}", **{f"newsub-{parent}-text": "• *Plan* the week"})
        assert jd.lines.get(parent__uid=parent).text == "Plan the week"

    @pytest.mark.both_databases
    def test_paragraph_keeps_its_lines(self, client: Any, jd: JobDescription) -> None:
        uid = duties(jd).uid
        typed = {f"new-{uid}-text": FIVE, f"new-{uid}-form": "paragraph"}
        open_duties(client, jd).press(f"line-add:{uid}", **typed)
        assert jd.lines.filter(form="paragraph", text=FIVE.replace("\r", "")).exists()

    def test_other_changes_are_saved_at_once(self, client: Any, jd: JobDescription) -> None:
        uid, first = duties(jd).uid, lines(jd)[0]
        typed = {f"new-{uid}-text": FIVE, f"line-{first}-text": "Reworded"}
        page = open_duties(client, jd).press(f"line-add:{uid}", **typed)
        assert page.typed(f"line-{first}-text") == "Reworded"
        assert jd.lines.get(uid=first).text == "Reworded"

    def test_errors_elsewhere_keep_the_list(self, client: Any, jd: JobDescription) -> None:
        """The page says what is wrong, and still offers the lines."""
        uid, first = duties(jd).uid, lines(jd)[0]
        typed = {f"new-{uid}-text": FIVE, f"line-{first}-text": ""}
        page = open_duties(client, jd).press(f"line-add:{uid}", **typed)
        assert page.response.status_code == 422
        assert page.typed(f"entry-{uid}-4-text") == "Lock up"

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_sub_lines_are_added_one_by_one(self, client: Any, jd: JobDescription) -> None:
        parent = lines(jd)[0]
        address = reverse("wizard_step", args=[jd.reference, "responsibilities"])
        page = open_page(client, f"{address}?open={parent}")
        page = page.press(f"sub-add:{parent}", **{f"newsub-{parent}-text": FIVE})
        subs = jd.lines.filter(parent__uid=parent).order_by("position")
        assert list(subs.values_list("text", flat=True)) == FIVE.split("\r\n")
        page.press("undo")
        assert not subs.all()


class TestSections:
    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_dropped_section_is_saved_and_announced(self, client: Any, jd: JobDescription) -> None:
        first, second, third = jd.sections.order_by("position")
        page = open_duties(client, jd)
        data = {**page.data, "place-after": third.uid, "action": f"section-place:{first.uid}"}
        answer = client.post(page.url, data)
        kinds = jd.sections.order_by("position").values_list("uid", flat=True)
        assert list(kinds) == [second.uid, third.uid, first.uid]
        shown = open_page(client, answer.headers["Location"].partition("#")[0])
        assert messages(shown) == "“Summary” is now section 3 of 3."
        shown.press("undo")
        assert kinds.all()[0] == first.uid

    def test_dropped_after_a_section_that_is_gone_is_a_conflict(
        self, client: Any, jd: JobDescription
    ) -> None:
        first, _second, third = jd.sections.order_by("position")
        page = open_duties(client, jd)
        builders.change(jd, changes.RemoveSection(third.uid))
        data = {**page.data, "place-after": third.uid, "action": f"section-place:{first.uid}"}
        assert client.post(page.url, data).status_code == 409

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_required_section_is_removed_after_a_confirmation(
        self, client: Any, jd: JobDescription
    ) -> None:
        """The confirmation says why the template has it; one step of undo restores it."""
        section = duties(jd)
        Section.objects.filter(pk=section.pk).update(required=True, guidance="For the labor law.")
        page = open_duties(client, jd)
        confirmation = words(by_id(page, f"confirm-{section.uid}"))
        assert "requires this section" in confirmation
        assert "For the labor law." in confirmation
        assert f"section-remove:{section.uid}" not in page.buttons
        page = page.press(f"section-remove:{section.uid}:confirmed")
        assert not jd.sections.filter(pk=section.pk)
        page.press("undo")
        assert duties(jd).required

    @pytest.mark.both_databases
    def test_required_section_needs_the_confirmation(self, jd: JobDescription) -> None:
        Section.objects.filter(pk=duties(jd).pk).update(required=True)
        with pytest.raises(drafts.ActionRefused, match="Confirm"):
            builders.change(jd, changes.RemoveSection(duties(jd).uid))

    @pytest.mark.both_databases
    @pytest.mark.parametrize("required", [True, False])
    def test_locked_section_stays(self, client: Any, jd: JobDescription, required: bool) -> None:
        section = duties(jd)
        Section.objects.filter(pk=section.pk).update(locked=True, required=required)
        page = open_duties(client, jd)
        assert not [b for b in page.buttons if b.startswith(f"section-remove:{section.uid}")]
        data = {**page.data, "action": f"section-remove:{section.uid}:confirmed"}
        answer = client.post(page.url, data)
        assert "is locked by the template" in words(by_id(answer, "refused"))
        assert jd.sections.filter(pk=section.pk).exists()
