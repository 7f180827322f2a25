"""Tests of templates: save from a job description, change, retire, search, and preview."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from roles import assembly, drafts, exporters, library, limits
from roles.document import Document, DocumentSection
from roles.drafts import changes, lifecycle
from roles.library import template_actions, template_gallery, template_samples
from roles.library.template_actions import Terms
from roles.models import (
    Event,
    JobDescription,
    Line,
    PlaceholderAnswer,
    Snippet,
    Template,
    TemplateLine,
    TemplateSection,
    User,
)
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return builders.user("hr")


@pytest.fixture
def description(author: User) -> JobDescription:
    """A job description with three sections of one line."""
    return builders.description(author)


def uid(description: JobDescription, kind: str = "responsibilities") -> str:
    return str(description.sections.get(kind=kind).uid)


def save(
    description: JobDescription, title: str = "Our account manager", **values: Any
) -> Template:
    values.setdefault("terms", {})
    return template_actions.save_template(
        source=description, by=description.owner, title=title, **values
    )


def lines(template: Template, kind: str = "responsibilities") -> list[TemplateLine]:
    rows = TemplateLine.objects.filter(section__template=template, section__kind=kind)
    return list(rows.order_by("parent_id", "position"))


def without_uids(document: Document) -> Document:
    """Returns the document without uids, which differ between job descriptions."""

    def plain(section: DocumentSection) -> DocumentSection:
        values = [
            replace(line, uid="", lines=tuple(replace(sub, uid="") for sub in line.lines))
            for line in section.lines
        ]
        return replace(section, uid="", lines=tuple(values))

    return replace(document, sections=tuple(plain(section) for section in document.sections))


# --- save


def test_template_of_a_job_description_recreates_its_document(
    description: JobDescription, author: User
) -> None:
    """Sections, headings, audiences, lines, sub-lines, groups, and other fields, in order."""
    marks: dict[str, Any] = {
        "group": "Daily",
        "percent": 30,
        "essential": "essential",
        "frequency": "daily",
    }
    builders.add_line(
        description, uid(description), "Answer calls within [number of days].", **marks
    )
    above = description.lines.get(group="Daily")
    below = changes.AddLine(uid(description), {"text": "Mornings first."}, parent=above.uid)
    internal = changes.ChangeSection(uid(description), {"audience": "internal", "style": "numbers"})
    builders.change(description, below, internal)
    builders.use(description, builders.snippet())
    template = save(description, family=description.job_family, level=description.job_level)
    again = drafts.start(
        by=author,
        title=description.title,
        family=description.job_family,
        level=description.job_level,
        template=template,
    )
    again.sections.get(kind="facts").delete()  # which every new draft has
    assert without_uids(assembly.assemble(again)) == without_uids(assembly.assemble(description))
    assert again.sections.get(kind="responsibilities").lines.count() == 4


def test_pay_values_and_facts_are_left_out(description: JobDescription, author: User) -> None:
    """They are specific to one job; the pay section itself is kept."""
    pay = builders.add_section(description, "pay", "Pay", "It depends on [region].")
    builders.change(
        description,
        changes.AddPay(pay, {"minimum": 50_000, "maximum": 60_000}),
        changes.AnswerPlaceholder("region", "the West"),
        changes.ChangeFacts({"reports_to": "Head of accounts", "work_mode": "remote"}),
    )
    again = drafts.start(by=author, title="Another", template=save(description))
    whole = assembly.assemble(again)
    section = next(section for section in whole.sections if section.kind == "pay")
    assert [line.text for line in section.lines] == ["It depends on [region]."]
    assert section.audience == "restricted"
    assert section.pay_ranges == ()
    assert whole.answers == ()
    assert not PlaceholderAnswer.objects.filter(description=again).exists()
    assert (again.reports_to, again.work_mode) == ("", "")


def test_unchanged_line_stays_linked_and_gets_revisions(
    description: JobDescription, author: User
) -> None:
    """A reworded line becomes free text."""
    kept, reworded = builders.snippet("Plan visits."), builders.snippet("Write letters.")
    for used in (kept, reworded):
        builders.use(description, used)
    line = description.lines.get(revision__snippet=reworded)
    builders.change(description, changes.ChangeLine(line.uid, {"text": "Write e-mails."}))
    template = save(description)
    assert [(one.snippet, one.text) for one in lines(template)][1:] == [
        (kept, ""),
        (None, "Write e-mails."),
    ]
    library.revise(snippet=kept, text="Plan every visit.", by=author, based_on=1)
    again = drafts.start(by=author, title="Another", template=template)
    texts = again.lines.filter(section__kind="responsibilities").order_by("position")
    assert [row.text for row in texts][1:] == ["Plan every visit.", "Write e-mails."]


def test_line_with_an_older_revision_counts_as_unchanged(
    description: JobDescription, author: User
) -> None:
    """It is linked to its snippet, so the template uses the latest wording."""
    used = builders.snippet("Plan visits.")
    builders.use(description, used)
    library.revise(snippet=used, text="Plan every visit.", by=author, based_on=1)
    assert lines(save(description))[1].snippet == used


@pytest.mark.parametrize(
    ("of_snippet", "of_line", "kept", "linked"),
    [
        ("Why it counts.", "Why it counts.", "", True),
        ("", "Our reason.", "Our reason.", True),
        ("Why it counts.", "Our reason.", "Our reason.", False),
        ("Why it counts.", "", "", False),
    ],
)
def test_own_detail_is_kept(
    description: JobDescription, of_snippet: str, of_line: str, kept: str, linked: bool
) -> None:
    """The snippet's detail isn't copied, and a removed detail isn't restored by the link."""
    used = builders.snippet("Plan visits.", detail=of_snippet)
    builders.use(description, used)
    line = description.lines.get(revision__snippet=used)
    builders.change(description, changes.ChangeLine(line.uid, {"detail": of_line}))
    template = save(description)
    copy = lines(template)[1]
    assert (copy.detail, copy.snippet == used) == (kept, linked)
    again = drafts.start(by=description.owner, title="Another", template=template)
    row = again.lines.filter(section__kind="responsibilities").order_by("position")[1]
    assert (row.text, row.detail) == ("Plan visits.", of_line)


def test_line_of_a_retired_snippet_becomes_free_text(
    description: JobDescription, author: User
) -> None:
    """A linked line would be missing in job descriptions created from the template."""
    used = builders.snippet("Send faxes.")
    builders.use(description, used)
    library.set_status(snippet=used, status="retired", by=author)
    template = save(description)
    assert (lines(template)[1].snippet, lines(template)[1].text) == (None, "Send faxes.")
    assert "Send faxes." in str(template_samples.document_of(template).to_dict())


def test_terms_are_saved_for_each_section(description: JobDescription) -> None:
    """Required, locked, and guidance; other sections have none of them."""
    terms = {uid(description): Terms(required=True, locked=True, guidance="Begin with a verb.")}
    template = save(description, terms=terms)
    values = {
        section.kind: (section.required, section.locked, section.guidance)
        for section in template.sections.all()
    }
    assert values["responsibilities"] == (True, True, "Begin with a verb.")
    assert values["summary"] == (False, False, "")


def test_sections_beyond_the_audience_are_left_out(description: JobDescription) -> None:
    """Only sections within the audience are saved."""
    builders.add_section(description, "pay", "Pay", "Secret composition.")
    template = save(description, audience="internal")
    assert "pay" not in template.sections.values_list("kind", flat=True)
    assert "pay" in save(description, "Another").sections.values_list("kind", flat=True)


def test_saved_template_is_active_and_recorded(description: JobDescription) -> None:
    """The event has its source; loading a library doesn't change it."""
    template = save(description)
    assert template in Template.objects.offered()
    assert template.edited
    event = Event.objects.get(verb="template.saved")
    assert event.what["source"] == description.reference
    assert event.about == "Our account manager"
    assert not list(Event.objects.broken())


def test_archived_job_description_can_become_a_template(description: JobDescription) -> None:
    """The job description isn't changed."""
    lifecycle.archive(description=description, by=description.owner)
    assert save(description).sections.count() == 3


# --- codes and titles


def test_codes_come_from_titles_and_are_unique(description: JobDescription) -> None:
    """A code is part of the URL, so it is short, Latin, and unique."""
    titles = ["Key account manager", "Key account-manager!", "Key account manager (A)", "経理"]
    codes = [save(description, title).code for title in titles]
    assert codes[:2] == ["key-account-manager", "key-account-manager-2"]
    assert codes[3] == "template"
    assert save(description, "x" * 150).code == "x" * 70
    assert save(description, f"{'x' * 149}y").code == f"{'x' * 70}-2"


def test_active_templates_have_unique_titles(description: JobDescription) -> None:
    """Titles are compared without case. Retired templates don't count until they are activated."""
    first = save(description, "Key account manager")
    with pytest.raises(ValidationError) as refused:
        save(description, " KEY account  manager")
    assert "Another template already has this title" in str(refused.value.message_dict["title"])
    template_actions.set_status(template=first, status="retired", by=description.owner)
    save(description, "Key account manager")
    with pytest.raises(ValidationError):
        template_actions.set_status(template=first, status="active", by=description.owner)
    first.refresh_from_db()
    assert first.status == "retired"
    assert Template.objects.count() == 2


@pytest.mark.parametrize("title", ["", "x" * (limits.TITLE_LIMIT + 1), "bell \x07"])
def test_invalid_title_changes_nothing(description: JobDescription, title: str) -> None:
    """The error is reported at the title."""
    with pytest.raises(ValidationError) as refused:
        save(description, title)
    assert list(refused.value.message_dict) == ["title"]
    assert not Template.objects.exists()
    assert not Event.objects.filter(verb="template.saved").exists()


def test_locked_section_must_have_text(description: JobDescription) -> None:
    """No one could fill it in, so no version could be saved."""
    pay = builders.add_section(description, "pay", "Pay")
    builders.change(description, changes.AddPay(pay, {"minimum": 1, "maximum": 2}))
    with pytest.raises(ValidationError) as refused:
        save(description, terms={pay: Terms(locked=True)})
    assert list(refused.value.message_dict) == [f"locked-{pay}"]


def test_job_description_without_sections_is_refused(description: JobDescription) -> None:
    builders.change(
        description, *(changes.RemoveSection(s.uid) for s in description.sections.all())
    )
    with pytest.raises(ValidationError, match="no section"):
        save(description)


# --- change and retire


@pytest.mark.slow
def test_changed_template_is_marked_as_edited(description: JobDescription, author: User) -> None:
    """Loading the starter library doesn't change it. Saving the same values isn't a change."""
    builders.starter_library()
    template = Template.objects.get(code="account-manager-mid")
    words: dict[str, Any] = {
        "title": "Our mid level",
        "role": "Manager of accounts",
        "description": "For us.",
        "family": template.family,
        "level": None,
    }
    for _ in range(2):
        template_actions.change_template(template=template, by=author, **words)
    assert Event.objects.filter(verb="template.changed").count() == 1
    Template.objects.filter(pk=template.pk).update(upstream="older")
    builders.starter_library()
    template.refresh_from_db()
    assert (template.title, template.level, template.edited) == ("Our mid level", None, True)


def test_retired_template_is_not_offered(description: JobDescription, author: User) -> None:
    """Its job descriptions aren't affected. Setting the same status records no event."""
    template = builders.template()
    again = drafts.start(by=author, title="Another", template=template)
    before = assembly.assemble(again)
    for _ in range(2):
        template_actions.set_status(template=template, status="retired", by=author)
    assert assembly.assemble(again) == before
    with pytest.raises(drafts.ActionRefused):
        drafts.start(by=author, title="Third", template=Template.objects.get())
    template_actions.set_status(template=template, status="active", by=author)
    assert Event.objects.filter(verb="template.status").count() == 2
    with pytest.raises(ValidationError):
        template_actions.set_status(template=template, status="moon", by=author)


def test_usage_is_counted(author: User) -> None:
    """Each job description created from the template counts once."""
    used, unused = builders.template("Used"), builders.template("Unused")
    for title in ("One", "Two"):
        drafts.start(by=author, title=title, template=used)
    counts = {row.pk: row.used for row in Template.objects.all().with_usage()}  # type: ignore[attr-defined]
    assert counts == {used.pk: 2, unused.pk: 0}


# --- locked and required sections


@pytest.fixture
def locked_draft(author: User) -> JobDescription:
    """A draft whose summary is required and locked, with three lines and a sub-line."""
    template = builders.template()
    summary = template.sections.get(kind="summary")
    second = TemplateLine.objects.create(section=summary, position=2, text="Second.")
    TemplateLine.objects.create(section=summary, parent=second, position=1, text="Below.")
    TemplateLine.objects.create(section=summary, position=3, text="Third.")
    TemplateSection.objects.filter(pk=summary.pk).update(locked=True)
    return drafts.start(by=author, title="Account manager", template=template)


def changes_to(locked_draft: JobDescription) -> dict[str, changes.Change]:
    """Returns every possible change of lines and pay, for the locked section."""
    locked, open_ = uid(locked_draft, "summary"), uid(locked_draft)
    first, second, third = locked_draft.lines.filter(section__uid=locked, parent=None).order_by(
        "position"
    )
    sub = second.lines.get()
    outside = locked_draft.lines.get(section__uid=open_)
    used = builders.snippet("Anything.")
    return {
        "add": changes.AddLine(locked, {"text": "More."}),
        "add below": changes.AddLine(locked, {"text": "More."}, parent=first.uid),
        "paste": changes.AddLines(locked, (changes.NewLine("Pasted."),)),
        "from the library": changes.AddSnippets(locked, (used.pk,)),
        "reword": changes.ChangeLine(first.uid, {"text": "Other words."}),
        "mark": changes.ChangeLine(second.uid, {"percent": 10}),
        "move": changes.MoveLine(first.uid, 1),
        "indent": changes.IndentLine(third.uid),
        "outdent": changes.OutdentLine(sub.uid),
        "drop out of it": changes.PlaceLine(first.uid, open_),
        "drop into it": changes.PlaceLine(outside.uid, locked),
        "drop below its line": changes.PlaceLine(outside.uid, locked, parent=first.uid),
        "remove": changes.RemoveLine(first.uid),
        "remove below": changes.RemoveLine(sub.uid),
        "pay": changes.AddPay(locked, {"minimum": 1, "maximum": 2}),
        "figures": changes.ShowReferences(locked, ()),
        "remove the section": changes.RemoveSection(locked),
    }


@pytest.mark.parametrize(
    "what",
    [
        *("add", "add below", "paste", "from the library", "reword", "mark", "move", "indent"),
        *("outdent", "drop out of it", "drop into it", "drop below its line", "remove"),
        *("remove below", "pay", "figures", "remove the section"),
    ],
)
def test_required_and_locked_sections_cannot_be_changed(
    locked_draft: JobDescription, what: str
) -> None:
    """The error names the section; the draft isn't changed."""
    before = assembly.assemble(locked_draft)
    with pytest.raises(drafts.ActionRefused, match="“What it is about”"):
        builders.change(locked_draft, changes_to(locked_draft)[what])
    locked_draft.refresh_from_db()
    assert assembly.assemble(locked_draft) == before


def test_other_parts_can_be_changed(locked_draft: JobDescription) -> None:
    """Placeholders in a locked section can be filled in; its heading and position can change."""
    builders.change(
        locked_draft,
        changes.AnswerPlaceholder("company name", "Harbor Press"),
        changes.ChangeSection(uid(locked_draft, "summary"), {"heading": "In short"}),
        changes.MoveSection(uid(locked_draft, "summary"), 1),
        changes.AddLine(uid(locked_draft), {"text": "More."}),
        changes.RemoveSection(uid(locked_draft)),
    )
    headings = [section.heading for section in locked_draft.sections.all()]
    assert headings == ["Job details", "In short"]


# --- preview


@pytest.mark.slow
def test_preview_equals_a_new_job_description(starter_library: None, author: User) -> None:
    """The same text for every starter template, with the organization's values. Nothing is
    saved."""
    builders.organization(name="Harbor Press")
    PlaceholderAnswer.objects.create(placeholder="industry", value="publishing")
    for template in Template.objects.all():
        shown = template_samples.document_of(template)
        assert not JobDescription.objects.filter(template=template).exists()
        started = drafts.start(
            by=author,
            title=template.proposed_title,
            family=template.family,
            level=template.level,
            template=template,
        )
        assert without_uids(shown) == without_uids(assembly.assemble(started)), template.code
        assert shown == template_samples.document_of(template)
    assert Line.objects.filter(pk__lt=0).count() == 0


def test_retired_snippet_is_left_out(author: User) -> None:
    """New job descriptions leave it out, too."""
    template = builders.template()
    assert "Visit the customers" in str(template_samples.document_of(template).to_dict())
    Snippet.objects.update(status="retired")
    shown = template_samples.document_of(template)
    assert "Visit the customers" not in str(shown.to_dict())
    headings = [section.heading for section in shown.sections]
    assert headings == ["Job details", "What it is about", "What you do"]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records the titles of rendered documents instead of rendering them."""
    titles: list[str] = []

    def render(_module: str, document: Document, _edition: object, **_named: object) -> bytes:
        titles.append(document.title)
        return document.title.encode()

    monkeypatch.setattr(exporters, "render_bounded", render)
    return titles


def cached_files(template: Template) -> list[Path]:
    return sorted((Path(settings.MEDIA_ROOT) / template_samples.FOLDER / template.code).iterdir())


def test_picture_is_rendered_once_and_cached(rendered: list[str]) -> None:
    """If its content changes, the older file is deleted."""
    template = builders.template(role="Account manager")
    for _ in range(2):
        assert template_samples.picture_of(template).content() == b"Account manager"
    assert len(rendered) == 1
    first = cached_files(template)
    assert len(first) == 1
    for change in (
        lambda: builders.organization(brand_color="#7a1f4e"),
        lambda: builders.organization(name="Harbor Press"),
        lambda: Template.objects.update(role="Key account manager"),
        lambda: TemplateLine.objects.filter(snippet=None).update(text="Other words."),
    ):
        change()
        template.refresh_from_db()
        template_samples.picture_of(template).content()
        now = cached_files(template)
        assert len(now) == 1
        assert now != first
        first = now
    assert len(rendered) == 5


def test_missing_cached_picture_is_rendered_again(rendered: list[str]) -> None:
    """The cache folder can be emptied at any time."""
    template = builders.template()
    template_samples.picture_of(template).content()
    for file in cached_files(template):
        file.unlink()
    assert template_samples.picture_of(template).content()
    assert len(rendered) == 2


# --- the gallery


@pytest.fixture
def gallery() -> dict[str, Template]:
    """Three starter templates and one of the organization's own."""
    family, other = builders.family(), builders.family("Customer success", "CSM")
    mid, senior = builders.level(), builders.level("Senior level", (4, 8))
    rows: dict[str, dict[str, Any]] = {
        "mid": {"family": family, "level": mid, "role": "Account manager", "upstream": "u"},
        "senior": {"family": family, "level": senior, "role": "Account director", "upstream": "u"},
        "success": {"family": other, "level": mid, "role": "Success manager", "upstream": "u"},
        "own": {"description": "For any work with partners abroad."},
    }
    return {
        name: builders.template(name.title(), position=number, **values)
        for number, (name, values) in enumerate(rows.items())
    }


def names(templates: list[Template]) -> list[str]:
    return [template.title.lower() for template in templates]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["mid", "senior", "success", "own"]),
        ("managers", ["mid", "senior", "success"]),  # also matches the family account management
        ("director", ["senior"]),
        ("customer success", ["success"]),
        ("abroad partn", ["own"]),
        ("what you do", ["mid", "senior", "success", "own"]),
        ("zeppelin", []),
        ("account zeppelin", []),
    ],
)
def test_gallery_search_covers_the_card_text(
    gallery: dict[str, Template], words: str, expected: list[str]
) -> None:
    """Every word must match the beginning of a word, in any form."""
    offered = Template.objects.offered().prefetch_related("sections")
    assert names(template_gallery.matching(offered, words)) == expected


def test_best_matches_come_first(gallery: dict[str, Template]) -> None:
    """Sorted by family, level, title, the organization's own, and position."""
    offered = list(Template.objects.offered())
    family, level = gallery["mid"].family_id, gallery["senior"].level_id
    assert names(template_gallery.fitting_first(offered)) == ["own", "mid", "senior", "success"]
    assert names(template_gallery.fitting_first(offered, title="Success manager")) == [
        *("success", "mid", "own", "senior")
    ]
    fitting = template_gallery.fitting_first(offered, family=family)
    assert names(fitting) == ["mid", "senior", "own", "success"]
    fitting = template_gallery.fitting_first(offered, family=family, level=level)
    assert names(fitting) == ["senior", "mid", "own", "success"]
