"""Access lost while signed in: the next page, the autosave of an open page, a prepared export, and
a link in an email, for each cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from roles.bulk_exports import export_worker, orders
from roles.models import BulkExport, Department, JobDescription, Review, User
from roles.people import offboarding
from roles.reviews import assignments, guest_links
from roles.reviews.assignments import ReviewerRequest
from tests import builders, pages

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TYPED = "Typed before access was lost."


@dataclass
class Opened:
    """What someone has open: a job description of their department, or a review."""

    user: User
    client: Client
    jd: JobDescription
    review: Review
    export: BulkExport
    page: pages.Page

    def autosave(self) -> Any:
        line = self.jd.lines.filter(section__kind="responsibilities")[0]
        row = f"line-{line.uid}-"
        own = {name: value for name, value in self.page.data.items() if name.startswith(row)}
        data = {**own, "token": self.page.data["token"], f"{row}text": TYPED, "action": "autosave"}
        return self.client.post(self.page.url, data, headers={"HX-Request": "true"})

    def comment(self) -> Any:
        url = reverse("review_comment", args=[self.review.pk])
        return self.client.post(
            url, {"kind": "comment", "comment": TYPED}, headers={"HX-Request": "true"}
        )


@pytest.fixture
def owner() -> User:
    return builders.user("hr")


@pytest.fixture
def reviewer() -> User:
    return builders.user("no_group")


@pytest.fixture
def opened(owner: User, reviewer: User) -> Opened:
    """HR of Sales works on a job description of Sales that someone else owns."""
    user = builders.user("hr")
    user.departments.add(builders.department("Sales"))
    jd = builders.description(owner, department=builders.department("Sales"))
    review = builders.review(jd, builders.user("manager"), reviewer)
    export = orders.order(by=user, references=[jd.reference], formats=["txt"])
    export_worker.run(export.pk)
    export.refresh_from_db()
    client = Client()
    client.force_login(user)
    url = reverse("wizard_step", args=[jd.reference, "responsibilities"])
    return Opened(user, client, jd, review, export, pages.open_page(client, url))


def change_department(opened: Opened) -> None:
    opened.user.departments.set([Department.objects.create(name="Legal")])


def change_department_of_the_job_description(opened: Opened) -> None:
    opened.jd.department = Department.objects.create(name="Legal")
    opened.jd.save()


def make_confidential(opened: Opened) -> None:
    JobDescription.objects.filter(pk=opened.jd.pk).update(confidential=True)


def deactivate(opened: Opened) -> None:
    offboarding.deactivate(account=opened.user, by=builders.user("admin"))


def deactivate_in_the_admin(opened: Opened) -> None:
    User.objects.filter(pk=opened.user.pk).update(is_active=False)


HIDING = [change_department, change_department_of_the_job_description, make_confidential]
DEACTIVATING = [deactivate, deactivate_in_the_admin]


@pytest.mark.parametrize("lose", HIDING)
class TestHiddenJobDescription:
    """It answers like one that never existed."""

    def test_next_page(self, opened: Opened, lose: Any) -> None:
        assert opened.client.get(opened.page.url).status_code == 200
        lose(opened)
        response = opened.client.get(opened.page.url)
        assert response.status_code == 404
        assert opened.jd.title not in response.text

    def test_autosave(self, opened: Opened, lose: Any) -> None:
        assert opened.autosave().status_code == 200
        before = list(opened.jd.lines.values_list("text", "changed_at"))
        lose(opened)
        response = opened.autosave()
        assert response.status_code == 404
        assert opened.jd.title not in response.text
        assert list(opened.jd.lines.values_list("text", "changed_at")) == before

    def test_prepared_export(self, opened: Opened, lose: Any) -> None:
        url = reverse("export_file", args=[opened.export.pk])
        assert opened.client.get(url).status_code == 200
        lose(opened)
        assert opened.client.get(url).status_code == 403
        page = opened.client.get(reverse("export", args=[opened.export.pk]))
        assert page.status_code == 200
        assert url not in page.text

    def test_link_in_an_email(self, opened: Opened, lose: Any) -> None:
        url = opened.review.get_absolute_url()
        assert opened.client.get(url).status_code == 200
        lose(opened)
        response = opened.client.get(url)
        assert response.status_code == 404
        assert opened.jd.title not in response.text


@pytest.mark.parametrize("lose", DEACTIVATING)
class TestDeactivatedAccount:
    """It asks for sign-in, which is refused."""

    def test_next_page(self, opened: Opened, lose: Any) -> None:
        lose(opened)
        response = opened.client.get(opened.page.url)
        assert response["Location"].startswith("/sign-in/?next=")
        data = {"login": opened.user.username, "password": builders.PASSWORD}
        assert opened.client.post("/sign-in/", data)["Location"] == "/sign-in/inactive/"
        assert opened.client.get("/")["Location"].startswith("/sign-in/")

    def test_autosave(self, opened: Opened, lose: Any) -> None:
        lose(opened)
        response = opened.autosave()
        assert response["Location"].startswith("/sign-in/")  # the script says "session expired"
        assert not opened.jd.lines.filter(text=TYPED).exists()
        plain = opened.client.post(opened.page.url, {"text": TYPED, "action": "save"})
        assert plain.status_code == 401
        assert TYPED in plain.text

    def test_prepared_export(self, opened: Opened, lose: Any) -> None:
        lose(opened)
        for name in ("export_file", "export"):
            response = opened.client.get(reverse(name, args=[opened.export.pk]))
            assert response["Location"].startswith("/sign-in/")

    def test_link_in_an_email(self, opened: Opened, lose: Any) -> None:
        lose(opened)
        response = opened.client.get(opened.review.get_absolute_url())
        assert response["Location"].startswith("/sign-in/")


class TestRemovedReviewer:
    """The review answers like one that never existed, to accounts and to guests."""

    @pytest.fixture
    def as_reviewer(self, opened: Opened, reviewer: User) -> Opened:
        opened.client.force_login(reviewer)
        opened.user = reviewer
        return opened

    def remove(self, opened: Opened) -> None:
        row = builders.reviewer_row(opened.review, opened.user)
        assignments.remove(reviewer=row, reason="Wrong person", by=opened.jd.owner)

    def test_next_page(self, as_reviewer: Opened) -> None:
        url = as_reviewer.review.get_absolute_url()
        assert as_reviewer.client.get(url).status_code == 200
        self.remove(as_reviewer)
        assert as_reviewer.client.get(url).status_code == 404

    def test_comment_on_the_open_page(self, as_reviewer: Opened) -> None:
        assert as_reviewer.comment().status_code in (200, 302)
        assert as_reviewer.review.threads.count() == 1
        self.remove(as_reviewer)
        assert as_reviewer.comment().status_code == 404
        assert as_reviewer.review.threads.count() == 1

    def test_prepared_export(self, as_reviewer: Opened) -> None:
        """Reviewing gives no access to exports, before and after."""
        url = reverse("export_file", args=[as_reviewer.export.pk])
        assert as_reviewer.client.get(url).status_code == 404
        self.remove(as_reviewer)
        assert as_reviewer.client.get(url).status_code == 404

    def test_link_in_an_email(self, as_reviewer: Opened) -> None:
        self.remove(as_reviewer)
        signed_in = as_reviewer.client.get(as_reviewer.review.get_absolute_url())
        assert signed_in.status_code == 404
        assert as_reviewer.jd.title not in signed_in.text

    def test_link_of_a_guest(self, opened: Opened) -> None:
        asked = ReviewerRequest(email="joan@example.org", role="commenter")
        guest = assignments.add(review=opened.review, asked=asked, by=opened.jd.owner)
        url = reverse("guest", args=[guest_links.token(guest)])
        assert Client().get(url).status_code == 200
        assignments.remove(reviewer=guest, reason="Wrong person", by=opened.jd.owner)
        assert Client().get(url).status_code == 404


def test_a_reviewer_keeps_the_review_when_hr_loses_the_job_description(
    opened: Opened, reviewer: User
) -> None:
    """Confidential means: only the owner, the hiring managers, and who is asked."""
    make_confidential(opened)
    opened.client.force_login(reviewer)
    assert opened.client.get(opened.review.get_absolute_url()).status_code == 200
