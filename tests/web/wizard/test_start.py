"""The start page: offered templates and copies, proposed values, the choice. (That it leads to the
first step, and its errors, are in test_step_page.py.)"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from roles import exporters, limits
from roles.models import JobDescription, JobFamily, JobLevel, Template
from tests import builders
from tests.html import by_id, find, links, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

URL = "/descriptions/new/"


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def family() -> JobFamily:
    return builders.family()


@pytest.fixture
def senior() -> JobLevel:
    return builders.level("Senior level", (4, 8))


@pytest.fixture
def templates(family: JobFamily, senior: JobLevel) -> dict[str, Template]:
    """Three offered templates and a retired one."""
    other = builders.family("Customer success", "CSM")
    return {
        "key": builders.template("Key accounts", role="Key account manager", family=family),
        "director": builders.template("Direction", family=family, level=senior),
        "success": builders.template("Success", role="Success manager", family=other),
        "old": builders.template("An old one", status="retired"),
    }


def shown(text: str) -> list[str]:
    """The sources on the page, in order."""
    return re.findall(r'name="source" value="([^"]+)"', text)


def chosen(text: str) -> list[str]:
    result = re.findall(r'<input[^>]*name="source" value="([^"]+)"([^>]*)>', text)
    return [value for value, rest in result if "checked" in rest]


def value(text: str, name: str) -> str:
    """The value of a field about the job."""
    if name == "title":
        field = re.search(r'<input[^>]*name="title"[^>]*>', text)
        result = re.search(r'value="([^"]*)"', field[0]) if field else None
        return result[1] if result else ""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', text, re.DOTALL)
    assert select
    result = re.search(r'<option value="([^"]*)"\s+selected', select[0])
    return result[1] if result else ""


def sources(*templates: Template) -> list[str]:
    return [f"template:{template.code}" for template in templates]


# --- the gallery


def test_each_template_has_a_card(client: Any, templates: dict[str, Template]) -> None:
    """With picture, title, tags, sections and a link to its page; a blank page has a card too."""
    text = client.get(URL).text
    assert set(shown(text)) == {
        *sources(templates["key"], templates["director"], templates["success"]),
        "blank",
    }
    for template in (templates["key"], templates["director"]):
        image = f'src="/templates/{template.code}/page.png" width="480" height="679" alt=""'
        assert f'{image} loading="lazy"' in text
        assert f'href="/templates/{template.code}/"' in text
    assert "What it is about · What you do" in text
    assert "Senior level" in text
    assert "An old one" not in text
    assert "3 templates" in text


def test_pictures_have_the_proportions_of_the_paper(
    client: Any, templates: dict[str, Template]
) -> None:
    builders.organization(paper="Letter")
    assert 'width="480" height="621"' in client.get(URL).text


def test_start_page_renders_no_pictures(
    client: Any, templates: dict[str, Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures are rendered when the browser requests them."""

    def refuse(*_given: object, **_named: object) -> bytes:
        raise AssertionError("a PDF was rendered")

    monkeypatch.setattr(exporters, "render_bounded", refuse)
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "keys"}, ["key"]),
        ({"q": "zeppelin"}, []),
        ({"for_family": "Customer success"}, ["success"]),
        ({"for_level": "Senior level"}, ["key", "director", "success"]),
        ({"q": "customer", "for_family": "Account management"}, []),
        ({"for_family": "9" * 30, "for_level": "x"}, ["key", "director", "success"]),
        ({"q": "x" * 10_000}, ["key", "director", "success"]),
        ({"q": "a\0b"}, ["key", "director", "success"]),
    ],
)
def test_search_and_filters(
    client: Any, templates: dict[str, Template], query: dict[str, str], expected: list[str]
) -> None:
    """A template without a level matches every level; an invalid search is ignored with an
    error."""
    ids = {str(row): str(row.pk) for model in (JobFamily, JobLevel) for row in model.objects.all()}
    sent = {name: ids.get(words, words) for name, words in query.items()}
    response = client.get(URL, sent)
    assert response.status_code == 200
    assert set(shown(response.text)) == {*sources(*(templates[name] for name in expected)), "blank"}
    if query.get("q") == "zeppelin":
        [status] = find(by_id(response, "cards"), role="status")
        assert words(status)
        assert not re.search(r"\d", words(status))
    if "x" * 10_000 in sent.values():
        assert f"at most {limits.SEARCH_LIMIT} characters" in response.text


def test_templates_that_fit_the_job_come_first(
    client: Any, templates: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """By family and level of the job, whatever the filters."""
    success = client.get(URL, {"title": "Success manager"}).text
    assert shown(success)[0] == "template:success"
    fitting = client.get(URL, {"family": str(family.pk), "level": str(senior.pk)}).text
    assert shown(fitting)[:3] == sources(
        templates["director"], templates["key"], templates["success"]
    )


def test_chosen_template_stays_on_the_page(client: Any, templates: dict[str, Template]) -> None:
    """A search without it must not drop the choice; the count doesn't include it."""
    text = client.get(URL, {"q": "success", "source": "template:key-accounts"}).text
    assert shown(text)[:2] == sources(templates["key"], templates["success"])
    assert chosen(text) == ["template:key-accounts"]
    assert "1 of 3 templates" in text


def test_tokens_are_removed_from_the_url(client: Any) -> None:
    """Without scripts a search sends the whole form."""
    sent = {"csrfmiddlewaretoken": "secret", "nonce": "n", "title": "A&B", "q": "key"}
    response = client.get(URL, sent)
    assert response.headers["Location"] == f"{URL}?title=A%26B&q=key"


# --- proposed values


def test_template_fills_in_empty_fields(
    client: Any, templates: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """On the page that its own page links to."""
    text = client.get(URL, {"source": "template:direction"}).text
    values = [value(text, name) for name in ("title", "family", "level")]
    assert values == ["Direction", str(family.pk), str(senior.pk)]
    assert chosen(text) == ["template:direction"]
    text = client.get(URL, {"source": "template:key-accounts", "title": "Mine"}).text
    assert [value(text, name) for name in ("title", "family")] == ["Mine", ""]


def test_template_fills_in_fields_posted_empty(
    client: Any, templates: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """A single click starts: the title is the role of the template."""
    client.post(URL, {"source": "template:key-accounts", "title": "  "})
    jd = JobDescription.objects.get()
    values = (jd.title, jd.job_family, jd.job_level, jd.reference)
    assert values == ("Key account manager", family, None, "ACC-0001")
    other = builders.level("Entry level", (0, 2))
    data = {"source": "template:direction", "title": "DIRECTION ", "level": str(other.pk)}
    client.post(URL, data)
    jd = JobDescription.objects.get(title="DIRECTION")
    assert (jd.job_family, jd.job_level) == (family, other)


class TestFamilyOfAnotherTitle:
    """A title of one's own can mean another family than that of the nearest template."""

    @pytest.fixture
    def data(self, templates: dict[str, Template]) -> dict[str, str]:
        return {"source": "template:key-accounts", "title": "Nurse"}

    @pytest.mark.both_databases
    def test_is_asked_beside_its_field(self, client: Any, data: dict[str, str]) -> None:
        response = client.post(URL, data)
        assert response.status_code == 422
        error = words(by_id(response, "id_family_error"))
        assert "Is this job in “Account management”?" in error
        assert (value(response.text, "title"), value(response.text, "family")) == ("Nurse", "")
        assert not JobDescription.objects.filter(title="Nurse")

    def test_can_be_none(self, client: Any, data: dict[str, str]) -> None:
        assert client.post(URL, data | {"family": "none"}).status_code == 302
        jd = JobDescription.objects.get(title="Nurse")
        assert (jd.job_family, jd.reference) == (None, "JD-0001")

    def test_can_be_that_of_the_source(
        self, client: Any, data: dict[str, str], family: JobFamily
    ) -> None:
        client.post(URL, data | {"family": str(family.pk)})
        assert JobDescription.objects.get(title="Nurse").job_family == family

    def test_can_be_another(self, client: Any, data: dict[str, str]) -> None:
        care = builders.family("Care", "CAR")
        client.post(URL, data | {"family": str(care.pk)})
        assert JobDescription.objects.get(title="Nurse").reference == "CAR-0001"

    def test_is_an_error_if_unknown(self, client: Any, data: dict[str, str]) -> None:
        assert client.post(URL, data | {"family": "x"}).status_code == 422


def test_copy_with_another_title_stays_in_its_family(client: Any, family: JobFamily) -> None:
    jd = builders.description(client.user, "Head of accounts")
    client.post(URL, {"source": f"copy:{jd.reference}", "title": "Nurse"})
    assert JobDescription.objects.get(title="Nurse").job_family == family
    client.post(URL, {"source": f"copy:{jd.reference}", "title": "Cook", "family": "none"})
    assert JobDescription.objects.get(title="Cook").job_family is None


@pytest.mark.both_databases
def test_template_without_a_family_is_not_asked_about(client: Any) -> None:
    builders.template("Any role", role="Any role", family=None)
    code = Template.objects.get(title="Any role").code
    client.post(URL, {"source": f"template:{code}", "title": "Nurse"})
    assert JobDescription.objects.get().job_family is None


@pytest.mark.both_databases
def test_structure_only_takes_headings_and_guidance(
    client: Any, templates: dict[str, Template]
) -> None:
    """Locked sections keep their texts, because no one can add them."""
    whole = templates["key"].sections.order_by("position")
    whole.filter(kind="summary").update(locked=True)
    data = {"source": "template:key-accounts", "title": "", "structure_only": "on"}
    client.post(URL, data)
    jd = JobDescription.objects.get()
    sections = jd.sections.exclude(kind="facts")
    rows = [tuple(row) for row in sections.values_list("kind", "heading", "guidance", "facts")]
    assert rows == [tuple(r) for r in whole.values_list("kind", "heading", "guidance", "facts")]
    assert set(jd.lines.values_list("section__kind", flat=True)) == {"summary"}


def test_structure_only_is_kept_while_looking_at_a_template(
    client: Any, templates: dict[str, Template]
) -> None:
    text = client.get(URL, {"title": "Nurse", "structure_only": "on"}).text
    assert "structure_only=on" in text
    assert re.search(r'<input[^>]*name="structure_only"[^>]*checked', text)


@pytest.mark.both_databases
def test_copy_proposes_its_title(client: Any) -> None:
    """And its family, which gives the reference; level and years are copied."""
    jd = builders.description(client.user, "Head of accounts", years_from=3, years_to=5)
    text = client.get(URL, {"source": f"copy:{jd.reference}"}).text
    values = [value(text, name) for name in ("title", "family", "level")]
    assert values == ["Head of accounts", str(jd.job_family_id), ""]
    client.post(URL, {"source": f"copy:{jd.reference}", "title": ""})
    copy = JobDescription.objects.exclude(pk=jd.pk).get()
    assert (copy.title, copy.reference) == ("Head of accounts", "ACC-0002")
    assert (copy.job_level, copy.years_from, copy.years_to) == (jd.job_level, 3, 5)


def test_blank_page_proposes_nothing(client: Any) -> None:
    response = client.post(URL, {"source": "blank", "title": ""})
    assert response.status_code == 422
    assert "Enter the job title." in response.text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("template:an-old-one", "This template has been retired."),
        ("template:moon", "no longer exists"),
        ("template:" + "x" * 10_000, "no longer exists"),
        ("copy:ACC-9999", "can’t be copied"),
        ("moon", "Choose a starting point."),
    ],
)
def test_link_to_an_unavailable_source_shows_an_error(
    client: Any, templates: dict[str, Template], source: str, message: str
) -> None:
    """Such as an old link; the rest of the page works."""
    response = client.get(URL, {"source": source, "title": "Mine"})
    assert response.status_code == 200
    assert message in words(by_id(response, "source_error"))
    assert message in words(find(response, role="alert")[0])
    assert value(response.text, "title") == "Mine"
    assert chosen(response.text) == []


def test_start_page_opens_without_errors(client: Any) -> None:
    page = client.get(URL)
    assert not find(page, id="source_error")
    assert not find(page, role="alert")


@pytest.mark.parametrize("title", ["x" * 10_000, "a\0b", "bell \x07", "<script>", "שלום"])
def test_any_title_can_be_searched_for(client: Any, any_description: None, title: str) -> None:
    """An invalid title is refused when the form is posted, not before."""
    response = client.get(URL, {"title": title})
    assert response.status_code == 200
    assert "<script>" not in response.text.replace("<script src", "")
    sent = client.post(URL, {"title": title, "source": "moon"})
    assert sent.status_code == 422


@pytest.fixture
def any_description(client: Any) -> None:
    builders.description(client.user)


# --- copies


@pytest.mark.both_databases
def test_every_visible_job_description_can_be_found(client: Any) -> None:
    """By words of its titles or its reference; hidden ones can't."""
    mine = builders.description(client.user, "Warehouse clerk")
    builders.description(title="Warehouse secret", confidential=True)
    for query in ("warehouses", mine.reference, "clerk"):
        text = client.get(URL, {"find": query}).text
        assert shown(text) == ["blank", f"copy:{mine.reference}"], query
        assert "secret" not in text
    text = client.get(URL, {"find": "zeppelin"}).text
    assert shown(text) == ["blank"]
    assert words(by_id(text, "copies"))


@pytest.mark.slow
def test_latest_job_descriptions_are_shown_without_a_search(client: Any) -> None:
    """Six of them; archived ones only in search results."""
    jds = [builders.description(client.user, f"Clerk {n}") for n in range(8)]
    JobDescription.objects.filter(pk=jds[7].pk).update(status="archived")
    text = client.get(URL).text
    assert shown(text) == [
        "blank",
        *(f"copy:{description.reference}" for description in jds[6:0:-1]),
    ]
    assert len(find(by_id(text, "copies"), "p")) == 1  # it says that there are more
    result = client.get(URL, {"find": jds[7].reference}).text
    assert shown(result) == ["blank", f"copy:{jds[7].reference}"]
    assert not find(by_id(result, "copies"), "p")
    assert "· archived" in result


def test_similar_role_is_listed_once(client: Any) -> None:
    """Above the templates: two radio buttons for a source would contradict each other."""
    jd = builders.description(client.user, "Account manager")
    text = client.get(URL, {"title": "Account manager", "source": f"copy:{jd.reference}"}).text
    assert shown(text) == [f"copy:{jd.reference}", "blank"]
    assert chosen(text) == [f"copy:{jd.reference}"]


@pytest.mark.slow
def test_link_from_a_job_description_chooses_it(client: Any) -> None:
    """However old it is, and with its title filled in."""
    jds = [builders.description(client.user, f"Clerk {n}") for n in range(9)]
    text = client.get(URL, {"source": f"copy:{jds[0].reference}"}).text
    assert chosen(text) == [f"copy:{jds[0].reference}"]
    assert shown(text).count(f"copy:{jds[0].reference}") == 1
    assert value(text, "title") == "Clerk 0"


def test_hidden_job_description_proposes_nothing(client: Any) -> None:
    """Not even its title."""
    secret = builders.description(title="Secret plans", confidential=True)
    text = client.get(URL, {"source": f"copy:{secret.reference}"}).text
    assert "Secret plans" not in text
    assert "can’t be copied" in text


def test_start_page_works_without_templates(client: Any) -> None:
    """And without job descriptions: a blank page."""
    text = client.get(URL).text
    assert shown(text) == ["blank"]
    assert words(by_id(text, "copies"))
    assert client.post(URL, {"title": "First", "source": "blank"}).status_code == 302


def test_start_page_links_to_the_templates(client: Any) -> None:
    assert reverse("templates") in links(by_id(client.get(URL), "begin"))
