"""The pages about the installation: email, history, and about."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from roles.models import Event
from roles.organization import list_rows
from roles.web.settings import system_pages
from tests import builders
from tests.html import messages

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


class TestEmail:
    address = "/settings/email/"

    def test_the_password_is_not_shown(self, client: Any, settings: Any) -> None:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "smtp.example.org"
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "sender", "hunter22"
        settings.EMAIL_USE_TLS, settings.EMAIL_PORT = True, 587
        text = client.get(self.address).text
        for shown in ("smtp.example.org", "sender", "TLS", "port 587"):
            assert shown in text
        assert "hunter22" not in text
        assert "No one gets email" not in text

    def test_an_installation_without_a_server_says_so(self, client: Any) -> None:
        assert "No one gets email" in client.get(self.address).text

    def test_a_test_goes_to_the_administrator(self, client: Any) -> None:
        response = client.post(self.address, follow=True)
        assert f"Test email sent to {client.user.email}." in messages(response)
        [sent] = mail.outbox
        assert sent.to == [client.user.email]
        assert sent.subject == "Test email from JD Builder"

    def test_a_failure_says_what_the_server_said(self, client: Any, monkeypatch: Any) -> None:
        def fail(*_arguments: Any, **_values: Any) -> int:
            raise OSError("Connection\nrefused")

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        response = client.post(self.address, follow=True)
        assert "The test email wasn’t sent: Connection refused" in messages(response)

    def test_an_account_without_address_is_told_so(self, client_for: Any) -> None:
        client = client_for(builders.user("admin", email=""))
        response = client.post(self.address, follow=True)
        assert "Your account has no email address." in messages(response)


class TestHistory:
    address = "/settings/history/"

    def test_changes_are_listed_without_those_of_job_descriptions(self, client: Any) -> None:
        jd = builders.description(title="Quokka keeper")
        list_rows.add(list_name="departments", values={"name": "Finance"}, by=client.user)
        text = client.get(self.address).text
        assert "Department: Added" in text
        assert "Finance" in text
        assert client.user.username in text
        assert "Quokka" not in text
        assert jd.reference not in text

    def test_every_change_of_these_pages_has_words(self) -> None:
        for kind in list_rows.LISTS.values():
            assert kind.model._meta.model_name in system_pages.NOUNS
        assert system_pages._event_words("moon.landed") == ("moon", "landed")


class TestAbout:
    address = "/settings/about/"

    def test_versions_licenses_and_health(self, client: Any) -> None:
        response = client.get(self.address)
        text = response.text
        assert "0.2.0" in text
        assert "The product can read and save." in text
        licenses = {name.lower(): found for name, _version, found in response.context["packages"]}
        assert licenses["django"] == "BSD-3-Clause"
        assert licenses["weasyprint"]
        assert reverse("admin:index") in text
        assert not Event.objects.exists()

    def test_an_outage_is_shown(self, client: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr("roles.outages.current", lambda: "full")
        text = client.get(self.address).text
        assert "The server’s disk is full." in text
        assert "can read and save" not in text
