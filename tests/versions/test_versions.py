"""Versions: what is saved comes back to the letter, and never changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from roles import assembly, exporters, versions, vocabulary
from roles import drafts as drafting
from roles.document import sha256
from roles.drafts import changes
from roles.models import (
    CustomFact,
    Event,
    JobDescription,
    Location,
    PayReference,
    RenderedFile,
    Tombstone,
    Version,
    VersionUse,
)
from roles.models import version as triggers
from roles.versions import purge, rendered_files
from tests import builders, strategies

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd() -> JobDescription:
    return builders.description()


def restore(jd: JobDescription, version: Version) -> list[str]:
    jd.refresh_from_db()
    token = jd.edit_token
    return versions.restore(description=jd, version=version, by=jd.owner, token=token)


# --- saving


def test_version_equals_the_draft(jd: JobDescription) -> None:
    """Its text, the hash of exactly that text, number, note, author, brand."""
    builders.organization(name="Acme", brand_color="#123456", paper="Letter")
    version = builders.version(jd, note="As agreed")
    whole = assembly.assemble(jd)
    assert version.text.encode() == whole.canonical_json()
    assert version.sha256 == sha256(version.text.encode())
    assert version.document == whole
    assert (version.number, version.note, version.author) == (1, "As agreed", jd.owner)
    assert version.brand == {
        "name": "Acme",
        "color": "#123456",
        "logo_digest": "",
        "paper": "Letter",
    }


def test_numbers_have_no_gaps(jd: JobDescription) -> None:
    """A refused save takes none; each job description counts for itself."""
    builders.version(jd)
    with pytest.raises(drafting.StaleDraft):
        versions.save(description=jd, by=jd.owner, token=jd.edit_token - 1)
    assert builders.version(jd).number == 2
    assert builders.version().number == 1


def test_a_stale_page_saves_nothing(jd: JobDescription) -> None:
    """Saving compares the whole token: every line of a version was seen."""
    old = jd.edit_token
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "Unseen")
    with pytest.raises(drafting.StaleDraft) as caught:
        versions.save(description=jd, by=jd.owner, token=old)
    assert caught.value.token == jd.edit_token
    assert [c.kind for c in caught.value.conflicts] == ["version"]
    assert not Version.objects.exists()


def test_required_sections_must_not_be_empty(jd: JobDescription) -> None:
    """Each is named; open placeholders do not matter."""
    for heading in ("Benefits", "Legal"):
        uid = builders.add_section(jd, "other", heading)
        jd.sections.filter(uid=uid).update(required=True)
    with pytest.raises(drafting.ActionRefused, match="“Benefits”, “Legal”"):
        builders.version(jd)
    assert not Version.objects.exists()
    for row in jd.sections.filter(required=True):
        builders.add_line(jd, row.uid, "Not less than [X] days.")
    assert builders.version(jd).number == 1


def test_an_empty_draft_is_not_saved(jd: JobDescription) -> None:
    """Facts alone are no content: without a section they aren't shown anywhere."""
    for line in jd.lines.all():
        builders.change(jd, changes.RemoveLine(line.uid))
    with pytest.raises(drafting.ActionRefused, match="The draft is empty"):
        builders.version(jd)
    uid = builders.add_section(jd, "facts", "Job details")
    builders.change(jd, changes.ChangeSection(uid, {"facts": ["job_level"]}))
    assert builders.version(jd).number == 1


def test_saving_records_an_event_with_the_hash(jd: JobDescription) -> None:
    """So that the chain of events vouches for the text."""
    version = builders.version(jd)
    event = Event.objects.get(verb="version.saved")
    assert (event.chain, event.what["number"]) == (jd.reference, 1)
    assert event.what["sha256"] == version.sha256


def test_archived_is_not_saved(jd: JobDescription) -> None:
    """Nor started again from a version."""
    version = builders.version(jd)
    JobDescription.objects.update(status="archived")
    with pytest.raises(drafting.ActionRefused, match="archived"):
        builders.version(jd)
    with pytest.raises(drafting.ActionRefused, match="archived"):
        restore(jd, version)


def test_records_used_revisions(jd: JobDescription) -> None:
    """By line; also those reworded, and as it was at saving."""
    used = builders.snippet()
    builders.use(jd, used)
    own = jd.lines.get(revision__isnull=False)
    builders.change(jd, changes.ChangeLine(own.uid, {"text": "Reworded"}))
    version = builders.version(jd)
    builders.change(jd, changes.RemoveLine(own.uid))
    builders.version(jd)
    uses = VersionUse.objects.values_list("version", "line_uid", "revision")
    assert list(uses) == [(version.pk, own.uid, used.latest().pk)]


# --- starting again from a version


def test_restore_is_complete(jd: JobDescription) -> None:
    """Text, uids and the links to the library; one token, one event."""
    used = builders.snippet()
    builders.use(jd, used)
    jd.sections.filter(kind="summary").update(guidance="Write this", required=True)
    version = builders.version(jd)
    builders.change(
        jd,
        changes.RemoveSection(jd.sections.get(kind="responsibilities").uid),
        changes.ChangeFacts({"title": "Another"}),
    )
    token = jd.edit_token
    assert restore(jd, version) == []
    jd.refresh_from_db()
    assert jd.edit_token == token + 1
    assert assembly.assemble(jd).canonical_json() == version.text.encode()
    assert jd.lines.get(revision__isnull=False).revision == used.latest()
    assert jd.sections.get(kind="summary").guidance == "Write this"
    assert jd.sections.get(kind="summary").required
    event = Event.objects.get(verb="version.restored")
    assert (event.what["number"], event.what["token"]) == (1, token + 1)


def test_after_a_restore_older_pages_are_stale(jd: JobDescription) -> None:
    """Anyone who still has the text from before is asked, and overwrites nothing."""
    version = builders.version(jd)
    old, line = jd.edit_token, jd.lines.select_related("section")[0]
    restore(jd, version)
    for change in (
        changes.ChangeLine(line.uid, {"text": "Mine"}),
        changes.ChangeFacts({"title": "Mine"}),
        changes.MoveSection(line.section.uid, 1),
    ):
        with pytest.raises(drafting.StaleDraft):
            builders.change(jd, change, token=old)


def test_a_stale_restore_is_refused(jd: JobDescription) -> None:
    """Nothing is thrown away that was not seen."""
    version = builders.version(jd)
    old = jd.edit_token
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "Unseen")
    with pytest.raises(drafting.StaleDraft):
        versions.restore(description=jd, version=version, by=jd.owner, token=old)
    assert jd.lines.filter(text="Unseen").exists()


def test_restore_returns_missing_records(jd: JobDescription) -> None:
    """The rest comes back all the same."""
    version = builders.version(jd)
    family = jd.job_family
    assert family is not None
    family.name = "Key accounts"
    family.save()
    assert restore(jd, version) == ["Job family “Account management”"]
    jd.refresh_from_db()
    assert assembly.assemble(jd).sections == version.document.sections


def test_equal_market_figures_are_restored_once(jd: JobDescription) -> None:
    """Two rows of the library may hold the same figure; the author chose one."""
    usual = {"role": "Ferry pilot", "amount": Decimal(54840)}
    first = PayReference.objects.create(code="first", **usual)
    PayReference.objects.create(code="second", **usual)
    uid = builders.add_section(jd, "pay", "Pay")
    builders.change(jd, changes.ShowReferences(uid, (first.pk,)))
    version = builders.version(jd)
    restore(jd, version)
    assert builders.version(jd).sha256 == version.sha256


# --- whatever a person can type survives


@st.composite
def drafts(draw: st.DrawFn) -> JobDescription:
    """A draft made through the actions, from texts that a form would let through."""
    jd = builders.description(title=draw(strategies.words()))
    _draw_facts(draw, jd)
    uid = jd.sections.get(kind="responsibilities").uid
    for line in draw(st.lists(strategies.lines(below=0), min_size=1, max_size=3)):
        _draw_line(draw, jd, uid, line)
    _draw_pay(draw, jd)
    requested: list[changes.Change] = [
        changes.ChangeSection(
            uid,
            {
                "heading": draw(strategies.words()),
                "audience": draw(strategies.audiences),
                "style": draw(st.sampled_from(list(vocabulary.STYLES))),
            },
        ),
        changes.MoveSection(uid, draw(st.sampled_from([-1, 1]))),
        changes.AnswerPlaceholder("Company Name", draw(strategies.words())),
        changes.AnswerPlaceholder("city", plain=True),
    ]
    builders.change(jd, *requested)
    return jd


def _draw_facts(draw: st.DrawFn, jd: JobDescription) -> None:
    CustomFact.objects.get_or_create(code="cost-centre", defaults={"label": "Cost centre"})
    place = Location.objects.get_or_create(city="Denver", region="CO", country="US")[0]
    values = {
        "similar_titles": draw(st.lists(strategies.words(), max_size=2)),
        "reports_to": draw(strategies.or_empty(strategies.words())),
        "pay_grade": draw(strategies.or_empty(strategies.words(20))),
        "years_from": draw(strategies.years),
        "years_to": draw(strategies.years),
        "weekly_hours": draw(st.sampled_from([None, Decimal(40), Decimal("37.5"), Decimal(0)])),
        "work_mode": draw(strategies.code_of(vocabulary.WORK_MODES)),
        "eeo_category": draw(strategies.code_of(vocabulary.EEO_CATEGORIES)),
        "apply_by": draw(st.sampled_from([None, date(2027, 2, 28)])),
        "open_until_filled": draw(st.booleans()),
        "locations": draw(st.sampled_from([[], [place]])),
        "department": draw(st.sampled_from([None, builders.department()])),
        "custom_facts": {"cost-centre": draw(strategies.or_empty(strategies.words()))},
    }
    builders.change(jd, changes.ChangeFacts(values))


def _draw_line(draw: st.DrawFn, jd: JobDescription, uid: str, line: Any) -> None:
    names = (
        *("form", "group", "text", "detail", "category", "proficiency"),
        *("requirement", "essential", "percent", "frequency"),
    )
    values = {name: getattr(line, name) for name in names}
    builders.change(jd, changes.AddLine(uid, values))
    added = jd.lines.order_by("-pk")[0]
    sub_line = changes.AddLine(uid, {"text": draw(strategies.typed())}, parent=added.uid)
    local = changes.AnswerPlaceholder("x", draw(strategies.words()), line=added.uid)
    builders.change(jd, sub_line, local)


def _draw_pay(draw: st.DrawFn, jd: JobDescription) -> None:
    uid = builders.add_section(jd, "pay", "Pay")
    low, high = sorted([draw(strategies.amounts), draw(strategies.amounts)])
    values = {
        "minimum": low,
        "maximum": high,
        "location": draw(strategies.or_empty(strategies.words())),
        "years_from": draw(strategies.years),
    }
    figure = PayReference.objects.get_or_create(
        code="figure", defaults={"role": "Ferry pilot", "amount": Decimal(54840)}
    )[0]
    builders.change(jd, changes.AddPay(uid, values), changes.ShowReferences(uid, (figure.pk,)))


@pytest.mark.slow
@given(data=st.data())
@strategies.examples(15)
def test_any_text_survives(data: st.DataObject) -> None:
    """Draft, version, restore, version: the same hash and an equal document."""
    with transaction.atomic():
        jd = data.draw(drafts())
        version = builders.version(jd)
        builders.change(
            jd,
            changes.ChangeFacts({"title": "Something else", "similar_titles": []}),
            *(changes.RemoveSection(row.uid) for row in jd.sections.all()),
        )
        assert restore(jd, version) == []
        again = builders.version(jd)
        assert again.sha256 == version.sha256
        assert again.document == version.document
        assert again.text == version.text
        transaction.set_rollback(True)


# --- versions never change


@pytest.fixture
def version() -> Version:
    return builders.version()


def _refused(change: Any, *arguments: Any) -> None:
    """The database itself refuses the change, and the row is as it was."""
    before = Version.objects.values_list("text", "note").get()
    with pytest.raises(DatabaseError), transaction.atomic():
        change(*arguments)
    assert Version.objects.values_list("text", "note").get() == before


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_orm_cannot_change_a_version(version: Version) -> None:
    """Neither one row nor a query set of them."""
    with pytest.raises(TypeError, match="can't be changed"):
        version.save()
    _refused(lambda: Version.objects.update(note="Other"))
    _refused(lambda: Version.objects.bulk_update([Version(pk=version.pk, note="x")], ["note"]))
    _refused(lambda: Version.objects.filter(pk=version.pk).delete())
    _refused(version.delete)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE roles_version SET note = 'Other'",
        "UPDATE roles_version SET text = text",
        "DELETE FROM roles_version",
    ],
)
def test_sql_cannot_change_a_version(version: Version, statement: str) -> None:
    """Anyone who has the database's shell meets the trigger."""
    _refused(_sql, statement)


REPLACE = {
    "sqlite": [
        """INSERT OR REPLACE INTO roles_version
        (id, description_id, number, label, note, text, sha256, brand, author_id, created_at)
        SELECT id, description_id, number, label, 'Other', text, sha256, brand, author_id,
        created_at FROM roles_version""",
        """INSERT OR REPLACE INTO roles_version
        (id, description_id, number, label, note, text, sha256, brand, author_id, created_at)
        SELECT id + 1, description_id, number, label, 'Other', text, sha256, brand, author_id,
        created_at FROM roles_version""",
    ],
    "postgresql": [
        """INSERT INTO roles_version
        (id, description_id, number, label, note, text, sha256, brand, author_id, created_at)
        SELECT id, description_id, number, label, 'Other', text, sha256, brand, author_id,
        created_at FROM roles_version ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note""",
    ],
}


def test_version_cannot_be_replaced(version: Version) -> None:
    """SQLite's REPLACE deletes without a delete trigger; PostgreSQL's upsert updates."""
    for statement in REPLACE[connection.vendor]:
        _refused(_sql, statement)


def test_table_cannot_be_truncated(version: Version) -> None:
    """PostgreSQL's TRUNCATE is no DELETE: it has its own trigger."""
    if connection.vendor == "postgresql":
        _refused(_sql, "TRUNCATE roles_version CASCADE")
    else:
        _refused(_sql, "DELETE FROM roles_version WHERE 1")


def test_version_can_be_deleted_only_with_a_tombstone(version: Version) -> None:
    """The purge writes it first, for this very version; even then nothing is updated."""
    Tombstone.objects.create(
        version_id=version.pk + 1, reference="ACC-9999", number=1, sha256=version.sha256
    )
    _refused(version.delete)
    Tombstone.objects.create(
        version_id=version.pk,
        reference=version.description.reference,
        number=version.number,
        sha256=version.sha256,
    )
    _refused(lambda: Version.objects.update(note="Other"))
    version.delete()
    assert not Version.objects.exists()


def test_purge_keeps_the_hashes(jd: JobDescription) -> None:
    """Draft, versions and files are gone; tombstones and events tell that they were."""
    hashes = {builders.version(jd).sha256 for _ in range(2)}
    other = builders.version()
    with pytest.raises(drafting.ActionRefused, match="archived"):
        purge.purge(description=jd, by=None)
    JobDescription.objects.filter(pk=jd.pk).update(status="archived")
    assert purge.purge(description=jd, by=jd.owner) == 2
    assert list(Version.objects.all()) == [other]
    assert set(Tombstone.objects.values_list("sha256", flat=True)) == hashes
    assert not JobDescription.objects.filter(pk=jd.pk).exists()
    assert not list(Event.objects.broken())


def test_all_triggers_exist() -> None:
    """In the database that the tests run on, as migrations left it."""
    assert triggers.missing_triggers(connection) == set()


def test_missing_triggers_are_reported_by_a_check() -> None:
    """`manage.py check --database default` says so, and migrate puts them back."""
    names = {
        "sqlite": {"roles_version_no_update", "roles_version_no_delete"},
        "postgresql": {"roles_version_no_change", "roles_version_no_truncate"},
    }[connection.vendor]
    triggers.drop_triggers(connection)
    assert triggers.missing_triggers(connection) >= names
    messages = [m.msg for m in run_checks(databases=["default"]) if "trigger" in m.msg]
    assert len(messages) == 1
    assert all(name in messages[0] for name in names)
    triggers.install_triggers(connection)
    triggers.install_triggers(connection)
    assert triggers.missing_triggers(connection) == set()
    assert not [m for m in run_checks(databases=["default"]) if "trigger" in m.msg]


@pytest.fixture
def _table_as_before() -> Iterator[None]:
    """The table of versions is made as it was, whatever a test did to it."""
    yield
    with connection.schema_editor() as editor:
        editor.alter_field(Version, _wider_note(), Version._meta.get_field("note"))
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def _wider_note() -> models.Field[Any, Any]:
    """The field `note` as a later migration might have it."""
    field = Version._meta.get_field("note").clone()
    field.max_length = 600
    field.set_attributes_from_name("note")
    field.model = Version
    return field


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_table_as_before")
def test_migration_of_the_table_keeps_the_triggers() -> None:
    """SQLite remakes the table and drops its triggers; what follows migrate makes them again."""
    builders.version()
    with connection.schema_editor() as editor:
        old = Version._meta.get_field("note")
        if connection.vendor == "sqlite":
            editor._remake_table(  # type: ignore[attr-defined]
                Version, alter_fields=[(old, _wider_note())]
            )
        else:
            editor.alter_field(Version, old, _wider_note())
    assert bool(triggers.missing_triggers(connection)) == (connection.vendor == "sqlite")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert triggers.missing_triggers(connection) == set()
    _refused(lambda: Version.objects.update(note="Other"))


# --- files of versions


class Renderer:
    """A format that tells what it was given, and how often."""

    def __init__(self) -> None:
        self.key = "1"
        self.calls = 0

    def render(self, document: Any, edition: Any) -> bytes:
        self.calls += 1
        headings = [section.heading for section in document.sections]
        return f"{edition.brand.color} {edition.number} {headings}".encode()

    def format(self) -> Any:
        return builders.format(self.render, lambda: self.key)


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    renderer = Renderer()
    monkeypatch.setitem(exporters.FORMATS, "txt", renderer.format())
    return renderer


def rendered(version: Version, audience: str = "restricted") -> RenderedFile:
    return rendered_files.rendered(version=version, format="txt", audience=audience)


def test_a_file_is_rendered_once(version: Version, renderer: Renderer) -> None:
    """And kept with the digest of its content."""
    first = rendered(version)
    assert rendered(version) == first
    assert renderer.calls == 1
    content = first.file.read()
    assert first.digest == sha256(content)
    assert b"#1f4e79 1 ['Summary'" in content


def test_each_audience_has_its_own_file(jd: JobDescription, renderer: Renderer) -> None:
    """The public one says nothing of pay."""
    builders.add_section(jd, "pay", "Secret pay", "A bonus")
    version = builders.version(jd)
    files = {name: rendered(version, name) for name in vocabulary.AUDIENCES}
    contents = {name: file.file.read() for name, file in files.items()}
    assert len({file.file.name for file in files.values()}) == 3
    assert renderer.calls == 2  # the internal one says the same as the public one
    assert b"Secret pay" in contents["restricted"]
    assert b"Secret pay" not in contents["public"] + contents["internal"]


def test_another_renderer_renders_again(version: Version, renderer: Renderer) -> None:
    """A new library or font is in the key; the same one finds its file again."""
    first = rendered(version)
    renderer.key = "2"
    second = rendered(version)
    assert first.pk != second.pk
    assert first.key != second.key
    renderer.key = "1"
    assert rendered(version) == first
    assert renderer.calls == 2


def test_a_lost_file_is_rendered_again(version: Version, renderer: Renderer) -> None:
    """Anyone who cleans up too much loses nothing."""
    first = rendered(version)
    first.downloaded_by.add(version.author)
    first.file.storage.delete(str(first.file.name))
    again = rendered(version)
    assert again.digest == first.digest
    assert list(again.downloaded_by.all()) == [version.author]
    assert again.file.read()
    assert RenderedFile.objects.count() == 1


def test_version_keeps_the_brand_it_was_saved_with(version: Version, renderer: Renderer) -> None:
    """The organization's new color is for new versions."""
    builders.organization(name="Renamed", brand_color="#aa0000", paper="Letter")
    edition = rendered_files.edition(version)
    assert (edition.brand.color, edition.brand.paper) == ("#1f4e79", "A4")
    assert rendered(version).file.read().startswith(b"#1f4e79")
    newer = builders.version(version.description)
    assert rendered(newer).file.read().startswith(b"#aa0000")


def test_the_edition_of_a_version(version: Version) -> None:
    """Reference, number, day and hash stand on every page."""
    edition = rendered_files.edition(version)
    assert (edition.reference, edition.number) == (version.description.reference, 1)
    assert (edition.sha256, edition.is_draft) == (version.sha256, False)
    assert edition.day is not None


def test_numbers_are_unique(version: Version) -> None:
    """The number of a version is unique in its job description."""
    twin = Version(
        description=version.description, number=1, text="{}", sha256="", author=version.author
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
