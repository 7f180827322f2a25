"""The Django admin: what it offers, what it refuses, and that it saves through the actions."""

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
    """The fields of an admin form as the page shows them, with some changed."""
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


def errors(answer: Any) -> str:
    """The messages of a form that came back."""
    assert answer.status_code == 200, answer.status_code
    return str(answer.context["errors"])


# --- who and what


@pytest.mark.parametrize("kind", ["hr", "manager", "curator", "no_group", "anonymous"])
def test_others_are_sent_away(client_for: Any, kind: str) -> None:
    answer = client_for(kind).get("/admin/")
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_staff_need_no_further_leave(client_for: Any) -> None:
    """The permission table says who administrates; Django's own permissions are not used."""
    client = client_for(builders.user("admin", is_superuser=False))
    assert client.get(url("user", "changelist")).status_code == 200
    assert client.get(url("skill", "add")).status_code == 200


# Everything that the index offers, written out by hand.
OFFERED = {
    *("user", "organization", "jobfamily", "joblevel", "department", "location", "customfact"),
    *("payreference", "placeholderanswer", "template"),
    *("responsibility", "skill", "qualification", "boilerplate"),
    *("jobdescription", "version", "renderedfile", "bulkexport", "event"),
}


def test_the_index_offers_these(client: Any) -> None:
    offered = {
        model["object_name"].lower()
        for app in client.get("/admin/").context["app_list"]
        for model in app["models"]
    }
    assert offered == OFFERED | {"dbtaskresult"}  # of django-tasks, to look at only
    assert Group not in admin.site._registry


def fill() -> None:
    """A row of everything."""
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
def test_each_list_and_form_opens(client: Any, model: str) -> None:
    fill()
    assert client.get(url(model, "changelist"), {"q": "a"}).status_code == 200
    rows = client.get(url(model, "changelist")).context["cl"].queryset
    assert rows.exists()
    assert client.get(url(model, "change", rows[0].pk)).status_code == 200
    closed = {"organization", "snippet", "templatesection"} | READ_ONLY
    assert client.get(url(model, "add")).status_code == (403 if model in closed else 200)


READ_ONLY = {"jobdescription", "version", "renderedfile", "bulkexport", "event"}
DELETABLE = {
    *("jobfamily", "joblevel", "location", "customfact", "payreference", "placeholderanswer"),
}


@pytest.mark.parametrize("model", sorted([*OFFERED - {"department"}, "templatesection"]))
def test_delete_is_off_where_rows_must_stay(client: Any, model: str) -> None:
    fill()
    row = client.get(url(model, "changelist")).context["cl"].queryset[0]
    answer = client.get(url(model, "delete", row.pk))
    assert answer.status_code == (200 if model in DELETABLE else 403)


@pytest.mark.parametrize("model", sorted(READ_ONLY))
def test_records_are_looked_at_only(client: Any, model: str) -> None:
    version = builders.version()
    RenderedFile.objects.create(version=version, format="pdf", audience="public", key="k")
    BulkExport.objects.create(by=version.author)
    row = client.get(url(model, "changelist")).context["cl"].queryset[0]
    assert client.post(url(model, "change", row.pk), {"title": "Other"}).status_code == 403


# --- no list asks once for each row


def grow(count: int) -> None:
    """Some more rows of everything that lists show with relations."""
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
def test_a_list_asks_as_much_for_few_as_for_many(client: Any, model: str) -> None:
    counts = []
    for more in (1, 5):
        grow(more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(model, "changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- snippets: through the actions


def test_adding_a_snippet_goes_through_the_action(client: Any) -> None:
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
    made = Skill.objects.get()
    assert (made.kind, made.text, made.category, made.source) == (
        "skill",
        "Spreadsheets",
        "tool",
        "Own",
    )
    assert (made.edited, made.latest().author) == (True, client.user)
    assert list(made.families.all()) == [family]
    assert " spreadsheet " in made.search_text
    assert Event.objects.latest("pk").verb == "snippet.added"


def test_changing_a_snippet_makes_a_revision(client: Any) -> None:
    made = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", made.pk)
    form = filled(client, address, text="Spreadsheet models", note="Wider", status="retired")
    assert client.post(address, form).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.status) == ("Spreadsheet models", "retired")
    assert (made.latest().number, made.latest().note) == (2, "Wider")
    verbs = list(Event.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["snippet.status", "snippet.revised"]


def test_saving_an_unchanged_snippet_changes_nothing(client: Any) -> None:
    starter.load()
    made = Skill.objects.get(code="sk-active-listening")
    address = url("skill", "change", made.pk)
    events = Event.objects.count()
    assert client.post(address, filled(client, address)).status_code == 302
    made.refresh_from_db()
    assert (made.edited, made.revisions.count()) == (False, 1)
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": ""}, "This field is required"),
        ({"text": "x" * 2001}, "At most 2000 characters"),
        ({"text": "a\x07b"}, "U+0007"),
        ({"category": "education"}, "Select a valid choice"),
        ({"status": "proposed"}, "Its status does not allow this"),
        ({"note": "x" * 201}, "at most 200 characters"),
        ({"based_on": ""}, "Someone revised this"),
    ],
)
def test_a_bad_change_is_refused(client: Any, values: dict[str, str], said: str) -> None:
    made = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", made.pk)
    form = filled(client, address, **{"text": "New words", **values})
    assert said in errors(client.post(address, form))
    made.refresh_from_db()
    assert (made.text, made.revisions.count()) == ("Spreadsheets", 1)


def test_a_stale_change_is_refused_and_shows_the_other_words(client: Any) -> None:
    made = builders.snippet("Spreadsheets", "skill")
    address = url("skill", "change", made.pk)
    form = filled(client, address, text="My words")
    library.revise(snippet=made, text="Their words", by=builders.user("curator"), based_on=1)
    answer = client.post(address, form)
    assert "Their words" in errors(answer)
    assert b"My words" in answer.content
    assert made.latest().text == "Their words"


def test_a_kind_has_its_own_page(client: Any) -> None:
    made = builders.snippet("Spreadsheets", "skill")
    assert client.get(url("qualification", "change", made.pk)).status_code == 302
    assert b"Spreadsheets" not in client.get(url("qualification", "changelist")).content


# --- templates and figures are the organization's once they were changed


def test_changing_a_template_marks_it(client: Any) -> None:
    starter.load()
    made = Template.objects.get(code="account-manager-mid")
    address = url("template", "change", made.pk)
    assert client.post(address, filled(client, address, title="Ours")).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.edited, made.code) == ("Ours", True, "account-manager-mid")
    assert Event.objects.latest("pk").verb == "template.changed"


def test_changing_the_lines_of_a_section_marks_its_template(client: Any) -> None:
    starter.load()
    made = Template.objects.get(code="account-manager-detailed")
    section = made.sections.get(kind="faq")
    address = url("templatesection", "change", section.pk)
    form = filled(client, address)
    index = next(i for i in range(20) if "measured" in form.get(f"lines-{i}-text", ""))
    form[f"lines-{index}-text"] = "How do we measure success?"
    assert client.post(address, form).status_code == 302
    made.refresh_from_db()
    assert made.edited
    assert section.lines.filter(text="How do we measure success?").count() == 1
    assert section.lines.exclude(parent=None).count() == 4


def test_a_line_has_a_snippet_or_a_text(client: Any) -> None:
    starter.load()
    section = Template.objects.get(code="account-manager-mid").sections.get(kind="responsibilities")
    address = url("templatesection", "change", section.pk)
    form = filled(client, address)
    assert client.post(address, {**form, "lines-0-text": "Own words"}).status_code == 200
    assert client.post(address, {**form, "lines-0-snippet": ""}).status_code == 200
    assert client.post(address, {**form, "lines-0-parent": "99999"}).status_code == 200
    changed = {**form, "lines-0-snippet": "", "lines-0-text": "Own words"}
    assert client.post(address, changed).status_code == 302


def test_changing_a_figure_marks_it(client: Any) -> None:
    starter.load()
    made = PayReference.objects.get(code="us-am-city-denver")
    address = url("payreference", "change", made.pk)
    assert client.post(address, filled(client, address, amount="60000")).status_code == 302
    made.refresh_from_db()
    assert (int(made.amount or 0), made.edited) == (60_000, True)
    assert client.post(address, filled(client, address, amount="")).status_code == 200


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
def test_a_logo_is_kept_by_its_digest(client: Any, name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content)
    assert organization_form(client, name="Acme", new_logo=upload).status_code == 302
    row = Organization.objects.the()
    assert row.name == "Acme"
    assert row.logo is not None
    assert bytes(row.logo.content) == content
    assert Event.objects.latest("pk").verb == "organization.changed"
    assert organization_form(client, remove_logo="on").status_code == 302
    assert Organization.objects.the().logo is None
    assert Logo.objects.count() == 1  # old versions print with it


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("logo.png", b"not an image", "cannot be printed"),
        ("logo.png", b"GIF89a" + b"\x00" * 50, "cannot be printed"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "cannot be"),
        ("logo.png", b"\x89PNG" * 200_000, "larger than 512 KiB"),
        ("logo.png", b"", "empty"),
    ],
)
def test_a_bad_logo_is_refused(client: Any, name: str, content: bytes, said: str) -> None:
    answer = organization_form(client, new_logo=SimpleUploadedFile(name, content))
    assert said in errors(answer)
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


def test_a_color_is_a_color(client: Any) -> None:
    assert organization_form(client, brand_color="red; }").status_code == 200


def test_there_is_one_organization(client: Any) -> None:
    client.get(url("organization", "changelist"))
    assert Organization.objects.count() == 1
    assert client.get(url("organization", "add")).status_code == 403


# --- lists


def test_answers_of_the_organization_only(client: Any) -> None:
    description = builders.description()
    PlaceholderAnswer.objects.create(description=description, placeholder="city", value="Rome")
    address = url("placeholderanswer", "add")
    assert client.post(address, {"placeholder": "[Company]", "value": "Acme"}).status_code == 302
    made = PlaceholderAnswer.objects.get(description=None)
    assert (made.placeholder, made.value) == ("company name", "Acme")
    assert b"Rome" not in client.get(url("placeholderanswer", "changelist")).content
    twin = client.post(address, {"placeholder": "Company Name", "value": "Other"})
    assert "already" in errors(twin)
    assert client.post(address, {"placeholder": "[ ]", "value": "x"}).status_code == 200


def test_a_department_that_limits_someone_stays(client: Any) -> None:
    free, taken = Department.objects.create(name="A"), Department.objects.create(name="B")
    builders.user("hr").departments.add(taken)
    assert client.get(url("department", "delete", taken.pk)).status_code == 403
    assert client.post(url("department", "delete", free.pk), {"post": "yes"}).status_code == 302
    assert Event.objects.latest("pk").verb == "department.deleted"


def test_codes_never_change(client: Any) -> None:
    made = builders.family()
    address = url("jobfamily", "change", made.pk)
    form = filled(client, address, code="other", name="Accounts", prefix=made.prefix)
    assert client.post(address, form).status_code == 302
    made.refresh_from_db()
    assert (made.code, made.name) == ("account-management", "Accounts")


def test_a_family_in_use_is_not_deleted(client: Any) -> None:
    description = builders.description()
    family = description.job_family
    assert family is not None
    client.post(url("jobfamily", "delete", family.pk), {"post": "yes"})
    assert JobFamily.objects.filter(pk=family.pk).exists()


def test_twins_are_refused(client: Any) -> None:
    Location.objects.create(city="Denver", region="Colorado", country="US")
    form = {"city": "Denver", "region": "Colorado", "country": "US"}
    assert client.post(url("location", "add"), form).status_code == 200
    assert Location.objects.count() == 1


# --- people


def test_an_account_gets_its_groups_and_departments(client: Any) -> None:
    group = Group.objects.get_or_create(name=permissions.GROUPS["curator"])[0]
    sales = builders.department()
    form = {
        "username": "new.person",
        "email": "new@example.org",
        "usable_password": "true",
        "password1": builders.PASSWORD,
        "password2": builders.PASSWORD,
        "groups": [group.pk],
    }
    assert client.post(url("user", "add"), form).status_code == 302
    made = User.objects.get(username="new.person")
    assert made.kinds == {"curator"}
    assert made.check_password(builders.PASSWORD)
    address = url("user", "change", made.pk)
    form = filled(client, address, departments=[sales.pk])
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
    assert client.post(address, form).status_code == 302
    assert User.objects.get(pk=made.pk).department_ids == {sales.pk}


def test_an_address_belongs_to_one_account(client: Any) -> None:
    builders.user("hr", email="Someone@example.org")
    other = builders.user("hr")
    address = url("user", "change", other.pk)
    form = filled(client, address, email="someone@EXAMPLE.org")
    assert "Another account has this email address" in errors(client.post(address, form))


def test_nobody_locks_themselves_out(client: Any) -> None:
    address = url("user", "change", client.user.pk)
    form = filled(client, address)
    for name in ("is_active", "is_staff"):
        form.pop(name, None)
    assert client.post(address, form).status_code == 302
    client.user.refresh_from_db()
    assert client.user.is_active
    assert client.user.is_staff


def test_nobody_is_deactivated_or_deleted_here(client: Any) -> None:
    """The page says where: what they own is asked for there."""
    leaver = builders.description().owner
    address = url("user", "change", leaver.pk)
    assert reverse("person", args=[leaver.pk]) in client.get(address).text
    form = filled(client, address)
    form.pop("is_active", None)
    assert client.post(address, form).status_code == 302
    leaver.refresh_from_db()
    assert leaver.is_active
    assert client.post(url("user", "delete", leaver.pk), {"post": "yes"}).status_code == 403
    everybody = {"action": "delete_selected", "_selected_action": [leaver.pk], "post": "yes"}
    client.post(url("user", "changelist"), everybody)
    assert User.objects.filter(pk=leaver.pk, is_active=True).exists()


def test_an_erased_account_gets_no_name_again(client: Any) -> None:
    gone = builders.user("hr", is_active=False)
    address = url("user", "change", erasure.erase(account=gone, by=client.user).pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"username": "somebody"}).status_code == 403


def test_the_record_keeps_who_changed_what(client: Any) -> None:
    builders.version()
    made = builders.family()
    address = url("jobfamily", "change", made.pk)
    client.post(address, filled(client, address, name="Accounts"))
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == ("jobfamily.changed", client.user.username)
    assert not list(Event.objects.broken())
    assert JobDescription.objects.count() == Version.objects.count() == 1
    assert not Snippet.objects.exists()
