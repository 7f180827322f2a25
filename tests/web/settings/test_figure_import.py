"""Importing market figures from CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roles.models import Event, PayReference
from roles.web.settings import figure_file
from roles.web.settings.list_forms import FigureForm
from tests.html import messages

pytestmark = pytest.mark.django_db

HEAD = "role,location,amount,low,high,currency,code"
ROW = 'Nurse,Denver,"60,000",,,USD,'


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


ADDRESS = "/settings/lists/market-figures/import/"


def check(client: Any, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(ADDRESS, {"file": SimpleUploadedFile("f.csv", content)})


def confirm(client: Any, checked: Any, nonce: str = "") -> Any:
    data = {"text": checked.context["text"], "confirm": "yes", "nonce": nonce}
    return client.post(ADDRESS, data, follow=True)


def test_a_file_is_checked_first_and_imported_after_confirmation(client: Any) -> None:
    stored = PayReference.objects.create(code="old", role="Nurse", amount=1, currency="USD")
    rows = [HEAD, ROW, "Clerk,,,40k,€50k,,", "Nurse,,2,,,USD,old"]
    checked = check(client, "\n".join(rows))
    assert checked.status_code == 200
    assert "3 rows without errors." in checked.text
    assert "2 figures are new." in checked.text
    assert PayReference.objects.count() == 1
    response = confirm(client, checked)
    assert "Market figures: 2 added, 1 changed, 0 as before." in messages(response)
    stored.refresh_from_db()
    assert (int(stored.amount or 0), stored.edited) == (2, True)
    clerk = PayReference.objects.get(role="Clerk")
    assert [clerk.low, clerk.high] == [40_000, 50_000]
    assert (clerk.currency, clerk.period) == ("EUR", "year")
    event = Event.objects.latest("pk")
    assert (event.verb, event.what) == ("payreference.imported", {"added": 2, "changed": 1})


def test_a_confirmation_sent_twice_imports_once(client: Any) -> None:
    checked = check(client, f"{HEAD}\n{ROW}")
    for _ in range(2):
        confirm(client, checked, nonce="n")
    assert PayReference.objects.count() == 1


def test_every_error_has_its_row(client: Any) -> None:
    rows = [
        HEAD,
        ROW,
        ",Denver,60000,,,USD,",
        "Nurse,Denver,a lot,,,XYZ,",
        "Nurse,Denver,,,,USD,",
        "Nurse,Denver,1,,,USD,nowhere",
        "Nurse,Denver,1,9,2,USD,",
        "Nurse,Denver,1,,,USD,,extra",
        "Nurse,Denver,€1,,,USD,",
    ]
    checked = check(client, "\n".join(rows))
    assert checked.status_code == 422
    wrong = {
        row.line: " ".join(text for _label, text in row.errors) for row in checked.context["wrong"]
    }
    assert wrong.keys() == {3, 4, 5, 6, 7, 8, 9}
    for line, message in {
        3: "Enter the role.",
        4: "isn’t a currency code",
        5: "Enter an amount",
        6: "No market figure has this code",
        7: "can’t be below the lowest",
        8: "more cells",
        9: "This amount is in €, but the currency is USD.",
    }.items():
        assert message in wrong[line], line
    assert not PayReference.objects.exists()
    response = client.post(ADDRESS, {"text": checked.context["text"], "confirm": "yes"})
    assert response.status_code == 422
    assert not PayReference.objects.exists()


def test_a_code_is_changed_once(client: Any) -> None:
    PayReference.objects.create(code="old", role="Nurse", amount=1)
    checked = check(client, f"{HEAD}\nNurse,,1,,,USD,old\nNurse,,2,,,USD,old")
    [row] = checked.context["wrong"]
    assert row.errors == [("Code", "Row 2 has the same code.")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Choose a file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "isn’t a CSV file"),
        (b"name,amount\nNurse,1", "The first row must name the columns"),
        (b"role,shoe size\nNurse,42", "Unknown columns: shoe_size."),
        (HEAD.encode(), "This file has no rows."),
        (f"{HEAD}\n".encode() + b",,,,,,\n\n", "This file has no rows."),
        (f"{HEAD}\n".encode() + f"{ROW}\n".encode() * 1_001, "Import up to 1000 rows"),
        (b"role\n" + b"x" * 1_000_000, "too large"),
        (b'role\n"' + b"x" * 200_000, "isn’t a CSV file"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(client: Any, content: bytes, message: str) -> None:
    response = check(client, content)
    assert response.status_code == 422
    assert message in str(response.context["form"].errors["file"])


def test_no_file_is_refused(client: Any) -> None:
    response = client.post(ADDRESS, {})
    assert "Choose a file." in str(response.context["form"].errors["file"])


@pytest.mark.parametrize(
    "content",
    [
        "role;amount;source\r\nNurse;60000;Zürich\r\n".encode("cp1252"),
        "\ufeffRole\tAmount\tSource\nNurse\t60000\tZürich\n".encode(),
        "\n\nrole,amount,source\nNurse,60000,Zürich\n".encode(),
    ],
)
def test_files_as_spreadsheets_save_them(client: Any, content: bytes) -> None:
    confirm(client, check(client, content))
    figure = PayReference.objects.get()
    assert (figure.role, int(figure.amount or 0), figure.source) == ("Nurse", 60_000, "Zürich")


def test_the_template_can_be_imported(client: Any) -> None:
    response = client.get(reverse("settings_figures_csv"), {"template": ""})
    assert "attachment" in response["Content-Disposition"]
    confirm(client, check(client, response.content))
    assert PayReference.objects.get().role == "Account manager"


def test_stored_figures_come_back_as_they_were(client: Any) -> None:
    PayReference.objects.create(code="a", role="=SUM(A1)", amount=1, source="-Survey")
    PayReference.objects.create(code="b", role="Nurse", low="1.50", high=9, years_from=0)
    exported = client.get(reverse("settings_figures_csv")).content
    assert b"'=SUM" in exported
    response = confirm(client, check(client, exported))
    assert "Market figures: 0 added, 0 changed, 2 as before." in messages(response)
    assert not Event.objects.filter(verb="payreference.imported").exists()


def test_columns_are_those_of_the_form() -> None:
    assert set(figure_file.COLUMNS) - {"code"} <= FigureForm.base_fields.keys()
    assert figure_file.EXAMPLE.keys() <= set(figure_file.COLUMNS)
