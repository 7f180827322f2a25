"""Visibility of job descriptions: departments, confidential ones, restricted content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roles import library, permissions
from roles.bulk_exports import orders
from roles.drafts import changes
from roles.models import EffectivePeriod, JobDescription, Review, User
from roles.versions import effective_periods
from tests import builders
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Rows: accounts limited to the department Sales (the last three: not limited). Columns: job
# descriptions with a current version, in Sales, in Legal, in no department, confidential, in Legal
# with the person as hiring manager, in Legal and owned by the person, confidential with the person
# as hiring manager, archived. all: its draft, its versions and the catalog. draft: all except the
# catalog. text: only the catalog. no: nothing.
TABLE = """
              own   other none  confidential named owned named_confidential archived
hr            all   no    all   no           all   all   draft              draft
manager       text  no    text  no           all   all   draft              no
curator       text  no    text  no           all   all   draft              no
employee      text  no    text  no           all   all   draft              no
admin         all   all   all   no           all   all   draft              draft
no_group      no    no    no    no           draft draft draft              no
hr_anywhere   all   all   all   no           all   all   draft              draft
employee_anywhere text text text no          all   all   draft              no
no_group_anywhere no no no    no           draft draft draft              no
"""
HEAD, *ROWS = [row.split() for row in TABLE.strip().splitlines()]
EXPECTED = {who: dict(zip(HEAD, cells, strict=True)) for who, *cells in ROWS}


def make_current(jd: JobDescription) -> None:
    """Saves the draft as a version that is current from today."""
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)


def people() -> dict[str, User]:
    users = {who: builders.user(who.removesuffix("_anywhere")) for who in EXPECTED}
    for who, user in users.items():
        if not who.endswith("_anywhere"):
            user.departments.add(builders.department("Sales"))
    return users


def test_departments_and_confidential_job_descriptions() -> None:
    """Each kind of person with each state of a job description."""
    sales, legal = builders.department("Sales"), builders.department("Legal")
    owner, everyone = builders.user("hr"), people()
    facts: dict[str, dict[str, Any]] = {
        "own": {"department": sales},
        "other": {"department": legal},
        "none": {},
        "confidential": {"department": sales, "confidential": True},
        "named": {"department": legal},
        "named_confidential": {"department": sales, "confidential": True},
        "archived": {"department": sales, "status": "archived"},
    }
    for place, values in facts.items():
        jd = builders.description(owner, place)
        make_current(jd)
        JobDescription.objects.filter(pk=jd.pk).update(**values)
        if place.startswith("named"):
            jd.hiring_managers.set(everyone.values())
    theirs = builders.description(owner, "owned", department=legal)
    make_current(theirs)
    for who, user in everyone.items():
        JobDescription.objects.filter(pk=theirs.pk).update(owner=user)
        assert _seen(user) == EXPECTED[who], who


def _seen(user: User) -> dict[str, str]:
    """Returns what the person can see, by job description."""
    visible = set(JobDescription.objects.visible_to(user).values_list("title", flat=True))
    readable = set()
    if permissions.may(user, "catalog.view"):
        current_periods = EffectivePeriod.objects.readable_by(user, timezone.localdate())
        readable = set(current_periods.values_list("description__title", flat=True))
    words = {(1, 1): "all", (1, 0): "draft", (0, 1): "text", (0, 0): "no"}
    return {place: words[place in visible, place in readable] for place in HEAD}


# --- pages don't reveal hidden job descriptions


class Hidden:
    """A job description of Legal and a confidential one of Sales, both current and in review again.
    They have a line from the library, and the same search words find them and a visible one of
    Sales."""

    def __init__(self) -> None:
        owner, self.reviewer = builders.user("hr"), builders.user("manager")
        self.snippet = builders.snippet("Prepare a renewal plan for each account.")
        self.reviews: list[Review] = []
        legal, sales = builders.department("Legal"), builders.department("Sales")
        self.open = self._current_description(owner, "Account manager", sales)
        self.other = self._current_description(owner, "Account manager Zebrafish", legal)
        self.confidential = self._current_description(owner, "Account manager Quokka", sales)
        self.template = builders.template("Account manager, short").code
        library.revise(snippet=self.snippet, text="Keep a plan.", by=owner, based_on=1)
        JobDescription.objects.filter(pk=self.confidential.pk).update(confidential=True)

    def _current_description(self, owner: User, title: str, department: Any) -> JobDescription:
        jd = builders.description(owner, title, department=department)
        builders.use(jd, self.snippet)
        make_current(jd)
        builders.add_line(jd, jd.sections.all()[0].uid, f"More of {title}.")
        builders.version(jd)
        self.reviews.append(builders.review(jd, self.reviewer))
        return jd

    def addresses(self) -> Iterator[str]:
        """Yields the URLs of pages about several job descriptions, or with a reference as a
        parameter."""
        family, level = self.open.job_family_id, self.open.job_level_id
        named = [self.other.reference, self.confidential.reference]
        job = f"title=Account+manager&family={family}&level={level}"
        yield from ("/", "/descriptions/", "/descriptions/?q=account&status=current")
        yield from (
            "/catalog/",
            "/catalog/?q=account",
            "/exports/",
            "/exports/new/?all=1",
            "/library/",
        )
        yield f"/descriptions/new/?{job}&find=account"
        yield from (f"/levels/?family={family}", "/levels/")
        yield reverse("snippet", args=[self.snippet.pk])
        yield from ("/templates/", reverse("template", args=[self.template]))
        for reference in named:
            yield f"/descriptions/new/?{job}&source=copy:{reference}"
            yield f"/exports/new/?jd={reference}&jd={self.open.reference}"
            yield f"/levels/?jd={reference}&jd={self.open.reference}"
        for jd in (self.other, self.confidential):
            yield f"/verify/{jd.versions.get(number=1).sha256}"
        yield from ("/reviews/", "/activity/", "/rollouts/", "/notifications/", "/people/")
        yield f"{reverse('rollout_new')}?snippet={self.snippet.pk}"
        for reference in named:
            yield reverse("rollout_preview", args=[self.snippet.pk, reference])
        yield from (reverse("review", args=[review.pk]) for review in self.reviews)
        for account in (self.open.owner, self.reviewer):
            yield reverse("person", args=[account.pk])
            yield reverse("person_deactivate", args=[account.pk])
        yield f"/descriptions/change/?jd={named[0]}&jd={named[1]}&jd={self.open.reference}"
        yield f"/descriptions/transfer/?jd={named[0]}&jd={named[1]}&jd={self.open.reference}"
        yield reverse("description_history", args=[self.open.reference])
        for jd in (self.open, self.other, self.confidential):
            yield reverse("wizard_presence", args=[jd.reference, "finish"])


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        ("hr", ("Zebrafish", "Quokka")),
        ("employee", ("Zebrafish", "Quokka")),
        ("curator", ("Zebrafish", "Quokka")),
        ("admin", ("Quokka",)),
    ],
)
def test_no_page_reveals_a_hidden_job_description(
    client_for: Any, kind: str, hidden: tuple[str, ...]
) -> None:
    """Lists, searches, similar roles, uses of a snippet, exports, levels, copies."""
    world = Hidden()
    client = client_for(kind)
    client.user.departments.add(builders.department("Sales"))
    too_many = [jd.reference for jd in (world.open, world.other, world.confidential)]
    if kind in ("hr", "admin"):
        export = orders.order(by=client.user, references=too_many, formats=["txt"])
        assert set(export.files.values_list("reference", flat=True)) == {
            world.open.reference,
            *([world.other.reference] if kind == "admin" else []),
        }
    answered = 0
    for address in world.addresses():
        response = client.get(address)
        if response.status_code == 200:
            answered += 1
            for word in hidden:
                assert word not in response.text, (address, word)
    assert answered >= {"hr": 30, "admin": 37, "curator": 11, "employee": 7}[kind]


@pytest.mark.parametrize("kind", ["hr", "employee", "curator", "admin"])
def test_who_is_editing_a_hidden_draft_stays_hidden(client_for: Any, kind: str) -> None:
    """Neither their name nor the heading of the section, and the person isn't recorded there."""
    world = Hidden()
    jd = world.confidential
    section = builders.add_section(jd, "other", "Section of Quokka")
    JobDescription.objects.filter(pk=jd.pk).update(owner=builders.user("hr", first_name="Quentin"))
    owner = client_for(User.objects.get(first_name="Quentin"))
    url = reverse("wizard_presence", args=[jd.reference, "closing"])
    assert owner.get(url, {"section": section}).status_code == 200
    client = client_for(kind)
    client.user.departments.add(builders.department("Sales"))
    of_open = reverse("wizard_presence", args=[world.open.reference, "closing"])
    for address in (url, of_open, reverse("wizard_step", args=[world.open.reference, "closing"])):
        response = client.get(address, {"section": section})
        assert response.status_code != 200 or address != url
        assert "Quentin" not in response.text
        assert "Section of Quokka" not in response.text
    assert jd.presences.get().user == owner.user


def test_copying_a_hidden_job_description_is_refused(client_for: Any) -> None:
    """Even with the right reference."""
    world = Hidden()
    client = client_for("hr")
    post = {"title": "Mine", "source": f"copy:{world.confidential.reference}"}
    response = client.post("/descriptions/new/", post)
    assert response.status_code == 422
    assert "can’t be copied" in response.text


def test_a_copy_of_a_confidential_job_description_is_confidential(client_for: Any) -> None:
    """Otherwise the copy would reveal the original to everyone."""
    world = Hidden()
    client = client_for(world.confidential.owner)
    source = f"copy:{world.confidential.reference}"
    assert client.post("/descriptions/new/", {"title": "Mine", "source": source}).status_code == 302
    assert JobDescription.objects.get(title="Mine").confidential
    source = f"copy:{world.open.reference}"
    assert client.post("/descriptions/new/", {"title": "Ours", "source": source}).status_code == 302
    assert not JobDescription.objects.get(title="Ours").confidential


def test_moving_to_an_invisible_department_is_refused(client_for: Any) -> None:
    """HR of Sales on a job description of someone else. The owner can move it anywhere."""
    jd = builders.description(department=builders.department("Sales"))
    sales, legal = builders.department("Sales"), builders.department("Legal")
    url = reverse("wizard_step", args=[jd.reference, "details"])
    client = client_for("hr")
    client.user.departments.add(sales)
    page = open_page(client, url)
    refused = page.press("next", **{"facts-department": str(legal.pk)})
    assert refused.response.status_code == 422
    assert "You don’t have access to that department" in refused.text
    jd.refresh_from_db()
    assert jd.department == sales
    jd.owner.departments.add(sales)
    open_page(client_for(jd.owner), url).press("next", **{"facts-department": str(legal.pk)})
    jd.refresh_from_db()
    assert jd.department == legal


def test_the_admin_hides_confidential_job_descriptions(client_for: Any) -> None:
    """In lists, their history, and the objects that block deleting a department."""
    world = Hidden()
    client = client_for("admin")
    for model in ("jobdescription", "version", "renderedfile", "event"):
        text = client.get(reverse(f"admin:roles_{model}_changelist"), {"q": "account"}).text
        assert "Quokka" not in text, model
        assert world.confidential.reference not in text, model
    version = world.confidential.versions.get(number=1)
    for model, pk in (("jobdescription", world.confidential.pk), ("version", version.pk)):
        response = client.get(reverse(f"admin:roles_{model}_change", args=[pk]))
        assert response.status_code == 302, model  # redirected: the admin says it doesn't exist
    sales = builders.department("Sales")
    for name in ("settings_row_delete", "settings_row"):
        text = client.get(reverse(name, args=["departments", sales.pk])).text
        assert "Quokka" not in text
    assert "Quokka" not in client.get(reverse("settings_history")).text


# --- restricted parts

SECTION, FACT = "Xylocarp", "Yttrium"  # words of a restricted section and of a restricted fact


@pytest.fixture
def secretive(client_for: Any) -> JobDescription:
    """A public job description of Sales, with a restricted section and a restricted fact."""
    jd = builders.description(department=builders.department("Sales"), pay_grade=FACT)
    shown = builders.add_section(jd, "facts", "At a glance")
    builders.change(jd, changes.ChangeSection(shown, {"facts": ["department", "pay_grade"]}))
    uid = builders.add_section(jd, "other", "Committee", f"It meets with {SECTION}.")
    builders.change(jd, changes.ChangeSection(uid, {"audience": "restricted"}))
    builders.published(jd)
    jd.refresh_from_db()
    return jd


def contents(client: Client, address: str) -> str:
    """Returns the content of a response: of a PDF its text and data, of a Word file its parts."""
    response = client.get(address)
    content = b"".join(response)
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        attached = (file for files in reader.attachments.values() for file in files)
        texts = [page.extract_text() for page in reader.pages]
        return "\n".join([*texts, str(reader.metadata), *map(bytes.decode, attached)])
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(n).decode(errors="replace") for n in archive.namelist())
    return content.decode()


def reachable(jd: JobDescription) -> Iterator[str]:
    """Yields every URL of the job description, public ones too, with the widest audience."""
    version = reverse("version", args=[jd.reference, 1])
    yield from ("/", "/catalog/", f"/catalog/?q={SECTION}", f"/catalog/?q={FACT}")
    yield f"/catalog/{jd.reference}/?audience=restricted"
    for code in ("pdf", "docx", "html", "md", "txt"):
        yield f"/catalog/{jd.reference}/{code}/?audience=restricted"
    yield f"/jd/{jd.reference}"
    for code in ("html", "md", "txt", "json", "jsonld"):
        yield f"/jd/{jd.reference}/{code}"
    yield from (f"/verify/{jd.versions.get().sha256}", "/descriptions/", "/exports/new/?all=1")
    for page in ("", "preview/", "history/", "compare/", "edit/finish/", "export/txt/"):
        yield f"/descriptions/{jd.reference}/{page}?audience=restricted"
    yield from (version, f"{version}export/txt/?audience=restricted")
    yield f"/levels/?jd={jd.reference}"


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["employee", "hr"])
def test_restricted_content_is_left_out(client_for: Any, kind: str, secretive: Any) -> None:
    """For an employee, and for HR of another department, at any URL."""
    client = client_for(kind)
    if kind == "hr":
        client.user.departments.add(builders.department("Legal"))
    pages = {address: contents(client, address) for address in reachable(secretive)}
    for address, content in pages.items():
        content = content.replace(f'value="{SECTION}"', "").replace(f"q={SECTION}", "")
        content = content.replace(f'value="{FACT}"', "").replace(f"q={FACT}", "")
        assert SECTION not in content, address
        assert FACT not in content, address
        assert "Committee" not in content, address
    if kind == "employee":
        shown = [address for address, content in pages.items() if "Prepare renewal" in content]
        assert len(shown) == 11, shown  # the page and five files internally, page and four publicly
    else:
        inside = [address for address in pages if "/jd/" not in address]
        assert not [address for address in inside if "Prepare renewal" in pages[address]]


@pytest.mark.parametrize("who", ["owner", "hr", "hiring_manager"])
def test_restricted_content_is_shown_to_its_audience(
    client_for: Any, who: str, secretive: Any
) -> None:
    """The owner, HR of its department, and its hiring managers."""
    client = client_for({"owner": secretive.owner, "hr": "hr", "hiring_manager": "manager"}[who])
    client.user.departments.add(builders.department("Sales" if who == "hr" else "Legal"))
    if who == "hiring_manager":
        secretive.hiring_managers.add(client.user)
    version = reverse("version", args=[secretive.reference, 1])
    for address in (
        version,
        f"{version}export/txt/",
        f"/descriptions/{secretive.reference}/preview/",
    ):
        content = contents(client, address)
        assert SECTION in content, address
        assert FACT in content, address
    narrowed = contents(client, f"{version}?audience=internal")
    assert SECTION not in narrowed
    assert FACT not in narrowed
