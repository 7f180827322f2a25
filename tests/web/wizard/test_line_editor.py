"""The line editor without JavaScript: moving, groups, sub-lines, fields under "More", pasted
lists, the library's wording, undo, and the placeholder panel."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import folding, library, search
from roles.drafts import changes
from roles.limits import LINE_LIMIT, LINES_LIMIT, PASTE_LIMIT
from roles.models import JobDescription, Line, Section
from tests import builders
from tests.html import by_id, fields, find, messages, notes, words
from tests.pages import Page, open_page, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    return builders.description(client.user)


def url(jd: JobDescription, step: str = "responsibilities", opened: str = "") -> str:
    address = reverse("wizard_step", args=[jd.reference, step])
    return f"{address}?open={opened}" if opened else address


def duties(jd: JobDescription) -> Section:
    return jd.sections.get(kind="responsibilities")


def fill(jd: JobDescription, *texts: str, **values: Any) -> list[str]:
    """Add lines to the responsibilities; returns the uids of all."""
    for text in texts:
        builders.add_line(jd, duties(jd).uid, text, **values)
    return list(duties(jd).lines.order_by("position").values_list("uid", flat=True))


def outline(jd: JobDescription, section: Section | None = None) -> list[Any]:
    """The texts in order; a line with sub-lines as (text, [sub-lines])."""
    result: list[Any] = []
    rows = (section or duties(jd)).lines.filter(parent=None).order_by("position")
    for row in rows:
        subs = [sub.text for sub in row.lines.order_by("position")]
        result.append((row.text, subs) if subs else row.text)
    return result


FIRST = "Prepare renewal plans for each account."


# --- moving


def test_moving_past_the_edge_of_a_group_joins_the_next_group(jd: JobDescription) -> None:
    """One more move leaves the last group."""
    builders.change(jd, changes.ChangeLine(fill(jd)[0], {"group": "Daily"}))
    uid = fill(jd, "Second", group="Weekly")[1]
    builders.change(jd, changes.MoveLine(uid, -1))
    line = jd.lines.get(uid=uid)
    assert (line.group, outline(jd)) == ("Daily", [FIRST, "Second"])
    builders.change(jd, changes.MoveLine(uid, -1))
    assert outline(jd) == ["Second", FIRST]
    builders.change(jd, changes.MoveLine(uid, -1))
    assert jd.lines.get(uid=uid).group == ""


@pytest.mark.slow
def test_dropped_line_is_saved_at_the_drop_position(client: Any, jd: JobDescription) -> None:
    """The script fills in the fields, and the message names the position."""
    one, two, _three = fill(jd, "Second", "Third")
    page = open_page(client, url(jd))
    place = {"place-section": duties(jd).uid, "place-after": two, "place-group": "Weekly"}
    answer = page.client.post(page.url, {**page.data, **place, "action": f"line-place:{one}"})
    assert answer.status_code == 302
    assert outline(jd) == ["Second", FIRST, "Third"]
    assert jd.lines.get(uid=one).group == "Weekly"
    shown = client.get(answer.headers["Location"]).text
    assert "is now line 2 of 3 in Responsibilities, group Weekly." in shown


def test_line_dropped_in_another_section_takes_its_marks(
    jd: JobDescription,
) -> None:
    """Required becomes preferred among preferred lines, a category that the section doesn't have is
    removed, and sub-lines move along."""
    required = jd.sections.get(kind="qualifications")
    preferred = builders.add_section(jd, "qualifications", "Preferred", "Spanish")
    other = jd.sections.get(uid=preferred).lines.get()
    line = required.lines.get()
    builders.change(
        jd,
        changes.ChangeLine(line.uid, {"requirement": "required", "category": "experience"}),
        changes.ChangeLine(other.uid, {"requirement": "preferred"}),
        changes.AddLine(required.uid, {"text": "In any trade"}, parent=line.uid),
    )
    builders.change(jd, changes.PlaceLine(line.uid, preferred, None))
    line.refresh_from_db()
    assert (line.section.uid, line.requirement, line.category) == (
        *(preferred, "preferred", "experience"),
    )
    assert outline(jd, line.section) == ["Spanish", (line.text, ["In any trade"])]
    builders.change(jd, changes.PlaceLine(line.uid, duties(jd).uid, ""))
    line.refresh_from_db()
    assert (line.requirement, line.category) == ("", "")


@pytest.mark.slow
@pytest.mark.both_databases
def test_indent_and_outdent_with_the_buttons(client: Any, jd: JobDescription) -> None:
    """The buttons are under "More"."""
    _one, two, three = fill(jd, "Second", "Third")
    page = open_page(client, url(jd, opened=two)).press(f"line-in:{two}")
    assert outline(jd) == [(FIRST, ["Second"]), "Third"]
    assert "is now sub-line 1 of 1 under" in page.text
    open_page(client, url(jd, opened=three)).press(f"line-in:{three}")
    assert outline(jd) == [(FIRST, ["Second", "Third"])]
    open_page(client, url(jd, opened=two)).press(f"line-out:{two}")
    assert outline(jd) == [(FIRST, ["Third"]), "Second"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("line-in", "no line above"),
        ("line-out", "nested under another line"),
    ],
)
def test_impossible_moves_are_refused_with_a_message(
    client: Any, jd: JobDescription, name: str, why: str
) -> None:
    page = open_page(client, url(jd))
    page.buttons = []
    assert why in page.press(f"{name}:{fill(jd)[0]}").text


def test_line_with_sub_lines_cannot_become_a_sub_line(jd: JobDescription) -> None:
    one, two = fill(jd, "Second")
    builders.change(jd, changes.AddLine(duties(jd).uid, {"text": "Below"}, parent=two))
    with pytest.raises(Exception, match="This line has sub-lines"):
        builders.change(jd, changes.PlaceLine(two, duties(jd).uid, "", parent=one))


def test_moving_a_line_in_an_order_changed_since_is_a_conflict(
    client: Any, jd: JobDescription
) -> None:
    """The page shows both states, as for every conflict."""
    one, two = fill(jd, "Second")
    page = open_page(client, url(jd))
    builders.change(jd, changes.MoveLine(two, -1))
    back = page.press(f"line-down:{one}")
    assert back.response.status_code == 409
    assert "pick-action" in fields(back)


# --- under "More"


def test_more_is_loaded_on_demand(client: Any, jd: JobDescription) -> None:
    """As a fragment for the script, or as the whole page, which saves everything typed."""
    uid = fill(jd)[0]
    page = open_page(client, url(jd))
    assert f"more-{uid}-detail" not in page.data
    part = client.get(reverse("wizard_line", args=[jd.reference, uid]))
    assert f'name="more-{uid}-detail"' in part.text
    page.data[f"line-{uid}-text"] = ["Typed before"]
    page = page.press(f"open:{uid}")
    assert page.data[f"more-{uid}-detail"] == [""]
    assert jd.lines.get(uid=uid).text == "Typed before"


def test_more_stays_open_when_the_page_is_loaded_again(client: Any, jd: JobDescription) -> None:
    one, two = fill(jd, "Second")
    page = open_page(client, url(jd, opened=one)).press(f"line-remove:{two}")
    assert f"more-{one}-detail" in page.data


@pytest.mark.slow
def test_fields_under_more_change_the_same_line(client: Any, jd: JobDescription) -> None:
    """Text and detail together, and each alone."""
    uid = fill(jd)[0]
    page = open_page(client, url(jd, opened=uid))
    page.data |= {f"line-{uid}-text": ["Text"], f"more-{uid}-detail": ["Detail"]}
    page = page.press("save")
    page = open_page(client, url(jd, opened=uid))
    page.data[f"more-{uid}-group"] = ["Weekly"]
    page.press("save")
    line = jd.lines.get(uid=uid)
    assert (line.text, line.detail, line.group) == ("Text", "Detail", "Weekly")


def test_autosaves_of_both_rows_of_a_line_do_not_conflict(client: Any, jd: JobDescription) -> None:
    """The answer to one renews the base of the other."""
    uid = fill(jd)[0]
    page = open_page(client, url(jd, opened=uid))
    page.data[f"line-{uid}-text"] = ["Text"]
    answer = page.press("autosave").text
    assert f'id="line-{uid}-base"' in answer
    assert f'id="more-{uid}-base"' in answer


@pytest.mark.slow
def test_conflict_shows_both_rows_of_a_line(client: Any, jd: JobDescription) -> None:
    """Choosing one's own text saves it."""
    uid = fill(jd)[0]
    page = open_page(client, url(jd, opened=uid))
    theirs = changes.ChangeLine(uid, {"text": "Theirs", "detail": "Their detail"})
    builders.change(jd, theirs)
    page.data |= {f"line-{uid}-text": ["Mine"], f"more-{uid}-detail": ["My detail"]}
    conflict = page.press("save")
    assert conflict.response.status_code == 409
    for typed in ("Mine", "Theirs", "My detail", "Their detail"):
        assert typed in conflict.text
    conflict.send(**{f"pick-line-{uid}": "mine"})
    line = jd.lines.get(uid=uid)
    assert (line.text, line.detail) == ("Mine", "My detail")


@pytest.mark.slow
def test_restored_line_has_the_values_typed_under_more(client: Any, jd: JobDescription) -> None:
    uid = fill(jd)[0]
    page = open_page(client, url(jd, opened=uid))
    builders.change(jd, changes.RemoveLine(uid))
    page.data[f"more-{uid}-detail"] = ["My detail"]
    conflict = page.press("save")
    assert conflict.response.status_code == 409
    conflict.send(**{f"pick-line-{uid}": "mine"})
    line = jd.lines.get(uid=uid)
    assert (line.text, line.detail) == (FIRST, "My detail")


@pytest.mark.slow
def test_locked_section_cannot_be_edited(client: Any, jd: JobDescription) -> None:
    """Its lines have no fields, and the editor's URLs refuse it."""
    Section.objects.filter(pk=duties(jd).pk).update(locked=True)
    uid = duties(jd).lines.get().uid
    page = open_page(client, url(jd))
    assert FIRST in page.text
    assert not [name for name in page.data if name.startswith(f"line-{uid}")]
    paste = reverse("wizard_paste", args=[jd.reference, duties(jd).uid])
    assert client.get(paste).status_code == 404
    for action in (f"line-in:{uid}", f"line-reset:{uid}", f"lines-add:{duties(jd).uid}"):
        page = open_page(client, url(jd))
        page.buttons = []
        entry = {
            f"entry-{duties(jd).uid}-0-text": "New",
            f"entry-{duties(jd).uid}-0-keep": "on",
        }
        assert "is locked by the template" in page.press(action, **entry).text
    assert uid == duties(jd).lines.get().uid


# --- the library's wording


@pytest.mark.slow
def test_reset_to_the_library_wording(client: Any, jd: JobDescription) -> None:
    """To the wording of the revision that the line came from."""
    used = builders.snippet("Forecast each quarter.", detail="With reasons.")
    builders.use(jd, used)
    library.revise(snippet=used, text="Forecast each month.", by=jd.owner, based_on=1)
    uid = jd.lines.get(revision__isnull=False).uid
    builders.change(jd, changes.ChangeLine(uid, {"text": "Guess."}))
    page = open_page(client, url(jd))
    assert f"line-reset:{uid}" in page.buttons
    page = page.press(f"line-reset:{uid}")
    assert jd.lines.get(uid=uid).text == "Forecast each quarter."
    assert f"line-reset:{uid}" not in page.buttons


@pytest.mark.slow
def test_several_snippets_are_added_at_once(client: Any, jd: JobDescription) -> None:
    """In the order of the list; a single undo removes them."""
    chosen = [builders.snippet(text).pk for text in ("Call back.", "Drive the van.")]
    page = open_page(client, url(jd))
    page.buttons = []
    page = page.press(f"snippets-add:{duties(jd).uid}", picked=chosen)
    assert outline(jd)[1:] == ["Call back.", "Drive the van."]
    page = page.press("undo")
    assert len(outline(jd)) == 1
    page.buttons = []
    assert "Select a snippet" in page.press(f"snippets-add:{duties(jd).uid}").text


def test_picker_marks_fitting_used_and_similar_snippets(client: Any, jd: JobDescription) -> None:
    builders.use(jd, builders.snippet("Call customers back within a day."))
    builders.snippet("Within a day, call customers back!")
    builders.snippet("Drive the van.", families=[builders.family()], levels=[builders.level()])
    pick = reverse("wizard_pick", args=[jd.reference, duties(jd).uid])
    text = client.get(pick).text
    assert text.count("already added") == 1
    assert "similar to “Call customers back within a day.”" in text
    assert text.count("fits this role") == 1


# --- undo


@pytest.mark.slow
def test_undo_and_redo_buttons(client: Any, jd: JobDescription) -> None:
    """They are enabled if there is something to undo or redo, also after a reload."""
    page = open_page(client, url(jd))
    uid = fill(jd)[0]
    page.data[f"line-{uid}-text"] = ["Other words"]
    page = page.press("save")
    assert "redo" not in page.buttons
    page = page.press("undo")
    assert jd.lines.get(uid=uid).text == FIRST
    assert messages(page)
    page = open_page(client, page.url).press("redo")
    assert jd.lines.get(uid=uid).text == "Other words"


def test_undo_of_a_line_changed_since_is_refused(client: Any, jd: JobDescription) -> None:
    """The message names the person who changed it, and the page stays."""
    uid = fill(jd)[0]
    builders.change(jd, changes.ChangeLine(uid, {"text": "Mine"}))
    other = builders.user("hr", first_name="Dana", last_name="Reyes")
    from roles import drafts

    theirs = changes.ChangeLine(uid, {"text": "Theirs"})
    drafts.apply(description=jd, by=other, token=jd.edit_token, changes=[theirs])
    page = open_page(client, url(jd)).press("undo")
    assert page.response.status_code == 422
    assert "Dana Reyes" in words(by_id(page, "refused"))
    assert jd.lines.get(uid=uid).text == "Theirs"


# --- pasted lists


def paste(client: Any, jd: JobDescription, text: str, section: Any = None) -> Page:
    address = reverse("wizard_paste", args=[jd.reference, (section or duties(jd)).uid])
    response = client.post(address, {"text": text})
    from tests.pages import read_page

    page = read_page(client, url(jd), response)
    return page


@pytest.mark.slow
def test_pasted_list_is_shown_and_added(client: Any, jd: JobDescription) -> None:
    """Bullets are removed, sub-entries stay, and a single undo removes everything."""
    page = paste(client, jd, "• Call customers\n   ◦ by phone\n   ◦ by mail\n• Write offers\n")
    assert len(outline(jd)) == 1
    page = page.press(f"lines-add:{duties(jd).uid}")
    assert outline(jd)[1:] == [("Call customers", ["by phone", "by mail"]), "Write offers"]
    page.press("undo")
    assert len(outline(jd)) == 1


def test_pasted_entry_with_a_snippet_is_linked(client: Any, jd: JobDescription) -> None:
    """It keeps its own wording."""
    used = builders.snippet("Forecast renewals for each quarter with reasons.")
    page = paste(client, jd, "- forecast renewals for each quarter, with reasons\n- Drive\n")
    assert f"entry-{duties(jd).uid}-0-revision" in fields(page)
    assert f"entry-{duties(jd).uid}-1-revision" not in fields(page)
    page.press(f"lines-add:{duties(jd).uid}")
    line = jd.lines.get(revision__snippet=used)
    assert line.text == "forecast renewals for each quarter, with reasons"
    assert line.is_reworded
    assert jd.lines.get(text="Drive").revision is None


def test_pasted_duplicates_are_marked_and_not_checked(client: Any, jd: JobDescription) -> None:
    """Duplicates of the draft's lines, and within the list."""
    page = paste(client, jd, f"* {FIRST}\n* Drive the van\n* Drive the van.\n")
    prefix = f"entry-{duties(jd).uid}"
    assert page.data[f"{prefix}-0-repeated"] == [FIRST]
    assert page.data[f"{prefix}-2-repeated"] == ["Drive the van"]
    page.press(f"lines-add:{duties(jd).uid}")
    assert outline(jd) == [FIRST, "Drive the van"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lift up to 20 pounds", "Lift up to 60 pounds"),
        ("Java", "JavaScript"),
        ("Approve internal transfers", "Approve external transfers"),
        ("Work with the US team", "Work with the us team"),
        ("Report gains above 5%", "Report gains below 5%"),
        ("Own C", "Own C#"),
        ("Staff shifts Mon–Fri", "Staff shifts Mon, Fri"),
        ("Prepare renewals with support", "Prepare renewals without support"),
        ("Level 1 support", "Level 2 support"),
        ("Travel to Austin", "Travel to Boston"),
        ("Approve payments up to $5,000", "Approve payments up to $50,000"),
        ("Use a crane", "Use a crane (licensed)"),
    ],
)
def test_lines_that_differ_in_a_word_that_matters_are_checked(
    client: Any, jd: JobDescription, one: str, other: str
) -> None:
    page = paste(client, jd, f"- {one}\n- {other}\n")
    page.press(f"lines-add:{duties(jd).uid}")
    assert outline(jd) == [FIRST, one, other]


TWENTY = """
Lift up to 20 pounds / Lift up to 60 pounds / Java / JavaScript / Approve internal transfers
Approve external transfers / Work day shifts / Work night shifts / Increase stock / Decrease stock
Report to the CEO / Report to the CFO / Train new nurses / Train new porters / Write in C
Write in C++ / Must travel / Must not travel / Open the Denver store / Open the Dover store
"""


def test_twenty_lines_that_differ_in_one_word_are_all_checked_and_added(
    client: Any, jd: JobDescription
) -> None:
    texts = [text.strip() for row in TWENTY.strip().splitlines() for text in row.split(" / ")]
    assert len(texts) == 20
    page = paste(client, jd, "\n".join(f"- {text}" for text in texts))
    kept = [name for name in page.data if name.endswith("-keep")]
    assert len(kept) == 20
    page.press(f"lines-add:{duties(jd).uid}")
    assert outline(jd) == [FIRST, *texts]


@pytest.mark.both_databases
def test_pasted_details_and_percentages_are_added(client: Any, jd: JobDescription) -> None:
    """From cells; both can be edited before."""
    page = paste(client, jd, "Plan the week\twith the team\t40%\nOrder stock\t\t60%")
    prefix = f"entry-{duties(jd).uid}"
    assert page.data[f"{prefix}-0-detail"] == ["with the team"]
    page.press(f"lines-add:{duties(jd).uid}", **{f"{prefix}-1-percent": "35"})
    added = jd.lines.filter(text__in=["Plan the week", "Order stock"]).order_by("position")
    assert [(line.text, line.detail, line.percent) for line in added] == [
        ("Plan the week", "with the team", 40),
        ("Order stock", "", 35),
    ]


@pytest.mark.slow
def test_invalid_percentage_of_a_pasted_line_is_refused(client: Any, jd: JobDescription) -> None:
    page = paste(client, jd, "40% – Plan the week")
    prefix = f"entry-{duties(jd).uid}-0-percent"
    for value in ("101", "-1", "ten", "9" * 500):
        refused = page.press(f"lines-add:{duties(jd).uid}", **{prefix: value})
        assert refused.response.status_code == 422
        assert refused.data[prefix] == [value]
        marked = [one.get("name") for one in find(refused, aria_invalid="true")]
        assert marked == [prefix]
    assert outline(jd) == [FIRST]


def test_percentage_stays_in_the_text_of_other_sections(client: Any, jd: JobDescription) -> None:
    """Qualifications have no share of time, so the text stays as it was pasted."""
    section = jd.sections.get(kind="qualifications")
    page = paste(client, jd, "40% – Plan the week", section=section)
    page.press(f"lines-add:{section.uid}")
    assert jd.lines.filter(text="40% – Plan the week").exists()


@pytest.mark.slow
def test_invalid_paste_is_refused_with_its_text(client: Any, jd: JobDescription) -> None:
    """Empty, too long, or too many lines."""
    for text, message in (
        ("", "Paste a list first."),
        (" \n\n", "Paste a list first|is empty"),
        ("x" * (PASTE_LIMIT + 1), "This list has"),
        ("\n".join(f"- Entry {n}" for n in range(2000)), "This list has"),
        ("y" * 5_000_000, "This list has"),
    ):
        page = paste(client, jd, text)
        assert page.response.status_code == 422
        assert any(part in page.text for part in message.split("|")), message
        assert text.strip()[:1000] in page.text
    assert len(outline(jd)) == 1


@pytest.mark.slow
def test_pasted_line_that_is_too_long_is_refused(client: Any, jd: JobDescription) -> None:
    """None of the lines is added, and all are still on the page."""
    page = paste(client, jd, "- Drive the van\n- " + "word " * 500)
    back = page.press(f"lines-add:{duties(jd).uid}")
    assert back.response.status_code == 422
    assert f"up to {LINE_LIMIT} characters" in back.text
    assert back.typed(f"entry-{duties(jd).uid}-0-text") == "Drive the van"
    assert len(outline(jd)) == 1
    back.data.pop(f"entry-{duties(jd).uid}-1-keep")
    back.press(f"lines-add:{duties(jd).uid}")
    assert outline(jd)[1:] == ["Drive the van"]


@pytest.mark.slow
def test_pasting_into_a_full_draft_is_refused(client: Any, jd: JobDescription) -> None:
    """One line too many; the list stays on the page."""
    rows = [
        Line(description=jd, section=duties(jd), text=f"Duty {n}", position=n)
        for n in range(2, LINES_LIMIT - 2)
    ]
    Line.objects.bulk_create(rows)
    page = paste(client, jd, "- One thing\n- Another matter\n")
    back = page.press(f"lines-add:{duties(jd).uid}")
    assert f"up to {LINES_LIMIT} lines. This one has {LINES_LIMIT - 1}" in back.text
    assert back.typed(f"entry-{duties(jd).uid}-1-text") == "Another matter"


# --- near duplicates


def test_nearest() -> None:
    """Order, case and punctuation are ignored, and a different number doesn't prevent a match."""
    keys = [folding.likeness_key(text) for text in ("Call back within a day.", "Drive a van")]
    assert folding.nearest("within A day: call back", keys) == (0, 100.0)
    assert folding.nearest("Drive the vans", keys) is None
    assert folding.nearest("anything", []) is None


@pytest.mark.both_databases
def test_in_library_finds_offered_snippets_only() -> None:
    """Of the requested kinds, in their newest wording."""
    one = builders.snippet("Call customers back within a day.")
    builders.snippet("Drive the company van.", status="proposed")
    builders.snippet("Patience", "skill")
    result = search.in_library(
        ["call customers back within a day", "Drive the company van", "patience"],
        ("responsibility",),
    )
    assert [revision.snippet_id if revision else None for revision in result] == [
        one.pk,
        None,
        None,
    ]
    assert search.in_library(["patience"], ()) != [None]


# --- placeholders


def test_panel_lists_each_placeholder_once_with_its_sections_and_count(
    client: Any, jd: JobDescription
) -> None:
    fill(jd, "Greet [Company] guests for [X] years", "Praise [Company Name] in [city]")
    panel = client.get(reverse("wizard_placeholders", args=[jd.reference])).text
    assert panel.count(">[Company]</label>") == 1
    assert "2 times" in panel
    assert "<span data-open-count>3</span> to fill in" in panel


def test_answers_are_suggested_from_the_facts(client: Any, jd: JobDescription) -> None:
    """The job's cities, years and department; choices in the brackets come first."""
    from roles.models import Location

    jd.locations.add(Location.objects.create(city="Denver", region="Colorado"))
    jd.department = builders.department("Sales")
    jd.save()
    texts = (
        "In [city]",
        "[X] years of it",
        "With [team]",
        "Meet [clients, partners]",
        "[X] visits",
    )
    fill(jd, *texts)
    panel = client.get(reverse("wizard_placeholders", args=[jd.reference])).text
    for word in ("Denver", "Sales", "clients", "partners"):
        assert f">{word}</button>" in panel
    assert panel.count(">2</button>") == 1  # for the years, not for the visits


def test_organization_default_is_used_and_labeled(client: Any, jd: JobDescription) -> None:
    """Another answer can be entered for this job description alone."""
    from roles.models import PlaceholderAnswer

    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    fill(jd, "In [city]")
    panel = client.get(reverse("wizard_placeholders", args=[jd.reference])).text
    assert "your organization’s default" in panel
    builders.change(jd, changes.AnswerPlaceholder("city", "Boise"))
    panel = client.get(reverse("wizard_placeholders", args=[jd.reference])).text
    assert "your organization’s default" not in panel
    assert 'value="Boise"' in panel


def test_version_shows_blank_placeholders(client: Any, jd: JobDescription) -> None:
    fill(jd, "In [city] for [X] years", "[X] tours of [city]")
    version = builders.version(jd)
    [note] = notes(client.get(reverse("version", args=[jd.reference, version.number])), "warning")
    assert "3 blanks ([city], [X])" in words(note)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_pasted_qualifications_have_their_marks(client_for: Any) -> None:
    """A heading, and words behind a line; both can be changed before the lines are added."""
    client = client_for("hr")
    jd = builders.description(client.user)
    uid = jd.sections.get(kind="qualifications").uid
    text = "Required qualifications\n• RN license\n• BLS\nPreferred\n• Spanish\n• French (required)"
    pasted = client.post(reverse("wizard_paste", args=[jd.reference, uid]), {"text": text})
    page = read_page(client, reverse("wizard_step", args=[jd.reference, "qualifications"]), pasted)
    assert page.data[f"entry-{uid}-2-requirement"] == ["preferred"]
    page.data[f"entry-{uid}-1-requirement"] = ["preferred"]
    page.press(f"lines-add:{uid}")
    rows = jd.sections.get(uid=uid).lines.order_by("position").values_list("text", "requirement")
    assert list(rows)[-4:] == [
        ("RN license", "required"),
        ("BLS", "preferred"),
        ("Spanish", "preferred"),
        ("French", "required"),
    ]
