"""A section without a printed heading, from the wizard to a version and a template."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.drafts import undo
from roles.models import JobDescription
from tests import builders
from tests.html import find
from tests.pages import open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    return builders.description(client.user)


def url(jd: JobDescription, step: str) -> str:
    return reverse("wizard_step", args=[jd.reference, step])


@pytest.mark.slow
def test_heading_is_left_out_and_undo_prints_it_again(client: Any, jd: JobDescription) -> None:
    summary = jd.sections.get(kind="summary")
    page = open_page(client, url(jd, "summary"))
    page.data[f"section-{summary.uid}-heading_display"] = ["hidden"]
    page.press("save")
    summary.refresh_from_db()
    assert summary.heading_display == "hidden"
    preview = client.get(url(jd, "summary"))
    [section] = [s for s in find(preview, "section") if s.get("data-section") == summary.uid]
    assert not find(section, "h2")
    version = builders.version(jd)
    assert [s.heading_display for s in version.document.sections if s.uid == summary.uid] == [
        "hidden"
    ]
    jd.refresh_from_db()
    page = open_page(client, url(jd, "summary"))
    page.data[f"section-{summary.uid}-heading_display"] = ["printed"]
    page.press("save")
    jd.refresh_from_db()
    undo.undo(description=jd, by=jd.owner)
    summary.refresh_from_db()
    assert summary.heading_display == "hidden"


def test_sections_of_lists_always_print_theirs(client: Any, jd: JobDescription) -> None:
    duties = jd.sections.get(kind="responsibilities")
    page = open_page(client, url(jd, "responsibilities"))
    assert f"section-{duties.uid}-style" in page.data
    assert f"section-{duties.uid}-heading_display" not in page.data


@pytest.mark.slow
def test_restore_and_copy_keep_it(client: Any, jd: JobDescription) -> None:
    jd.sections.filter(kind="summary").update(heading_display="hidden")
    page = open_page(client, reverse("description_new"))
    page.data |= {"title": ["Copy"], "source": [f"copy:{jd.reference}"], "family": ["none"]}
    page.send()
    copy = JobDescription.objects.exclude(pk=jd.pk).get()
    assert copy.sections.get(kind="summary").heading_display == "hidden"
