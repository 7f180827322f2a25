"""The line editor without JavaScript: moving, groups, sub-lines, what stands under "More",
pasted lists, the library's wording, undo, and the panel of placeholders."""

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
    """Further lines of the responsibilities; the uids of all."""
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


def test_a_step_over_the_edge_of_a_group_joins_the_next(made: JobDescription) -> None:
    """And one more step leaves the last group."""
    builders.change(made, changes.ChangeLine(fill(made)[0], {"group": "Daily"}))
    uid = fill(made, "Second", group="Weekly")[1]
    builders.change(made, changes.MoveLine(uid, -1))
    line = made.lines.get(uid=uid)
    assert (line.group, outline(made)) == ("Daily", [FIRST, "Second"])
    builders.change(made, changes.MoveLine(uid, -1))
    assert outline(made) == ["Second", FIRST]
    builders.change(made, changes.MoveLine(uid, -1))
    assert made.lines.get(uid=uid).group == ""


def test_a_dropped_line_stands_where_it_was_dropped(client: Any, made: JobDescription) -> None:
    """The fields that the script fills in; the answer says where it is."""
    one, two, _three = fill(made, "Second", "Third")
    page = open_page(client, url(made))
    place = {"place-section": duties(made).uid, "place-after": two, "place-group": "Weekly"}
    answer = page.client.post(page.url, {**page.data, **place, "action": f"line-place:{one}"})
    assert answer.status_code == 302
    assert outline(made) == ["Second", FIRST, "Third"]
    assert made.lines.get(uid=one).group == "Weekly"
    shown = client.get(answer.headers["Location"]).text
    assert "is now line 2 of 3 in Responsibilities, group Weekly." in shown


def test_a_line_dropped_in_another_section_becomes_as_the_others_there(
    made: JobDescription,
) -> None:
    """Required among required ones becomes preferred among preferred ones; a category that
    does not exist there goes; sub-lines come along."""
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


def test_into_a_line_and_out_again(client: Any, made: JobDescription) -> None:
    """With the buttons under "More"."""
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
def test_what_cannot_be_moved_says_why(
    client: Any, made: JobDescription, name: str, why: str
) -> None:
    page = open_page(client, url(made))
    page.buttons = []
    assert why in page.press(f"{name}:{fill(made)[0]}").text


def test_a_line_with_sub_lines_goes_under_no_other(made: JobDescription) -> None:
    one, two = fill(made, "Second")
    builders.change(made, changes.AddLine(duties(made).uid, {"text": "Below"}, parent=two))
    with pytest.raises(Exception, match="sub-lines of its own"):
        builders.change(made, changes.PlaceLine(two, duties(made).uid, "", parent=one))


def test_what_someone_reordered_meanwhile_is_not_reordered_blindly(
    client: Any, made: JobDescription
) -> None:
    """The page with both states, as for every conflict."""
    one, two = fill(made, "Second")
    page = open_page(client, url(made))
    builders.change(made, changes.MoveLine(two, -1))
    back = page.press(f"line-down:{one}")
    assert back.response.status_code == 409
    assert "order of these lines was changed" in back.text


# --- under "More"


def test_more_comes_when_it_is_wanted(client: Any, made: JobDescription) -> None:
    """As a part for the script; as the whole page without it, with everything typed saved."""
    uid = fill(made)[0]
    page = open_page(client, url(made))
    assert f"more-{uid}-detail" not in page.data
    part = client.get(reverse("wizard_line", args=[made.reference, uid]))
    assert f'name="more-{uid}-detail"' in part.text
    page.data[f"line-{uid}-text"] = ["Typed before"]
    page = page.press(f"open:{uid}")
    assert page.data[f"more-{uid}-detail"] == [""]
    assert made.lines.get(uid=uid).text == "Typed before"


def test_it_stays_open_when_the_page_is_drawn_again(client: Any, made: JobDescription) -> None:
    one, two = fill(made, "Second")
    page = open_page(client, url(made, opened=one)).press(f"line-remove:{two}")
    assert f"more-{one}-detail" in page.data


def test_what_is_typed_there_is_a_change_of_the_same_line(
    client: Any, made: JobDescription
) -> None:
    """Its text and its detail in one go, and each alone."""
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    page.data |= {f"line-{uid}-text": ["Text"], f"more-{uid}-detail": ["Detail"]}
    page = page.press("save")
    page = open_page(client, url(made, opened=uid))
    page.data[f"more-{uid}-group"] = ["Weekly"]
    page.press("save")
    line = made.lines.get(uid=uid)
    assert (line.text, line.detail, line.group) == ("Text", "Detail", "Weekly")


def test_autosaves_of_both_parts_do_not_meet_as_strangers(
    client: Any, made: JobDescription
) -> None:
    """The answer to the one renews what the other is based on."""
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    page.data[f"line-{uid}-text"] = ["Text"]
    answer = page.press("autosave").text
    assert f'id="line-{uid}-base"' in answer
    assert f'id="more-{uid}-base"' in answer


def test_a_conflict_shows_what_is_typed_in_both(client: Any, made: JobDescription) -> None:
    """And keeps mine where I say so."""
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


def test_a_removed_line_comes_back_with_what_was_typed_under_more(
    client: Any, made: JobDescription
) -> None:
    uid = fill(made)[0]
    page = open_page(client, url(made, opened=uid))
    builders.change(made, changes.RemoveLine(uid))
    page.data[f"more-{uid}-detail"] = ["My detail"]
    conflict = page.press("save")
    assert conflict.response.status_code == 409
    conflict.send(**{f"pick-line-{uid}": "mine"})
    line = made.lines.get(uid=uid)
    assert (line.text, line.detail) == (FIRST, "My detail")


def test_a_locked_section_offers_nothing_and_takes_nothing(
    client: Any, made: JobDescription
) -> None:
    """No field of its lines, no way in by the addresses of the editor."""
    Section.objects.filter(pk=duties(made).pk).update(locked=True)
    one = fill_locked = duties(made).lines.get().uid
    page = open_page(client, url(made))
    assert FIRST in page.text
    assert not [name for name in page.data if name.startswith(f"line-{one}")]
    paste = reverse("wizard_paste", args=[made.reference, duties(made).uid])
    assert client.get(paste).status_code == 404
    for do in (f"line-in:{one}", f"line-reset:{one}", f"lines-add:{duties(made).uid}"):
        page = open_page(client, url(made))
        page.buttons = []
        entry = {
            f"entry-{duties(made).uid}-0-text": "New",
            f"entry-{duties(made).uid}-0-keep": "on",
        }
        assert "is locked by its template" in page.press(do, **entry).text
    assert fill_locked == duties(made).lines.get().uid


# --- the library's wording


def test_back_to_the_words_of_the_library(client: Any, made: JobDescription) -> None:
    """Of the revision that the line came from."""
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


def test_several_texts_are_added_at_once(client: Any, made: JobDescription) -> None:
    """In the order of the list; one undo takes them back."""
    chosen = [builders.snippet(text).pk for text in ("Call back.", "Drive the van.")]
    page = open_page(client, url(made))
    page.buttons = []
    page = page.press(f"snippets-add:{duties(made).uid}", picked=chosen)
    assert outline(made)[1:] == ["Call back.", "Drive the van."]
    page = page.press("undo")
    assert len(outline(made)) == 1
    page.buttons = []
    assert "Choose a text" in page.press(f"snippets-add:{duties(made).uid}").text


def test_the_picker_marks_what_fits_what_is_here_and_what_is_close(
    client: Any, made: JobDescription
) -> None:
    builders.use(made, builders.snippet("Call customers back within a day."))
    builders.snippet("Within a day, call customers back!")
    builders.snippet("Drive the van.", families=[builders.family()], levels=[builders.level()])
    pick = reverse("wizard_pick", args=[made.reference, duties(made).uid])
    text = client.get(pick).text
    assert text.count("already here") == 1
    assert "close to “Call customers back within a day.”" in text
    assert text.count("fits this role") == 1


# --- undo


def test_undo_and_redo_by_the_buttons(client: Any, made: JobDescription) -> None:
    """Enabled where there is something, and after a reload as well."""
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


def test_undo_is_refused_plainly(client: Any, made: JobDescription) -> None:
    """With the name of who changed it; the page stays."""
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


def test_a_pasted_list_is_shown_and_added(client: Any, made: JobDescription) -> None:
    """Bullets go, sub-entries stay, and one undo takes it all back."""
    page = paste(client, made, "• Call customers\n   ◦ by phone\n   ◦ by mail\n• Write offers\n")
    assert len(outline(made)) == 1
    page = page.press(f"lines-add:{duties(made).uid}")
    assert outline(made)[1:] == [("Call customers", ["by phone", "by mail"]), "Write offers"]
    page.press("undo")
    assert len(outline(made)) == 1


def test_an_entry_that_the_library_has_is_linked(client: Any, made: JobDescription) -> None:
    """With the words as they were pasted."""
    used = builders.snippet("Forecast renewals for each quarter with reasons.")
    page = paste(client, made, "- forecast renewals for each quarter, with reasons\n- Drive\n")
    assert "it will be linked" in page.text
    page.press(f"lines-add:{duties(made).uid}")
    line = made.lines.get(revision__snippet=used)
    assert line.text == "forecast renewals for each quarter, with reasons"
    assert line.is_reworded
    assert made.lines.get(text="Drive").revision is None


def test_what_repeats_a_line_is_pointed_out_and_not_ticked(
    client: Any, made: JobDescription
) -> None:
    """Neither what the draft has, nor what the list has twice."""
    page = paste(client, made, f"* {FIRST}\n* Drive the van\n* Drive the van.\n")
    assert page.text.count("Nearly repeats") == 2
    page.press(f"lines-add:{duties(made).uid}")
    assert outline(made) == [FIRST, "Drive the van"]


def test_what_is_wrong_with_a_paste_is_said_beside_it(client: Any, made: JobDescription) -> None:
    """Empty, too long, too many: nothing is lost."""
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


def test_a_line_that_is_too_long_is_said_and_kept(client: Any, made: JobDescription) -> None:
    """The others wait with it."""
    page = paste(client, made, "- Drive the van\n- " + "word " * 500)
    back = page.press(f"lines-add:{duties(made).uid}")
    assert back.response.status_code == 422
    assert "at most 2000 characters" in back.text
    assert back.typed(f"entry-{duties(made).uid}-0-text") == "Drive the van"
    assert len(outline(made)) == 1
    back.data.pop(f"entry-{duties(made).uid}-1-keep")
    back.press(f"lines-add:{duties(made).uid}")
    assert outline(made)[1:] == ["Drive the van"]


def test_a_full_draft_takes_no_more(client: Any, made: JobDescription) -> None:
    """400 lines, and the list that was to come stays on the page."""
    rows = [
        Line(description=made, section=duties(made), text=f"Duty {n}", position=n)
        for n in range(2, 398)
    ]
    Line.objects.bulk_create(rows)
    page = paste(client, made, "- One thing\n- Another matter\n")
    back = page.press(f"lines-add:{duties(made).uid}")
    assert "at most 400 lines; this one has 399" in back.text
    assert back.typed(f"entry-{duties(made).uid}-1-text") == "Another matter"


# --- what is like something else


def test_nearest() -> None:
    """Order, case and punctuation do not count; a number does not make a like text unlike."""
    keys = [folding.likeness_key(text) for text in ("Call back within a day.", "Drive a van")]
    assert folding.nearest("within A day: call back", keys) == (0, 100.0)
    assert folding.nearest("Drive the vans", keys) is None
    assert folding.nearest("anything", []) is None


def test_in_library_finds_offered_texts_only() -> None:
    """Of the kinds asked for, in their newest wording."""
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


def test_the_panel_lists_each_placeholder_once_with_where_and_how_often(
    client: Any, made: JobDescription
) -> None:
    fill(made, "Greet [Company] guests for [X] years", "Praise [Company Name] in [city]")
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert panel.count(">[Company]</label>") == 1
    assert "2 times" in panel
    assert "<span data-open-count>3</span> open" in panel


def test_answers_are_suggested_from_the_facts(client: Any, made: JobDescription) -> None:
    """Cities of the job, its years, its department; choices in the brackets come first."""
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
    assert panel.count(">2</button>") == 1  # of the years, not of the visits


def test_the_organizations_answer_comes_first_and_says_so(
    client: Any, made: JobDescription
) -> None:
    """Another one may be written for this job description alone."""
    from roles.models import PlaceholderAnswer

    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    fill(made, "In [city]")
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert "your organization’s answer" in panel
    builders.change(made, changes.AnswerPlaceholder("city", "Boise"))
    panel = client.get(reverse("wizard_placeholders", args=[made.reference])).text
    assert "your organization’s answer" not in panel
    assert 'value="Boise"' in panel


def test_a_version_shows_plainly_what_was_open(client: Any, made: JobDescription) -> None:
    fill(made, "In [city] for [X] years", "[X] tours of [city]")
    version = builders.version(made)
    text = client.get(reverse("version", args=[made.reference, version.number])).text
    assert "3 placeholders were open when this version was saved: [city], [X]." in text
    assert "cannot be approved, made effective or published" in text
