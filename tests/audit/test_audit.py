"""The audit record: its contents, its audiences, and that tampering with the record is detected."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roles import drafts
from roles.audit import audit_bundle, integrity
from roles.drafts import lifecycle
from roles.models import (
    Approval,
    Comment,
    DecidedSection,
    Decision,
    Event,
    Suggestion,
    Version,
)
from roles.models.version import drop_triggers, install_triggers
from roles.reviews import comments, suggestions
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods, purge
from tests import builders
from tests.html import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return builders.user("hr")


@pytest.fixture
def manager(db):
    return builders.user("manager", first_name="Mira", last_name="Manning")


@pytest.fixture
def jd(owner, manager):
    """A job description whose pay is restricted, reviewed with comments on everything, approved
    and effective."""
    builders.organization(name="Northwind")
    jd = builders.description(owner)
    jd.sections.filter(kind="qualifications").update(audience="restricted", heading="Payband")
    review = builders.review(
        jd, manager, ReviewerRequest(user=builders.user("hr"), role="commenter")
    )
    version = jd.versions.get()
    reader = builders.reader(review, manager)
    summary, pay = (jd.sections.get(kind=k) for k in ("summary", "qualifications"))
    line = summary.lines.get()
    comments.comment(
        reader=reader, version=version, text=f"Fine, @{owner.username}.", line=line.uid
    )
    comment = comments.comment(
        reader=reader, version=version, text="Seventy thousand.", section=pay.uid
    )
    comments.resolve(reader=reader, thread=comment)
    proposal = suggestions.Proposal("reword", summary.uid, line.uid, "You look after customers.")
    suggestions.suggest(reader=reader, version=version, proposal=proposal, why="Shorter.")
    suggestions.decline(suggestion=Suggestion.objects.get(), reason="Kept.", by=owner)
    builders.decision(review, manager, "approve_with_comments", "With the pay as it is.")
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=owner)
    jd.refresh_from_db()
    return jd


def unpacked(jd, audience="restricted", day=None, by=None):
    """The members of the bundle by name, JSON read."""
    day = day or timezone.localdate()
    bundle = audit_bundle.bundle(description=jd, day=day, audience=audience, by=by)
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return {n: json.loads(c) if n.endswith(".json") else c for n, c in content.items()}, content


class TestBundle:
    @pytest.mark.slow
    def test_it_has_documents_reviews_events_and_their_hashes(self, jd, manager):
        read, raw = unpacked(jd)
        assert set(read) == {
            *("ACC-0001-version-1.pdf", "ACC-0001-version-1.json", "versions.json"),
            *("reviews.json", "reviews.html", "events.json", "README.txt", "manifest.json"),
        }
        manifest = read["manifest.json"]
        version = jd.versions.get()
        assert manifest["version"] == {"number": 1, "sha256": version.sha256}
        for name, entry in manifest["files"].items():
            assert entry["sha256"] == hashlib.sha256(raw[name]).hexdigest(), name
        assert raw["ACC-0001-version-1.pdf"].startswith(b"%PDF")
        [review] = read["reviews.json"]
        assert review["state"] == "approved"
        [decision] = review["decisions"]
        assert decision["reviewer"] == "Mira Manning"
        assert decision["text"] == "With the pay as it is."
        assert {section["name"] for section in decision["sections"]} >= {"Payband", "All facts"}
        comment_texts = [c["text"] for thread in review["threads"] for c in thread["comments"]]
        assert "Seventy thousand." in comment_texts
        suggestion = next(t["suggestion"] for t in review["threads"] if t["suggestion"])
        assert (suggestion["state"], suggestion["answer"]) == ("declined", "Kept.")

    @pytest.mark.slow
    def test_events_can_be_verified_independently(self, jd):
        read, _raw = unpacked(jd)
        previous = ""
        for event in read["events.json"]:
            sections = [
                *(previous, jd.reference, event["number"], event["at"], event["actor_id"]),
                *(event["verb"], event["about"], event["about_id"], event["what"]),
            ]
            text = json.dumps(sections, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
            assert event["hash"] == hashlib.sha256(text.encode()).hexdigest()
            previous = event["hash"]
        decided = next(e for e in read["events.json"] if e["verb"] == "review.decided")
        [decision] = read["reviews.json"][0]["decisions"]
        assert decided["what"]["sections"] == {
            p["section"]: p["content_hash"] for p in decision["sections"]
        }
        assert decided["what"]["text"] == hashlib.sha256(decision["text"].encode()).hexdigest()

    @pytest.mark.parametrize("audience", ["public", "internal"])
    def test_smaller_audiences_see_nothing_restricted(self, jd, audience):
        _read, raw = unpacked(jd, audience)
        for secret in (b"Payband", b"Seventy thousand", b"With the pay", b"Two years of work"):
            for name, content in raw.items():
                assert secret not in content, name
        pay = jd.sections.get(kind="qualifications")
        hashes = [p.content_hash for p in DecidedSection.objects.filter(section=pay.uid)]
        assert hashes
        assert not any(one.encode() in raw["events.json"] for one in hashes)  # pay can be guessed
        assert b"Fine, @" in raw["reviews.html"]

    def test_day_selects_the_version(self, jd, owner):
        yesterday = timezone.now() - timedelta(days=1)
        Event.objects.update(at=yesterday)
        drop_triggers(connection)
        Version.objects.update(created_at=yesterday)
        install_triggers(connection)
        read, _raw = unpacked(jd, day=timezone.localdate(yesterday))
        assert read["reviews.json"] == []
        assert read["versions.json"][0]["approved_at"] is None

    def test_the_same_day_gives_the_same_bytes(self, jd):
        day = timezone.localdate()
        first = unpacked(jd, day=day)[1]
        second = unpacked(jd, day=day)[1]
        changed = {name for name in first if first[name] != second[name]}
        assert changed == {"events.json", "manifest.json"}  # the download is an event

    def test_day_without_a_version_is_refused(self, jd):
        for day, words in ((1, "in the future"), (-400, "no version on that date")):
            with pytest.raises(drafts.ActionRefused, match=words):
                unpacked(jd, day=timezone.localdate() + timedelta(days=day))
        assert not Event.objects.filter(verb="evidence.taken").exists()

    def test_more_comments_take_no_more_queries(self, jd, manager, owner):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as captured:
                unpacked(jd)
            return len(captured)

        queries()
        few = queries()
        review = jd.reviews.get()
        reader = builders.reader(review, owner)
        type(review).objects.update(state="open")
        for number in range(5):
            comments.comment(reader=reader, version=jd.versions.get(), text=f"{number}")
        assert queries() == few


class TestScreen:
    @pytest.mark.slow
    def test_form_and_download(self, client, jd, owner):
        client.force_login(owner)
        url = f"/descriptions/{jd.reference}/audit-record/"
        assert {"day", "audience"} <= fields(client.get(url))
        day = timezone.localdate().isoformat()
        answer = client.post(url, {"day": day, "audience": "restricted"})
        assert answer["Content-Type"] == "application/zip"
        assert f"ACC-0001%20audit%20record%20{day}.zip" in answer["Content-Disposition"]
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
        event = Event.objects.get(verb="evidence.taken")
        assert event.what["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert event.actor_id == owner.pk

    @pytest.mark.parametrize("day", ["", "soon", "2999-01-01", "0000-00-00"])
    def test_invalid_day_is_an_error_of_the_field(self, client, jd, owner, day):
        client.force_login(owner)
        url = f"/descriptions/{jd.reference}/audit-record/"
        answer = client.post(url, {"day": day, "audience": "internal"})
        assert answer.status_code == 422
        assert "id_day_error" in answer.text

    def test_command(self, jd, tmp_path):
        target = tmp_path / "audit_record.zip"
        call_command("export_audit_record", jd.reference, output=str(target), verbosity=0)
        assert "reviews.html" in zipfile.ZipFile(target).namelist()
        with pytest.raises(CommandError, match="--on must be a date such as 2026-01-31"):
            call_command("export_audit_record", jd.reference, on="soon")


class TestChecking:
    def test_intact_history_has_no_problems(self, jd):
        assert list(integrity.broken()) == []
        call_command("verify_history")

    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("action", "words"),
        [
            (lambda: Comment.objects.update(text="Other."), "comment .* its text"),
            (lambda: Decision.objects.update(kind="approve"), "its type"),
            (lambda: Decision.objects.update(text="Yes."), "its text"),
            (
                lambda: DecidedSection.objects.update(content_hash="0" * 64),
                "the sections it covers",
            ),
            (
                lambda: DecidedSection.objects.filter(section="facts").delete(),
                "the sections it covers",
            ),
            (lambda: Suggestion.objects.update(text="Other."), "its text"),
            (lambda: Suggestion.objects.update(state="accepted"), "its answer"),
            (lambda: Comment.objects.filter(text="Shorter.").delete(), "the row of event"),
            (lambda: Approval.objects.all().delete(), "the row of event"),
        ],
    )
    def test_every_change_is_found(self, jd, action, words):
        action()
        problems = list(integrity.broken())
        assert problems
        assert any(re.search(words, one) for one in problems)
        with pytest.raises(SystemExit):
            call_command("verify_history")

    def test_an_approval_that_no_one_gave(self, jd):
        saved = builders.version(jd)
        Approval.objects.create(version=saved, review=jd.reviews.get())
        assert "no event records approval" in "".join(integrity.broken())

    def test_purged_rows_are_not_reported(self, jd, owner):
        lifecycle.archive(description=jd, by=owner)
        jd.refresh_from_db()
        purge.purge(description=jd, by=owner)
        assert list(integrity.broken()) == []
