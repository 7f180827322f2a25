"""Tests of the Django admin: permissions, validation, and saving by actions."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import library, permissions, vocabulary
from roles.library import starter
from roles.models import (
    BulkExport,
    CustomFact,
    Department,
    Event,
    JobDescription,
    JobFamily,
    Location,
    Organization,
    PayReference,
    PlaceholderAnswer,
    RenderedFile,
    Skill,
    Snippet,
    Template,
    TemplateLine,
    TemplateSection,
    User,
    Version,
)
from roles.models.organization import Logo
from roles.people import erasure
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


def url(model: str, page: str, *args: object) -> str:
    return reverse(f"admin:roles_{model}_{page}", args=args)


def filled(client: Any, address: str, **values: Any) -> dict[str, Any]:
    """Returns the data of an admin form, with some values changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            fields[bound.html_name] = value
    return {**fields, **values}


def errors(response: Any) -> str:
    """Returns the errors of a form."""
    assert response.status_code == 200, response.status_code
    return str(response.context["errors"])


# --- permissions


@pytest.mark.parametrize("kind", ["hr", "manager", "curator", "no_group", "anonymous"])
def test_other_people_have_no_access(client_for: Any, kind: str) -> None:
    response = client_for(kind).get("/admin/")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_staff_have_all_permissions(client_for: Any) -> None:
    """The permission table decides; Django's own permissions aren't used."""
    client = client_for(builders.user("admin", is_superuser=False))
    assert client.get(url("user", "changelist")).status_code == 200
    assert client.get(url("skill", "add")).status_code == 200


# All models in the index.
OFFERED = {
    *("user", "organization", "jobfamily", "joblevel", "department", "location", "customfact"),
    *("payreference", "placeholderanswer", "template"),
    *("responsibility", "skill", "qualification", "boilerplate"),
    *("jobdescription", "version", "renderedfile", "bulkexport", "event"),
}


def test_index_lists_the_models(client: Any) -> None:
    offered = {
        model["object_name"].lower()
        for app in client.get("/admin/").context["app_list"]
        for model in app["models"]
    }
    assert offered == OFFERED | {"dbtaskresult"}  # of django-tasks, read-only
    assert Group not in admin.site._registry


def fill() -> None:
    """Creates a row of each model."""
    builders.organization(name="Acme")
    for kind in vocabulary.SNIPPET_KINDS:
        used = builders.snippet("Words to look at", kind)
    template = Template.objects.create(code="t", title="T", family=builders.family())
    section = TemplateSection.objects.create(template=template, kind="other", heading="Other")
    TemplateLine.objects.create(section=section, snippet=used)
    TemplateLine.objects.create(section=section, text="Own words")
    PayReference.objects.create(code="p", role="Account manager", amount=1)
    CustomFact.objects.create(code="union", label="Union")
    Location.objects.create(city="Denver")
    PlaceholderAnswer.objects.create(placeholder="city", value="Denver")
    version = builders.version(builders.description(department=builders.department()))
    RenderedFile.objects.create(version=version, format="pdf", audience="public", key="k")
    BulkExport.objects.create(by=version.author)


@pytest.mark.parametrize("model", sorted([*OFFERED, "snippet", "templatesection"]))
def test_lists_and_forms_open(client: Any, model: str) -> None:
    fill()
    assert client.get(url(model, "changelist"), {"q": "a"}).status_code == 200
    rows = client.get(url(model, "changelist")).context["cl"].queryset
    assert rows.exists()
    assert client.get(url(model, "change", rows[0].pk)).status_code == 200
    closed = {"organization", "snippet", "templatesection", "user"} | READ_ONLY
    assert client.get(url(model, "add")).status_code == (403 if model in closed else 200)


READ_ONLY = {"jobdescription", "version", "renderedfile", "bulkexport", "event"}
DELETABLE = {
    *("jobfamily", "joblevel", "location", "customfact", "payreference", "placeholderanswer"),
}


@pytest.mark.parametrize("model", sorted([*OFFERED - {"department"}, "templatesection"]))
def test_permanent_rows_cannot_be_deleted(client: Any, model: str) -> None:
    fill()
    row = client.get(url(model, "changelist")).context["cl"].queryset[0]
    response = client.get(url(model, "delete", row.pk))
    assert response.status_code == (200 if model in DELETABLE else 403)


@pytest.mark.parametrize("model", sorted(READ_ONLY))
def test_records_are_read_only(client: Any, model: str) -> None:
    version = builders.version()
    RenderedFile.objects.create(version=version, format="pdf", audience="public", key="k")
    BulkExport.objects.create(by=version.author)
    row = client.get(url(model, "changelist")).context["cl"].queryset[0]
    assert client.post(url(model, "change", row.pk), {"title": "Other"}).status_code == 403


# --- number of queries


def grow(count: int) -> None:
    """Adds rows to all lists that show relations."""
    for number in range(count):
        description = builders.description(department=builders.department(f"D{number}"))
        version = builders.version(description)
        RenderedFile.objects.create(version=version, format="pdf", audience="public", key="k")
        BulkExport.objects.create(by=version.author)
        family = builders.family(f"Family {JobFamily.objects.count()}", "FAM")
        code = f"t{Template.objects.count()}"
        template = Template.objects.create(
            code=code, title="T", family=family, level=builders.level()
        )
        TemplateSection.objects.create(template=template, kind="other", heading="Other")
        PayReference.objects.create(code=code, role="Account manager", amount=1)
        builders.snippet(kind="skill", families=[family])


LISTS = ["user", "template", "templatesection", "skill", "snippet", "payreference"]


@pytest.mark.parametrize("model", [*LISTS, *sorted(READ_ONLY)])
def test_list_takes_a_constant_number_of_queries(client: Any, model: str) -> None:
    counts = []
    for more in (1, 5):
        grow(more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(model, "changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- snippets are saved by actions


def test_adding_a_snippet_calls_the_action(client: Any) -> None:
    family = builders.family()
    form = {
        "text": "Spreadsheets",
        "detail": "Sums.",
        "category": "tool",
        "status": "active",
        "language": "en",
        "families": [family.pk],
        "source": "Own",
        "revisions-TOTAL_FORMS": "0",
        "revisions-INITIAL_FORMS": "0",
    }
    assert client.post(url("skill", "add"), form).status_code == 302
    snippet = Skill.objects.get()
    assert (snippet.kind, snippet.text, snippet.category, snippet.source) == (
        "skill",
        "Spreadsheets",
        "tool",
        "Own",
    )
    assert (snippet.edited, snippet.latest().author) == (True, client.user)
    assert list(snippet.families.all()) == [family]
    assert " spreadsheet " in snippet.search_text
    assert Event.objects.latest("pk").verb == "snippet.added"


def test_changing_a_snippet_adds_a_revision(client: Any) -> None:
    snippet = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", snippet.pk)
    form = filled(client, address, text="Spreadsheet models", note="Wider", status="retired")
    assert client.post(address, form).status_code == 302
    snippet.refresh_from_db()
    assert (snippet.text, snippet.status) == ("Spreadsheet models", "retired")
    assert (snippet.latest().number, snippet.latest().note) == (2, "Wider")
    verbs = list(Event.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["snippet.status", "snippet.revised"]


def test_saving_an_unchanged_snippet_changes_nothing(client: Any) -> None:
    starter.load()
    snippet = Skill.objects.get(code="sk-active-listening")
    address = url("skill", "change", snippet.pk)
    events = Event.objects.count()
    assert client.post(address, filled(client, address)).status_code == 302
    snippet.refresh_from_db()
    assert (snippet.edited, snippet.revisions.count()) == (False, 1)
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": ""}, "This field is required"),
        ({"text": "x" * 2001}, "Use at most 2000 characters"),
        ({"text": "a\x07b"}, "U+0007"),
        ({"category": "education"}, "Select a valid choice"),
        ({"status": "proposed"}, "You can’t change this snippet to that status"),
        ({"note": "x" * 201}, "at most 200 characters"),
        ({"based_on": ""}, "Someone revised this"),
    ],
)
def test_invalid_change_is_refused(client: Any, values: dict[str, str], message: str) -> None:
    snippet = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", snippet.pk)
    form = filled(client, address, **{"text": "New words", **values})
    assert message in errors(client.post(address, form))
    snippet.refresh_from_db()
    assert (snippet.text, snippet.revisions.count()) == ("Spreadsheets", 1)


def test_stale_change_is_refused_with_the_current_wording(client: Any) -> None:
    snippet = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", snippet.pk)
    form = filled(client, address, text="My words")
    library.revise(snippet=snippet, text="Their words", by=builders.user("curator"), based_on=1)
    response = client.post(address, form)
    assert "Their words" in errors(response)
    assert b"My words" in response.content
    assert snippet.latest().text == "Their words"


def test_list_names_the_category(client: Any) -> None:
    snippet = builders.snippet("We welcome everyone.", "boilerplate")
    Snippet.objects.filter(pk=snippet.pk).update(category="equal_opportunity")
    page = client.get(url("boilerplate", "changelist")).text
    assert "Equal opportunity" in page
    assert "equal_opportunity" not in page


def test_each_kind_has_its_own_page(client: Any) -> None:
    snippet = builders.snippet("Spreadsheets", "skill")
    assert client.get(url("qualification", "change", snippet.pk)).status_code == 302
    assert b"Spreadsheets" not in client.get(url("qualification", "changelist")).content


# --- changed templates and figures are marked as edited


def test_changing_a_template_marks_it_as_edited(client: Any) -> None:
    starter.load()
    template = Template.objects.get(code="account-manager-mid")
    address = url("template", "change", template.pk)
    assert client.post(address, filled(client, address, title="Ours")).status_code == 302
    template.refresh_from_db()
    assert (template.title, template.edited, template.code) == ("Ours", True, "account-manager-mid")
    assert Event.objects.latest("pk").verb == "template.changed"


def test_changing_lines_marks_the_template_as_edited(client: Any) -> None:
    starter.load()
    template = Template.objects.get(code="account-manager-detailed")
    section = template.sections.get(kind="faq")
    address = url("templatesection", "change", section.pk)
    form = filled(client, address)
    index = next(i for i in range(20) if "measured" in form.get(f"lines-{i}-text", ""))
    form[f"lines-{index}-text"] = "How do we measure success?"
    assert client.post(address, form).status_code == 302
    template.refresh_from_db()
    assert template.edited
    assert section.lines.filter(text="How do we measure success?").count() == 1
    assert section.lines.exclude(parent=None).count() == 4


def test_line_needs_a_snippet_or_text(client: Any) -> None:
    starter.load()
    section = Template.objects.get(code="account-manager-mid").sections.get(kind="responsibilities")
    address = url("templatesection", "change", section.pk)
    form = filled(client, address)
    assert client.post(address, {**form, "lines-0-text": "Own words"}).status_code == 200
    assert client.post(address, {**form, "lines-0-snippet": ""}).status_code == 200
    assert client.post(address, {**form, "lines-0-parent": "99999"}).status_code == 200
    changed = {**form, "lines-0-snippet": "", "lines-0-text": "Own words"}
    assert client.post(address, changed).status_code == 302


def test_lines_have_one_level_of_sub_lines(client: Any) -> None:
    """Also where several lines change together, or the parent is deleted in the same form."""
    template = Template.objects.create(code="clerk", title="Clerk")
    section = TemplateSection.objects.create(template=template, kind="other", heading="Other")
    first, second, third = (
        section.lines.create(text=text, position=n) for n, text in enumerate("ABC", 1)
    )
    address = url("templatesection", "change", section.pk)
    form = filled(client, address)
    chain = {"lines-0-parent": str(second.pk), "lines-1-parent": str(third.pk)}
    circle = {"lines-0-parent": str(second.pk), "lines-1-parent": str(first.pk)}
    deleted = {"lines-0-parent": str(second.pk), "lines-1-DELETE": "on"}
    for change in (chain, circle, deleted):
        response = client.post(address, {**form, **change})
        assert response.status_code == 200, change
        assert "This line can’t have sub-lines." in response.text
        assert not section.lines.exclude(parent=None).exists()
    assert client.post(address, {**form, "lines-0-parent": str(second.pk)}).status_code == 302
    assert section.lines.get(parent=second) == first
    form = filled(client, address)
    new = {"lines-TOTAL_FORMS": "4", "lines-3-form": "entry", "lines-3-position": "4"}
    sub = {**form, **new, "lines-3-text": "D", "lines-3-section": str(section.pk)}
    assert client.post(address, {**sub, "lines-3-parent": str(second.pk)}).status_code == 302
    assert section.lines.filter(parent=second).count() == 2


def test_changing_a_figure_marks_it_as_edited(client: Any) -> None:
    starter.load()
    figure = PayReference.objects.get(code="us-am-city-denver")
    address = url("payreference", "change", figure.pk)
    assert client.post(address, filled(client, address, amount="60000")).status_code == 302
    figure.refresh_from_db()
    assert (int(figure.amount or 0), figure.edited) == (60_000, True)
    assert client.post(address, filled(client, address, amount="")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "status", "stored"), [("eur", 302, "EUR"), ("ABC", 200, "USD"), ("GBP", 302, "GBP")]
)
def test_currency_of_a_figure_is_one_of_iso_4217(
    client: Any, typed: str, status: int, stored: str
) -> None:
    figure = PayReference.objects.create(code="p", role="Nurse", amount=1)
    address = url("payreference", "change", figure.pk)
    assert client.post(address, filled(client, address, currency=typed)).status_code == status
    figure.refresh_from_db()
    assert figure.currency == stored


# --- the organization


def organization_form(client: Any, **values: Any) -> Any:
    row = builders.organization()
    address = url("organization", "change", row.pk)
    form = filled(client, address)
    form.pop("new_logo", None)
    form["fact_audiences"] = "{}"
    return client.post(address, {**form, **values})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", PNG),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>'),
    ],
)
def test_logo_is_stored_by_digest(client: Any, name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content)
    assert organization_form(client, name="Acme", new_logo=upload).status_code == 302
    row = Organization.objects.the()
    assert row.name == "Acme"
    assert row.logo is not None
    assert bytes(row.logo.content) == content
    assert Event.objects.latest("pk").verb == "organization.changed"
    assert organization_form(client, remove_logo="on").status_code == 302
    assert Organization.objects.the().logo is None
    assert Logo.objects.count() == 1  # old versions need it


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.png", b"not an image", "can’t be printed"),
        ("logo.png", b"GIF89a" + b"\x00" * 50, "can’t be printed"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "can’t be"),
        ("logo.png", b"\x89PNG" * 200_000, "larger than 512 KB"),
        ("logo.png", b"", "empty"),
    ],
)
def test_invalid_logo_is_refused(client: Any, name: str, content: bytes, message: str) -> None:
    response = organization_form(client, new_logo=SimpleUploadedFile(name, content))
    assert message in errors(response)
    assert not Logo.objects.exists()


@pytest.mark.parametrize(
    ("value", "is_fine"),
    [
        ('{"pay_grade": "internal"}', True),
        ('{"pay_grade": "everyone"}', False),
        ('{"shoe_size": "public"}', False),
        ('["pay_grade"]', False),
        ('{"pay_grade": ["internal"]}', False),
        ("{", False),
    ],
)
def test_audiences_of_facts(client: Any, value: str, is_fine: bool) -> None:
    assert organization_form(client, fact_audiences=value).status_code == (302 if is_fine else 200)


def test_invalid_color_is_refused(client: Any) -> None:
    assert organization_form(client, brand_color="red; }").status_code == 200


def test_only_one_organization(client: Any) -> None:
    client.get(url("organization", "changelist"))
    assert Organization.objects.count() == 1
    assert client.get(url("organization", "add")).status_code == 403


# --- lists


def test_only_organization_values_are_listed(client: Any) -> None:
    description = builders.description()
    PlaceholderAnswer.objects.create(description=description, placeholder="city", value="Rome")
    address = url("placeholderanswer", "add")
    assert client.post(address, {"placeholder": "[Company]", "value": "Acme"}).status_code == 302
    answer = PlaceholderAnswer.objects.get(description=None)
    assert (answer.placeholder, answer.value) == ("company name", "Acme")
    assert b"Rome" not in client.get(url("placeholderanswer", "changelist")).content
    twin = client.post(address, {"placeholder": "Company Name", "value": "Other"})
    assert "already" in errors(twin)
    assert client.post(address, {"placeholder": "[ ]", "value": "x"}).status_code == 200


def test_department_of_an_account_cannot_be_deleted(client: Any) -> None:
    free, taken = Department.objects.create(name="A"), Department.objects.create(name="B")
    builders.user("hr").departments.add(taken)
    assert client.get(url("department", "delete", taken.pk)).status_code == 403
    assert client.post(url("department", "delete", free.pk), {"post": "yes"}).status_code == 302
    assert Event.objects.latest("pk").verb == "department.deleted"


def test_codes_cannot_be_changed(client: Any) -> None:
    family = builders.family()
    address = url("jobfamily", "change", family.pk)
    form = filled(client, address, code="other", name="Accounts", prefix=family.prefix)
    assert client.post(address, form).status_code == 302
    family.refresh_from_db()
    assert (family.code, family.name) == ("account-management", "Accounts")


def test_family_in_use_cannot_be_deleted(client: Any) -> None:
    description = builders.description()
    family = description.job_family
    assert family is not None
    client.post(url("jobfamily", "delete", family.pk), {"post": "yes"})
    assert JobFamily.objects.filter(pk=family.pk).exists()


def test_duplicates_are_refused(client: Any) -> None:
    Location.objects.create(city="Denver", region="Colorado", country="US")
    form = {"city": "Denver", "region": "Colorado", "country": "US"}
    assert client.post(url("location", "add"), form).status_code == 200
    assert Location.objects.count() == 1


# --- people


def test_accounts_are_invited_rather_than_added(client: Any) -> None:
    assert client.get(url("user", "add")).status_code == 403
    assert client.post(url("user", "add"), {"username": "new.person"}).status_code == 403


def test_groups_and_departments_are_saved(client: Any) -> None:
    group = Group.objects.get_or_create(name=permissions.GROUPS["curator"])[0]
    sales = builders.department()
    account = builders.user("hr")
    address = url("user", "change", account.pk)
    form = filled(client, address, groups=[group.pk], departments=[sales.pk])
    assert client.post(address, form).status_code == 302
    changed = User.objects.get(pk=account.pk)
    assert changed.kinds == {"curator"}
    assert changed.department_ids == {sales.pk}


def test_email_address_must_be_unique(client: Any) -> None:
    builders.user("hr", email="Someone@example.org")
    other = builders.user("hr")
    address = url("user", "change", other.pk)
    form = filled(client, address, email="someone@EXAMPLE.org")
    assert "Another account has this email address" in errors(client.post(address, form))


def test_administrators_cannot_lock_themselves_out(client: Any) -> None:
    address = url("user", "change", client.user.pk)
    form = filled(client, address)
    for name in ("is_active", "is_staff"):
        form.pop(name, None)
    assert client.post(address, form).status_code == 302
    client.user.refresh_from_db()
    assert client.user.is_active
    assert client.user.is_staff


def test_accounts_cannot_be_deactivated_or_deleted(client: Any) -> None:
    """The page links to the account page, where ownership is transferred."""
    leaver = builders.description().owner
    address = url("user", "change", leaver.pk)
    assert reverse("person", args=[leaver.pk]) in client.get(address).text
    form = filled(client, address)
    form.pop("is_active", None)
    assert client.post(address, form).status_code == 302
    leaver.refresh_from_db()
    assert leaver.is_active
    assert client.post(url("user", "delete", leaver.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [leaver.pk], "post": "yes"}
    client.post(url("user", "changelist"), data)
    assert User.objects.filter(pk=leaver.pk, is_active=True).exists()


def test_erased_account_cannot_be_renamed(client: Any) -> None:
    gone = builders.user("hr", is_active=False)
    address = url("user", "change", erasure.erase(account=gone, by=client.user).pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"username": "someone"}).status_code == 403


def test_changes_are_recorded_as_events(client: Any) -> None:
    builders.version()
    family = builders.family()
    address = url("jobfamily", "change", family.pk)
    client.post(address, filled(client, address, name="Accounts"))
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("jobfamily.changed", client.user.username)
    assert not list(Event.objects.broken())
    assert JobDescription.objects.count() == Version.objects.count() == 1
    assert not Snippet.objects.exists()
