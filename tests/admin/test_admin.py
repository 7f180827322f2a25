"""Tests of the Django admin: permissions, validation, and saving by actions."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import library, permissions, vocabulary
from roles.library import starter
from roles.models import (
    BulkExport,
    Event,
    JobDescription,
    JobFamily,
    RenderedFile,
    Skill,
    Snippet,
    Template,
    User,
    Version,
)
from roles.people import erasure
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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
    *("user", "template"),
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
        builders.snippet("Words to look at", kind)
    Template.objects.create(code="t", title="T", family=builders.family())
    version = builders.version(builders.description(department=builders.department()))
    RenderedFile.objects.create(version=version, format="pdf", audience="public", key="k")
    BulkExport.objects.create(by=version.author)


@pytest.mark.both_databases
@pytest.mark.parametrize("model", sorted(OFFERED))
def test_lists_and_forms_open(client: Any, model: str) -> None:
    fill()
    assert client.get(url(model, "changelist"), {"q": "a"}).status_code == 200
    rows = client.get(url(model, "changelist")).context["cl"].queryset
    assert rows.exists()
    assert client.get(url(model, "change", rows[0].pk)).status_code == 200
    closed = {"template", "user"} | READ_ONLY
    assert client.get(url(model, "add")).status_code == (403 if model in closed else 200)


READ_ONLY = {"jobdescription", "version", "renderedfile", "bulkexport", "event"}


@pytest.mark.both_databases
@pytest.mark.parametrize("model", sorted(OFFERED))
def test_permanent_rows_cannot_be_deleted(client: Any, model: str) -> None:
    fill()
    row = client.get(url(model, "changelist")).context["cl"].queryset[0]
    assert client.get(url(model, "delete", row.pk)).status_code == 403


@pytest.mark.both_databases
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
        Template.objects.create(code=code, title="T", family=family, level=builders.level())
        builders.snippet(kind="skill", families=[family])


LISTS = ["user", "template", "skill"]


@pytest.mark.both_databases
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
    template = Template.objects.create(code="t", title="T")
    address = url("template", "change", template.pk)
    client.post(address, filled(client, address, title="Other"))
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("template.changed", client.user.username)
    assert not list(Event.objects.broken())
    assert JobDescription.objects.count() == Version.objects.count() == 1
    assert not Snippet.objects.exists()
