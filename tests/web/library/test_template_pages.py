"""Tests of the template pages: preview, list, edit, retire, save from a job description, and the
picture of the first page."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.templatetags.static import static
from django.urls import reverse
from PIL import Image

from roles import bounded_work, drafts, exporters
from roles.document import Document
from roles.drafts import changes
from roles.editions import Brand, Edition
from roles.exporters import thumbnail
from roles.limits import LINE_LIMIT, TITLE_LIMIT
from roles.models import Event, JobDescription, Snippet, Template, TemplateSection
from tests import builders
from tests.html import buttons, find, links, notes, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def template(client: Any) -> Template:
    return builders.template(
        "Account manager, short", role="Account manager", description="For most of our accounts."
    )


@pytest.fixture
def description(client: Any) -> JobDescription:
    return builders.description(client.user)


def start_link(template: Template) -> str:
    return f"/descriptions/new/?source=template:{template.code}#begin"


def save_url(description: JobDescription) -> str:
    return reverse("description_template", args=[description.reference])


def fields(description: JobDescription, /, **changed: Any) -> dict[str, Any]:
    """Returns the data of the unchanged form, with these changes."""
    data: dict[str, Any] = {"title": "Our account manager", "role": "Account manager"}
    for section in description.sections.all():
        data[f"guidance-{section.uid}"] = section.guidance
    return {**data, **changed}


# --- page of a template


@pytest.mark.both_databases
def test_page_shows_a_preview(client: Any, template: Template) -> None:
    """With section guidance and a link to start with the template."""
    TemplateSection.objects.filter(kind="summary").update(locked=True)
    page = client.get(template.get_absolute_url())
    text = page.text
    assert '<article class="jd"' in text
    assert "Visit the customers of Account manager, short." in text
    assert "Two sentences." in text
    assert text.count("Required</span>") == text.count("Text locked</span>") == 1
    assert start_link(template) in links(page)
    assert "For most of our accounts." in text


def test_start_query_is_kept(client: Any, template: Template) -> None:
    """To the template and back, without unknown parameters."""
    query = {"title": 'Head of "A&B"', "level": "3", "source": "blank", "next": "//evil.example"}
    text = client.get(template.get_absolute_url(), query).text
    way = f"?source=template:{template.code}&amp;title=Head+of+%22A%26B%22&amp;level=3#begin"
    assert way in text
    assert "evil" not in text


@pytest.mark.both_databases
def test_retired_template_cannot_be_used(client: Any, template: Template) -> None:
    Template.objects.update(status="retired")
    page = client.get(template.get_absolute_url())
    assert len(notes(page)) == 1
    assert start_link(template) not in links(page)
    assert "active" in buttons(page)


def test_curator_cannot_start_a_job_description(client_for: Any, template: Template) -> None:
    """Curators don't write job descriptions."""
    page = client_for("curator").get(template.get_absolute_url())
    assert start_link(template) not in links(page)
    assert reverse("template_edit", args=[template.code]) in links(page)


def test_template_with_a_retired_snippet_opens(client: Any, template: Template) -> None:
    Snippet.objects.update(status="retired")
    text = client.get(template.get_absolute_url()).text
    assert "Visit the customers" not in text
    assert "What you do" in text


@pytest.mark.parametrize("name", ["template", "template_picture", "template_edit"])
@pytest.mark.parametrize("code", ["moon", "x" * 300, "-"])
def test_unknown_template_is_not_found(client: Any, name: str, code: str) -> None:
    assert client.get(reverse(name, args=[code])).status_code == 404


@pytest.mark.parametrize("path", ["/templates/a b/", "/templates/%00/", "/templates/../admin/"])
def test_invalid_code_is_not_found(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


# --- the picture


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "height"), [("A4", 679), ("Letter", 621)])
def test_picture_shows_the_first_page(paper: str, height: int) -> None:
    """It has the declared size, and text without a draft watermark."""
    edition = Edition("", brand=Brand(paper=paper), is_template=True)
    rendered = thumbnail.render(Document(title="Account manager"), edition)
    with Image.open(io.BytesIO(rendered)) as image:
        assert image.format == "PNG"
        assert image.size == (480, height) == thumbnail.size(edition.brand)
        grey = image.convert("L")
        assert grey.getpixel((475, height // 2)) == 255
        middle = grey.crop((40, height // 3, 440, height - 100))
        assert middle.getextrema() == (255, 255)
        head = grey.crop((40, 30, 440, 90))
        assert min(head.tobytes()) < 100


@pytest.mark.slow
def test_pictures_are_rendered_in_any_thread() -> None:
    """Concurrently, with equal results."""

    def draw(_number: int) -> bytes:
        return thumbnail.render(Document(title="Account manager"), Edition("", is_template=True))

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(draw, range(8)))) == 1


def test_cached_picture_is_not_sent_again(
    client: Any, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is rendered once, and shared caches can't store it."""
    rendered: list[str] = []

    def render(_module: str, document: Document, _edition: Edition, **_named: object) -> bytes:
        rendered.append(document.title)
        return b"png"

    monkeypatch.setattr(exporters, "render_bounded", render)
    url = reverse("template_picture", args=[template.code])
    first = client.get(url)
    assert (first.status_code, first.content) == (200, b"png")
    assert first.headers["Content-Type"] == "image/png"
    assert "private" in first.headers["Cache-Control"]
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url).content == b"png"
    assert rendered == ["Account manager"]
    Template.objects.update(role="Key account manager")
    changed = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert rendered[1:] == ["Key account manager"]


def test_picture_is_an_empty_page_while_too_much_is_rendered(
    client: Any, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gallery asks for more pictures at once than there are places in the queue."""

    def refuse(*_about: object, **_named: object) -> bytes:
        raise bounded_work.Busy

    monkeypatch.setattr(exporters, "render_bounded", refuse)
    response = client.get(reverse("template_picture", args=[template.code]))
    assert response.status_code == 302
    assert response.headers["Location"] == static("img/blank_page.svg")
    assert "no-store" in response.headers["Cache-Control"]


# --- the list


def test_list_shows_usage_and_actions(client: Any, template: Template) -> None:
    """With the number of job descriptions created from each; retired templates are last."""
    retired = builders.template("An older one", status="retired")
    for title in ("One", "Two"):
        drafts.start(by=client.user, title=title, template=template)
    [body] = find(client.get(reverse("templates")), "tbody")
    first, last = find(body, "tr")
    assert template.get_absolute_url() in links(first)
    assert retired.get_absolute_url() in links(last)
    [used] = find(first, "td", class_="num")
    assert words(used) == "2"
    assert buttons(first) == {"retired"}
    assert buttons(last) == {"active"}


def test_empty_list_explains_the_first_step(client: Any) -> None:
    page = client.get(reverse("templates"))
    assert len(find(page, class_="empty")) == 1
    assert not find(page, "table")


# --- edit


def test_edit_keeps_sections(client: Any, template: Template) -> None:
    """Title, default job title, description, family, and level."""
    family = builders.family()
    url = reverse("template_edit", args=[template.code])
    assert "For most of our accounts." in client.get(url).text
    data = {"title": "Brief", "role": "AM", "description": "Short.", "family": str(family.pk)}
    response = client.post(url, data)
    assert response.headers["Location"] == template.get_absolute_url()
    row = Template.objects.get()
    values = (row.title, row.role, row.description, row.family, row.level)
    assert values == ("Brief", "AM", "Short.", family, None)
    assert row.sections.count() == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": ""}, "Enter the title."),
        ({"title": "x" * 10_000}, f"at most {TITLE_LIMIT} characters"),
        ({"title": "An Older One"}, "Another template already has this title."),
        ({"description": "x" * (LINE_LIMIT + 1)}, f"at most {LINE_LIMIT} characters"),
        ({"role": "bell \x07"}, "can’t be stored (U+0007)"),
        ({"family": "9" * 25}, "Select a valid choice"),
        ({"level": "x"}, "Select a valid choice"),
    ],
)
def test_invalid_edit_is_shown_with_an_error(
    client: Any, template: Template, values: dict[str, str], message: str
) -> None:
    """Nothing is saved."""
    builders.template("An older one")
    data = {"title": "Brief", "role": "", "description": "", **values}
    response = client.post(reverse("template_edit", args=[template.code]), data)
    assert response.status_code == 422
    assert message in response.text
    for value in values.values():
        assert value in response.text or len(value) > 20
    template.refresh_from_db()
    assert template.title == "Account manager, short"


@pytest.mark.both_databases
def test_curators_add_templates(client_for: Any) -> None:
    """With blank sections to edit next. Authors can't use it until it is activated."""
    client = client_for("curator")
    assert reverse("template_new") in links(client.get(reverse("templates")))
    data = {"title": "Clerk", "role": "", "description": "For offices.", "nonce": "once"}
    for _ in range(2):
        response = client.post(reverse("template_new"), data)
        assert response.headers["Location"] == reverse("template_sections", args=["clerk"])
    row = Template.objects.get()
    assert (row.title, row.status, row.edited) == ("Clerk", "retired", True)
    kinds = list(row.sections.order_by("position").values_list("kind", flat=True))
    assert kinds == ["summary", "responsibilities", "qualifications"]
    assert [revision.change for revision in row.revisions.all()] == ["saved"]
    assert Event.objects.get(verb="template.added").about == "Clerk"
    page = client.get(response.headers["Location"])
    assert "Template added." in words(page)
    client.post(reverse("template_status", args=["clerk"]), {"status": "active"})
    assert 'value="template:clerk"' in client_for("hr").get(reverse("description_new")).text


def test_invalid_new_template_keeps_what_was_typed(client: Any) -> None:
    response = client.post(reverse("template_new"), {"title": "", "description": "For offices."})
    assert response.status_code == 422
    assert "Enter the title." in response.text
    assert "For offices." in response.text
    assert not Template.objects.exists()


def test_only_authors_are_told_to_save_job_descriptions_as_templates(client_for: Any) -> None:
    builders.template()
    for kind, is_told in (("hr", True), ("curator", False)):
        page = client_for(kind).get(reverse("templates")).text
        assert ("“Save as a template”" in page) == is_told


def test_retire_and_activate_template(client: Any, template: Template) -> None:
    """The start page shows only active templates. A repeated submission is one action."""
    url = reverse("template_status", args=[template.code])
    start = reverse("description_new")
    assert f'value="template:{template.code}"' in client.get(start).text
    for _ in range(2):
        assert client.post(url, {"status": "retired", "nonce": "n"}).status_code == 302
    assert f'value="template:{template.code}"' not in client.get(start).text
    assert Event.objects.filter(verb="template.status").count() == 1
    client.post(url, {"status": "active"})
    assert f'value="template:{template.code}"' in client.get(start).text


@pytest.mark.parametrize("status", ["", "moon", "active\0", "x" * 1000])
def test_an_unknown_status_changes_nothing(client: Any, template: Template, status: str) -> None:
    url = reverse("template_status", args=[template.code])
    response = client.post(url, {"status": status}, follow=True)
    assert "Unknown status." in response.text
    assert Template.objects.get().status == "active"


def test_taken_title_prevents_activation(client: Any, template: Template) -> None:
    """Active templates have unique titles; the page explains why."""
    url = reverse("template_status", args=[template.code])
    client.post(url, {"status": "retired"})
    builders.template("Account Manager, short", code="another")
    response = client.post(url, {"status": "active"}, follow=True)
    assert "Another template already has this title." in response.text
    template.refresh_from_db()
    assert template.status == "retired"


# --- save from a job description


def test_a_job_description_becomes_a_template(client: Any, description: JobDescription) -> None:
    """It is on the start page, with its settings. A repeated submission creates one template."""
    uid = description.sections.get(kind="responsibilities").uid
    page = client.get(save_url(description))
    assert find(page, "input", name=f"required-{uid}")
    data = fields(
        description, **{f"required-{uid}": "on", f"guidance-{uid}": "Verbs.", "nonce": "n"}
    )
    data |= {"family": str(description.job_family_id), "level": str(description.job_level_id)}
    for _ in range(2):
        response = client.post(save_url(description), data)
        assert response.headers["Location"] == "/templates/our-account-manager/"
    template = Template.objects.get()
    section = template.sections.get(kind="responsibilities")
    assert (section.required, section.locked, section.guidance) == (True, False, "Verbs.")
    assert (template.family, template.level) == (description.job_family, description.job_level)
    assert 'value="template:our-account-manager"' in client.get(reverse("description_new")).text
    assert (
        "Prepare renewal plans for each account."
        in client.get("/templates/our-account-manager/").text
    )


def is_checked(text: str, name: str) -> bool:
    """Whether the checkbox of that name on the page is checked."""
    boxes = re.findall(rf'<input type="checkbox" name="{name}"[^>]*>', text)
    assert len(boxes) == 1
    return " checked" in boxes[0]


def test_form_starts_with_the_terms_of_its_template(client: Any) -> None:
    """Required, locked, and guidance."""
    template = builders.template("Short")
    TemplateSection.objects.filter(kind="summary").update(locked=True)
    description = drafts.start(by=client.user, title="Account manager", template=template)
    text = client.get(save_url(description)).text
    uid = description.sections.get(kind="summary").uid
    for name in ("required", "locked"):
        assert is_checked(text, f"{name}-{uid}")
    assert "Two sentences." in text
    other = description.sections.get(kind="responsibilities").uid
    assert not is_checked(text, f"required-{other}")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "  "}, "Enter the title."),
        ({"title": "x" * 10_000}, f"at most {TITLE_LIMIT} characters"),
        ({"title": "An OLDER one"}, "Another template already has this title."),
        ({"title": "a\0b"}, "Null characters are not allowed."),
        ({"description": "x" * (LINE_LIMIT + 1)}, f"at most {LINE_LIMIT} characters"),
    ],
)
def test_refused_form_keeps_the_input(
    client: Any, description: JobDescription, values: dict[str, str], message: str
) -> None:
    """Title, guidance, and checkboxes. No template or event is created."""
    builders.template("An older one")
    uid = description.sections.get(kind="summary").uid
    typed = {f"guidance-{uid}": "Typed with care.", f"locked-{uid}": "on", **values}
    response = client.post(save_url(description), fields(description, **typed))
    assert response.status_code == 422
    assert message in response.text
    assert "Typed with care." in response.text
    assert is_checked(response.text, f"locked-{uid}")
    assert Template.objects.count() == 1
    assert not Event.objects.filter(verb="template.saved").exists()


def test_section_errors_are_shown_at_the_section(client: Any, description: JobDescription) -> None:
    """Too long guidance, and locking an empty section."""
    empty = builders.add_section(description, "benefits", "Benefits")
    uid = description.sections.get(kind="summary").uid
    long = client.post(
        save_url(description), fields(description, **{f"guidance-{uid}": "x" * 10_001})
    )
    assert f'id="id_guidance-{uid}_error"' in long.text
    locked = client.post(save_url(description), fields(description, **{f"locked-{empty}": "on"}))
    assert locked.status_code == 422
    assert re.search(rf'id="id_locked-{empty}_error">.*?no text to lock', locked.text, re.DOTALL)
    assert not Template.objects.exists()


def test_removed_section_is_ignored(client: Any, description: JobDescription) -> None:
    """The template uses the draft as of saving."""
    data = fields(description)
    builders.change(
        description, changes.RemoveSection(description.sections.get(kind="summary").uid)
    )
    builders.add_section(description, "benefits", "Benefits", "A garden.")
    assert client.post(save_url(description), data).status_code == 302
    kinds = Template.objects.get().sections.values_list("kind", flat=True)
    assert list(kinds) == ["responsibilities", "qualifications", "benefits"]


def test_confidential_job_description_shows_a_warning(
    client: Any, description: JobDescription
) -> None:
    """Everyone who writes job descriptions can read the template."""
    assert not notes(client.get(save_url(description)))
    JobDescription.objects.update(confidential=True)
    assert len(notes(client.get(save_url(description)), "warning")) == 1


def test_pages_link_to_the_template_form(client: Any, client_for: Any) -> None:
    """Copy and save as a template, if the person can."""
    manager = builders.user("manager")
    description = builders.description(client.user, hiring_managers=(manager,))
    text = client.get(description.get_absolute_url()).text
    assert f"/descriptions/new/?source=copy:{description.reference}#copy" in text
    assert save_url(description) in text
    theirs = client_for(manager).get(description.get_absolute_url()).text
    assert "source=copy" not in theirs
    assert save_url(description) not in theirs
