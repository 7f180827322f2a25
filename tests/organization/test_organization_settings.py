"""The organization's own settings: brand, audiences of facts, prefixes, and access to lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from roles import drafts, organization
from roles.models import CustomFact, Event, Organization, User
from roles.models.organization import Logo
from roles.organization import list_access, organization_settings
from tests import builders

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'


@pytest.fixture
def admin() -> User:
    return builders.user("admin")


def state(names: tuple[str, ...]) -> str:
    return organization.state_of(Organization.objects.the(), names)


def change_brand(admin: User, **values: Any) -> None:
    row = Organization.objects.the()
    usual = {"brand_color": row.brand_color, "paper": row.paper}
    base = state(organization_settings.OF_BRAND)
    organization_settings.change_brand(**{**usual, "base": base, **values}, by=admin)


def test_the_name_is_changed_once(admin: User) -> None:
    values = {"name": "Acme", "apply_to": "jobs@example.org", "hr_adds_to_lists": False}
    base = state(organization_settings.OF_ORGANIZATION)
    organization_settings.change_organization(values=values, base=base, by=admin)
    event = Event.objects.latest("pk")
    assert (event.verb, event.what["fields"]) == ("organization.changed", [*values])
    with pytest.raises(organization.StaleSettings):
        organization_settings.change_organization(
            values={"name": "Other"}, base=base, by=builders.user("admin")
        )
    assert Organization.objects.the().name == "Acme"


@pytest.mark.parametrize("content", [PNG, SVG])
def test_a_logo_is_stored_by_digest(admin: User, content: bytes) -> None:
    change_brand(admin, new_logo=content)
    row = Organization.objects.select_related("logo").the()
    assert row.logo is not None
    assert bytes(row.logo.content) == content
    change_brand(admin, removes_logo=True)
    assert Organization.objects.the().logo is None
    assert Logo.objects.count() == 1  # old versions need it


@pytest.mark.parametrize(
    "content", [b"not an image", b"GIF89a" + b"\x00" * 50, b"", SVG.replace(b"path", b"script")]
)
def test_a_logo_that_cannot_be_printed_is_refused(admin: User, content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        change_brand(admin, new_logo=content, brand_color="#123456")
    assert "logo" in refused.value.message_dict
    assert not Logo.objects.exists()
    assert Organization.objects.the().brand_color != "#123456"


@pytest.mark.parametrize("values", [{"brand_color": "red; }"}, {"paper": "A3"}])
def test_an_invalid_brand_is_refused(admin: User, values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        change_brand(admin, **values)


def test_audiences_are_stored_where_they_differ(admin: User) -> None:
    CustomFact.objects.create(code="union", label="Union", audience="internal")
    base = organization_settings.state_of_audiences()
    chosen = {"pay_grade": "internal", "department": "public", "union": "restricted"}
    organization_settings.change_audiences(chosen=chosen, base=base, by=admin)
    assert Organization.objects.the().fact_audiences == {"pay_grade": "internal"}
    assert CustomFact.objects.get().audience == "restricted"
    assert organization_settings.audiences() | chosen == organization_settings.audiences()
    with pytest.raises(organization.StaleSettings):
        organization_settings.change_audiences(chosen={}, base=base, by=admin)
    base = organization_settings.state_of_audiences()
    organization_settings.change_audiences(chosen={"pay_grade": "restricted"}, base=base, by=admin)
    assert Organization.objects.the().fact_audiences == {}


def test_prefixes_are_for_new_references(admin: User) -> None:
    family = builders.family()
    old = drafts.start(by=admin, title="Old", family=family)
    base = organization_settings.state_of_prefixes()
    chosen = {"": "GEN", family.code: "SAL"}
    organization_settings.change_prefixes(chosen=chosen, base=base, by=admin)
    family.refresh_from_db()
    new, none = (drafts.start(by=admin, title="New", family=f) for f in (family, None))
    references = [jd.reference for jd in (old, new, none)]
    assert references == ["ACC-0001", "SAL-0001", "GEN-0001"]
    with pytest.raises(organization.StaleSettings):
        organization_settings.change_prefixes(chosen={}, base=base, by=admin)
    base = organization_settings.state_of_prefixes()
    with pytest.raises(ValidationError):
        organization_settings.change_prefixes(chosen={"": "g1"}, base=base, by=admin)


def test_who_adds_to_lists() -> None:
    every = frozenset(list_access.ADDED_BY_AUTHORS)
    admin, hr, limited = (builders.user(kind) for kind in ("admin", "hr", "hr"))
    limited.departments.add(builders.department())
    assert list_access.addable(hr) == list_access.addable(admin) == every
    assert list_access.addable(limited) == every - {"departments"}
    assert not list_access.addable(builders.user("manager"))
    builders.organization(hr_adds_to_lists=False)
    assert not list_access.addable(hr)
    assert list_access.addable(admin) == every
