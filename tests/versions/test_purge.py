"""Purging what was archived long ago: a tombstone stays, and the record of events."""

import pytest
from django.core.management import CommandError, call_command

from roles import drafts
from roles.drafts import lifecycle
from roles.models import Event, JobDescription, RenderedFile, Tombstone, Version
from roles.versions import purge, rendered_files
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived() -> JobDescription:
    jd = builders.description()
    version = builders.version(jd)
    rendered_files.rendered(version=version, format="pdf", audience="public")
    return lifecycle.archive(description=jd, by=jd.owner)


def test_only_archived_is_purged() -> None:
    jd = builders.description()
    with pytest.raises(drafts.ActionRefused):
        purge.purge(description=jd, by=None)
    assert JobDescription.objects.filter(pk=jd.pk).exists()


def test_only_the_hash_is_kept(archived: JobDescription) -> None:
    sha256 = archived.versions.get().sha256
    stored = RenderedFile.objects.get().file
    assert purge.purge(description=archived, by=archived.owner) == 1
    assert not JobDescription.objects.exists()
    assert not Version.objects.exists()
    assert not stored.storage.exists(str(stored.name))
    assert Tombstone.objects.get().sha256 == sha256
    assert list(Event.objects.broken()) == []


def test_command_lists_first_and_purges_with_yes(
    archived: JobDescription, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("purge_archived", "--before", "2000-01-01", "--yes")
    assert capsys.readouterr().out == ""
    call_command("purge_archived", "--before", "2999-01-01")
    assert f"{archived.reference} " in capsys.readouterr().out
    assert JobDescription.objects.exists()
    call_command("purge_archived", "--before", "2999-01-01", "--yes")
    assert not JobDescription.objects.exists()


def test_invalid_date_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("purge_archived", "--before", "yesterday")
