"""Amounts, currencies and employment types in the database."""

from __future__ import annotations

import importlib
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from roles import assembly, migrations
from roles.document import Fact
from roles.drafts import changes, undo
from roles.models import JobDescription, PayRange, PayReference, Section
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def section() -> Section:
    jd = builders.description(builders.user("hr"))
    return Section.objects.get(uid=builders.add_section(jd, "pay", "Pay"))


@pytest.mark.both_databases
@pytest.mark.parametrize(("minimum", "maximum"), [(1, None), (None, 1), (1, 1), (1, 2)])
def test_one_bound_is_enough(section: Section, minimum: Any, maximum: Any) -> None:
    row = PayRange(section=section, minimum=minimum, maximum=maximum)
    row.full_clean()
    row.save()


@pytest.mark.both_databases
@pytest.mark.parametrize(("minimum", "maximum"), [(None, None), (2, 1)])
def test_a_range_without_amounts_or_upside_down_is_refused(
    section: Section, minimum: Any, maximum: Any
) -> None:
    row = PayRange(section=section, minimum=minimum, maximum=maximum)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("typed", "stored"), [("usd", "USD"), (" eur ", "EUR"), ("CHF", "CHF")])
def test_currency_is_cleaned_to_capitals(section: Section, typed: str, stored: str) -> None:
    row = PayRange(section=section, minimum=Decimal(1), currency=typed)
    row.full_clean()
    assert row.currency == stored


@pytest.mark.parametrize("code", ["ABC", "US", "", "€"])
def test_other_codes_are_refused(section: Section, code: str) -> None:
    figure = PayReference(code="x", role="Nurse", amount=Decimal(1), currency=code)
    for row in (PayRange(section=section, minimum=Decimal(1), currency=code), figure):
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert "currency" in refused.value.message_dict


@pytest.mark.parametrize("period", ["day", "week"])
def test_stored_bounds_and_periods_reach_the_document(section: Section, period: str) -> None:
    jd = section.description
    values = {"minimum": Decimal(500), "maximum": None, "currency": "EUR", "period": period}
    builders.change(jd, changes.AddPay(section.uid, values))
    (pay,) = assembly.assemble(JobDescription.objects.get(pk=jd.pk)).sections[-1].pay_ranges
    assert (pay.minimum, pay.maximum, pay.period) == (Decimal(500), None, period)


@pytest.mark.both_databases
def test_several_employment_types_and_hours_reach_the_document(section: Section) -> None:
    """In the order of the list, and undone as one change."""
    jd = section.description
    facts = {"employment_types": ["part_time", "full_time"], "weekly_hours": Decimal("18.75")}
    builders.change(jd, changes.ChangeFacts(facts))
    document = assembly.assemble(JobDescription.objects.get(pk=jd.pk))
    assert document.fact("employment_type") == Fact("employment_type", ("full_time", "part_time"))
    assert document.fact("weekly_hours") == Fact("weekly_hours", ("18.75",))
    undo.undo(description=jd, by=jd.owner)
    document = assembly.assemble(JobDescription.objects.get(pk=jd.pk))
    assert document.fact("employment_type") is None
    assert document.fact("weekly_hours") is None


def facts_page(client: Any, jd: JobDescription) -> str:
    address = reverse("wizard_step", args=[jd.reference, "details"])
    return str(client.get(address).content.decode())


@pytest.mark.slow
def test_job_details_take_several_types_and_a_decimal_comma(
    client_for: Any, section: Section
) -> None:
    jd = section.description
    client = client_for(jd.owner)
    page = facts_page(client, jd)
    initial = dict(re.findall(r'<input type="hidden" name="(initial-[^"]*)" value="([^"]*)"', page))
    values = {"facts-title": jd.title, "facts-weekly_hours": "37,5"}
    response = client.post(
        reverse("wizard_step", args=[jd.reference, "details"]),
        {
            "action": "save",
            "token": jd.edit_token,
            "facts-base": jd.edit_token,
            "facts-employment_types": ["full_time", "temporary"],
            **{f"initial-{name}": value for name, value in values.items() if name in initial},
            **values,
        },
    )
    assert response.status_code in (200, 302)
    jd.refresh_from_db()
    assert (jd.employment_types, jd.weekly_hours) == (["full_time", "temporary"], Decimal("37.5"))
    assert 'value="37.5"' in facts_page(client, jd)


def test_undo_records_of_before_are_migrated() -> None:
    (path,) = Path(migrations.__file__).parent.glob("*_pay.py")
    migration = importlib.import_module(f"roles.migrations.{path.stem}")
    before = {"fact:employment_type": "full_time", "fact:weekly_hours": "36.0", "fact:title": "A"}
    assert migration._with_new_facts(before) == {
        **{"fact:employment_types": ["full_time"], "fact:weekly_hours": "36.00", "fact:title": "A"}
    }
    empty = {"fact:employment_type": "", "fact:weekly_hours": None}
    assert migration._with_new_facts(empty) == {
        **{"fact:employment_types": [], "fact:weekly_hours": None}
    }
