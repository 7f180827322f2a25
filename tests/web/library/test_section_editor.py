"""Tests of the page of a template's section: its settings, lines, the library, pasted lists, and
simultaneous edits. All buttons are pressed as without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import library, limits
from roles.library import template_content, template_sections
from roles.library.template_content import SectionValue
from roles.models import Snippet, Template, TemplateSection
from tests import builders
from tests.html import by_id, find, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("curator")


@pytest.fixture
def template(client: Any) -> Template:
    return builders.template()


@pytest.fixture
def opened(client: Any, template: Template) -> Page:
    """The page of the responsibilities: one line with a snippet."""
    return open_page(client, address(template))


def address(template: Template, kind: str = "responsibilities") -> str:
    return reverse("template_section", args=[template.code, template.sections.get(kind=kind).uid])


def stored(template: Template, kind: str = "responsibilities") -> SectionValue:
    return next(one for one in template_content.stored(template) if one.kind == kind)


def lines(template: Template) -> list[Any]:
    """Returns the lines: a text, or the wording of a snippet in a tuple; a line with sub-lines as
    a list."""
    wordings = dict(Snippet.objects.values_list("pk", "text"))

    def shown(line: Any) -> Any:
        text = line.text if line.snippet is None else (wordings[line.snippet],)
        return [text, *map(shown, line.lines)] if line.lines else text

    return [shown(line) for line in stored(template).lines]


def write(opened: Page, text: str, **values: str) -> Page:
    """Adds a line and writes its text."""
    opened = opened.press("line-add")
    uid = opened.data["line"][-1]
    opened.data[f"line-{uid}-text"] = [text]
    opened.data |= {f"line-{uid}-{name}": [value] for name, value in values.items()}
    return opened


def uid_of(opened: Page, text: str) -> str:
    return next(uid for uid in opened.data["line"] if opened.data.get(f"line-{uid}-text") == [text])


VISIT = ("Visit the customers of Account manager, short.",)


# --- settings


@pytest.mark.both_databases
def test_settings_are_saved(opened: Page, template: Template) -> None:
    changes = {
        "heading": ["Duties"],
        "style": ["numbers"],
        "heading_display": ["hidden"],
        "audience": ["internal"],
        "required": ["on"],
        "locked": ["on"],
        "guidance": ["Begin with a verb.\r\nThen say why."],
    }
    opened.data |= changes
    saved = opened.press("save")
    assert "Section saved." in saved.text
    section = stored(template)
    assert (section.heading, section.style, section.heading_display) == (
        "Duties",
        "numbers",
        "hidden",
    )
    assert (section.audience, section.required, section.locked) == ("internal", True, True)
    assert section.guidance == "Begin with a verb.\nThen say why."
    assert lines(template) == [VISIT]
    assert template.revisions.count() == 2


def test_unchanged_section_makes_no_revision(opened: Page, template: Template) -> None:
    assert "No changes to save." in opened.press("save").text
    assert not template.revisions.exists()


def test_kind_decides_on_the_fields(opened: Page, template: Template) -> None:
    """Facts are for sections that print them."""
    assert "facts" not in opened.response.context["form"].fields
    opened.data["kind"] = ["facts"]
    opened = opened.press("update")
    assert stored(template).kind == "responsibilities"
    opened.data["facts"] = ["similar_titles", "work_mode"]
    opened.press("save")
    assert stored(template, "facts").facts == ("similar_titles", "work_mode")
    opened = open_page(opened.client, address(template, "facts"))
    opened.data["kind"] = ["other"]
    opened.press("save")
    assert stored(template, "other").facts == ()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"heading": ""}, "Enter the heading."),
        ({"heading": "x" * 151}, "Use at most 150 characters. You entered 151."),
        ({"guidance": "x" * 10_001}, "Use at most 10000 characters. You entered 10001."),
        ({"kind": "moon"}, "Select a valid choice"),
        ({"style": "moon"}, "Select a valid choice"),
        ({"guidance": "bell \x07"}, "U+0007"),
    ],
)
def test_invalid_settings_keep_what_was_typed(
    opened: Page, template: Template, values: dict[str, str], message: str
) -> None:
    before = stored(template)
    opened = write(opened, "Answer calls.")
    opened.data |= {name: [value] for name, value in values.items()}
    refused = opened.press("save")
    assert refused.response.status_code == 422
    assert message in refused.text
    assert refused.data[f"line-{refused.data['line'][-1]}-text"] == ["Answer calls."]
    for name, value in values.items():
        if name in ("heading", "guidance") and "\x07" not in value:
            assert refused.typed(name) == value
    assert stored(template) == before


def test_locked_section_needs_text(opened: Page, template: Template) -> None:
    opened = opened.press(f"line-remove:{opened.data['line'][0]}")
    opened.data["locked"] = ["on"]
    refused = opened.press("save")
    assert "This section has no text to lock." in refused.text
    assert not stored(template).locked


# --- lines


def test_lines_are_written_moved_nested_and_removed(opened: Page, template: Template) -> None:
    """Nothing is stored until the section is saved."""
    for text in ("Answer calls.", "Write letters.", "Send invoices."):
        opened = write(opened, text)
    opened = opened.press(f"line-up:{uid_of(opened, 'Write letters.')}")
    opened = opened.press(f"line-in:{uid_of(opened, 'Answer calls.')}")
    opened = opened.press(f"sub-add:{uid_of(opened, 'Write letters.')}")
    opened.data[f"line-{opened.data['line'][3]}-text"] = ["By hand."]
    opened = opened.press(f"line-up:{uid_of(opened, 'By hand.')}")
    opened = opened.press(f"line-remove:{uid_of(opened, 'Send invoices.')}")
    assert lines(template) == [VISIT]
    opened.press("save")
    assert lines(template) == [VISIT, ["Write letters.", "By hand.", "Answer calls."]]
    opened = open_page(opened.client, address(template))
    opened = opened.press(f"line-out:{uid_of(opened, 'By hand.')}")
    opened = opened.press(f"line-down:{opened.data['line'][0]}")
    opened.press("save")
    assert lines(template) == [["Write letters.", "Answer calls."], VISIT, "By hand."]


def test_fields_of_lines_are_saved(opened: Page, template: Template) -> None:
    opened = write(
        opened,
        "Answer calls.",
        detail="Within a day.",
        group="Daily",
        essential="essential",
        percent="20",
        frequency="daily",
    )
    opened.press("save")
    line = stored(template).lines[-1]
    assert (line.detail, line.group, line.essential) == ("Within a day.", "Daily", "essential")
    assert (line.percent, line.frequency) == (20, "daily")


def test_physical_demands_are_saved(opened: Page, template: Template) -> None:
    opened.data["kind"] = ["conditions"]
    opened = write(opened, "Lift boxes")
    uid = opened.data["line"][-1]
    for name, value in {
        "category": "physical",
        "amount": "22.5",
        "unit": "lb",
        "how_often": "frequently",
    }.items():
        assert f"line-{uid}-{name}" in opened.data
        opened.data[f"line-{uid}-{name}"] = [value]
    opened.press("save")
    line = stored(template, "conditions").lines[-1]
    assert (str(line.amount), line.unit, line.how_often) == ("22.50", "lb", "frequently")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": "x" * 2_001}, "A list item can have up to 2000 characters."),
        ({"text": "bell \x07"}, "U+0007"),
        ({"text": "", "detail": "Only this"}, "Enter some text, or remove the line."),
        ({"detail": "x" * 2_001}, "Use at most 2000 characters."),
        ({"percent": "101"}, "less than or equal to 100"),
        ({"percent": "half"}, "Enter a whole number."),
        ({"essential": "moon"}, "Select a valid choice"),
    ],
)
def test_invalid_line_is_marked_and_kept(
    opened: Page, template: Template, values: dict[str, str], message: str
) -> None:
    opened = write(opened, **{"text": "Answer calls.", **values})
    refused = opened.press("save")
    uid = refused.data["line"][-1]
    assert refused.response.status_code == 422
    assert message in words(by_id(refused.response, f"line-{uid}-errors"))
    for name, value in values.items():
        if "\x07" not in value and name != "essential":
            assert refused.typed(f"line-{uid}-{name}") == value
    assert lines(template) == [VISIT]


def test_blank_new_lines_are_left_out(opened: Page, template: Template) -> None:
    """A stored line whose text was deleted isn't: removing it has a button."""
    opened = write(opened, "Answer calls.").press("line-add").press("save")
    assert lines(template) == [VISIT, "Answer calls."]
    opened = open_page(opened.client, address(template))
    opened.data[f"line-{opened.data['line'][1]}-text"] = [" "]
    assert "Enter some text, or remove the line." in opened.press("save").text


def test_too_many_lines_are_refused(opened: Page, template: Template) -> None:
    opened.data["pasted"] = ["\n".join(f"Line {n}" for n in range(limits.LINES_LIMIT))]
    refused = opened.press("lines-paste").press("save")
    assert "A template can have up to 400 lines. This would make 402." in refused.text
    assert len(refused.data["line"]) == limits.LINES_LIMIT + 1


def test_odd_posts_are_harmless(opened: Page, template: Template) -> None:
    """Buttons of lines that are gone, ids that are none, parents that don't exist."""
    for action in (
        "line-up:gone",
        "line-in",
        "sub-add:",
        "moon",
        "snippet-add:x",
        "line-down:gone",
    ):
        opened.buttons.clear()
        assert opened.press(action).response.status_code == 200
    uid = opened.data["line"][0]
    opened.data["line"] = [uid, uid, "<b>", "new-one"]
    opened.data["line-new-one-text"] = ["Answer calls."]
    opened.data["line-new-one-parent"] = ["gone"]
    opened.press("save")
    assert lines(template) == [VISIT, "Answer calls."]
    assert opened.client.post(opened.url, {"action": "save"}).status_code == 422
    assert opened.client.get(opened.url.replace(uid, "x") + "x/").status_code == 404


# --- the library


def test_snippets_are_found_and_added(opened: Page, template: Template) -> None:
    """Those of the section's type come first; only active ones are offered."""
    call, skill = builders.snippet("Call customers."), builders.snippet("Calling", "skill")
    other = builders.snippet("Call suppliers.")
    Snippet.objects.filter(pk=other.pk).update(status="reference")
    opened = opened.press("snippets-search", q="call")
    found = words(by_id(opened.response, "picked"))
    assert "Call customers." in found
    assert "Calling" not in found
    assert "Call suppliers." not in found
    opened = opened.press("snippets-search", **{"q": "call", "pick-kind": "all"})
    assert "Calling" in words(by_id(opened.response, "picked"))
    opened = opened.press(f"snippet-add:{call.pk}", q="call")
    assert "already added" in words(by_id(opened.response, "picked"))
    opened = opened.press("snippets-add", picked=[str(skill.pk), str(call.pk)])
    opened.press("save")
    assert lines(template) == [VISIT, ("Call customers.",), ("Calling",), ("Call customers.",)]


def test_search_without_a_match_says_so(opened: Page) -> None:
    opened = opened.press("snippets-search", q="zebra")
    assert "No active snippets match “zebra”." in opened.text
    opened.buttons.clear()
    assert "Select a snippet first." in opened.press("snippets-add").text


def test_boilerplate_becomes_a_paragraph(opened: Page, template: Template) -> None:
    used = builders.snippet("We welcome everyone.", "boilerplate")
    opened.press("snippets-search", **{"pick-kind": "all"}).press(f"snippet-add:{used.pk}").press(
        "save"
    )
    assert stored(template).lines[-1].form == "paragraph"


def test_linked_line_is_detached(opened: Page, template: Template) -> None:
    """It keeps the wording, which can be changed now."""
    uid = opened.data["line"][0]
    assert f"line-{uid}-text" not in opened.data
    opened = opened.press(f"line-detach:{uid}")
    assert opened.typed(f"line-{uid}-text") == VISIT[0]
    opened.data[f"line-{uid}-text"] = ["Call the customers."]
    opened.press("save")
    assert lines(template) == ["Call the customers."]
    assert stored(template).lines[0].uid == uid


def test_snippet_retired_while_it_was_added_is_refused(opened: Page, template: Template) -> None:
    """The error is at its line; detaching it helps."""
    used = builders.snippet("Send faxes.")
    opened = opened.press("snippets-search", q="faxes").press(f"snippet-add:{used.pk}")
    library.set_status(snippet=used, status="retired", by=builders.user("curator"))
    refused = opened.press("save")
    uid = refused.data["line"][-1]
    assert "This snippet isn’t active anymore." in words(
        by_id(refused.response, f"line-{uid}-errors")
    )
    refused.press(f"line-detach:{uid}").press("save")
    assert lines(template) == [VISIT, "Send faxes."]


def test_retired_snippet_of_the_template_is_marked(client: Any, template: Template) -> None:
    """It stays until someone removes or detaches it. The preview leaves it out."""
    library.set_status(snippet=Snippet.objects.get(), status="retired", by=client.user)
    opened = open_page(client, address(template))
    assert "This snippet isn’t offered anymore." in opened.text
    assert VISIT[0] not in words(by_id(opened.response, "template-paper"))
    opened.data["heading"] = ["Duties"]
    assert "Section saved." in opened.press("save").text
    assert lines(template) == [VISIT]


# --- pasted lists


def test_list_is_pasted(opened: Page, template: Template) -> None:
    """Lines that the library has are linked to it; marks and sub-lines are read."""
    builders.snippet("Call customers.")
    opened.data["pasted"] = ["• Call customers.\n• Write letters\n  ◦ By hand.\n• Rest"]
    opened = opened.press("lines-paste")
    assert "4 lines added." in opened.text
    opened.press("save")
    assert lines(template) == [VISIT, ("Call customers.",), ["Write letters", "By hand."], "Rest"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Paste a list first."),
        (" \n ", "Paste a list first."),
        ("\n".join("x" for _ in range(401)), "This list has 401 lines."),
        ("x" * 200_001, "This list has 200,001 characters."),
    ],
)
def test_paste_that_cannot_be_read_is_kept(opened: Page, text: str, message: str) -> None:
    opened.data["pasted"] = [text]
    refused = opened.press("lines-paste")
    assert message in words(by_id(refused.response, "pasted-error"))
    assert len(refused.data["line"]) == 1


# --- preview


def test_preview_shows_what_was_typed(opened: Page, template: Template) -> None:
    """Within the whole template, and nothing is stored."""
    opened = write(opened, "Answer calls.")
    opened.data["heading"] = ["Duties"]
    opened.buttons.clear()
    shown = words(by_id(opened.press("preview").response, "template-paper"))
    assert "Duties" in shown
    assert "Answer calls." in shown
    assert "You look after" in shown
    assert lines(template) == [VISIT]


# --- simultaneous edits


def change(template: Template, **values: Any) -> None:
    """Someone else changes the section."""
    section = stored(template)
    settings = {name: getattr(section, name) for name in template_content.SETTINGS}
    template_sections.change_section(
        template=template,
        section=SectionValue(section.uid, lines=section.lines, **{**settings, **values}),
        base=template_content.state_of(section),
        by=builders.user("curator", first_name="Kim", last_name="Larsen"),
    )


@pytest.mark.both_databases
def test_second_person_is_asked_and_keeps_what_they_typed(opened: Page, template: Template) -> None:
    """The page shows what saving again would change."""
    change(template, heading="Theirs", guidance="Their guidance.")
    opened = write(opened, "Answer calls.")
    opened.data["heading"] = ["Mine"]
    asked = opened.press("save")
    assert asked.response.status_code == 409
    assert "Someone else changed this section since you opened this page." in asked.text
    assert "The last change is by Kim Larsen." in asked.text
    assert "Theirs" in "".join(map(words, find(asked.response, "del")))
    assert "Their guidance" in asked.text
    assert stored(template).heading == "Theirs"
    assert asked.typed("heading") == "Mine"
    asked.press("save")
    assert stored(template).heading == "Mine"
    assert lines(template) == [VISIT, "Answer calls."]


def test_section_removed_by_someone_else_is_added_again(opened: Page, template: Template) -> None:
    section = stored(template)
    template_sections.remove_section(
        template=template,
        uid=section.uid,
        base=template_content.state_of(section),
        by=builders.user("curator"),
    )
    opened = write(opened, "Answer calls.")
    asked = opened.press("save")
    assert asked.response.status_code == 409
    assert "Someone else removed this section since you opened this page." in asked.text
    assert not TemplateSection.objects.filter(uid=section.uid).exists()
    asked.press("save")
    assert lines(template) == [VISIT, "Answer calls."]
    assert opened.client.get(opened.url).status_code == 200


def test_form_sent_twice_saves_once(opened: Page, template: Template) -> None:
    opened.data["heading"] = ["Duties"]
    for _ in range(2):
        opened.press("save")
    assert template.revisions.count() == 2
