"""The elements of a page, as tests.html finds them."""

from __future__ import annotations

from tests import html

PAGE = """
<main id="main">
  <h1>Two <em>words</em></h1>
  <div id="messages"><p class="note note-good">Done.</p></div>
  <p class="note note-warning is-big">Careful, <a href="/a/?x=1&amp;y=2">look <b>here</b></a></p>
  <template><p class="note">Later</p></template>
  <form action="/go/"><input name="one" value="<"><select name="two"></select>
    <button name="action" value="save">Save</button><button value="old" disabled>Old</button>
  </form>
</main>
"""


def test_elements_are_found_by_tag_class_and_attribute() -> None:
    assert [html.words(note) for note in html.notes(PAGE)] == ["Careful, look here"]
    assert html.notes(PAGE, "warning") != []
    assert html.notes(PAGE, "danger") == []
    assert html.find(PAGE, "input", name="one", value="<") != []
    assert html.find(PAGE, "p", name="one") == []
    assert html.messages(PAGE) == "Done."


def test_names_and_targets_are_returned() -> None:
    assert html.words(html.find(PAGE, "h1")[0]) == "Two words"
    assert html.links(PAGE) == {"/a/?x=1&y=2": "look here"}
    assert html.actions(PAGE) == {"/go/"}
    assert html.buttons(PAGE) == {"save"}
    assert html.fields(PAGE) == {"one", "two"}


def test_elements_can_be_searched_themselves() -> None:
    assert html.links(html.by_id(PAGE, "messages")) == {}
    assert len(html.links(html.by_id(PAGE, "main"))) == 1
