"""Tests of the sections of templates: add, change, move, remove, restore; simultaneous edits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roles import assembly, drafts, library, limits
from roles.library import template_actions, template_content, template_samples, template_sections
from roles.library.template_content import LineValue, SectionValue
from roles.library.template_sections import StaleTemplate
from roles.models import Event, Snippet, Template, TemplateRevision, User
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def curator() -> User:
    return builders.user("curator")


@pytest.fixture
def template() -> Template:
    """A template with a summary (one line of free text) and responsibilities (one snippet)."""
    return builders.template()


def stored(template: Template, kind: str = "responsibilities") -> SectionValue:
    return next(one for one in template_content.stored(template) if one.kind == kind)


def save(template: Template, by: User, section: SectionValue, base: str | None = None) -> bool:
    if base is None:
        base = template_content.state_of(stored(template, section.kind))
    return template_sections.change_section(template=template, section=section, base=base, by=by)


def errors(template: Template, by: User, section: SectionValue) -> dict[str, Any]:
    """Returns the errors of a refused change, which changed nothing."""
    before = template_content.stored(template)
    with pytest.raises(ValidationError) as refused:
        save(template, by, section)
    assert template_content.stored(template) == before
    assert not template.revisions.exists()
    return (
        refused.value.message_dict
        if hasattr(refused.value, "error_dict")
        else {"": refused.value.messages}
    )


def snippet_of(template: Template) -> Snippet:
    """Returns the snippet of the responsibilities."""
    return Snippet.objects.get(template_lines__section__template=template)


def headings(template: Template) -> list[str]:
    return [section.heading for section in template_content.stored(template)]


def changes(template: Template) -> list[tuple[int, str, str]]:
    rows = template.revisions.order_by("number")
    return list(rows.values_list("number", "change", "about"))


# --- content


def test_content_survives_json_and_storing(template: Template, curator: User) -> None:
    """Every field of a section and its lines, with sub-lines."""
    line = LineValue(
        uid="line-1",
        text="Lift boxes",
        detail="Alone",
        group="Daily",
        category="physical",
        percent=20,
        amount=Decimal("22.50"),
        unit="lb",
        how_often="frequently",
        lines=(LineValue(uid="sub-1", text="With a cart"), LineValue(uid="sub-2", text="By hand")),
    )
    section = replace(
        stored(template),
        kind="conditions",
        heading="Working conditions",
        guidance="Say how much.",
        audience="internal",
        style="numbers",
        required=True,
        locked=True,
        lines=(line, LineValue(uid="line-2", text="Work outside")),
    )
    base = template_content.state_of(stored(template))
    assert save(template, curator, section, base)
    found = template_content.stored(template)
    assert found[1] == section
    assert template_content.from_json(template_content.to_json(found)) == found
    latest = template.revisions.order_by("-number")[0]
    assert template_content.from_json(latest.content) == found


def test_document_of_values_is_that_of_the_stored_template(template: Template) -> None:
    """The preview of unsaved sections is made by the same code."""
    values = template_content.stored(template)
    assert template_samples.document_of(template, values) == template_samples.document_of(template)


def test_uids_stay_when_a_section_changes(template: Template, curator: User) -> None:
    before = stored(template)
    added = LineValue(uid="new-line", text="Call customers.")
    save(template, curator, replace(before, lines=(added, *before.lines)))
    uids = [line.uid for line in stored(template).lines]
    assert uids == ["new-line", before.lines[0].uid]


# --- add, move, remove


def test_section_is_added_with_the_defaults_of_its_kind(template: Template, curator: User) -> None:
    first = stored(template, "summary")
    add: dict[str, Any] = {"template": template, "by": curator}
    uid = template_sections.add_section(kind="pay", heading="", after=first.uid, **add)
    template_sections.add_section(kind="other", heading="Ours", after="unknown", **add)
    assert headings(template) == ["What it is about", "Pay", "What you do", "Ours"]
    assert stored(template, "pay").uid == uid
    assert stored(template, "pay").audience == "restricted"
    assert changes(template) == [(1, "earlier", ""), (2, "added", "Pay"), (3, "added", "Ours")]


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [("moon", "", "kind"), ("other", "x" * 151, "heading"), ("other", "bell \x07", "heading")],
)
def test_invalid_section_is_refused(
    template: Template, curator: User, kind: str, heading: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        template_sections.add_section(template=template, kind=kind, heading=heading, by=curator)
    assert list(refused.value.message_dict) == [field]
    assert len(headings(template)) == 2


def test_sections_are_limited(template: Template, curator: User) -> None:
    for number in range(limits.SECTIONS_LIMIT - 2):
        builders.template_section(template, f"Section {number}")
    with pytest.raises(ValidationError, match="up to 60 sections"):
        template_sections.add_section(template=template, kind="other", heading="", by=curator)


def test_section_moves_within_the_template(template: Template, curator: User) -> None:
    """A move beyond the end or of a removed section changes nothing, and makes no revision."""
    uid = stored(template).uid
    for steps in (-1, -1, 1, 5):
        template_sections.move_section(template=template, uid=uid, steps=steps, by=curator)
    template_sections.move_section(template=template, uid="gone", steps=1, by=curator)
    assert headings(template) == ["What it is about", "What you do"]
    assert [change for _number, change, _about in changes(template)] == [
        "earlier",
        "moved",
        "moved",
    ]


def test_section_is_removed_with_its_lines(template: Template, curator: User) -> None:
    """Removing it again does nothing."""
    section = stored(template)
    base = template_content.state_of(section)
    for _ in range(2):
        template_sections.remove_section(template=template, uid=section.uid, base=base, by=curator)
    assert headings(template) == ["What it is about"]
    assert changes(template)[1:] == [(2, "removed", "What you do")]


def test_last_section_stays(template: Template, curator: User) -> None:
    """A template without sections would start empty job descriptions."""
    for section in template_content.stored(template)[1:]:
        base = template_content.state_of(section)
        template_sections.remove_section(template=template, uid=section.uid, base=base, by=curator)
    last = template_content.stored(template)[0]
    with pytest.raises(ValidationError, match="at least one section"):
        template_sections.remove_section(
            template=template,
            uid=last.uid,
            base=template_content.state_of(last),
            by=curator,
        )
    assert len(headings(template)) == 1


# --- change


def test_change_is_recorded_and_owned_by_the_organization(
    template: Template, curator: User
) -> None:
    """The same values again are no change: no revision, no event."""
    section = replace(stored(template), heading="Duties", guidance="Begin with a verb.")
    assert save(template, curator, section)
    assert not save(template, curator, section, base="outdated")
    template.refresh_from_db()
    assert template.edited
    event = Event.objects.get(verb="template.revised")
    assert event.what == {"code": template.code, "revision": 2, "change": "changed"}
    assert changes(template) == [(1, "earlier", ""), (2, "changed", "Duties")]
    assert [row.author for row in template.revisions.order_by("number")] == [None, curator]
    assert not list(Event.objects.broken())


def test_job_descriptions_created_earlier_stay(template: Template, curator: User) -> None:
    author = builders.user("hr")
    earlier = drafts.start(by=author, title="Earlier", template=template)
    before = assembly.assemble(earlier)
    section = replace(stored(template), lines=(LineValue(uid="own", text="Only this."),))
    save(template, curator, section)
    assert assembly.assemble(earlier) == before
    later = drafts.start(by=author, title="Later", template=template)
    assert [line.text for line in later.lines.filter(section__kind="responsibilities")] == [
        "Only this."
    ]


def test_starter_library_leaves_an_edited_template_alone(curator: User) -> None:
    builders.starter_library()
    template = Template.objects.get(code="account-manager-mid")
    section = replace(stored(template), heading="Our duties")
    save(template, curator, section)
    Template.objects.filter(pk=template.pk).update(upstream="older")
    builders.starter_library()
    assert stored(template).heading == "Our duties"


def test_linked_line_has_no_text_of_its_own(template: Template, curator: User) -> None:
    """It follows the snippet, and keeps only a detail that differs."""
    used = builders.snippet("Plan visits.", detail="Why it counts.")
    same = LineValue(uid="a", snippet=used.pk, text="Typed", detail="Why it counts.")
    other = LineValue(uid="b", snippet=used.pk, detail="Our reason.")
    save(template, curator, replace(stored(template), lines=(same, other)))
    assert [(line.text, line.detail) for line in stored(template).lines] == [
        ("", ""),
        ("", "Our reason."),
    ]
    library.revise(snippet=used, text="Plan every visit.", by=curator, based_on=1)
    document = template_samples.document_of(template)
    assert [line.text for line in document.sections[-1].lines] == ["Plan every visit."] * 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"heading": "x" * 151}, "heading"),
        ({"guidance": "x" * 10_001}, "guidance"),
        ({"kind": "moon"}, "kind"),
        ({"audience": "moon"}, "audience"),
        ({"style": "moon"}, "style"),
        ({"heading_display": "moon"}, "heading_display"),
        ({"lines": (), "locked": True}, "locked"),
    ],
)
def test_invalid_settings_are_refused(
    template: Template, curator: User, values: dict[str, Any], field: str
) -> None:
    section = stored(template)
    before = template_content.stored(template)
    with pytest.raises(ValidationError) as refused:
        template_sections.change_section(
            template=template,
            section=replace(section, **values),
            base=template_content.state_of(section),
            by=curator,
        )
    assert list(refused.value.message_dict) == [field]
    assert template_content.stored(template) == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"text": "x" * 10_001, "form": "paragraph"}, "text"),
        ({"text": "bell \x07"}, "text"),
        ({"text": "A", "detail": "x" * 2_001}, "detail"),
        ({"text": "A", "group": "x" * 101}, "group"),
        ({"text": "A", "percent": 101}, "percent"),
        ({"text": "A", "requirement": "moon"}, "requirement"),
        ({"text": "A", "amount": Decimal(100_000)}, "amount"),
        ({"snippet": 10**9}, "text"),
    ],
)
def test_invalid_line_is_refused(
    template: Template, curator: User, values: dict[str, Any], field: str
) -> None:
    """The error names the line. Sub-lines are checked as well."""
    bad = LineValue(uid="bad", **values)
    for lines in ((bad,), (LineValue(uid="top", text="Top", lines=(bad,)),)):
        section = replace(stored(template), lines=lines)
        assert list(errors(template, curator, section)) == [f"{field}-bad"]


def test_locked_section_needs_a_line_that_is_offered(template: Template, curator: User) -> None:
    """Its only snippet was retired, so job descriptions would have an empty locked section."""
    section = stored(template)
    used = snippet_of(template)
    library.set_status(snippet=used, status="retired", by=curator)
    assert list(errors(template, curator, replace(section, locked=True))) == ["locked"]


def test_retired_snippet_stays_linked_but_cannot_be_added(
    template: Template, curator: User
) -> None:
    section = stored(template)
    used = snippet_of(template)
    gone, reference = builders.snippet("Send faxes."), builders.snippet("From elsewhere.")
    library.set_status(snippet=used, status="retired", by=curator)
    library.set_status(snippet=gone, status="retired", by=curator)
    Snippet.objects.filter(pk=reference.pk).update(status="reference")
    for snippet in (gone, reference):
        added = (*section.lines, LineValue(uid="new", snippet=snippet.pk))
        assert list(errors(template, curator, replace(section, lines=added))) == ["text-new"]
    assert save(template, curator, replace(section, heading="Duties"))
    assert stored(template).lines[0].snippet == used.pk
    assert template.retired_snippets() == {used.pk}


def test_lines_are_limited(template: Template, curator: User) -> None:
    """Those of the other sections count."""
    lines = tuple(LineValue(uid=f"l{n}", text="A") for n in range(limits.LINES_LIMIT))
    found = errors(template, curator, replace(stored(template), lines=lines))
    assert found == {"": ["A template can have up to 400 lines. This would make 401."]}
    assert save(template, curator, replace(stored(template), lines=lines[1:]))


def test_text_is_limited(template: Template, curator: User) -> None:
    lines = tuple(LineValue(uid=f"l{n}", text="x" * 10_000, form="paragraph") for n in range(100))
    found = errors(template, curator, replace(stored(template), lines=lines))
    assert "up to 1,000,000 characters" in found[""][0]


def test_table_has_four_columns(template: Template, curator: User) -> None:
    cells = tuple(LineValue(uid=f"c{n}", text="A") for n in range(3))
    row = LineValue(uid="row", text="A", detail="B", lines=cells)
    section = replace(stored(template), lines=(row,))
    wide = replace(section, kind="table")
    base = template_content.state_of(stored(template))
    with pytest.raises(ValidationError) as refused:
        save(template, curator, wide, base)
    assert list(refused.value.message_dict) == ["text-row"]
    assert save(template, curator, section)


# --- simultaneous edits


def test_second_change_of_a_section_is_refused(template: Template, curator: User) -> None:
    """The exception has what is stored now, and who stored it."""
    section = stored(template)
    base = template_content.state_of(section)
    other = builders.user("curator")
    save(template, other, replace(section, heading="Theirs"))
    with pytest.raises(StaleTemplate) as stale:
        save(template, curator, replace(section, heading="Mine"), base)
    assert stale.value.section == stored(template)
    assert stale.value.latest is not None
    assert stale.value.latest.author == other
    with pytest.raises(StaleTemplate):
        template_sections.remove_section(template=template, uid=section.uid, base=base, by=curator)
    assert stored(template).heading == "Theirs"


def test_changes_of_other_sections_do_not_conflict(template: Template, curator: User) -> None:
    first, second = template_content.stored(template)
    for section in (replace(first, heading="One"), replace(second, heading="Two")):
        old = first if section.uid == first.uid else second
        save(template, curator, section, template_content.state_of(old))
    assert headings(template) == ["One", "Two"]


def test_removed_section_is_refused_and_can_be_added_again(
    template: Template, curator: User
) -> None:
    first = stored(template, "summary")
    base = template_content.state_of(first)
    template_sections.remove_section(template=template, uid=first.uid, base=base, by=curator)
    mine = replace(first, heading="Mine")
    with pytest.raises(StaleTemplate) as stale:
        save(template, curator, mine, base)
    assert stale.value.section is None
    assert save(template, curator, mine, "")
    assert headings(template) == ["What you do", "Mine"]


# --- revisions


def test_revision_is_restored(template: Template, curator: User) -> None:
    """Sections and lines have their uids again, and restoring is a revision too."""
    before = template_content.stored(template)
    section = stored(template)
    base = template_content.state_of(section)
    template_sections.remove_section(template=template, uid=section.uid, base=base, by=curator)
    template_sections.add_section(template=template, kind="faq", heading="FAQ", by=curator)
    restore: dict[str, Any] = {"template": template, "number": 1, "by": curator}
    with pytest.raises(StaleTemplate):
        template_sections.restore_revision(latest=2, **restore)
    assert template_sections.restore_revision(latest=3, **restore)
    assert template_content.stored(template) == before
    assert changes(template)[-1] == (4, "restored", "1")
    assert not template_sections.restore_revision(latest=4, **restore)


def test_restored_revision_keeps_links_to_retired_snippets(
    template: Template, curator: User
) -> None:
    section = stored(template)
    used = snippet_of(template)
    save(template, curator, replace(section, lines=(LineValue(uid="own", text="Own."),)))
    library.set_status(snippet=used, status="retired", by=curator)
    template_sections.restore_revision(template=template, number=1, latest=2, by=curator)
    assert stored(template).lines[0].snippet == used.pk


def test_other_changes_become_a_revision_first(template: Template, curator: User) -> None:
    """The starter library was loaded between two edits: nothing is lost."""
    save(template, curator, replace(stored(template), heading="One"))
    template.sections.filter(kind="summary").update(heading="Loaded")
    save(template, curator, replace(stored(template), heading="Two"))
    assert [change for _number, change, _about in changes(template)] == [
        "earlier",
        "changed",
        "earlier",
        "changed",
    ]


def test_template_saved_from_a_job_description_has_a_revision(curator: User) -> None:
    description = builders.description(builders.user("hr"))
    template = template_actions.save_template(
        source=description, by=description.owner, title="Ours", terms={}
    )
    assert changes(template) == [(1, "saved", "Ours")]
    save(template, curator, replace(stored(template), heading="Duties"))
    assert [change for _number, change, _about in changes(template)] == ["saved", "changed"]


def test_revisions_cannot_be_changed(template: Template, curator: User) -> None:
    save(template, curator, replace(stored(template), heading="Duties"))
    revision = TemplateRevision.objects.all()[0]
    revision.about = "Other"
    with pytest.raises(TypeError):
        revision.save()
