"""The working draft: every change of it, what it refuses, and how a draft begins."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roles import assembly, drafts, library, limits, vocabulary
from roles.document import (
    Answer,
    Document,
    DocumentLine,
    DocumentPayReference,
    DocumentPlace,
    DocumentSection,
    Fact,
)
from roles.drafts import changes, lifecycle, load_document
from roles.models import (
    CustomFact,
    Event,
    JobDescription,
    Line,
    Location,
    PayReference,
    PlaceholderAnswer,
    ReferenceCounter,
    Section,
    Snippet,
    Template,
    TemplateLine,
)
from tests import builders, starter_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> JobDescription:
    """A draft with a line in each of summary, responsibilities and qualifications."""
    return builders.description()


def section(made: JobDescription, kind: str = "responsibilities") -> Section:
    return made.sections.get(kind=kind)


def line(made: JobDescription, kind: str = "responsibilities") -> Line:
    return made.lines.filter(section__kind=kind).order_by("pk")[0]


def texts(made: JobDescription, kind: str = "responsibilities") -> list[str]:
    rows = made.lines.filter(section__kind=kind, parent=None).order_by("position", "pk")
    return [row.text for row in rows]


def pay_range(made: JobDescription, **values: Any) -> str:
    """The uid of a new pay range, in a new section."""
    uid = builders.add_section(made, "pay", "Pay")
    usual = {"minimum": Decimal(50), "maximum": Decimal(60), **values}
    builders.change(made, changes.AddPay(uid, usual))
    return str(made.sections.get(uid=uid).pay_ranges.get().uid)


def reference(**values: Any) -> PayReference:
    number = PayReference.objects.count()
    usual = {"code": f"r{number}", "role": "Ferry pilot", "amount": Decimal(54840)}
    return PayReference.objects.create(**{**usual, **values})


def conflicts(made: JobDescription, token: int, *asked: changes.Change) -> list[Any]:
    """Kind, uid and gone of each conflict that a page of that token meets; nothing of the
    changes may have taken effect."""
    before = assembly.assemble(made).canonical_json()
    with pytest.raises(drafts.StaleDraft) as caught:
        builders.change(made, *asked, token=token)
    made.refresh_from_db()
    assert assembly.assemble(made).canonical_json() == before
    assert caught.value.token == made.edit_token
    return [(c.kind, c.uid, c.gone) for c in caught.value.conflicts]


# --- what a change leaves behind


def one_of_each(made: JobDescription) -> dict[str, changes.Change]:
    """A change of every kind, for this draft."""
    pay = pay_range(made)
    builders.add_line(made, section(made).uid, "Second line")
    pay_section = section(made, "pay").uid
    builders.use(made, builders.snippet("Prepare a forecast for each quarter."))
    linked = made.lines.get(revision__isnull=False).uid
    builders.change(made, changes.ChangeLine(linked, {"text": "Forecast each quarter."}))
    snippet = Snippet.objects.get(revisions__lines__uid=linked)
    revised = library.revise(snippet=snippet, text="Forecast.", by=made.owner, based_on=1)
    first, second = line(made), made.lines.get(text="Second line")
    under = changes.AddLine(section(made).uid, {"text": "Under the first"}, parent=first.uid)
    builders.change(made, under)
    sub = made.lines.get(text="Under the first").uid
    entries = (changes.NewLine("One", lines=(changes.NewLine("Two"),)), changes.NewLine("Three"))
    return {
        "ChangeFacts": changes.ChangeFacts({"title": "Key account manager"}),
        "AddSection": changes.AddSection("benefits", "Benefits"),
        "ChangeSection": changes.ChangeSection(section(made).uid, {"heading": "Duties"}),
        "MoveSection": changes.MoveSection(section(made).uid, 1),
        "RemoveSection": changes.RemoveSection(section(made, "summary").uid),
        "AddLine": changes.AddLine(section(made).uid, {"text": "Third line"}),
        "AddLines": changes.AddLines(section(made).uid, entries),
        "AddSnippets": changes.AddSnippets(section(made).uid, (builders.snippet().pk,)),
        "ChangeLine": changes.ChangeLine(line(made).uid, {"text": "Other words"}),
        "TakeLibraryWording": changes.TakeLibraryWording(linked),
        "TakeRevision": changes.TakeRevision(linked, revised.pk),
        "MoveLine": changes.MoveLine(line(made).uid, 1),
        "PlaceLine": changes.PlaceLine(first.uid, section(made).uid, linked),
        "IndentLine": changes.IndentLine(second.uid),
        "OutdentLine": changes.OutdentLine(sub),
        "RemoveLine": changes.RemoveLine(line(made, "qualifications").uid),
        "AddPay": changes.AddPay(pay_section, {"minimum": 1, "maximum": 2}),
        "ChangePay": changes.ChangePay(pay, {"maximum": Decimal(70)}),
        "RemovePay": changes.RemovePay(pay),
        "ShowReferences": changes.ShowReferences(pay_section, (reference().pk,)),
        "AnswerPlaceholder": changes.AnswerPlaceholder("city", "Denver"),
    }


KINDS = sorted(kind.__name__ for kind in drafts.HANDLERS)


def test_every_change_is_tested(made: JobDescription) -> None:
    """A new change needs a line in one_of_each."""
    assert sorted(one_of_each(made)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_change_increments_the_token_and_records_one_event(made: JobDescription, kind: str) -> None:
    """The token goes up by one, the event tells who, which token and which rows."""
    change = one_of_each(made)[kind]
    token = made.edit_token
    before = assembly.assemble(made).canonical_json(), made.answers.count()
    events = Event.objects.count()
    assert builders.change(made, change) == token + 1
    event = Event.objects.filter(chain=made.reference).order_by("-number")[0]
    assert Event.objects.count() == events + 1
    assert (event.verb, event.actor) == ("draft.changed", made.owner.username)
    assert event.what["token"] == token + 1
    assert event.what["rows"]
    assert (assembly.assemble(made).canonical_json(), made.answers.count()) != before


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.startswith(("Add", "Remove"))])
def test_changing_a_missing_row_is_a_conflict(made: JobDescription, kind: str) -> None:
    """A row of another job description counts as gone too."""
    if kind in ("ChangeFacts", "AnswerPlaceholder"):
        change: Any = changes.AnswerPlaceholder("x", "2", line="nowhere")
    else:
        change = one_of_each(builders.description(made.owner))[kind]
    [(_kind, _uid, gone)] = conflicts(made, made.edit_token, change)
    assert gone


def test_many_changes_are_one_action(made: JobDescription) -> None:
    """One token, one event, all or none."""
    token = made.edit_token
    asked = [changes.AddLine(section(made).uid, {"text": f"Line {n}"}) for n in range(3)]
    builders.change(made, *asked)
    assert made.edit_token == token + 1
    refused = changes.AddLine(section(made).uid, {"text": "x" * 2001, "form": "entry"})
    with pytest.raises(ValidationError):
        builders.change(made, changes.AddLine(section(made).uid, {"text": "No"}), refused)
    assert "No" not in texts(made)
    assert made.edit_token == token + 1


def test_no_changes_record_nothing(made: JobDescription) -> None:
    """No token and no event for an empty list, or for a move over the edge."""
    token, events = made.edit_token, Event.objects.count()
    builders.change(made)
    builders.change(made, changes.MoveLine(line(made).uid, -1))
    builders.change(made, changes.MoveSection(section(made, "summary").uid, -1))
    builders.change(made, changes.AnswerPlaceholder("city"))
    assert (made.edit_token, Event.objects.count()) == (token, events)


def test_archived_draft_cannot_change(made: JobDescription) -> None:
    """It says what to do instead."""
    made.status = "archived"
    made.save()
    with pytest.raises(drafts.ActionRefused, match="archived"):
        builders.change(made, changes.ChangeFacts({"title": "No"}))


# --- stale pages


def test_changes_to_different_rows_are_merged(made: JobDescription) -> None:
    """Only what a write touches is compared."""
    old = made.edit_token
    builders.change(made, changes.ChangeLine(line(made).uid, {"text": "Hers"}))
    mine = changes.ChangeLine(line(made, "summary").uid, {"text": "Mine"})
    builders.change(made, mine, changes.ChangeFacts({"title": "Also mine"}), token=old)
    assert (texts(made), texts(made, "summary")) == (["Hers"], ["Mine"])
    assert made.title == "Also mine"


@pytest.mark.parametrize(
    ("theirs", "mine", "found"),
    [
        ("ChangeFacts", "ChangeFacts", "facts"),
        ("ChangeSection", "ChangeSection", "section"),
        ("MoveSection", "MoveSection", "outline"),
        ("ChangeLine", "ChangeLine", "line"),
        ("MoveLine", "MoveLine", "order"),
        ("ChangePay", "ChangePay", "pay"),
        ("ChangePay", "RemovePay", "pay"),
        ("ShowReferences", "ShowReferences", "section"),
        ("AnswerPlaceholder", "AnswerPlaceholder", "answer"),
    ],
)
def test_changes_to_the_same_row_conflict(
    made: JobDescription, theirs: str, mine: str, found: str
) -> None:
    """Nothing is written; the conflict names what kind of row it was."""
    asked = one_of_each(made)
    old = made.edit_token
    builders.change(made, asked[theirs])
    [(kind, _uid, gone)] = conflicts(made, old, asked[mine])
    assert (kind, gone) == (found, False)


def test_removing_a_changed_row_is_a_conflict(made: JobDescription) -> None:
    """A line by its words or by a sub-line, a section by any of its content."""
    whole, own = section(made), line(made)
    builders.change(made, changes.AddLine(whole.uid, {"text": "Sub"}, parent=own.uid))
    old = made.edit_token
    sub_line = own.lines.get()
    builders.change(made, changes.ChangeLine(sub_line.uid, {"text": "Changed"}))
    assert conflicts(made, old, changes.RemoveLine(own.uid)) == [("line", own.uid, False)]
    assert conflicts(made, old, changes.RemoveSection(whole.uid)) == [("section", whole.uid, False)]


def test_changing_a_removed_row_is_a_conflict(made: JobDescription) -> None:
    """It says that the row is gone."""
    own = line(made)
    old = builders.change(made)
    builders.change(made, changes.RemoveLine(own.uid))
    mine = changes.ChangeLine(own.uid, {"text": "Mine"})
    assert conflicts(made, old, mine) == [("line", own.uid, True)]


@pytest.mark.parametrize("kind", ["RemoveLine", "RemovePay", "RemoveSection"])
def test_removing_a_removed_row_succeeds(made: JobDescription, kind: str) -> None:
    """Both wanted it gone: nothing is left to do or to ask."""
    token = made.edit_token
    gone = one_of_each(builders.description(made.owner))[kind]
    assert builders.change(made, gone) == made.edit_token == token


def test_adding_to_a_removed_section_is_a_conflict(made: JobDescription) -> None:
    """The page still shows it."""
    whole, old = section(made), made.edit_token
    builders.change(made, changes.RemoveSection(whole.uid))
    for mine in (
        changes.AddLine(whole.uid, {"text": "Mine"}),
        changes.AddSnippets(whole.uid, (builders.snippet().pk,)),
        changes.AddPay(whole.uid, {"minimum": 1, "maximum": 2}),
    ):
        assert conflicts(made, old, mine) == [("section", whole.uid, True)]


def test_all_conflicts_are_reported_together(made: JobDescription) -> None:
    """No one answers one page after the other."""
    old, first, second = made.edit_token, line(made), line(made, "summary")
    theirs = [changes.ChangeLine(row.uid, {"text": "Theirs"}) for row in (first, second)]
    builders.change(made, *theirs)
    mine = [changes.ChangeLine(row.uid, {"text": "Mine"}) for row in (first, second)]
    found = conflicts(made, old, *mine, changes.ChangeFacts({"title": "Mine"}))
    assert found == [("line", first.uid, False), ("line", second.uid, False)]


def test_row_can_have_a_newer_base_than_its_page(made: JobDescription) -> None:
    """After an autosave the row knows of it, though the page as a whole may be older."""
    old, own = made.edit_token, line(made)
    saved = builders.change(made, changes.ChangeLine(own.uid, {"text": "First"}))
    assert conflicts(made, old, changes.ChangeLine(own.uid, {"text": "Second"}))
    builders.change(made, changes.ChangeLine(own.uid, {"text": "Second"}, base=saved), token=old)
    assert texts(made) == ["Second"]


def test_adding_lines_is_never_a_conflict(made: JobDescription) -> None:
    """Two people add to one section: both lines are there."""
    old = made.edit_token
    builders.change(made, changes.AddLine(section(made).uid, {"text": "Hers"}), token=old)
    builders.change(made, changes.AddLine(section(made).uid, {"text": "Mine"}), token=old)
    assert texts(made)[-2:] == ["Hers", "Mine"]


# --- sections


def test_new_section_is_inserted_at_the_position(made: JobDescription) -> None:
    """After the section named, or at the end; with the audience and style of its kind."""
    builders.change(made, changes.AddSection("pay", "Pay", after=section(made, "summary").uid))
    builders.change(made, changes.AddSection("reporting", "Reports to", after="nowhere"))
    rows = list(made.sections.order_by("position"))
    assert [row.kind for row in rows] == [
        *("summary", "pay", "responsibilities", "qualifications", "reporting")
    ]
    assert [row.position for row in rows] == [1, 2, 3, 4, 5]
    assert (rows[1].audience, rows[1].style) == ("restricted", "bullets")
    assert (rows[4].facts, rows[4].style) == (["reports_to"], "plain")


def test_section_limit(made: JobDescription) -> None:
    """The last one fits, the next is refused with the number."""
    space = limits.SECTIONS_LIMIT - made.sections.count()
    builders.change(made, *(changes.AddSection("other", f"S{n}") for n in range(space)))
    with pytest.raises(drafts.ActionRefused, match="60 sections"):
        builders.change(made, changes.AddSection("other", "One more"))
    assert made.sections.count() == 60


@pytest.mark.parametrize(
    ("uid_of", "by", "order"),
    [
        ("summary", 1, ["responsibilities", "summary", "qualifications"]),
        ("qualifications", -1, ["summary", "qualifications", "responsibilities"]),
        ("summary", 9, ["responsibilities", "qualifications", "summary"]),
        ("qualifications", -9, ["qualifications", "summary", "responsibilities"]),
    ],
)
def test_sections_move(made: JobDescription, uid_of: str, by: int, order: list[str]) -> None:
    """Up and down, and never over the edge."""
    builders.change(made, changes.MoveSection(section(made, uid_of).uid, by))
    assert list(made.sections.order_by("position").values_list("kind", flat=True)) == order


def test_removing_a_section_removes_its_content(made: JobDescription) -> None:
    """Lines, pay and the answers of its lines."""
    own = line(made)
    builders.change(made, changes.AnswerPlaceholder("x", "2", line=own.uid))
    builders.change(made, changes.RemoveSection(section(made).uid))
    assert not made.lines.filter(uid=own.uid).exists()
    assert not made.answers.exists()


def test_required_section_cannot_be_removed(made: JobDescription) -> None:
    """It may be changed, but not removed."""
    made.sections.update(required=True)
    with pytest.raises(drafts.ActionRefused, match="required by the template"):
        builders.change(made, changes.RemoveSection(section(made).uid))
    builders.change(made, changes.ChangeSection(section(made).uid, {"heading": "Duties"}))
    assert section(made).heading == "Duties"


@pytest.mark.parametrize(
    "kind",
    [
        *("AddLine", "AddSnippets", "ChangeLine", "MoveLine", "RemoveLine"),
        *("AddPay", "ChangePay", "RemovePay", "ShowReferences"),
    ],
)
def test_text_of_a_locked_section_cannot_change(made: JobDescription, kind: str) -> None:
    """Nothing in it is added, changed, moved or removed; the section is named."""
    change = one_of_each(made)[kind]
    made.sections.update(locked=True)
    with pytest.raises(drafts.ActionRefused, match="is locked by the template"):
        builders.change(made, change)


def test_locked_section_cannot_get_a_sub_line_from_another_section(made: JobDescription) -> None:
    """A parent of another section is refused, locked or not."""
    made.sections.filter(kind="responsibilities").update(locked=True)
    sneaky = changes.AddLine(section(made, "summary").uid, {"text": "In"}, parent=line(made).uid)
    with pytest.raises((drafts.ActionRefused, drafts.StaleDraft, ValidationError)):
        builders.change(made, sneaky)


def test_placeholders_of_a_locked_section_can_be_filled_in(made: JobDescription) -> None:
    """That is what they are for."""
    made.sections.update(locked=True)
    builders.change(made, changes.AnswerPlaceholder("x", "2", line=line(made).uid))
    assert made.answers.get().value == "2"


@pytest.mark.parametrize(
    "values",
    [{"audience": "everyone"}, {"style": "comic"}, {"heading": ""}, {"heading": "x" * 151}],
)
def test_invalid_section_values_are_refused(made: JobDescription, values: dict[str, str]) -> None:
    """What no form lets through raises and changes nothing."""
    with pytest.raises(ValidationError):
        builders.change(made, changes.ChangeSection(section(made).uid, values))


# --- lines


def test_a_new_line_joins_its_group(made: JobDescription) -> None:
    """Behind the last of its group and form; a paragraph at the end."""
    uid = section(made).uid
    for text, group in (("A1", "Daily"), ("B1", "Weekly"), ("A2", "Daily"), ("C", "")):
        builders.add_line(made, uid, text, group=group)
    first = "Prepare renewal plans for each account."
    assert texts(made) == [first, "C", "A1", "A2", "B1"]
    builders.add_line(made, uid, "At the end", form="paragraph")
    assert texts(made)[-1] == "At the end"


def test_a_line_whose_group_changes_moves_to_it(made: JobDescription) -> None:
    """So that groups stay together on paper."""
    uid = section(made).uid
    for text, group in (("A1", "Daily"), ("B1", "Weekly"), ("B2", "Weekly"), ("A2", "Daily")):
        builders.add_line(made, uid, text, group=group)
    moved = made.lines.get(text="B1")
    builders.change(made, changes.ChangeLine(moved.uid, {"group": "Daily"}))
    assert texts(made)[1:] == ["A1", "A2", "B1", "B2"]


def test_sub_lines_have_one_level(made: JobDescription) -> None:
    """Below a line, in its section, in order; not below a sub-line."""
    uid, own = section(made).uid, line(made)
    for text in ("One", "Two"):
        builders.change(made, changes.AddLine(uid, {"text": text}, parent=own.uid))
    assert [sub.text for sub in own.lines.order_by("position")] == ["One", "Two"]
    assert texts(made) == [own.text]
    sub = own.lines.order_by("position")[0]
    with pytest.raises(drafts.ActionRefused, match="its own sub-lines"):
        builders.change(made, changes.AddLine(uid, {"text": "Deep"}, parent=sub.uid))
    builders.change(made, changes.MoveLine(sub.uid, 1))
    assert [sub.text for sub in own.lines.order_by("position")] == ["Two", "One"]
    builders.change(made, changes.RemoveLine(own.uid))
    assert not made.lines.filter(parent__isnull=False).exists()


def test_a_changed_line_keeps_its_snippet(made: JobDescription) -> None:
    """Rewording is not cutting the link."""
    used = builders.snippet("Call every customer.", detail="Once a week.")
    builders.use(made, used)
    own = made.lines.get(revision__snippet=used)
    assert (own.text, own.detail, own.is_reworded) == (
        "Call every customer.",
        "Once a week.",
        False,
    )
    builders.change(made, changes.ChangeLine(own.uid, {"text": "Call most customers."}))
    own.refresh_from_db()
    assert own.is_reworded
    assert own.revision == used.latest()


def test_change_affects_only_the_given_fields(made: JobDescription) -> None:
    """A page that does not show a field does not clear it."""
    own = line(made)
    builders.change(made, changes.ChangeLine(own.uid, {"percent": 40, "frequency": "weekly"}))
    builders.change(made, changes.ChangeLine(own.uid, {"text": "Other", "uid": "x", "pk": 0}))
    again = made.lines.get(uid=own.uid)
    assert (again.text, again.percent, again.frequency) == ("Other", 40, "weekly")


@pytest.mark.parametrize(
    "values",
    [
        {"percent": 101},
        {"percent": -1},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "x" * 10_001, "form": "paragraph"},
        {"text": "a\x00b"},
        {"text": "a\x1bb"},
        {"text": "half \ud83d"},
        {"detail": "x" * 2001},
        {"group": "x" * 101},
        {"form": "poem"},
        {"form": ""},
        {"requirement": "perhaps"},
        {"frequency": "never"},
    ],
)
def test_invalid_line_values_are_refused(made: JobDescription, values: dict[str, Any]) -> None:
    """Limits hold in the model as well as in the form."""
    with pytest.raises(ValidationError):
        builders.change(made, changes.ChangeLine(line(made).uid, values))


def test_values_at_the_limits_are_accepted(made: JobDescription) -> None:
    """2,000 characters an entry, 10,000 a paragraph, 0 to 100 percent."""
    uid = section(made).uid
    builders.add_line(made, uid, "x" * 2000, percent=100)
    builders.add_line(made, uid, "x" * 10_000, form="paragraph", percent=0)
    assert made.lines.filter(text__startswith="xxx").count() == 2


def test_line_limit(made: JobDescription) -> None:
    """Sub-lines count; the message says what to do."""
    uid, own = section(made).uid, line(made)
    rows = [
        Line(description=made, section=section(made), parent=own if n % 2 else None, text=f"L{n}")
        for n in range(limits.LINES_LIMIT - made.lines.count())
    ]
    Line.objects.bulk_create(rows)
    for refused in (
        changes.AddLine(uid, {"text": "No"}),
        changes.AddLine(uid, {"text": "No"}, parent=own.uid),
        changes.AddSnippets(uid, (builders.snippet().pk,)),
    ):
        with pytest.raises(drafts.ActionRefused, match="400 lines"):
            builders.change(made, refused)
    builders.change(made, changes.RemoveLine(rows[0].uid), changes.AddLine(uid, {"text": "Yes"}))
    assert made.lines.count() == 400


def test_total_text_limit(made: JobDescription) -> None:
    """A print takes time in proportion; shortening is always possible."""
    row = Line(description=made, section=section(made), text="x" * 10_000, form="paragraph")
    size = limits.TEXT_LIMIT // 10_000
    Line.objects.bulk_create(
        Line(**{"description": made, "section": row.section, "text": row.text, "form": row.form})
        for _ in range(size)
    )
    long = line(made).uid
    with pytest.raises(drafts.ActionRefused, match="1,000,000 characters"):
        builders.change(made, changes.ChangeLine(long, {"text": "A longer text than before."}))
    first, second = made.lines.filter(text=row.text)[:2]
    builders.change(made, changes.RemoveLine(first.uid))
    builders.change(made, changes.ChangeLine(second.uid, {"text": "Short"}))
    assert made.lines.filter(text="Short").exists()


def test_removed_line_is_restored_with_its_uid(made: JobDescription) -> None:
    """Comments and comparison stand on it."""
    own = line(made)
    builders.change(made, changes.RemoveLine(own.uid))
    again = changes.AddLine(section(made).uid, {"text": "Back"}, uid=own.uid)
    builders.change(made, again)
    assert made.lines.get(uid=own.uid).text == "Back"


@pytest.mark.parametrize("uid", ["x" * 33, "a\x00b"])
def test_line_cannot_be_restored_with_an_invalid_uid(made: JobDescription, uid: str) -> None:
    """Uids come from pages, and pages can be forged."""
    with pytest.raises((ValidationError, drafts.ActionRefused)):
        builders.change(made, changes.AddLine(section(made).uid, {"text": "Back"}, uid=uid))


def test_lines_move_within_their_section(made: JobDescription) -> None:
    """Up and down, and never over the edge."""
    uid = section(made).uid
    for text in ("B", "C"):
        builders.add_line(made, uid, text)
    last = made.lines.get(text="C").uid
    builders.change(made, changes.MoveLine(last, -1))
    assert texts(made)[1:] == ["C", "B"]
    builders.change(made, changes.MoveLine(last, -5))
    assert texts(made)[0] == "C"
    builders.change(made, changes.MoveLine(last, 99))
    assert texts(made)[-1] == "C"


# --- from the library


def test_snippet_sets_the_fitting_fields(made: JobDescription) -> None:
    """Its newest words, its category where the section has such, and the requirement that the
    lines around it share."""
    uid = section(made, "qualifications").uid
    builders.change(
        made, changes.ChangeLine(line(made, "qualifications").uid, {"requirement": "preferred"})
    )
    used = builders.snippet("A degree.", "qualification", category="education")
    library.revise(snippet=used, text="A degree in any field.", by=made.owner, based_on=1)
    builders.change(made, changes.AddSnippets(uid, (used.pk,)))
    own = made.lines.get(revision__snippet=used)
    assert own.text == "A degree in any field."
    assert (own.category, own.requirement) == ("education", "preferred")
    builders.change(made, changes.AddSnippets(section(made).uid, (used.pk,)))
    assert made.lines.get(revision__snippet=used, section=section(made)).category == ""


def test_boilerplate_is_a_paragraph(made: JobDescription) -> None:
    """Everything else from the library is an entry."""
    used = builders.snippet("We are an equal opportunity employer.", "boilerplate")
    builders.change(made, changes.AddSnippets(section(made, "summary").uid, (used.pk,)))
    assert made.lines.get(revision__snippet=used).form == "paragraph"


@pytest.mark.parametrize("status", ["retired", "proposed"])
def test_unavailable_snippets_cannot_be_added(made: JobDescription, status: str) -> None:
    """Nor can what never was there."""
    used = builders.snippet()
    Snippet.objects.filter(pk=used.pk).update(status=status)
    for pk in (used.pk, 10**9):
        with pytest.raises(drafts.ActionRefused, match="no longer available"):
            builders.change(made, changes.AddSnippets(section(made).uid, (pk,)))


# --- pay and answers


def test_pay_ranges(made: JobDescription) -> None:
    """Added in order, changed field by field, removed."""
    uid = pay_range(made)
    whole = section(made, "pay")
    builders.change(
        made, changes.AddPay(whole.uid, {"minimum": 1, "maximum": 1, "level": "Senior"})
    )
    builders.change(made, changes.ChangePay(uid, {"location": "Denver", "uid": "x"}))
    first, second = whole.pay_ranges.order_by("position")
    assert (first.uid, first.location, first.maximum) == (uid, "Denver", Decimal(60))
    assert (second.level, second.currency, second.period) == ("Senior", "USD", "year")
    builders.change(made, changes.RemovePay(uid))
    assert whole.pay_ranges.get() == second


@pytest.mark.parametrize(
    "values",
    [
        {"minimum": Decimal(61)},
        {"minimum": Decimal(-1)},
        {"maximum": Decimal(10) ** 10},
        {"minimum": Decimal("1.005")},
        {"currency": "usd"},
        {"period": "decade"},
        {"years_from": 5, "years_to": 4},
        {"location": "x" * 101},
    ],
)
def test_invalid_pay_values_are_refused(made: JobDescription, values: dict[str, Any]) -> None:
    """The maximum is not below the minimum; currency, period and years are real."""
    uid = pay_range(made)
    with pytest.raises(ValidationError):
        builders.change(made, changes.ChangePay(uid, values))


def test_chosen_market_figures_replace_the_earlier_ones(made: JobDescription) -> None:
    """Instead of those shown so far; unknown ones are left out."""
    whole = builders.add_section(made, "pay", "Pay")
    first, second = reference(), reference(location="Denver")
    builders.change(made, changes.ShowReferences(whole, (first.pk,)))
    builders.change(made, changes.ShowReferences(whole, (second.pk, 10**9)))
    assert list(section(made, "pay").pay_references.all()) == [second]
    builders.change(made, changes.ShowReferences(whole, ()))
    assert not section(made, "pay").pay_references.exists()


def test_answers(made: JobDescription) -> None:
    """For the job description or for one line; aliases are one; an empty one takes it back."""
    own = line(made)
    builders.change(made, changes.AnswerPlaceholder("Company", "Acme"))
    builders.change(made, changes.AnswerPlaceholder("company name", "Acme Ltd"))
    builders.change(made, changes.AnswerPlaceholder("x", "2", line=own.uid))
    builders.change(made, changes.AnswerPlaceholder("sic", plain=True))
    stored = {(a.placeholder, a.value, a.plain, a.line_id) for a in made.answers.all()}
    assert stored == {
        ("company name", "Acme Ltd", False, None),
        ("x", "2", False, own.pk),
        ("sic", "", True, None),
    }
    builders.change(made, changes.AnswerPlaceholder("our company"))
    assert not made.answers.filter(placeholder="company name").exists()


@pytest.mark.parametrize("key", ["", " : ", "[ ]"])
def test_answer_requires_a_placeholder(made: JobDescription, key: str) -> None:
    """Nothing without words is stored."""
    with pytest.raises((ValidationError, drafts.ActionRefused)):
        builders.change(made, changes.AnswerPlaceholder(key, "Acme"))


# --- facts


def test_changed_facts_can_be_searched(made: JobDescription) -> None:
    """Title and similar titles, and the reference."""
    builders.change(
        made, changes.ChangeFacts({"title": "Key accounts", "similar_titles": ["Partner lead"]})
    )
    found = JobDescription.objects.filter(pk=made.pk)
    for words in ("key account", "partners leading", made.reference):
        assert found.matching(words).exists(), words


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 151},
        {"title": "a\x00b"},
        {"years_from": 61},
        {"weekly_hours": Decimal(169)},
        {"soc_code": "41"},
        {"work_mode": "asleep"},
    ],
)
def test_invalid_facts_are_refused(made: JobDescription, values: dict[str, Any]) -> None:
    """Limits hold in the model as well as in the form."""
    with pytest.raises(ValidationError):
        builders.change(made, changes.ChangeFacts(values))


# --- the start


def test_start_from_a_blank_page(made: JobDescription) -> None:
    """Three empty sections, the level's years, an owner, a reference, an event."""
    hr = builders.user("hr")
    new = drafts.start(by=hr, title="Clerk", family=builders.family(), level=builders.level())
    new.refresh_from_db()
    assert list(new.sections.order_by("position").values_list("kind", flat=True)) == [
        *("summary", "responsibilities", "qualifications")
    ]
    assert (new.owner, new.years_from, new.years_to) == (hr, 2, 4)
    assert not new.lines.exists()
    event = Event.objects.get(chain=new.reference)
    assert (event.verb, event.actor) == ("description.started", hr.username)


def test_references_are_consecutive_and_unique() -> None:
    """Numbered by prefix; a refused start takes no number, a deleted draft leaves its own."""
    hr, retired = builders.user("hr"), Template.objects.create(code="t", status="retired")
    first = drafts.start(by=hr, title="One", family=builders.family())
    with pytest.raises(drafts.ActionRefused, match="retired"):
        drafts.start(by=hr, title="No", family=builders.family(), template=retired)
    with pytest.raises(ValidationError):
        drafts.start(by=hr, title="", family=builders.family())
    second = drafts.start(by=hr, title="Two", family=builders.family())
    other = drafts.start(by=hr, title="Three")
    assert [d.reference for d in (first, second, other)] == ["ACC-0001", "ACC-0002", "JD-0001"]
    lifecycle.delete_draft(description=second, by=hr)
    third = drafts.start(by=hr, title="Four", family=builders.family())
    assert third.reference == "ACC-0003"


def test_references_continue_after_ten_thousand() -> None:
    """The number grows a digit."""
    ReferenceCounter.objects.create(prefix="ACC", last=9_999)
    new = drafts.start(by=builders.user(), title="Clerk", family=builders.family())
    assert new.reference == "ACC-10000"


TEMPLATES = starter_rules.TEMPLATES


@pytest.mark.parametrize("code", TEMPLATES)
def test_start_from_each_template(code: str, starter_library: None) -> None:
    """Its sections with guidance and marks, its lines with the newest words of their snippets."""
    template = Template.objects.get(code=code)
    new = drafts.start(by=builders.user(), title="Clerk", template=template)
    names = ("kind", "heading", "guidance", "audience", "style", "facts", "required", "locked")
    wanted = template.sections.order_by("position").values(*names)
    assert list(new.sections.order_by("position").values(*names)) == list(wanted)
    lines = TemplateLine.objects.filter(section__template=template)
    assert new.lines.count() == lines.count()
    assert new.lines.filter(parent__isnull=False).count() == (
        lines.filter(parent__isnull=False).count()
    )
    linked = lines.filter(snippet__isnull=False).values_list("snippet", flat=True)
    used = new.lines.filter(revision__isnull=False)
    assert sorted(used.values_list("revision__snippet", flat=True)) == sorted(linked)
    assert not any(row.is_reworded for row in used.select_related("revision"))
    assert len({row.uid for row in new.lines.all()}) == new.lines.count()


def test_retired_snippets_of_a_template_are_left_out(starter_library: None) -> None:
    """And tells the others' newest words."""
    template = Template.objects.get(code=TEMPLATES[0])
    first, second = Snippet.objects.filter(template_lines__section__template=template)[:2]
    curator = builders.user("curator")
    library.set_status(snippet=first, status="retired", by=curator)
    library.revise(snippet=second, text="Entirely new words.", by=curator, based_on=1)
    new = drafts.start(by=builders.user(), title="Clerk", template=template)
    assert not new.lines.filter(revision__snippet=first).exists()
    assert new.lines.get(revision__snippet=second).text == "Entirely new words."


def test_copy_has_the_same_text(made: JobDescription) -> None:
    """Another title, the same text, uids and links; the original does not change."""
    used = builders.snippet()
    builders.use(made, used)
    builders.change(made, changes.AnswerPlaceholder("city", "Denver"))
    made.sections.update(guidance="What belongs here", required=True)
    before = assembly.assemble(made)
    linked = made.lines.filter(revision__isnull=False).values_list("uid", "revision")
    new = drafts.start(
        by=builders.user(),
        title="Another",
        copy_of=before,
        revisions=dict(linked),
        template_fields=load_document.get_template_fields(made),
    )
    copy = assembly.assemble(new)
    assert copy.title == "Another"
    assert (copy.sections, copy.facts) == (before.sections, before.facts)
    assert new.lines.get(revision__isnull=False).revision == used.latest()
    assert set(new.sections.values_list("guidance", "required")) == {("What belongs here", True)}
    assert new.reference != made.reference
    assert assembly.assemble(made) == before


# --- load


def load(made: JobDescription, document: Document) -> list[str]:
    return drafts.load(made, document, revisions={}, template_fields={}, token=made.edit_token + 1)


def test_loaded_draft_equals_the_document(made: JobDescription) -> None:
    """What was there before is gone, answers too."""
    builders.change(made, changes.AnswerPlaceholder("city", "Denver"))
    sub_line = DocumentLine("u2", "Sub")
    line = DocumentLine("u1", "Text [X]", answers=(Answer("x", "2"),), lines=(sub_line,), percent=5)
    document = Document(
        "Clerk",
        facts=(Fact("years", ("", "4")), Fact("apply_by", ("open",))),
        sections=(DocumentSection("s1", "other", "At [City]", lines=(line,)),),
        answers=(Answer("city", "Boston"),),
    )
    assert load(made, document) == []
    made.refresh_from_db()
    assert assembly.assemble(made) == document


@pytest.mark.parametrize(
    ("fact", "label"),
    [
        (Fact("job_family", ("Alchemy",)), "Job family"),
        (Fact("job_level", ("Wizard",)), "Job level"),
        (Fact("department", ("Cellar",)), "Department"),
        (Fact("locations", places=(DocumentPlace("Atlantis"),)), "Locations"),
        (Fact("cost-centre", ("7",), label="Cost centre"), "Cost centre"),
    ],
)
def test_load_returns_labels_of_missing_records(
    made: JobDescription, fact: Fact, label: str
) -> None:
    """By its label, so that a person understands."""
    assert load(made, Document("Clerk", facts=(fact,))) == [label]


def test_load_uses_existing_records(made: JobDescription) -> None:
    """By name, place and code."""
    Location.objects.create(city="Denver", region="CO", country="US")
    CustomFact.objects.create(code="cost-centre", label="Cost centre")
    builders.department("Sales")
    facts = (
        Fact("department", ("Sales",)),
        Fact("locations", places=(DocumentPlace("Denver", "CO", "US"),)),
        Fact("cost-centre", ("7",), audience="internal", label="Cost centre"),
    )
    assert load(made, Document("Clerk", facts=facts)) == []
    made.refresh_from_db()
    assert assembly.assemble(made).facts == facts


def test_load_returns_missing_market_figures(made: JobDescription) -> None:
    """Those that are still recorded come back."""
    preserved = reference(location="Denver")
    gone = DocumentPayReference(role="Ferry pilot", amount=Decimal(1))
    whole = DocumentSection("s1", "pay", "Our pay", pay_references=(preserved.value(), gone))
    assert load(made, Document("Clerk", sections=(whole,))) == ["market figures in Our pay"]
    assert list(made.sections.get().pay_references.all()) == [preserved]


# --- people and keeping


def test_answers_of_the_organization_stay_when_a_draft_is_deleted(made: JobDescription) -> None:
    """Only the draft's own go with it."""
    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    builders.change(made, changes.AnswerPlaceholder("city", "Boston"))
    lifecycle.delete_draft(description=made, by=made.owner)
    assert PlaceholderAnswer.objects.get().value == "Denver"
    assert not list(Event.objects.broken())


@pytest.mark.parametrize("uid", vocabulary.PARTS)
def test_section_cannot_have_a_reserved_uid(uid):
    """An approval of the facts must never count for the text of a section."""
    made = builders.description()
    with pytest.raises(drafts.ActionRefused, match="a valid section ID"):
        builders.change(made, changes.AddSection("other", "Terms", uid=uid))
