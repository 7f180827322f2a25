"""Tests of the rollout pages: select job descriptions, preview, progress, and approval."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from roles.drafts import changes
from roles.models import EffectivePeriod, JobDescription, Review, Rollout, User
from roles.reviews import requests
from roles.rollouts import apply_rollout
from tests import builders, sharing
from tests.html import buttons, find, links, messages, notes, words
from tests.sharing import NEW, OLD, Company

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def company() -> Company:
    return sharing.ready()


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def new_url(company: Company, **query: str) -> str:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{reverse('rollout_new')}?snippet={company.snippet.pk}{more}"


def form_data(company: Company, *descriptions: JobDescription, **values: str) -> dict[str, object]:
    """Returns the data of the form of a new rollout."""
    return {
        "revision": str(company.revision.pk),
        "approver": str(company.lawyer.pk),
        "jd": [one.reference for one in descriptions],
        **values,
    }


class TestNew:
    @pytest.mark.slow
    def test_from_the_snippet_to_the_rollout(self, company: Company) -> None:
        client = sign_in(company.hr)
        page = client.get(reverse("snippet", args=[company.snippet.pk]))
        assert new_url(company) in links(page)
        [note] = notes(page)
        assert "2 job descriptions" in words(note)
        page = client.get(new_url(company))
        assert page.text.count('name="jd"') == page.text.count("checked>") == 2
        done = client.post(
            new_url(company), form_data(company, *company.descriptions, note="As agreed.")
        )
        rollout = Rollout.objects.get()
        assert done.headers["Location"] == rollout.get_absolute_url()
        page = client.get(rollout.get_absolute_url())
        assert "0 of 2 done" in page.text
        apply_rollout.run(rollout.pk)
        page = client.get(rollout.get_absolute_url())
        assert "0 of 2 approved." in page.text
        assert "As agreed." in page.text
        page = client.get(reverse("rollouts"))
        assert "0 of 2 approved" in page.text
        page = client.get(reverse("snippet", args=[company.snippet.pk]))
        assert new_url(company) not in links(page)

    def test_changes_to_one_job_description(self, company: Company) -> None:
        """As a page, and as a fragment for the list."""
        description = company.descriptions[0]
        url = reverse("rollout_preview", args=[company.snippet.pk, description.reference])
        page = sign_in(company.hr).get(url)
        part = sign_in(company.hr).get(url, headers={"HX-Request": "true"})
        for text in (page.text, part.text):
            assert "<del>" in text
            assert "Equal opportunity" in text
            assert "Prepare renewal plans" not in text
        assert "<html" in page.text
        assert "<html" not in part.text
        assert not Rollout.objects.exists()

    @pytest.mark.slow
    def test_wording_is_compared_with_the_most_common_revision(self, company: Company) -> None:
        """Revised twice; the job descriptions skip the revision in between."""
        company.revision = company.revise("Same chances for everyone.")
        page = sign_in(company.hr).get(new_url(company))
        assert "Changes from revision 1 to revision 3" in page.text
        page = sign_in(company.hr).get(company.start_rollout().get_absolute_url())
        assert "Changes from revision 1 to revision 3" in page.text

    @pytest.mark.slow
    def test_reworded_lines_are_listed_separately_and_not_selected(self, company: Company) -> None:
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"text": "Ours."})
        )
        builders.approved(builders.version(description))
        client = sign_in(company.hr)
        page = client.get(new_url(company))
        [box] = find(page, "input", name="reworded")
        assert box.get("value") == description.reference
        assert "checked" not in box.attrib
        assert page.text.count("checked>") == 1
        client.post(new_url(company), form_data(company, reworded=description.reference))
        apply_rollout.run(Rollout.objects.get().pk)
        assert company.line(description).text == NEW

    def test_line_reworded_after_selection_is_skipped(self, company: Company) -> None:
        """Selected as unchanged, but reworded after the page was opened."""
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"text": "Ours."})
        )
        builders.approved(builders.version(description))
        client = sign_in(company.hr)
        done = client.post(new_url(company), form_data(company, description))
        page = client.get(done.headers["Location"])
        assert "Its author reworded the snippet." in page.text
        assert company.line(description).text == "Ours."

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_filters(self, company: Company) -> None:
        builders.published(company.descriptions[0])
        JobDescription.objects.filter(pk=company.descriptions[1].pk).update(
            department=builders.department("Legal"), language="de"
        )
        first, second = (description.reference for description in company.descriptions)
        client = sign_in(company.hr)
        department = str(builders.department("Legal").pk)
        for query, shown, hidden in (
            ({"current": "today"}, first, second),
            ({"department": department}, second, first),
            ({"language": "de"}, second, first),
            ({"q": second}, second, first),
        ):
            page = client.get(new_url(company, **query))
            assert shown in page.text
            assert hidden not in page.text
        page = client.get(new_url(company, level="0"))
        assert page.status_code == 200
        assert '<option value="de">German</option>' in page.text
        assert '<option value="en">English</option>' in page.text

    @pytest.mark.slow
    def test_errors_are_shown_at_the_field(self, company: Company) -> None:
        client = sign_in(company.hr)
        for values, message in (
            (form_data(company, *company.descriptions, approver=""), "Select an approver."),
            (
                form_data(company, *company.descriptions, approver=str(company.hr.pk)),
                "Select a valid choice",
            ),
            (
                form_data(company, *company.descriptions, due="2001-01-01"),
                "This date is in the past.",
            ),
            (
                form_data(company, *company.descriptions, due="soon"),
                "Enter a date such as 2026-01-31.",
            ),
            (form_data(company, revision="1"), "has a newer revision"),
            (form_data(company), "Select at least one job description."),
            (form_data(company, jd="nothing"), "Select at least one job description."),
        ):
            page = client.post(new_url(company), {**values, "note": "Keep this."})
            assert page.status_code == 422
            assert message in page.text
            assert "Keep this." in page.text
        assert not Rollout.objects.exists()
        for key in ("x", "9" * 12, ""):
            page = client.get(f"{reverse('rollout_new')}?snippet={key}")
            assert page.status_code == 302
        assert client.get(f"{reverse('rollout_new')}?snippet=99999").status_code == 404

    @pytest.mark.both_databases
    def test_repeated_submission_starts_one_rollout(self, company: Company) -> None:
        client = sign_in(company.hr)
        sent = form_data(company, *company.descriptions, nonce="once")
        assert (
            client.post(new_url(company), sent).headers["Location"]
            == (client.post(new_url(company), sent).headers["Location"])
        )
        assert Rollout.objects.count() == 1


class TestApprover:
    @pytest.fixture
    def rollout(self, company: Company) -> Rollout:
        return company.start_rollout()

    @pytest.fixture
    def lawyer(self, company: Company, rollout: Rollout) -> Client:
        return sign_in(company.lawyer)

    @pytest.mark.slow
    def test_approves_all_in_one_action(self, rollout: Rollout, lawyer: Client) -> None:
        url = rollout.get_absolute_url()
        page = lawyer.get(url)
        assert "approve_all" in buttons(page)
        assert len(find(page, "input", name="jd")) == 2
        assert "withdraw" not in buttons(page)
        page = lawyer.post(url, {"action": "approve_all"}, follow=True)
        assert messages(page)
        assert "2 of 2 approved." in page.text
        assert Review.objects.filter(state="approved").count() == 2
        page = lawyer.post(url, {"action": "approve_all"}, follow=True)
        assert "Nothing left to do" in page.text

    @pytest.mark.both_databases
    def test_invalid_references_are_ignored(self, rollout: Rollout, lawyer: Client) -> None:
        """A NUL character can't be in a query to PostgreSQL."""
        form = {"action": "approve", "jd": ["ACC-\0001", "x" * 1000, "ACC-9999"]}
        page = lawyer.post(rollout.get_absolute_url(), form, follow=True)
        assert "Nothing left to do" in page.text

    @pytest.mark.slow
    def test_sees_the_changed_section_and_nothing_else(
        self, company: Company, rollout: Rollout, lawyer: Client
    ) -> None:
        description = company.descriptions[0]
        description.sections.filter(kind="legal").update(audience="restricted")
        page = lawyer.get(reverse("rollout_entry", args=[rollout.pk, description.reference]))
        assert page.status_code == 200
        assert "Equal opportunity" in page.text
        assert "Prepare renewal plans" not in page.text
        assert lawyer.get(description.get_absolute_url()).status_code == 404
        review = description.reviews.get()
        assert review.reviewers.get().seen == [2]
        requests.withdraw(review=review, by=company.hr)
        page = lawyer.get(reverse("rollout_entry", args=[rollout.pk, description.reference]))
        assert page.status_code == 404
        assert description.reference not in lawyer.get(rollout.get_absolute_url()).text

    @pytest.mark.slow
    def test_approves_some_and_requests_changes_in_the_rest(
        self, company: Company, rollout: Rollout, lawyer: Client
    ) -> None:
        url, reference = rollout.get_absolute_url(), company.descriptions[1].reference
        page = lawyer.post(url, {"action": "approve", "jd": [reference]}, follow=True)
        assert "1 of 2 approved." in page.text
        page = lawyer.post(url, {"action": "ask_for_changes", "reason": " "})
        assert page.status_code == 422
        assert "Enter what should change." in page.text
        page = lawyer.post(url, {"action": "ask_for_changes", "reason": "Shorter."}, follow=True)
        assert len(find(page, class_="rollout-changes")) == 1
        page = sign_in(company.hr).get(url)
        assert page.text.count("Shorter.") == 1
        assert Review.objects.get(description=company.descriptions[0]).is_open

    @pytest.mark.slow
    def test_sees_newer_versions(self, company: Company, rollout: Rollout, lawyer: Client) -> None:
        description = company.descriptions[0]
        builders.change(
            description, changes.ChangeLine(company.line(description).uid, {"text": "[X]."})
        )
        requests.next_round(
            review=description.reviews.get(), version=builders.version(description), by=company.hr
        )
        page = lawyer.post(rollout.get_absolute_url(), {"action": "approve_all"}, follow=True)
        assert Review.objects.filter(state="approved").count() == 1
        assert f"({description.reference})" in messages(page)
        assert "Replaced by version 3" in page.text

    def test_others_cannot_decide(self, company: Company, rollout: Rollout) -> None:
        url = rollout.get_absolute_url()
        assert sign_in(builders.user("no_group")).get(url).status_code == 404
        for action in ("approve", "approve_all", "ask_for_changes"):
            page = sign_in(company.hr).post(url, {"action": action, "reason": "x"})
            assert page.status_code == 403
        for action in ("current", "withdraw", "go_on"):
            page = sign_in(company.lawyer).post(url, {"action": action, "since": "2030-01-01"})
            assert page.status_code == 403
        assert Review.objects.open().count() == 2


class TestAuthor:
    @pytest.mark.slow
    def test_makes_the_batch_current(self, company: Company) -> None:
        rollout = company.start_rollout()
        other = builders.user("hr")
        JobDescription.objects.filter(pk=company.descriptions[1].pk).update(owner=other)
        client, url = sign_in(company.hr), rollout.get_absolute_url()
        assert "current" not in buttons(client.get(url))
        sign_in(company.lawyer).post(url, {"action": "approve_all"})
        assert "current" in buttons(client.get(url))
        today = timezone.localdate().isoformat()
        page = client.post(url, {"action": "current", "since": ""})
        assert page.status_code == 422
        page = client.post(url, {"action": "current", "since": today}, follow=True)
        assert f"({company.descriptions[1].reference})" in messages(page)
        assert len(find(page, class_="rollout-current")) == 1
        assert EffectivePeriod.objects.get().version.description == company.descriptions[0]

    @pytest.mark.slow
    def test_withdraws_the_rollout(self, company: Company) -> None:
        rollout = company.start_rollout()
        client, url = sign_in(company.hr), rollout.get_absolute_url()
        assert "withdraw" in buttons(client.get(url))
        page = client.post(url, {"action": "withdraw", "reason": ""}, follow=True)
        assert messages(page)
        assert not Review.objects.open().exists()
        assert sign_in(company.lawyer).get(url).status_code == 404

    def test_continues_a_stopped_rollout(self, company: Company) -> None:
        values: dict[str, Any] = {
            "by": company.hr,
            "approver": company.lawyer,
            "revision": company.revision,
        }
        rollout = apply_rollout.start(descriptions=company.descriptions, **values)
        client, url = sign_in(company.hr), rollout.get_absolute_url()
        part = client.get(url, headers={"HX-Request": "true"}).text
        assert 'value="0"' in part
        assert "<html" not in part
        assert client.post(url, {"action": "go_on"}).status_code == 302
        assert company.line(company.descriptions[0]).text == OLD  # a worker does it

    @pytest.mark.slow
    def test_hidden_job_descriptions_stay_hidden(self, company: Company) -> None:
        rollout = company.start_rollout()
        JobDescription.objects.filter(pk=company.descriptions[0].pk).update(confidential=True)
        page = sign_in(builders.user("hr")).get(rollout.get_absolute_url())
        assert "You can’t see 1 of the job descriptions." in page.text
        assert company.descriptions[0].reference not in page.text
        url = reverse("rollout_entry", args=[rollout.pk, company.descriptions[0].reference])
        assert sign_in(builders.user("hr")).get(url).status_code == 404


@pytest.mark.slow
def test_pages_take_a_constant_number_of_queries() -> None:
    """The page of a new rollout, and of a rollout for its author and approver."""

    def counts(count: int) -> list[int]:
        company = Company(count)
        hr, lawyer = sign_in(company.hr), sign_in(company.lawyer)
        pages = [(hr, new_url(company))]
        query_counts = [_count(*page) for page in pages]
        rollout = company.start_rollout()
        url = rollout.get_absolute_url()
        query_counts += [_count(hr, url), _count(lawyer, url)]
        return query_counts

    small = counts(1)
    assert counts(4) == small
    assert max(small) <= 32


def _count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
