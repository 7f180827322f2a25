"""History: the life of a job description as it is told, and how it was on a day."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from roles import versions as versioning
from roles.drafts import lifecycle
from roles.exporters import FORMATS
from roles.models import EffectivePeriod, Event
from roles.versions import effective_periods, publication, rendered_files
from roles.web.shared import activity_verbs
from tests import builders

pytestmark = pytest.mark.django_db


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def said(offset=0):
    return formats.date_format(day(offset), "DATE_FORMAT")


def url(made):
    return reverse("description_history", args=[made.reference])


def entries(client, made, query=""):
    """The entries of the page, newest first, each as one line of text."""
    text = client.get(f"{url(made)}{query}").text
    found = re.findall(r"<li>\s*<svg.*?</svg>(.*?)</li>", text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", entry)).split()) for entry in found]


@pytest.fixture
def client(client_for):
    return client_for("hr")


@pytest.fixture
def made(client):
    return builders.description(client.user)


class TestEntries:
    def test_events_are_newest_first(self, client, made):
        owner = client.user
        section = made.sections.get(kind="responsibilities").uid
        builders.add_line(made, section, "Visit customers.")
        builders.add_line(made, section, "Write down what they need.")
        version = builders.version(made, note="Agreed with sales")
        rendered_files.get_or_render(version=version, format="pdf", audience="public", by=owner)
        effective_periods.make_effective(version=builders.approved(version), since=day(), by=owner)
        publication.publish(
            description=made, is_public=True, date_posted=day(), valid_through=day(5), by=owner
        )
        made.refresh_from_db()
        versioning.restore(description=made, version=version, by=owner, token=made.edit_token)
        lifecycle.archive(description=made, by=owner)
        lifecycle.unarchive(description=made, by=owner)
        told = entries(client, made)
        beginnings = (
            "Restored the job description",
            "Archived the job description",
            "Restored the draft from version 1",
            "Published the current version",
            f"Made version 1 current as of {said()}",
            "Exported version 1 as PDF (public)",
            "Saved version 1 “Agreed with sales”",
            "Edited the draft 3 changes",
            "Created from a blank page",
        )
        assert len(told) == len(beginnings)
        for entry, beginning in zip(told, beginnings, strict=True):
            assert entry.startswith(beginning)
            assert str(owner) in entry
        assert f"Open for applications from {said()} through {said(5)}." in told[3]

    def test_versions_are_linked(self, client, made):
        builders.version(made)
        version = reverse("version", args=[made.reference, 1])
        assert f'<a href="{version}">Saved version 1</a>' in client.get(url(made)).text

    def test_superseded_version_is_mentioned(self, client, made):
        for number in (1, 2, 3):
            version = builders.version(made)
            offset = {1: 0, 2: 4, 3: 9}[number]
            effective_periods.make_effective(
                version=builders.approved(version), since=day(offset), by=client.user
            )
        newest = entries(client, made)[0]
        assert "Replaces version 1." in newest
        assert "Version 2 is no longer scheduled." in newest

    def test_people_are_named(self, client, made):
        manager = builders.user("manager", first_name="Robin", last_name="Chen")
        lifecycle.assign_people(
            description=made,
            owner=client.user,
            hiring_managers=[manager],
            confidential=False,
            review_by=None,
            by=client.user,
        )
        assert "Hiring managers: Robin Chen." in entries(client, made)[0]

    def test_consecutive_edits_are_grouped(self, client, made):
        """Of each person, and between other actions."""
        other = builders.user("hr")
        uid = made.sections.all()[0].uid
        builders.version(made)
        for by in (client.user, client.user, other, client.user):
            builders.add_line(made, uid, "One more.", by=by)
        told = entries(client, made)
        assert [entry.partition(" · ")[0] for entry in told[:4]] == [
            f"Edited the draft 1 change {client.user}",
            f"Edited the draft 1 change {other}",
            f"Edited the draft 2 changes {client.user}",
            f"Saved version 1 “As agreed” {client.user}",
        ]

    def test_exports_of_a_day_are_grouped(self, client, made):
        """Of each person; whatever was exported or edited between."""
        other = builders.user("hr")
        first, second = builders.version(made), builders.version(made)
        taken = (
            *((first, "pdf", client.user), (second, "pdf", client.user)),
            *((first, "docx", client.user), (first, "md", other)),
        )
        for version, form, by in taken:
            rendered_files.get_or_render(version=version, format=form, audience="internal", by=by)
        labels = {form: FORMATS[form].label for form in ("pdf", "docx", "md")}
        told = [entry.partition(" · ")[0] for entry in entries(client, made)[:4]]
        assert told == [
            f"Exported version 1 as {labels['md']} (internal) {other}",
            f"Exported version 1 as {labels['pdf']}, {labels['docx']} (internal) {client.user}",
            f"Exported version 2 as {labels['pdf']} (internal) {client.user}",
            f"Saved version 2 “As agreed” {client.user}",
        ]

    def test_exports_are_grouped_by_audience(self, client, made):
        version = builders.version(made)
        for form, audience in (("txt", "internal"), ("md", "public"), ("md", "internal")):
            rendered_files.get_or_render(
                version=version, format=form, audience=audience, by=client.user
            )
        newest = entries(client, made)[0].partition(" · ")[0]
        text, markdown = FORMATS["txt"].label, FORMATS["md"].label
        assert newest == (
            f"Exported version 1 {text}, {markdown} (internal) {markdown} (public) {client.user}"
        )
        assert ">Exported version 1</a>" in client.get(url(made)).text

    def test_exports_of_other_days_are_separate_and_do_not_count(self, client, made):
        version = builders.version(made)
        for number in range(60):
            Event.objects.record(
                by=client.user,
                verb="version.exported",
                about=version,
                chain=made.reference,
                number=1,
                format=f"form{number}",
                audience="internal",
            )
        Event.objects.filter(what__format="form0").update(at=timezone.now() - timedelta(days=1))
        told = [entry for entry in entries(client, made) if entry.startswith("Exported")]
        assert len(told) == 2
        assert told[0].count("FORM") == 59
        assert "?page=2" not in client.get(url(made)).text

    def test_grouped_by_day(self, client, made):
        Event.objects.filter(chain=made.reference).update(at=timezone.now() - timedelta(days=3))
        builders.version(made)
        text = client.get(url(made)).text
        heads = re.findall(r'<h2 class="h3"><time datetime="([^"]+)"', text)
        assert heads == [day().isoformat(), day(-3).isoformat()]

    def test_unknown_verb_is_shown_as_is(self, client, made):
        Event.objects.record(
            by=None, verb="thing.done", about=made, chain=made.reference, number=[]
        )
        assert entries(client, made)[0].startswith("Recorded “thing.done” Command line")

    def test_unexpected_event_data_is_tolerated(self, client, made):
        for verb in activity_verbs.VERBS:
            Event.objects.record(by=None, verb=verb, about=made, chain=made.reference)
        assert "Made version – current as of –" in " ".join(entries(client, made))

    def test_pages_have_fifty_events_and_all_edits(self, client, made):
        uid = made.sections.all()[0].uid
        for number in range(60):
            Event.objects.record(
                by=client.user,
                verb="version.saved",
                about=made,
                chain=made.reference,
                number=number,
            )
            if number % 20 == 0:
                builders.add_line(made, uid, "A line.")
        first, second = entries(client, made), entries(client, made, "?page=2")
        assert [e.startswith("Saved") for e in first].count(True) == 50
        assert [e.startswith("Saved") for e in second].count(True) == 10
        assert len([e for e in first + second if e.startswith("Edited")]) == 4
        assert second[-1].startswith("Created")

    def test_says_whether_the_history_is_intact(self, client, made):
        assert "The history is intact." in client.get(url(made)).text
        Event.objects.filter(chain=made.reference, number=2).update(verb="version.saved")
        text = client.get(url(made)).text
        assert "unbroken" not in text
        assert "The history was altered" in text

    def test_html_in_a_note_is_text(self, client, made):
        builders.version(made, note="<script>alert(1)</script>")
        assert "<script>alert" not in client.get(url(made)).text

    def test_pay_is_not_shown(self, client, made):
        from roles.drafts import changes

        uid = builders.add_section(made, "pay", "Pay")
        builders.change(made, changes.AddPay(uid, {"minimum": 71234, "maximum": 81234}))
        builders.version(made)
        assert "1234" not in " ".join(entries(client, made))


class TestAsItStood:
    @pytest.fixture
    def versions(self, client, made):
        for number in (1, 2):
            builders.version(made)
            version = made.versions.get(number=number)
            effective_periods.make_effective(
                version=builders.approved(version), since=day(5 * number - 5), by=client.user
            )

    def stood(self, client, made, on):
        text = client.get(url(made), {"on": on}).text
        found = re.search(r'<div class="note day-result".*?</div>\s*</div>', text, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else None

    def test_current_version_of_a_date(self, client, made, versions):
        assert "version 1 is current." in self.stood(client, made, day().isoformat())
        assert "version 2 will be current." in self.stood(client, made, day(5).isoformat())
        EffectivePeriod.objects.filter(version__number=1).update(since=day(-9))
        assert "version 1 was current." in self.stood(client, made, day(-3).isoformat())

    def test_no_version_on_a_date(self, client, made):
        type(made).objects.update(created_at=timezone.now() - timedelta(days=9))
        assert "No version was current" in self.stood(client, made, day(-2).isoformat())
        assert "didn’t exist yet" in self.stood(client, made, day(-20).isoformat())
        assert "No version is scheduled" in self.stood(client, made, day(20).isoformat())

    @pytest.mark.parametrize("on", ["", "soon", "2026-02-30", "9" * 400, "\x00", "0000-01-01"])
    def test_invalid_date_shows_error(self, client, made, on):
        response = client.get(url(made), {"on": on})
        assert response.status_code == 200
        assert 'id="id_on_error"' in response.text
        assert self.stood(client, made, on) is None


def test_who_may_not(client_for):
    made = builders.description()
    assert client_for("manager").get(url(made)).status_code == 404
    named = client_for("manager")
    theirs = builders.description(named=(named.user,))
    assert named.get(url(theirs)).status_code == 200
