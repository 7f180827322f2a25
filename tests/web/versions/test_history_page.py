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
from tests.html import find

pytestmark = pytest.mark.django_db


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


def day_text(offset=0):
    return formats.date_format(day(offset), "DATE_FORMAT")


def url(jd):
    return reverse("description_history", args=[jd.reference])


def entries(client, jd, query=""):
    """The entries of the page, newest first, each as one line of text."""
    text = client.get(f"{url(jd)}{query}").text
    items = re.findall(r"<li>\s*<svg.*?</svg>(.*?)</li>", text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", entry)).split()) for entry in items]


@pytest.fixture
def client(client_for):
    return client_for("hr")


@pytest.fixture
def jd(client):
    return builders.description(client.user)


class TestEntries:
    def test_events_are_newest_first(self, client, jd):
        owner = client.user
        section = jd.sections.get(kind="responsibilities").uid
        builders.add_line(jd, section, "Visit customers.")
        builders.add_line(jd, section, "Write down what they need.")
        version = builders.version(jd, note="Agreed with sales")
        rendered_files.download(version=version, format="pdf", audience="public", by=owner)
        effective_periods.make_effective(version=builders.approved(version), since=day(), by=owner)
        publication.publish(
            description=jd, is_public=True, date_posted=day(), valid_through=day(5), by=owner
        )
        jd.refresh_from_db()
        versioning.restore(description=jd, version=version, by=owner, token=jd.edit_token)
        lifecycle.archive(description=jd, by=owner)
        lifecycle.unarchive(description=jd, by=owner)
        shown_entries = entries(client, jd)
        beginnings = (
            "Restored the job description",
            "Archived the job description",
            "Restored the draft from version 1",
            "Published the current version",
            f"Made version 1 current as of {day_text()}",
            "Exported version 1 as PDF (public)",
            "Saved version 1 “Agreed with sales”",
            "Edited the draft 3 changes",
            "Created from a blank page",
        )
        assert len(shown_entries) == len(beginnings)
        for entry, beginning in zip(shown_entries, beginnings, strict=True):
            assert entry.startswith(beginning)
            assert str(owner) in entry
        assert f"Open for applications from {day_text()} through {day_text(5)}." in shown_entries[3]

    def test_versions_are_linked(self, client, jd):
        builders.version(jd)
        version = reverse("version", args=[jd.reference, 1])
        assert f'<a href="{version}">Saved version 1</a>' in client.get(url(jd)).text

    def test_superseded_version_is_mentioned(self, client, jd):
        for number in (1, 2, 3):
            version = builders.version(jd)
            offset = {1: 0, 2: 4, 3: 9}[number]
            effective_periods.make_effective(
                version=builders.approved(version), since=day(offset), by=client.user
            )
        newest = entries(client, jd)[0]
        assert "Replaces version 1." in newest
        assert "Version 2 is no longer scheduled." in newest

    def test_people_are_shown_by_name(self, client, jd):
        manager = builders.user("manager", first_name="Robin", last_name="Chen")
        lifecycle.assign_people(
            description=jd,
            owner=client.user,
            hiring_managers=[manager],
            confidential=False,
            review_by=None,
            by=client.user,
        )
        assert "Hiring managers: Robin Chen." in entries(client, jd)[0]

    def test_consecutive_edits_are_grouped(self, client, jd):
        """Of each person, and between other actions."""
        other = builders.user("hr")
        uid = jd.sections.all()[0].uid
        builders.version(jd)
        for by in (client.user, client.user, other, client.user):
            builders.add_line(jd, uid, "One more.", by=by)
        shown_entries = entries(client, jd)
        assert [entry.partition(" · ")[0] for entry in shown_entries[:4]] == [
            f"Edited the draft 1 change {client.user}",
            f"Edited the draft 1 change {other}",
            f"Edited the draft 2 changes {client.user}",
            f"Saved version 1 “As agreed” {client.user}",
        ]

    def test_exports_of_a_day_are_grouped(self, client, jd):
        """Of each person; whatever was exported or edited between."""
        other = builders.user("hr")
        first, second = builders.version(jd), builders.version(jd)
        taken = (
            *((first, "pdf", client.user), (second, "pdf", client.user)),
            *((first, "docx", client.user), (first, "md", other)),
        )
        for version, form, by in taken:
            rendered_files.download(version=version, format=form, audience="internal", by=by)
        labels = {form: FORMATS[form].label for form in ("pdf", "docx", "md")}
        shown_entries = [entry.partition(" · ")[0] for entry in entries(client, jd)[:4]]
        assert shown_entries == [
            f"Exported version 1 as {labels['md']} (internal) {other}",
            f"Exported version 1 as {labels['pdf']}, {labels['docx']} (internal) {client.user}",
            f"Exported version 2 as {labels['pdf']} (internal) {client.user}",
            f"Saved version 2 “As agreed” {client.user}",
        ]

    def test_exports_are_grouped_by_audience(self, client, jd):
        version = builders.version(jd)
        for form, audience in (("txt", "internal"), ("md", "public"), ("md", "internal")):
            rendered_files.download(version=version, format=form, audience=audience, by=client.user)
        newest = entries(client, jd)[0].partition(" · ")[0]
        text, markdown = FORMATS["txt"].label, FORMATS["md"].label
        assert newest == (
            f"Exported version 1 {text}, {markdown} (internal) {markdown} (public) {client.user}"
        )
        assert ">Exported version 1</a>" in client.get(url(jd)).text

    def test_exports_of_other_days_are_separate_and_do_not_count(self, client, jd):
        version = builders.version(jd)
        for number in range(60):
            Event.objects.record(
                by=client.user,
                verb="version.exported",
                about=version,
                chain=jd.reference,
                number=1,
                format=f"form{number}",
                audience="internal",
            )
        Event.objects.filter(what__format="form0").update(at=timezone.now() - timedelta(days=1))
        shown_entries = [entry for entry in entries(client, jd) if entry.startswith("Exported")]
        assert len(shown_entries) == 2
        assert shown_entries[0].count("FORM") == 59
        assert 'rel="next"' not in client.get(url(jd)).text

    def test_grouped_by_day(self, client, jd):
        Event.objects.filter(chain=jd.reference).update(at=timezone.now() - timedelta(days=3))
        builders.version(jd)
        text = client.get(url(jd)).text
        heads = re.findall(r'<h2 class="h3"><time datetime="([^"]+)"', text)
        assert heads == [day().isoformat(), day(-3).isoformat()]

    def test_unknown_verb_is_shown_as_is(self, client, jd):
        Event.objects.record(by=None, verb="thing.done", about=jd, chain=jd.reference, number=[])
        assert entries(client, jd)[0].startswith("Recorded “thing.done” Command line")

    def test_unexpected_event_data_is_tolerated(self, client, jd):
        for verb in activity_verbs.VERBS:
            Event.objects.record(by=None, verb=verb, about=jd, chain=jd.reference)
        assert "Made version – current as of –" in " ".join(entries(client, jd))

    def test_pages_have_fifty_events_and_all_edits(self, client, jd):
        uid = jd.sections.all()[0].uid
        for number in range(60):
            Event.objects.record(
                by=client.user,
                verb="version.saved",
                about=jd,
                chain=jd.reference,
                number=number,
            )
            if number % 20 == 0:
                builders.add_line(jd, uid, "A line.")
        first = entries(client, jd)
        [link] = find(client.get(url(jd)), "a", rel="next")
        second = entries(client, jd, link.attrib["href"])
        assert [e.startswith("Saved") for e in first].count(True) == 50
        assert [e.startswith("Saved") for e in second].count(True) == 10
        assert len([e for e in first + second if e.startswith("Edited")]) == 4
        assert second[-1].startswith("Created")

    def test_says_whether_the_history_is_intact(self, client, jd):
        assert "The history is intact." in client.get(url(jd)).text
        Event.objects.filter(chain=jd.reference, number=2).update(verb="version.saved")
        text = client.get(url(jd)).text
        assert "is intact" not in text
        assert "The history was altered" in text

    def test_html_in_a_note_is_text(self, client, jd):
        builders.version(jd, note="<script>alert(1)</script>")
        assert "<script>alert" not in client.get(url(jd)).text

    def test_pay_is_not_shown(self, client, jd):
        from roles.drafts import changes

        uid = builders.add_section(jd, "pay", "Pay")
        builders.change(jd, changes.AddPay(uid, {"minimum": 71234, "maximum": 81234}))
        builders.version(jd)
        assert "1234" not in " ".join(entries(client, jd))


class TestAsItStood:
    @pytest.fixture
    def versions(self, client, jd):
        for number in (1, 2):
            builders.version(jd)
            version = jd.versions.get(number=number)
            effective_periods.make_effective(
                version=builders.approved(version), since=day(5 * number - 5), by=client.user
            )

    def result_for_day(self, client, jd, on):
        text = client.get(url(jd), {"on": on}).text
        match = re.search(r'<div class="note day-result".*?</div>\s*</div>', text, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", match[0]).split()) if match else None

    def test_current_version_of_a_date(self, client, jd, versions):
        assert "version 1 is current." in self.result_for_day(client, jd, day().isoformat())
        assert "version 2 will be current." in self.result_for_day(client, jd, day(5).isoformat())
        EffectivePeriod.objects.filter(version__number=1).update(since=day(-9))
        assert "version 1 was current." in self.result_for_day(client, jd, day(-3).isoformat())

    def test_no_version_on_a_date(self, client, jd):
        type(jd).objects.update(created_at=timezone.now() - timedelta(days=9))
        assert "No version was current" in self.result_for_day(client, jd, day(-2).isoformat())
        assert "didn’t exist yet" in self.result_for_day(client, jd, day(-20).isoformat())
        assert "No version is scheduled" in self.result_for_day(client, jd, day(20).isoformat())

    @pytest.mark.parametrize("on", ["", "soon", "2026-02-30", "9" * 400, "\x00", "0000-01-01"])
    def test_invalid_date_shows_error(self, client, jd, on):
        response = client.get(url(jd), {"on": on})
        assert response.status_code == 200
        assert 'id="id_on_error"' in response.text
        assert self.result_for_day(client, jd, on) is None


def test_history_is_hidden_from_other_managers(client_for):
    jd = builders.description()
    assert client_for("manager").get(url(jd)).status_code == 404
    manager = client_for("manager")
    theirs = builders.description(hiring_managers=(manager.user,))
    assert manager.get(url(theirs)).status_code == 200
