"""The pages of exports of many: selecting, asking, watching, fetching."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import exporters, tasks
from roles.bulk_exports import export_worker, orders, retention
from roles.models import BulkExport, IdempotencyKey, JobDescription, User
from tests import builders
from tests.html import buttons, find, links, notes, words
from tests.pages import open_page

pytestmark = pytest.mark.django_db

FORM = {"formats": ["plain"], "audience": "restricted", "text": "current", "wants_email": "on"}


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_format = builders.format(lambda _document, edition: edition.reference.encode())
    monkeypatch.setitem(exporters.FORMATS, "plain", fake_format)


@pytest.fixture
def author() -> User:
    return builders.user("hr")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ordered_export(by: User, *descriptions: JobDescription) -> BulkExport:
    references = [one.reference for one in descriptions]
    return tasks.order_export(by=by, references=references, formats=["plain"])


def completed_export(by: User, *descriptions: JobDescription) -> BulkExport:
    export = ordered_export(by, *descriptions)
    export_worker.run(export.pk)
    export.refresh_from_db()
    return export


def documents(response: Any) -> list[str]:
    content = io.BytesIO(b"".join(response.streaming_content))
    with zipfile.ZipFile(content) as archive:
        return [name.split()[0] for name in archive.namelist() if not name.startswith("index.")]


class TestSelecting:
    def test_list_has_checkboxes_and_export_button(self, author: User) -> None:
        """And the boxes stand in the form that leads to the export."""
        first = builders.description(author)
        page = client_of(author).get(reverse("descriptions")).text
        assert f'name="jd" value="{first.reference}"' in page
        assert f'<form id="selection" method="get" action="{reverse("export_new")}">' in page
        assert f'href="{reverse("export_new")}?all=1"' in page

    def test_export_of_all_matches_keeps_the_filters(self, author: User) -> None:
        builders.description(author, "Clerk")
        page = client_of(author).get(reverse("descriptions") + "?q=clerk&sort=title&page=1").text
        assert f'href="{reverse("export_new")}?q=clerk&amp;all=1"' in page


class TestAsking:
    def test_selected_ones_are_exported(self, author: User) -> None:
        """From the boxes to the page of the export."""
        first, second, _other = (builders.description(author, t) for t in ("A", "B", "C"))
        url = f"{reverse('export_new')}?jd={first.reference}&jd={second.reference}"
        page = open_page(client_of(author), url)
        assert "Export 2 job descriptions" in page.text
        after = page.send(formats=["plain"])
        export = BulkExport.objects.get()
        assert after.url == reverse("export", args=[export.pk])
        assert {file.reference for file in export.files.all()} == {
            first.reference,
            second.reference,
        }
        assert export.site == "http://testserver/"
        assert export.wants_email

    def test_the_narrowest_audience_is_preselected(self, author: User) -> None:
        """An export that no one thought about has no pay in it."""
        jd = builders.description(author)
        pay = builders.add_section(jd, "pay", "Pay", "A bonus.")
        jd.sections.filter(uid=pay).update(audience="restricted")
        page = open_page(client_of(author), f"{reverse('export_new')}?jd={jd.reference}")
        assert page.data["audience"] == ["public"]
        page.send(formats=["txt"])
        export = BulkExport.objects.get()
        assert export.audience == "public"

    def test_a_whole_family(self, author: User) -> None:
        one, other = builders.description(author), builders.description(author)
        other.job_family = builders.family("Legal", "LEG")
        other.save()
        query = f"?all=1&family={one.job_family_id}"
        client_of(author).post(reverse("export_new") + query, FORM)
        assert [f.reference for f in BulkExport.objects.get().files.all()] == [one.reference]

    def test_submitting_twice_orders_once(self, author: User) -> None:
        url = f"{reverse('export_new')}?jd={builders.description(author).reference}"
        client = client_of(author)
        answers = {client.post(url, {**FORM, "nonce": "n1"})["Location"] for _ in range(3)}
        assert len(answers) == 1
        assert BulkExport.objects.count() == 1
        assert IdempotencyKey.objects.count() == 1

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ({"formats": []}, "Choose at least one format."),
            ({"formats": ["exe"]}, "Select a valid choice"),
            ({"audience": "all"}, "Select a valid choice"),
            ({"text": ""}, "Choose a version."),
        ],
    )
    def test_missing_choices_are_errors_of_their_fields(
        self, author: User, bad: dict[str, Any], message: str
    ) -> None:
        """And what was chosen is still chosen."""
        url = f"{reverse('export_new')}?jd={builders.description(author).reference}"
        given = {**FORM, "audience": "public", "nonce": "n1", **bad}
        response = client_of(author).post(url, given)
        assert response.status_code == 422
        assert message in response.text
        if "audience" not in bad:
            described = 'value="public" id="id_audience_0" aria-describedby="id_audience_0_help"'
            assert re.search(rf"{described}[^>]* checked", response.text)
        assert not BulkExport.objects.exists()

    def test_too_many_files_are_refused_with_numbers(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(orders, "MAX_FILES", 1)
        for _ in range(2):
            builders.description(author)
        response = client_of(author).post(f"{reverse('export_new')}?all=1", FORM)
        assert response.status_code == 422
        assert "An export can have at most 1 files. You selected 2." in response.text

    @pytest.mark.parametrize("query", ["", "?jd=", "?jd=ZZZ-9999", "?jd=%00", "?all=1&family=x"])
    def test_empty_selection_links_to_the_list(self, author: User, query: str) -> None:
        builders.description(author)
        client = client_of(author)
        response = client.get(reverse("export_new") + query)
        [empty] = find(response, class_="empty")
        assert list(links(empty)) == [reverse("descriptions")]
        assert client.post(reverse("export_new") + query, FORM).status_code == 422

    def test_number_of_unavailable_ones_is_shown(self, author: User) -> None:
        """A hidden one is told like one that does not exist, and neither is named."""
        one = builders.description(author)
        hidden = builders.description(confidential=True)
        client, url = client_of(author), f"{reverse('export_new')}?jd={one.reference}"
        message = "1 selected job description isn’t available"
        for other in (hidden.reference, "ZZZ-9999"):
            text = client.get(f"{url}&jd={other}").text
            assert "Export 1 job description" in text
            assert message in text
            assert other not in text
        assert (
            "3 selected job descriptions aren’t available"
            in client.post(f"{url}&jd=x&jd=%00&jd=ZZZ-1", {}).text
        )
        assert message in client.get(f"{reverse('export_new')}?jd=ZZZ-9999").text
        for fine in (url, f"{url}&jd={one.reference}&jd=", f"{url}&jd=x&all=1"):
            assert not notes(client.get(fine), "warning")

    def test_hidden_ones_are_not_counted(self) -> None:
        hidden = builders.description()
        manager = builders.user("manager")
        page = client_of(manager).get(f"{reverse('export_new')}?jd={hidden.reference}")
        assert len(find(page, class_="empty")) == 1
        assert hidden.title not in page.text


class TestWatching:
    def test_progress_with_and_without_scripts(self, author: User) -> None:
        """The page asks again by itself; without scripts there is a link."""
        export = ordered_export(author, *(builders.description(author) for _ in range(4)))
        done = iter([False, True])
        export_worker.run(export.pk, stopping=lambda: next(done))
        client, url = client_of(author), reverse("export", args=[export.pk])
        page = client.get(url)
        assert "1 of 4 files finished." in page.text
        assert '<progress class="progress-bar-wide" max="4" value="1"' in page.text
        assert f'hx-get="{url}"' in page.text
        [without_scripts] = find(page, "noscript")
        assert list(links(without_scripts)) == [url]
        assert page["Cache-Control"] == "private, no-store"
        part = client.get(url, headers={"HX-Request": "true"})
        assert "<html" not in part.text
        assert "25% finished." in part.text
        assert "HX-Request" in part["Vary"]

    def test_progress_is_announced_at_whole_quarters(self, author: User) -> None:
        export = ordered_export(author, *(builders.description(author) for _ in range(6)))
        done = iter([False, True])
        export_worker.run(export.pk, stopping=lambda: next(done))
        url = reverse("export", args=[export.pk])
        part = client_of(author).get(url, headers={"HX-Request": "true"})
        assert "1 of 6 files finished." in part.text
        assert "% finished." not in part.text

    def test_finished_export_can_be_downloaded_and_stops_polling(self, author: User) -> None:
        export = completed_export(
            author, builders.description(author), builders.description(author)
        )
        client = client_of(author)
        page = client.get(reverse("export", args=[export.pk]))
        [note] = notes(page, "good")
        assert "2 files" in words(note)
        assert reverse("export_file", args=[export.pk]) in links(page)
        assert "hx-get" not in page.text
        response = client.get(reverse("export_file", args=[export.pk]))
        day = timezone.localdate().isoformat()
        assert f'filename="Job descriptions {day}.zip"' in response["Content-Disposition"]
        assert response["Content-Type"] == "application/zip"
        assert len(documents(response)) == 2

    def test_left_out_files_are_listed(self, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
        good, bad = builders.description(author), builders.description(author)

        def broken(_document: Any, edition: Any) -> bytes:
            if edition.reference == bad.reference:
                raise ValueError("no")
            return b"good"

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(broken))
        export = completed_export(author, good, bad)
        page = client_of(author).get(reverse("export", args=[export.pk])).text
        assert "1 file was left out." in page
        assert bad.reference in page
        assert "It couldn’t be exported in this format." in page
        assert f'<td data-label="Format">{exporters.FORMATS["plain"].label}</td>' in page
        monkeypatch.delitem(exporters.FORMATS, "plain")
        page = client_of(author).get(reverse("export", args=[export.pk])).text
        assert '<td data-label="Format">plain</td>' in page

    def test_poll_resumes_after_a_killed_process(self, author: User) -> None:
        export = ordered_export(author, builders.description(author))
        DBTaskResult.objects.update(status="RUNNING")
        BulkExport.objects.update(
            state="working", lease="dead", lease_expires_at=timezone.now() - timedelta(hours=1)
        )
        client_of(author).get(reverse("export", args=[export.pk]))
        export.refresh_from_db()
        assert export.state == "waiting"

    def test_cancel(self, author: User) -> None:
        export = ordered_export(author, builders.description(author))
        client, url = client_of(author), reverse("export", args=[export.pk])
        assert "cancel" in buttons(client.get(url))
        response = client.post(url, {"action": "cancel"}, follow=True)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert "cancel" not in buttons(response)
        assert (
            "The export had already finished."
            in client.post(url, {"action": "cancel"}, follow=True).text
        )
        assert client.get(reverse("export_file", args=[export.pk])).status_code == 404

    def test_retry(self, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_document: Any, _edition: Any) -> bytes:
            raise ValueError("no")

        with monkeypatch.context() as patch:
            patch.setitem(exporters.FORMATS, "plain", builders.format(broken))
            export = completed_export(author, builders.description(author))
        client, url = client_of(author), reverse("export", args=[export.pk])
        assert reverse("export_file", args=[export.pk]) not in links(client.get(url))
        assert "again" in buttons(client.get(url))
        client.post(url, {"action": "again"})
        export_worker.run(export.pk)
        assert reverse("export_file", args=[export.pk]) in links(client.get(url))

    def test_expired_export_says_so(self, author: User) -> None:
        export = completed_export(author, builders.description(author))
        BulkExport.objects.update(file="", expires_at=None)
        page = client_of(author).get(reverse("export", args=[export.pk])).text
        assert f"exports are kept for {retention.FILE_DAYS} days" in page
        assert "Deleted" in client_of(author).get(reverse("exports")).text

    def test_missing_file_counts_as_expired(self, author: User) -> None:
        """A backup was put back, for instance, which need not hold archives."""
        export = completed_export(author, builders.description(author))
        retention.archive(export).unlink()
        client = client_of(author)
        page = client.get(reverse("export", args=[export.pk])).text
        assert f"exports are kept for {retention.FILE_DAYS} days" in page
        assert client.get(reverse("export_file", args=[export.pk])).status_code == 404

    def test_only_own_exports_are_listed(self, author: User) -> None:
        export = completed_export(author, builders.description(author))
        other = client_of(builders.user("hr"))
        page = other.get(reverse("exports"))
        assert len(find(page, class_="empty")) == 1
        assert reverse("export", args=[export.pk]) not in links(page)
        for name in ("export", "export_file"):
            assert other.get(reverse(name, args=[export.pk])).status_code == 404
        assert (
            other.post(reverse("export", args=[export.pk]), {"action": "cancel"}).status_code == 404
        )
        own = client_of(author).get(reverse("exports")).text
        assert f'href="{reverse("export", args=[export.pk])}"' in own


class TestWithdrawn:
    def test_no_download_after_losing_access_to_one(self, author: User) -> None:
        manager = builders.user("manager")
        kept, lost = (builders.description(author, hiring_managers=(manager,)) for _ in range(2))
        export = completed_export(manager, kept, lost)
        client = client_of(manager)
        assert client.get(reverse("export_file", args=[export.pk])).status_code == 200
        lost.hiring_managers.clear()
        assert client.get(reverse("export_file", args=[export.pk])).status_code == 403
        page = client.get(reverse("export", args=[export.pk]))
        [note] = notes(page, "warning")
        assert lost.reference in words(note)
        assert reverse("export_file", args=[export.pk]) not in links(page)

    def test_administrator_downloads_only_with_access(self, author: User) -> None:
        """No one but the named sees a confidential one, not in an archive either."""
        one = builders.description(author)
        export = completed_export(author, one)
        admin = client_of(builders.user("admin"))
        assert admin.get(reverse("export_file", args=[export.pk])).status_code == 200
        JobDescription.objects.update(confidential=True)
        assert admin.get(reverse("export_file", args=[export.pk])).status_code == 403
        assert client_of(author).get(reverse("export_file", args=[export.pk])).status_code == 200


class TestLookingAfterWork:
    def test_only_the_first_request_of_a_process_resumes_work(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a killed process left is found when the web process is back."""
        looks: list[bool] = []
        monkeypatch.setattr("roles.tasks.background.wake_tasks", lambda: looks.append(True))
        client = Client()
        for _ in range(3):
            client.get("/healthz")
        assert looks == [True]
