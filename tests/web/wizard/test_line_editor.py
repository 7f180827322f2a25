"""The line editor without JavaScript: moving, groups, sub-lines, fields under "More", pasted
lists, the library's wording, undo, and the placeholder panel."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import folding, library, search
from roles.drafts import changes
from roles.models import JobDescription, Line, Section
from tests import builders
from tests.pages import Page, open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def made(client: Any) -> JobDescription:
    return builders.description(client.user)


def url(made: JobDescription, step: str = "responsibilities", opened: str = "") -> str:
    address = reverse("wizard_step", args=[made.reference, step])
    return f"{address}?open={opened}" if opened else address


def duties(made: JobDescription) -> Section:
    return made.sections.get(kind="responsibilities")


def fill(made: JobDescription, *texts: str, **values: Any) -> list[str]:
    """Add lines to the responsibilities; returns the uids of all."""
    for text in texts:
        builders.add_line(made, duties(made).uid, text, **values)
    return list(duties(made).lines.order_by("position").values_list("uid", flat=True))


def outline(made: JobDescription, section: Section | None = None) -> list[Any]:
    """The texts in order; a line with sub-lines as (text, [sub-lines])."""
    found: list[Any] = []
    rows = (section or duties(made)).lines.filter(parent=None).order_by("position")
    for row in rows:
        subs = [sub.text for sub in row.lines.order_by("position")]
        found.append((row.text, subs) if subs else row.text)
    return found


FIRST = "Prepare renewal plans for each account."


# --- moving


def test_moving_past_the_edge_of_a_group_joins_the_next_group(made: JobDescription) -> None:
    """One more move leaves the last group."""
    builders.change(made, changes.ChangeLine(fill(made)[0], {"group": "Daily"}))
    uid = fill(made, "Second", group="Weekly")[1]
    builders.change(made, changes.MoveLine(uid, -1))
    line = made.lines.get(uid=uid)
    assert (line.group, outline(made)) == ("Daily", [FIRST, "Second"])
    builders.change(made, changes.MoveLine(uid, -1))
    assert outline(made) == ["Second", FIRST]
    builders.change(made, changes.MoveLine(uid, -1))
    assert made.lines.get(uid=uid).group == ""


def test_dropped_line_is_saved_at_the_drop_position(client: Any, made: JobDescription) -> None:
    """The script fills in the fields, and the message names the position."""
    one, two, _three = fill(made, "Second", "Third")
    page = open_page(client, url(made))
    place = {"place-section": duties(made).uid, "place-after": two, "place-group": "Weekly"}
    answer = page.client.post(page.url, {**page.data, **place, "action": f"line-place:{one}"})
    assert answer.status_code == 302
    assert outline(made) == ["Second", FIRST, "Third"]
    assert made.lines.get(uid=one).group == "Weekly"
    shown = client.get(answer.headers["Location"]).text
    assert "is now line 2 of 3 in Responsibilities, group Weekly." in shown


def test_line_dropped_in_another_section_takes_its_marks(
    made: JobDescription,
) -> None:
    """Required becomes preferred among preferred lines, a category that the section doesn't have is
    removed, and sub-lines move along."""
    required = made.sections.get(kind="qualifications")
    preferred = builders.add_section(made, "qualifications", "Preferred", "Spanish")
    other = made.sections.get(uid=preferred).lines.get()
    line = required.lines.get()
    builders.change(
        made,
        changes.ChangeLine(line.uid, {"requirement": "required", "category": "experience"}),
        changes.ChangeLine(other.uid, {"requirement": "preferred"}),
        changes.AddLine(required.uid, {"text": "In any trade"}, parent=line.uid),
    )
    builders.change(made, changes.PlaceLine(line.uid, preferred, None))
    line.refresh_from_db()
    assert (line.section.uid, line.requirement, line.category) == (
        *(preferred, "preferred", "experience"),
    )
    assert outline(made, line.section) == ["Spanish", (line.text, ["In any trade"])]
    builders.change(made, changes.PlaceLine(line.uid, duties(made).uid, ""))
    line.refresh_from_db()
    assert (line.requirement, line.category) == ("", "")


def test_indent_and_outdent_with_the_buttons(client: Any, made: JobDescription) -> None:
    """The buttons are under "More"."""
    _one, two, three = fill(made, "Second", "Third")
    page = open_page(client, url(made, opened=two)).press(f"line-in:{two}")
    assert outline(made) == [(FIRST, ["Second"]), "Third"]
    assert "is now sub-line 1 of 1 under" in page.text
    open_page(client, url(made, opened=three)).press(f"line-in:{three}")
    assert outline(made) == [(FIRST, ["Second", "Third"])]
    open_page(client, url(made, opened=two)).press(f"line-out:{two}")
    assert outline(made) == [(FIRST, ["Third"]), "Second"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("line-in", "no line above"),
        ("line-out", "stands under no other"),
    ],
)
def test_impossible_moves_are_refused_with_a_message(
    client: Any, made: JobDescription, name: str, why: str
) -> None:
    page = open_page(client, url(made))
    page.buttons = []
    assert why in page.press(f"{name}:{fill(made)[0]}").text


def test_line_with_sub_lines_cannot_become_a_sub_line(made: JobDescription) -> None:
    one, two = fill(made, "Second")
    builders.change(made, changes.AddLine(duties(made).uid, {"text": "Below"}, parent=two))
    with pytest.raises(Exception, match="sub-lines of its own"):
        builders.change(made, changes.PlaceLine(two, duties(made).uid, "", parent=one))


def test_moving_a_line_in_an_order_changed_since_is_a_conflict(
    client: Any, made: JobDescription
) -> None:
    """The page shows both states, as for every conflict."""
    one, two = fill(made, "Second")
    page = open_page(client, url(made))
    builders.change(made, changes.MoveLine(two, -1))
    back = page.press(f"line-down:{one}")
    assert back.response.status_code == 409
    assert "order of these lines was changed" in back.text


# --- under "More"


def test_more_is_loaded_on_demand(client: Any, made: JobDescription) -> None:
    """As a fragment for the script, or as the whole page, which saves everything typed."""
    uid = fill(made)[0]
    page = open_page(client, url(made))
    assert f"more-{uid}-detail" not in page.data
    part = client.get(reverse("wizard_line", args=[made.reference, uid]))
    assert f'name="more-{uid}-detail"' in part.text
    page.data[f"line-{uid}-text"] = ["Typed before"]
    page = page.press(f"open:{uid}")
    assert page.data[f"more-{uid}-detail"] == [""]
    assert made.lines.get(uid=uid).text == "Typed before"


def test_more_stays_open_when_the_page_is_loaded_again(client: Any, made: JobDescription) -> None:
    one, two = fill(made, "Second")
    page = open_page(client, url(made, opened=one)).press(f"line-remove:{two}")
    assert f"more-{one}-detail" in page.data


def test_fields_under_more_change_the_same_line(client: Any, made: JobDescription) -> None:
    """Text and detail together, and each alone."""
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    page.data |= {f"line-{uid}-text": ["Text"], f"more-{uid}-detail": ["Detail"]}
    page = page.press("save")
    page = open_page(client, url(made, opened=uid))
    page.data[f"more-{uid}-group"] = ["Weekly"]
    page.press("save")
    line = made.lines.get(uid=uid)
    assert (line.text, line.detail, line.group) == ("Text", "Detail", "Weekly")


def test_autosaves_of_both_rows_of_a_line_do_not_conflict(
    client: Any, made: JobDescription
) -> None:
    """The answer to one renews the base of the other."""
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    page.data[f"line-{uid}-text"] = ["Text"]
    answer = page.press("autosave").text
    assert f'id="line-{uid}-base"' in answer
    assert f'id="more-{uid}-base"' in answer


def test_conflict_shows_both_rows_of_a_line(client: Any, made: JobDescription) -> None:
    """Choosing one's own text saves it."""
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    theirs = changes.ChangeLine(uid, {"text": "Theirs", "detail": "Their detail"})
    builders.change(made, theirs)
    page.data |= {f"line-{uid}-text": ["Mine"], f"more-{uid}-detail": ["My detail"]}
    conflict = page.press("save")
    assert conflict.response.status_code == 409
    for words in ("Mine", "Theirs", "My detail", "Their detail"):
        assert words in conflict.text
    conflict.send(**{f"pick-line-{uid}": "mine"})
    line = made.lines.get(uid=uid)
    assert (line.text, line.detail) == ("Mine", "My detail")


def test_restored_line_has_the_values_typed_under_more(client: Any, made: JobDescription) -> None:
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    builders.change(made, changes.RemoveLine(uid))
    page.data[f"more-{uid}-detail"] = ["My detail"]
    conflict = page.press("save")
    assert conflict.response.status_code == 409
    conflict.send(**{f"pick-line-{uid}": "mine"})
    line = made.lines.get(uid=uid)
    assert (line.text, line.detail) == (FIRST, "My detail")


def test_locked_section_cannot_be_edited(client: Any, made: JobDescription) -> None:
    """Its lines have no fields, and the editor's URLs refuse it."""
    Section.objects.filter(pk=duties(made).pk).update(locked=True)
    uid = duties(made).lines.get().uid
    page = open_page(client, url(made))
    assert FIRST in page.text
    assert not [name for name in page.data if name.startswith(f"line-{uid}")]
    paste = reverse("wizard_paste", args=[made.reference, duties(made).uid])
    assert client.get(paste).status_code == 404
    for action in (f"line-in:{uid}", f"line-reset:{uid}", f"lines-add:{duties(made).uid}"):
        page = open_page(client, url(made))
        page.buttons = []
        entry = {
            f"entry-{duties(made).uid}-0-text": "New",
            f"entry-{duties(made).uid}-0-keep": "on",
        }
        assert "is locked by its template" in page.press(action, **entry).text
    assert uid == duties(made).lines.get().uid


# --- the library's wording


def test_reset_to_the_library_wording(client: Any, made: JobDescription) -> None:
    """To the wording of the revision that the line came from."""
    used = builders.snippet("Forecast each quarter.", detail="With reasons.")
    builders.use(made, used)
    library.revise(snippet=used, text="Forecast each month.", by=made.owner, based_on=1)
    uid = made.lines.get(revision__isnull=False).uid
    builders.change(made, changes.ChangeLine(uid, {"text": "Guess."}))
    page = open_page(client, url(made))
    assert f"line-reset:{uid}" in page.buttons
    page = page.press(f"line-reset:{uid}")
    assert made.lines.get(uid=uid).text == "Forecast each quarter."
    assert f"line-reset:{uid}" not in page.buttons


def test_several_snippets_are_added_at_once(client: Any, made: JobDescription) -> None:
    """In the order of the list; a single undo removes them."""
    chosen = [builders.snippet(text).pk for text in ("Call back.", "Drive the van.")]
    page = open_page(client, url(made))
    page.buttons = []
    page = page.press(f"snippets-add:{duties(made).uid}", picked=chosen)
    assert outline(made)[1:] == ["Call back.", "Drive the van."]
    page = page.press("undo")
    assert len(outline(made)) == 1
    page.buttons = []
    assert "Choose a text" in page.press(f"snippets-add:{duties(made).uid}").text


def test_picker_marks_fitting_used_and_similar_snippets(client: Any, made: JobDescription) -> None:
    builders.use(made, builders.snippet("Call customers back within a day."))
    builders.snippet("Within a day, call customers back!")
    builders.snippet("Drive the van.", families=[builders.family()], levels=[builders.level()])
    pick = reverse("wizard_pick", args=[made.reference, duties(made).uid])
    text = client.get(pick).text
    assert text.count("already here") == 1
    assert "close to “Call customers back within a day.”" in text
    assert text.count("fits this role") == 1


# --- undo


def test_undo_and_redo_buttons(client: Any, made: JobDescription) -> None:
    """They are enabled if there is something to undo or redo, also after a reload."""
    page = open_page(client, url(made))
    uid = fill(made)[0]
    page.data[f"line-{uid}-text"] = ["Other words"]
    page = page.press("save")
    assert "redo" not in page.buttons
    page = page.press("undo")
    assert made.lines.get(uid=uid).text == FIRST
    assert "Undone: changing a line." in page.text
    page = open_page(client, page.url).press("redo")
    assert made.lines.get(uid=uid).text == "Other words"


def test_undo_of_a_line_changed_since_is_refused(client: Any, made: JobDescription) -> None:
    """The message names the person who changed it, and the page stays."""
    uid = fill(made)[0]
    builders.change(made, changes.ChangeLine(uid, {"text": "Mine"}))
    other = builders.user("hr", first_name="Dana", last_name="Reyes")
    from roles import drafts

    theirs = changes.ChangeLine(uid, {"text": "Theirs"})
    drafts.apply(description=made, by=other, token=made.edit_token, changes=[theirs])
    page = open_page(client, url(made)).press("undo")
    assert page.response.status_code == 422
    assert "Dana Reyes has changed the same since" in page.text
    assert made.lines.get(uid=uid).text == "Theirs"


# --- pasted lists


def paste(client: Any, made: JobDescription, text: str) -> Page:
    address = reverse("wizard_paste", args=[made.reference, duties(made).uid])
    response = client.post(address, {"text": text})
    from tests.pages import read_page

    page = read_page(client, url(made), response)
    return page


def test_pasted_list_is_shown_and_added(client: Any, made: JobDescription) -> None:
    """Bullets are removed, sub-entries stay, and a single undo removes everything."""
    page = paste(client, made, "• Call customers\n   ◦ by phone\n   ◦ by mail\n• Write offers\n")
    assert len(outline(made)) == 1
    page = page.press(f"lines-add:{duties(made).uid}")
    assert outline(made)[1:] == [("Call customers", ["by phone", "by mail"]), "Write offers"]
    page.press("undo")
    assert len(outline(made)) == 1


def test_pasted_entry_with_a_snippet_is_linked(client: Any, made: JobDescription) -> None:
    """It keeps its own wording."""
    used = builders.snippet("Forecast renewals for each quarter with reasons.")
    page = paste(client, made, "- forecast renewals for each quarter, with reasons\n- Drive\n")
    assert "it will be linked" in page.text
    page.press(f"lines-add:{duties(made).uid}")
    line = made.lines.get(revision__snippet=used)
    assert line.text == "forecast renewals for each quarter, with reasons"
    assert line.is_reworded
    assert made.lines.get(text="Drive").revision is None


def test_pasted_duplicates_are_marked_and_not_checked(client: Any, made: JobDescription) -> None:
    """Duplicates of the draft's lines, and within the list."""
    page = paste(client, made, f"* {FIRST}\n* Drive the van\n* Drive the van.\n")
    assert page.text.count("Nearly repeats") == 2
    page.press(f"lines-add:{duties(made).uid}")
    assert outline(made) == [FIRST, "Drive the van"]


def test_invalid_paste_is_refused_with_its_text(client: Any, made: JobDescription) -> None:
    """Empty, too long, or too many lines."""
    for text, message in (
        ("", "Paste a list first."),
        (" \n\n", "Paste a list first|no text"),
        ("x" * 200_001, "too long to be a list"),
        ("\n".join(f"- Entry {n}" for n in range(2000)), "too long to be a list"),
        ("y" * 5_000_000, "too long to be a list"),
    ):
        page = paste(client, made, text)
        assert page.response.status_code == 422
        assert any(part in page.text for part in message.split("|")), message
        assert text.strip()[:1000] in page.text
    assert len(outline(made)) == 1


def test_pasted_line_that_is_too_long_is_refused(client: Any, made: JobDescription) -> None:
    """None of the lines is added, and all are still on the page."""
    page = paste(client, made, "- Drive the van\n- " + "word " * 500)
    back = page.press(f"lines-add:{duties(made).uid}")
    assert back.response.status_code == 422
    assert "at most 2000 characters" in back.text
    assert back.typed(f"entry-{duties(made).uid}-0-text") == "Drive the van"
    assert len(outline(made)) == 1
    back.data.pop(f"entry-{duties(made).uid}-1-keep")
    back.press(f"lines-add:{duties(made).uid}")
    assert outline(made)[1:] == ["Drive the van"]


def test_pasting_into_a_full_draft_is_refused(client: Any, made: JobDescription) -> None:
    """The limit is 400 lines; the list stays on the page."""
    rows = [
        Line(description=made, section=duties(made), text=f"Duty {n}", position=n)
        for n in range(2, 398)
    ]
    Line.objects.bulk_create(rows)
    page = paste(client, made, "- One thing\n- Another matter\n")
    back = page.press(f"lines-add:{duties(made).uid}")
    assert "at most 400 lines; this one has 399" in back.text
    assert back.typed(f"entry-{duties(made).uid}-1-text") == "Another matter"


# --- near duplicates


def test_nearest() -> None:
    """Order, case and punctuation are ignored, and a different number doesn't prevent a match."""
    keys = [folding.likeness_key(text) for text in ("Call back within a day.", "Drive a van")]
    assert folding.nearest("within A day: call back", keys) == (0, 100.0)
    assert folding.nearest("Drive the vans", keys) is None
    assert folding.nearest("anything", []) is None


def test_in_library_finds_offered_snippets_only() -> None:
    """Of the requested kinds, in their newest wording."""
    one = builders.snippet("Call customers back within a day.")
    builders.snippet("Drive the company van.", status="proposed")
    builders.snippet("Patience", "skill")
    found = search.in_library(
        ["call customers back within a day", "Drive the company van", "patience"],
        ("responsibility",),
    )
    assert [revision.snippet_id if revision else None for revision in found] == [one.pk, None, None]
    assert search.in_library(["patience"], ()) != [None]


# --- placeholders


def test_panel_lists_each_placeholder_once_with_its_sections_and_count(
    client: Any, made: JobDescription
) -> None:
    fill(made, "Greet [Company] guests for [X] years", "Praise [Company Name] in [city]")
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert panel.count(">[Company]</label>") == 1
    assert "2 times" in panel
    assert "<span data-open-count>3</span> open" in panel


def test_answers_are_suggested_from_the_facts(client: Any, made: JobDescription) -> None:
    """The job's cities, years and department; choices in the brackets come first."""
    from roles.models import Location

    made.locations.add(Location.objects.create(city="Denver", region="Colorado"))
    made.department = builders.department("Sales")
    made.save()
    texts = (
        "In [city]",
        "[X] years of it",
        "With [team]",
        "Meet [clients, partners]",
        "[X] visits",
    )
    fill(made, *texts)
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    for word in ("Denver", "Sales", "clients", "partners"):
        assert f">{word}</button>" in panel
    assert panel.count(">2</button>") == 1  # for the years, not for the visits


def test_organization_answer_is_used_and_named(client: Any, made: JobDescription) -> None:
    """Another answer can be entered for this job description alone."""
    from roles.models import PlaceholderAnswer

    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    fill(made, "In [city]")
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert "your organization’s answer" in panel
    builders.change(made, changes.AnswerPlaceholder("city", "Boise"))
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert "your organization’s answer" not in panel
    assert 'value="Boise"' in panel


def test_version_shows_blank_placeholders(client: Any, made: JobDescription) -> None:
    fill(made, "In [city] for [X] years", "[X] tours of [city]")
    version = builders.version(made)
    text = client.get(reverse("version", args=[made.reference, version.number])).text
    assert "This version has 3 blanks ([city], [X])" in text
    assert "cannot be approved, made effective or published" in text
