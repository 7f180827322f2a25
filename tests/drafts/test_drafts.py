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
def jd() -> JobDescription:
    """A draft with a line in each of summary, responsibilities and qualifications."""
    return builders.description()


def section(jd: JobDescription, kind: str = "responsibilities") -> Section:
    return jd.sections.get(kind=kind)


def line(jd: JobDescription, kind: str = "responsibilities") -> Line:
    return jd.lines.filter(section__kind=kind).order_by("pk")[0]


def texts(jd: JobDescription, kind: str = "responsibilities") -> list[str]:
    rows = jd.lines.filter(section__kind=kind, parent=None).order_by("position", "pk")
    return [row.text for row in rows]


def pay_range(jd: JobDescription, **values: Any) -> str:
    """The uid of a new pay range, in a new section."""
    uid = builders.add_section(jd, "pay", "Pay")
    usual = {"minimum": Decimal(50), "maximum": Decimal(60), **values}
    builders.change(jd, changes.AddPay(uid, usual))
    return str(jd.sections.get(uid=uid).pay_ranges.get().uid)


def reference(**values: Any) -> PayReference:
    number = PayReference.objects.count()
    usual = {"code": f"r{number}", "role": "Ferry pilot", "amount": Decimal(54840)}
    return PayReference.objects.create(**{**usual, **values})


def conflicts(jd: JobDescription, token: int, *requested: changes.Change) -> list[Any]:
    """Kind, uid and gone of each conflict that a page of that token meets; nothing of the
    changes may have taken effect."""
    before = assembly.assemble(jd).canonical_json()
    with pytest.raises(drafts.StaleDraft) as caught:
        builders.change(jd, *requested, token=token)
    jd.refresh_from_db()
    assert assembly.assemble(jd).canonical_json() == before
    assert caught.value.token == jd.edit_token
    return [(c.kind, c.uid, c.gone) for c in caught.value.conflicts]


# --- what a change leaves behind


def one_of_each(jd: JobDescription) -> dict[str, changes.Change]:
    """A change of every kind, for this draft."""
    pay = pay_range(jd)
    builders.add_line(jd, section(jd).uid, "Second line")
    pay_section = section(jd, "pay").uid
    builders.use(jd, builders.snippet("Prepare a forecast for each quarter."))
    linked = jd.lines.get(revision__isnull=False).uid
    builders.change(jd, changes.ChangeLine(linked, {"text": "Forecast each quarter."}))
    snippet = Snippet.objects.get(revisions__lines__uid=linked)
    revised = library.revise(snippet=snippet, text="Forecast.", by=jd.owner, based_on=1)
    assert revised is not None
    first, second = line(jd), jd.lines.get(text="Second line")
    under = changes.AddLine(section(jd).uid, {"text": "Under the first"}, parent=first.uid)
    builders.change(jd, under)
    sub = jd.lines.get(text="Under the first").uid
    entries = (changes.NewLine("One", lines=(changes.NewLine("Two"),)), changes.NewLine("Three"))
    return {
        "ChangeFacts": changes.ChangeFacts({"title": "Key account manager"}),
        "AddSection": changes.AddSection("benefits", "Benefits"),
        "ChangeSection": changes.ChangeSection(section(jd).uid, {"heading": "Duties"}),
        "MoveSection": changes.MoveSection(section(jd).uid, 1),
        "PlaceSection": changes.PlaceSection(section(jd).uid, ""),
        "RemoveSection": changes.RemoveSection(section(jd, "summary").uid),
        "AddLine": changes.AddLine(section(jd).uid, {"text": "Third line"}),
        "AddLines": changes.AddLines(section(jd).uid, entries),
        "AddSnippets": changes.AddSnippets(section(jd).uid, (builders.snippet().pk,)),
        "ChangeLine": changes.ChangeLine(line(jd).uid, {"text": "Other words"}),
        "TakeLibraryWording": changes.TakeLibraryWording(linked),
        "TakeRevision": changes.TakeRevision(linked, revised.pk),
        "MoveLine": changes.MoveLine(line(jd).uid, 1),
        "PlaceLine": changes.PlaceLine(first.uid, section(jd).uid, linked),
        "IndentLine": changes.IndentLine(second.uid),
        "OutdentLine": changes.OutdentLine(sub),
        "RemoveLine": changes.RemoveLine(line(jd, "qualifications").uid),
        "AddPay": changes.AddPay(pay_section, {"minimum": 1, "maximum": 2}),
        "ChangePay": changes.ChangePay(pay, {"maximum": Decimal(70)}),
        "RemovePay": changes.RemovePay(pay),
        "ShowReferences": changes.ShowReferences(pay_section, (reference().pk,)),
        "AnswerPlaceholder": changes.AnswerPlaceholder("city", "Denver"),
    }


KINDS = sorted(kind.__name__ for kind in drafts.HANDLERS)


def test_every_change_is_tested(jd: JobDescription) -> None:
    """A new change needs a line in one_of_each."""
    assert sorted(one_of_each(jd)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_change_increments_the_token_and_records_one_event(jd: JobDescription, kind: str) -> None:
    """The token goes up by one, the event tells who, which token and which rows."""
    change = one_of_each(jd)[kind]
    token = jd.edit_token
    before = assembly.assemble(jd).canonical_json(), jd.answers.count()
    events = Event.objects.count()
    assert builders.change(jd, change) == token + 1
    event = Event.objects.filter(chain=jd.reference).order_by("-number")[0]
    assert Event.objects.count() == events + 1
    assert (event.verb, event.actor) == ("draft.changed", jd.owner.username)
    assert event.what["token"] == token + 1
    assert event.what["rows"]
    assert (assembly.assemble(jd).canonical_json(), jd.answers.count()) != before


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.startswith(("Add", "Remove"))])
def test_changing_a_missing_row_is_a_conflict(jd: JobDescription, kind: str) -> None:
    """A row of another job description counts as gone too."""
    if kind in ("ChangeFacts", "AnswerPlaceholder"):
        change: Any = changes.AnswerPlaceholder("x", "2", line="nowhere")
    else:
        change = one_of_each(builders.description(jd.owner))[kind]
    [(_kind, _uid, gone)] = conflicts(jd, jd.edit_token, change)
    assert gone


def test_many_changes_are_one_action(jd: JobDescription) -> None:
    """One token, one event, all or none."""
    token = jd.edit_token
    requested = [changes.AddLine(section(jd).uid, {"text": f"Line {n}"}) for n in range(3)]
    builders.change(jd, *requested)
    assert jd.edit_token == token + 1
    refused = changes.AddLine(section(jd).uid, {"text": "x" * 2001, "form": "entry"})
    with pytest.raises(ValidationError):
        builders.change(jd, changes.AddLine(section(jd).uid, {"text": "No"}), refused)
    assert "No" not in texts(jd)
    assert jd.edit_token == token + 1


def test_no_changes_record_nothing(jd: JobDescription) -> None:
    """No token and no event for an empty list, or for a move over the edge."""
    token, events = jd.edit_token, Event.objects.count()
    builders.change(jd)
    builders.change(jd, changes.MoveLine(line(jd).uid, -1))
    builders.change(jd, changes.MoveSection(section(jd, "summary").uid, -1))
    builders.change(jd, changes.AnswerPlaceholder("city"))
    assert (jd.edit_token, Event.objects.count()) == (token, events)


def test_archived_draft_cannot_change(jd: JobDescription) -> None:
    """It says what to do instead."""
    jd.status = "archived"
    jd.save()
    with pytest.raises(drafts.ActionRefused, match="archived"):
        builders.change(jd, changes.ChangeFacts({"title": "No"}))


# --- stale pages


def test_changes_to_different_rows_are_merged(jd: JobDescription) -> None:
    """Only what a write touches is compared."""
    old = jd.edit_token
    builders.change(jd, changes.ChangeLine(line(jd).uid, {"text": "Hers"}))
    mine = changes.ChangeLine(line(jd, "summary").uid, {"text": "Mine"})
    builders.change(jd, mine, changes.ChangeFacts({"title": "Also mine"}), token=old)
    assert (texts(jd), texts(jd, "summary")) == (["Hers"], ["Mine"])
    assert jd.title == "Also mine"


@pytest.mark.parametrize(
    ("theirs", "mine", "result"),
    [
        ("ChangeFacts", "ChangeFacts", "facts"),
        ("ChangeSection", "ChangeSection", "section"),
        ("MoveSection", "MoveSection", "outline"),
        ("MoveSection", "PlaceSection", "outline"),
        ("ChangeLine", "ChangeLine", "line"),
        ("MoveLine", "MoveLine", "order"),
        ("ChangePay", "ChangePay", "pay"),
        ("ChangePay", "RemovePay", "pay"),
        ("ShowReferences", "ShowReferences", "section"),
        ("AnswerPlaceholder", "AnswerPlaceholder", "answer"),
    ],
)
def test_changes_to_the_same_row_conflict(
    jd: JobDescription, theirs: str, mine: str, result: str
) -> None:
    """Nothing is written; the conflict names what kind of row it was."""
    requested = one_of_each(jd)
    old = jd.edit_token
    builders.change(jd, requested[theirs])
    [(kind, _uid, gone)] = conflicts(jd, old, requested[mine])
    assert (kind, gone) == (result, False)


def test_removing_a_changed_row_is_a_conflict(jd: JobDescription) -> None:
    """A line by its words or by a sub-line, a section by any of its content."""
    whole, own = section(jd), line(jd)
    builders.change(jd, changes.AddLine(whole.uid, {"text": "Sub"}, parent=own.uid))
    old = jd.edit_token
    sub_line = own.lines.get()
    builders.change(jd, changes.ChangeLine(sub_line.uid, {"text": "Changed"}))
    assert conflicts(jd, old, changes.RemoveLine(own.uid)) == [("line", own.uid, False)]
    assert conflicts(jd, old, changes.RemoveSection(whole.uid)) == [("section", whole.uid, False)]


def test_changing_a_removed_row_is_a_conflict(jd: JobDescription) -> None:
    """It says that the row is gone."""
    own = line(jd)
    old = builders.change(jd)
    builders.change(jd, changes.RemoveLine(own.uid))
    mine = changes.ChangeLine(own.uid, {"text": "Mine"})
    assert conflicts(jd, old, mine) == [("line", own.uid, True)]


@pytest.mark.parametrize("kind", ["RemoveLine", "RemovePay", "RemoveSection"])
def test_removing_a_removed_row_succeeds(jd: JobDescription, kind: str) -> None:
    """Both wanted it gone: nothing is left to do or to ask."""
    token = jd.edit_token
    gone = one_of_each(builders.description(jd.owner))[kind]
    assert builders.change(jd, gone) == jd.edit_token == token


def test_adding_to_a_removed_section_is_a_conflict(jd: JobDescription) -> None:
    """The page still shows it."""
    whole, old = section(jd), jd.edit_token
    builders.change(jd, changes.RemoveSection(whole.uid))
    for mine in (
        changes.AddLine(whole.uid, {"text": "Mine"}),
        changes.AddSnippets(whole.uid, (builders.snippet().pk,)),
        changes.AddPay(whole.uid, {"minimum": 1, "maximum": 2}),
    ):
        assert conflicts(jd, old, mine) == [("section", whole.uid, True)]


def test_all_conflicts_are_reported_together(jd: JobDescription) -> None:
    """No one answers one page after the other."""
    old, first, second = jd.edit_token, line(jd), line(jd, "summary")
    theirs = [changes.ChangeLine(row.uid, {"text": "Theirs"}) for row in (first, second)]
    builders.change(jd, *theirs)
    mine = [changes.ChangeLine(row.uid, {"text": "Mine"}) for row in (first, second)]
    result = conflicts(jd, old, *mine, changes.ChangeFacts({"title": "Mine"}))
    assert result == [("line", first.uid, False), ("line", second.uid, False)]


def test_row_can_have_a_newer_base_than_its_page(jd: JobDescription) -> None:
    """After an autosave the row knows of it, though the page as a whole may be older."""
    old, own = jd.edit_token, line(jd)
    saved = builders.change(jd, changes.ChangeLine(own.uid, {"text": "First"}))
    assert conflicts(jd, old, changes.ChangeLine(own.uid, {"text": "Second"}))
    builders.change(jd, changes.ChangeLine(own.uid, {"text": "Second"}, base=saved), token=old)
    assert texts(jd) == ["Second"]


def test_adding_lines_is_never_a_conflict(jd: JobDescription) -> None:
    """Two people add to one section: both lines are there."""
    old = jd.edit_token
    builders.change(jd, changes.AddLine(section(jd).uid, {"text": "Hers"}), token=old)
    builders.change(jd, changes.AddLine(section(jd).uid, {"text": "Mine"}), token=old)
    assert texts(jd)[-2:] == ["Hers", "Mine"]


# --- sections


def test_new_section_is_inserted_at_the_position(jd: JobDescription) -> None:
    """After the section named, or at the end; with the audience and style of its kind. Who sees
    pay is asked."""
    builders.change(jd, changes.AddSection("pay", "Pay", after=section(jd, "summary").uid))
    builders.change(jd, changes.AddSection("reporting", "Reports to", after="nowhere"))
    rows = list(jd.sections.order_by("position"))
    assert [row.kind for row in rows] == [
        *("summary", "pay", "responsibilities", "qualifications", "reporting")
    ]
    assert [row.position for row in rows] == [1, 2, 3, 4, 5]
    assert (rows[1].audience, rows[1].shown_to, rows[1].style) == ("", "restricted", "bullets")
    assert (rows[4].facts, rows[4].style) == (["reports_to"], "plain")


def test_section_limit(jd: JobDescription) -> None:
    """The last one fits, the next is refused with the number."""
    space = limits.SECTIONS_LIMIT - jd.sections.count()
    builders.change(jd, *(changes.AddSection("other", f"S{n}") for n in range(space)))
    with pytest.raises(drafts.ActionRefused, match="60 sections"):
        builders.change(jd, changes.AddSection("other", "One more"))
    assert jd.sections.count() == 60


@pytest.mark.parametrize(
    ("uid_of", "by", "order"),
    [
        ("summary", 1, ["responsibilities", "summary", "qualifications"]),
        ("qualifications", -1, ["summary", "qualifications", "responsibilities"]),
        ("summary", 9, ["responsibilities", "qualifications", "summary"]),
        ("qualifications", -9, ["qualifications", "summary", "responsibilities"]),
    ],
)
def test_sections_move(jd: JobDescription, uid_of: str, by: int, order: list[str]) -> None:
    """Up and down, and never over the edge."""
    builders.change(jd, changes.MoveSection(section(jd, uid_of).uid, by))
    assert list(jd.sections.order_by("position").values_list("kind", flat=True)) == order


def test_removing_a_section_removes_its_content(jd: JobDescription) -> None:
    """Lines, pay and the answers of its lines."""
    own = line(jd)
    builders.change(jd, changes.AnswerPlaceholder("x", "2", line=own.uid))
    builders.change(jd, changes.RemoveSection(section(jd).uid))
    assert not jd.lines.filter(uid=own.uid).exists()
    assert not jd.answers.exists()


def test_required_section_needs_a_confirmation(jd: JobDescription) -> None:
    """It may be changed without one."""
    jd.sections.update(required=True)
    with pytest.raises(drafts.ActionRefused, match="The template requires"):
        builders.change(jd, changes.RemoveSection(section(jd).uid))
    builders.change(jd, changes.ChangeSection(section(jd).uid, {"heading": "Duties"}))
    assert section(jd).heading == "Duties"
    uid = section(jd).uid
    builders.change(jd, changes.RemoveSection(uid, is_confirmed=True))
    assert not jd.sections.filter(uid=uid).exists()


@pytest.mark.parametrize(
    "kind",
    [
        *("AddLine", "AddSnippets", "ChangeLine", "MoveLine", "RemoveLine"),
        *("AddPay", "ChangePay", "RemovePay", "ShowReferences"),
    ],
)
def test_text_of_a_locked_section_cannot_change(jd: JobDescription, kind: str) -> None:
    """Nothing in it is added, changed, moved or removed; the section is named."""
    change = one_of_each(jd)[kind]
    jd.sections.update(locked=True)
    with pytest.raises(drafts.ActionRefused, match="is locked by the template"):
        builders.change(jd, change)


def test_locked_section_cannot_get_a_sub_line_from_another_section(jd: JobDescription) -> None:
    """A parent of another section is refused, locked or not."""
    jd.sections.filter(kind="responsibilities").update(locked=True)
    sneaky = changes.AddLine(section(jd, "summary").uid, {"text": "In"}, parent=line(jd).uid)
    with pytest.raises((drafts.ActionRefused, drafts.StaleDraft, ValidationError)):
        builders.change(jd, sneaky)


def test_placeholders_of_a_locked_section_can_be_filled_in(jd: JobDescription) -> None:
    """That is what they are for."""
    jd.sections.update(locked=True)
    builders.change(jd, changes.AnswerPlaceholder("x", "2", line=line(jd).uid))
    assert jd.answers.get().value == "2"


@pytest.mark.parametrize(
    "values",
    [{"audience": "everyone"}, {"style": "comic"}, {"heading": ""}, {"heading": "x" * 151}],
)
def test_invalid_section_values_are_refused(jd: JobDescription, values: dict[str, str]) -> None:
    """What no form lets through raises and changes nothing."""
    with pytest.raises(ValidationError):
        builders.change(jd, changes.ChangeSection(section(jd).uid, values))


# --- lines


def test_a_new_line_joins_its_group(jd: JobDescription) -> None:
    """Behind the last of its group and form; a paragraph at the end."""
    uid = section(jd).uid
    for text, group in (("A1", "Daily"), ("B1", "Weekly"), ("A2", "Daily"), ("C", "")):
        builders.add_line(jd, uid, text, group=group)
    first = "Prepare renewal plans for each account."
    assert texts(jd) == [first, "C", "A1", "A2", "B1"]
    builders.add_line(jd, uid, "At the end", form="paragraph")
    assert texts(jd)[-1] == "At the end"


def test_a_line_whose_group_changes_moves_to_it(jd: JobDescription) -> None:
    """So that groups stay together on paper."""
    uid = section(jd).uid
    for text, group in (("A1", "Daily"), ("B1", "Weekly"), ("B2", "Weekly"), ("A2", "Daily")):
        builders.add_line(jd, uid, text, group=group)
    moved = jd.lines.get(text="B1")
    builders.change(jd, changes.ChangeLine(moved.uid, {"group": "Daily"}))
    assert texts(jd)[1:] == ["A1", "A2", "B1", "B2"]


def test_sub_lines_have_one_level(jd: JobDescription) -> None:
    """Below a line, in its section, in order; not below a sub-line."""
    uid, own = section(jd).uid, line(jd)
    for text in ("One", "Two"):
        builders.change(jd, changes.AddLine(uid, {"text": text}, parent=own.uid))
    assert [sub.text for sub in own.lines.order_by("position")] == ["One", "Two"]
    assert texts(jd) == [own.text]
    sub = own.lines.order_by("position")[0]
    with pytest.raises(drafts.ActionRefused, match="its own sub-lines"):
        builders.change(jd, changes.AddLine(uid, {"text": "Deep"}, parent=sub.uid))
    builders.change(jd, changes.MoveLine(sub.uid, 1))
    assert [sub.text for sub in own.lines.order_by("position")] == ["Two", "One"]
    builders.change(jd, changes.RemoveLine(own.uid))
    assert not jd.lines.filter(parent__isnull=False).exists()


def test_a_changed_line_keeps_its_snippet(jd: JobDescription) -> None:
    """Rewording is not cutting the link."""
    used = builders.snippet("Call every customer.", detail="Once a week.")
    builders.use(jd, used)
    own = jd.lines.get(revision__snippet=used)
    assert (own.text, own.detail, own.is_reworded) == (
        "Call every customer.",
        "Once a week.",
        False,
    )
    builders.change(jd, changes.ChangeLine(own.uid, {"text": "Call most customers."}))
    own.refresh_from_db()
    assert own.is_reworded
    assert own.revision == used.latest()


def test_change_affects_only_the_given_fields(jd: JobDescription) -> None:
    """A page that does not show a field does not clear it."""
    own = line(jd)
    builders.change(jd, changes.ChangeLine(own.uid, {"percent": 40, "frequency": "weekly"}))
    builders.change(jd, changes.ChangeLine(own.uid, {"text": "Other", "uid": "x", "pk": 0}))
    again = jd.lines.get(uid=own.uid)
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
def test_invalid_line_values_are_refused(jd: JobDescription, values: dict[str, Any]) -> None:
    """Limits hold in the model as well as in the form."""
    with pytest.raises(ValidationError):
        builders.change(jd, changes.ChangeLine(line(jd).uid, values))


def test_values_at_the_limits_are_accepted(jd: JobDescription) -> None:
    """2,000 characters an entry, 10,000 a paragraph, 0 to 100 percent."""
    uid = section(jd).uid
    builders.add_line(jd, uid, "x" * 2000, percent=100)
    builders.add_line(jd, uid, "x" * 10_000, form="paragraph", percent=0)
    assert jd.lines.filter(text__startswith="xxx").count() == 2


@pytest.mark.slow
def test_line_limit(jd: JobDescription) -> None:
    """Sub-lines count; the message says what to do."""
    uid, own = section(jd).uid, line(jd)
    rows = [
        Line(description=jd, section=section(jd), parent=own if n % 2 else None, text=f"L{n}")
        for n in range(limits.LINES_LIMIT - jd.lines.count())
    ]
    Line.objects.bulk_create(rows)
    for refused in (
        changes.AddLine(uid, {"text": "No"}),
        changes.AddLine(uid, {"text": "No"}, parent=own.uid),
        changes.AddSnippets(uid, (builders.snippet().pk,)),
    ):
        with pytest.raises(drafts.ActionRefused, match="400 lines"):
            builders.change(jd, refused)
    builders.change(jd, changes.RemoveLine(rows[0].uid), changes.AddLine(uid, {"text": "Yes"}))
    assert jd.lines.count() == 400


def test_total_text_limit(jd: JobDescription) -> None:
    """A print takes time in proportion; shortening is always possible."""
    row = Line(description=jd, section=section(jd), text="x" * 10_000, form="paragraph")
    size = limits.TEXT_LIMIT // 10_000
    Line.objects.bulk_create(
        Line(**{"description": jd, "section": row.section, "text": row.text, "form": row.form})
        for _ in range(size)
    )
    long = line(jd).uid
    with pytest.raises(drafts.ActionRefused, match="1,000,000 characters"):
        builders.change(jd, changes.ChangeLine(long, {"text": "A longer text than before."}))
    first, second = jd.lines.filter(text=row.text)[:2]
    builders.change(jd, changes.RemoveLine(first.uid))
    builders.change(jd, changes.ChangeLine(second.uid, {"text": "Short"}))
    assert jd.lines.filter(text="Short").exists()


def test_removed_line_is_restored_with_its_uid(jd: JobDescription) -> None:
    """Comments and comparison stand on it."""
    own = line(jd)
    builders.change(jd, changes.RemoveLine(own.uid))
    again = changes.AddLine(section(jd).uid, {"text": "Back"}, uid=own.uid)
    builders.change(jd, again)
    assert jd.lines.get(uid=own.uid).text == "Back"


@pytest.mark.parametrize("uid", ["x" * 33, "a\x00b"])
def test_line_cannot_be_restored_with_an_invalid_uid(jd: JobDescription, uid: str) -> None:
    """Uids come from pages, and pages can be forged."""
    with pytest.raises((ValidationError, drafts.ActionRefused)):
        builders.change(jd, changes.AddLine(section(jd).uid, {"text": "Back"}, uid=uid))


def test_lines_move_within_their_section(jd: JobDescription) -> None:
    """Up and down, and never over the edge."""
    uid = section(jd).uid
    for text in ("B", "C"):
        builders.add_line(jd, uid, text)
    last = jd.lines.get(text="C").uid
    builders.change(jd, changes.MoveLine(last, -1))
    assert texts(jd)[1:] == ["C", "B"]
    builders.change(jd, changes.MoveLine(last, -5))
    assert texts(jd)[0] == "C"
    builders.change(jd, changes.MoveLine(last, 99))
    assert texts(jd)[-1] == "C"


# --- from the library


def test_snippet_sets_the_fitting_fields(jd: JobDescription) -> None:
    """Its newest words, its category where the section has such, and the requirement that the
    lines around it share."""
    uid = section(jd, "qualifications").uid
    builders.change(
        jd, changes.ChangeLine(line(jd, "qualifications").uid, {"requirement": "preferred"})
    )
    used = builders.snippet("A degree.", "qualification", category="education")
    library.revise(snippet=used, text="A degree in any field.", by=jd.owner, based_on=1)
    builders.change(jd, changes.AddSnippets(uid, (used.pk,)))
    own = jd.lines.get(revision__snippet=used)
    assert own.text == "A degree in any field."
    assert (own.category, own.requirement) == ("education", "preferred")
    builders.change(jd, changes.AddSnippets(section(jd).uid, (used.pk,)))
    assert jd.lines.get(revision__snippet=used, section=section(jd)).category == ""


def test_boilerplate_is_a_paragraph(jd: JobDescription) -> None:
    """Everything else from the library is an entry."""
    used = builders.snippet("We are an equal opportunity employer.", "boilerplate")
    builders.change(jd, changes.AddSnippets(section(jd, "summary").uid, (used.pk,)))
    assert jd.lines.get(revision__snippet=used).form == "paragraph"


@pytest.mark.parametrize("status", ["retired", "proposed"])
def test_unavailable_snippets_cannot_be_added(jd: JobDescription, status: str) -> None:
    """Nor can what never was there."""
    used = builders.snippet()
    Snippet.objects.filter(pk=used.pk).update(status=status)
    for pk in (used.pk, 10**9):
        with pytest.raises(drafts.ActionRefused, match="no longer available"):
            builders.change(jd, changes.AddSnippets(section(jd).uid, (pk,)))


# --- pay and answers


def test_pay_ranges(jd: JobDescription) -> None:
    """Added in order, changed field by field, removed."""
    uid = pay_range(jd)
    whole = section(jd, "pay")
    builders.change(jd, changes.AddPay(whole.uid, {"minimum": 1, "maximum": 1, "level": "Senior"}))
    builders.change(jd, changes.ChangePay(uid, {"location": "Denver", "uid": "x"}))
    first, second = whole.pay_ranges.order_by("position")
    assert (first.uid, first.location, first.maximum) == (uid, "Denver", Decimal(60))
    assert (second.level, second.currency, second.period) == ("Senior", "USD", "year")
    builders.change(jd, changes.RemovePay(uid))
    assert whole.pay_ranges.get() == second


@pytest.mark.parametrize(
    "values",
    [
        {"minimum": Decimal(61)},
        {"minimum": Decimal(-1)},
        {"maximum": Decimal(10) ** 10},
        {"minimum": Decimal("1.005")},
        {"currency": "ABC"},
        {"minimum": None, "maximum": None},
        {"period": "decade"},
        {"years_from": 5, "years_to": 4},
        {"location": "x" * 101},
    ],
)
def test_invalid_pay_values_are_refused(jd: JobDescription, values: dict[str, Any]) -> None:
    """The maximum is not below the minimum; currency, period and years are real."""
    uid = pay_range(jd)
    with pytest.raises(ValidationError):
        builders.change(jd, changes.ChangePay(uid, values))


def test_chosen_market_figures_replace_the_earlier_ones(jd: JobDescription) -> None:
    """Instead of those shown so far; unknown ones are left out."""
    whole = builders.add_section(jd, "pay", "Pay")
    first, second = reference(), reference(location="Denver")
    builders.change(jd, changes.ShowReferences(whole, (first.pk,)))
    builders.change(jd, changes.ShowReferences(whole, (second.pk, 10**9)))
    assert list(section(jd, "pay").pay_references.all()) == [second]
    builders.change(jd, changes.ShowReferences(whole, ()))
    assert not section(jd, "pay").pay_references.exists()


def test_answers(jd: JobDescription) -> None:
    """For the job description or for one line; aliases are one; an empty one takes it back."""
    own = line(jd)
    builders.change(jd, changes.AnswerPlaceholder("Company", "Acme"))
    builders.change(jd, changes.AnswerPlaceholder("company name", "Acme Ltd"))
    builders.change(jd, changes.AnswerPlaceholder("x", "2", line=own.uid))
    builders.change(jd, changes.AnswerPlaceholder("sic", plain=True))
    stored = {(a.placeholder, a.value, a.plain, a.line_id) for a in jd.answers.all()}
    assert stored == {
        ("company name", "Acme Ltd", False, None),
        ("x", "2", False, own.pk),
        ("sic", "", True, None),
    }
    builders.change(jd, changes.AnswerPlaceholder("our company"))
    assert not jd.answers.filter(placeholder="company name").exists()


@pytest.mark.parametrize("key", ["", " : ", "[ ]"])
def test_answer_requires_a_placeholder(jd: JobDescription, key: str) -> None:
    """Nothing without words is stored."""
    with pytest.raises((ValidationError, drafts.ActionRefused)):
        builders.change(jd, changes.AnswerPlaceholder(key, "Acme"))


# --- facts


def test_changed_facts_can_be_searched(jd: JobDescription) -> None:
    """Title and similar titles, and the reference."""
    builders.change(
        jd, changes.ChangeFacts({"title": "Key accounts", "similar_titles": ["Partner lead"]})
    )
    result = JobDescription.objects.filter(pk=jd.pk)
    for words in ("key account", "partners leading", jd.reference):
        assert result.matching(words).exists(), words


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
def test_invalid_facts_are_refused(jd: JobDescription, values: dict[str, Any]) -> None:
    """Limits hold in the model as well as in the form."""
    with pytest.raises(ValidationError):
        builders.change(jd, changes.ChangeFacts(values))


# --- the start


def test_start_from_a_blank_page(jd: JobDescription) -> None:
    """Job details, three empty sections, the level's years, an owner, a reference, an event."""
    hr = builders.user("hr")
    new = drafts.start(by=hr, title="Clerk", family=builders.family(), level=builders.level())
    new.refresh_from_db()
    assert list(new.sections.order_by("position").values_list("kind", flat=True)) == [
        *("facts", "summary", "responsibilities", "qualifications")
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
    """Job details, its sections with guidance, marks, and facts, its lines with the newest words of
    their snippets."""
    template = Template.objects.get(code=code)
    new = drafts.start(by=builders.user(), title="Clerk", template=template)
    names = ("kind", "heading", "guidance", "audience", "style", "facts", "required", "locked")
    wanted = list(template.sections.order_by("position").values(*names))
    for row in wanted:  # without facts of its own, it has those of its kind
        row["facts"] = row["facts"] or list(vocabulary.SECTION_KINDS[row["kind"]].facts)
    sections = list(new.sections.order_by("position").values(*names))
    own_details = [row for row in wanted if row["kind"] == "facts" and len(row["facts"]) != 1]
    assert sections[0 if own_details else 1 :] == wanted
    assert sections[0]["kind"] == "facts"
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


def test_copy_has_the_same_text(jd: JobDescription) -> None:
    """Another title, the same text, uids and links; the original does not change."""
    used = builders.snippet()
    builders.use(jd, used)
    builders.change(jd, changes.AnswerPlaceholder("city", "Denver"))
    jd.sections.update(guidance="What belongs here", required=True)
    before = assembly.assemble(jd)
    linked = jd.lines.filter(revision__isnull=False).values_list("uid", "revision")
    new = drafts.start(
        by=builders.user(),
        title="Another",
        family=jd.job_family,
        copy_of=before,
        revisions=dict(linked),
        template_fields=load_document.get_template_fields(jd),
    )
    copy = assembly.assemble(new)
    assert copy.title == "Another"
    details, *sections = copy.sections
    assert details.kind == "facts"
    assert (tuple(sections), copy.facts) == (before.sections, before.facts)
    assert new.lines.get(revision__isnull=False).revision == used.latest()
    copied = new.sections.exclude(kind="facts")
    assert set(copied.values_list("guidance", "required")) == {("What belongs here", True)}
    assert new.reference != jd.reference
    assert assembly.assemble(jd) == before


# --- load


def load(jd: JobDescription, document: Document) -> list[str]:
    token = jd.edit_token + 1
    lost = drafts.load(jd, document, revisions={}, template_fields={}, token=token)
    return list(lost.values())


def test_loaded_draft_equals_the_document(jd: JobDescription) -> None:
    """What was there before is gone, answers too."""
    builders.change(jd, changes.AnswerPlaceholder("city", "Denver"))
    sub_line = DocumentLine("u2", "Sub")
    line = DocumentLine("u1", "Text [X]", answers=(Answer("x", "2"),), lines=(sub_line,), percent=5)
    document = Document(
        "Clerk",
        facts=(Fact("years", ("", "4")), Fact("apply_by", ("open",))),
        sections=(DocumentSection("s1", "other", "At [City]", lines=(line,)),),
        answers=(Answer("city", "Boston"),),
    )
    assert load(jd, document) == []
    jd.refresh_from_db()
    assert assembly.assemble(jd) == document


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Fact("job_family", ("Alchemy",)), "Job family “Alchemy”"),
        (Fact("job_level", ("Wizard",)), "Job level “Wizard”"),
        (Fact("department", ("Cellar",)), "Department “Cellar”"),
        (Fact("locations", places=(DocumentPlace("Atlantis"),)), "Locations “Atlantis”"),
        (Fact("cost-centre", ("7",), label="Cost centre"), "Cost centre"),
        (Fact("cost-centre", ("7",)), "cost-centre"),
    ],
)
def test_load_names_missing_records(jd: JobDescription, fact: Fact, words: str) -> None:
    """By label and name, so that a person knows what to add."""
    assert load(jd, Document("Clerk", facts=(fact,))) == [words]


def test_load_keeps_known_locations(jd: JobDescription) -> None:
    Location.objects.create(city="Denver", region="CO", country="US")
    places = (DocumentPlace("Denver", "CO", "US"), DocumentPlace("Atlantis"))
    document = Document("Clerk", facts=(Fact("locations", places=places),))
    assert load(jd, document) == ["Locations “Atlantis”"]
    assert jd.locations.get().city == "Denver"


def test_load_uses_existing_records(jd: JobDescription) -> None:
    """By name, place and code."""
    Location.objects.create(city="Denver", region="CO", country="US")
    CustomFact.objects.create(code="cost-centre", label="Cost centre")
    builders.department("Sales")
    facts = (
        Fact("department", ("Sales",)),
        Fact("locations", places=(DocumentPlace("Denver", "CO", "US"),)),
        Fact("cost-centre", ("7",), audience="internal", label="Cost centre"),
    )
    assert load(jd, Document("Clerk", facts=facts)) == []
    jd.refresh_from_db()
    assert assembly.assemble(jd).facts == facts


def test_load_returns_missing_market_figures(jd: JobDescription) -> None:
    """Those that are still recorded come back."""
    preserved = reference(location="Denver")
    gone = DocumentPayReference(role="Ferry pilot", amount=Decimal(1))
    whole = DocumentSection("s1", "pay", "Our pay", pay_references=(preserved.value(), gone))
    assert load(jd, Document("Clerk", sections=(whole,))) == ["market figures in Our pay"]
    assert list(jd.sections.get().pay_references.all()) == [preserved]


# --- people and keeping


def test_answers_of_the_organization_stay_when_a_draft_is_deleted(jd: JobDescription) -> None:
    """Only the draft's own go with it."""
    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    builders.change(jd, changes.AnswerPlaceholder("city", "Boston"))
    lifecycle.delete_draft(description=jd, by=jd.owner)
    assert PlaceholderAnswer.objects.get().value == "Denver"
    assert not list(Event.objects.broken())


@pytest.mark.parametrize("uid", vocabulary.PARTS)
def test_section_cannot_have_a_reserved_uid(uid):
    """An approval of the facts must never count for the text of a section."""
    jd = builders.description()
    with pytest.raises(drafts.ActionRefused, match="a valid section ID"):
        builders.change(jd, changes.AddSection("other", "Terms", uid=uid))
