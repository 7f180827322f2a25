"""The start page: what is offered, what is proposed, what stays chosen. (That it leads to the
first step, and what it refuses, is in test_wizard_views.py.)"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from roles.exporters import pdf
from roles.models import JobDescription, JobFamily, JobLevel, Template
from tests import builders

pytestmark = pytest.mark.django_db

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
def shelf(family: JobFamily, senior: JobLevel) -> dict[str, Template]:
    """Three on offer and one retired."""
    other = builders.family("Customer success", "CSM")
    return {
        "key": builders.template("Key accounts", role="Key account manager", family=family),
        "director": builders.template("Direction", family=family, level=senior),
        "success": builders.template("Success", role="Success manager", family=other),
        "old": builders.template("An old one", status="retired"),
    }


def shown(text: str) -> list[str]:
    """The sources on the page, in their order."""
    return re.findall(r'name="source" value="([^"]+)"', text)


def chosen(text: str) -> list[str]:
    found = re.findall(r'<input[^>]*name="source" value="([^"]+)"([^>]*)>', text)
    return [value for value, rest in found if "checked" in rest]


def value(text: str, name: str) -> str:
    """What stands in one of the fields about the job."""
    if name == "title":
        field = re.search(r'<input[^>]*name="title"[^>]*>', text)
        found = re.search(r'value="([^"]*)"', field[0]) if field else None
        return found[1] if found else ""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', text, re.DOTALL)
    assert select
    found = re.search(r'<option value="([^"]*)"\s+selected', select[0])
    return found[1] if found else ""


def sources(*templates: Template) -> list[str]:
    return [f"template:{template.code}" for template in templates]


# --- the gallery


def test_each_template_has_a_card(client: Any, shelf: dict[str, Template]) -> None:
    """Picture, title, tags, sections, the way inside; a blank page is a card as well."""
    text = client.get(URL).text
    assert set(shown(text)) == {
        *sources(shelf["key"], shelf["director"], shelf["success"]),
        "blank",
    }
    for template in (shelf["key"], shelf["director"]):
        image = f'src="/templates/{template.code}/page.png" width="480" height="679" alt=""'
        assert f'{image} loading="lazy"' in text
        assert f'href="/templates/{template.code}/"' in text
    assert "What it is about · What you do" in text
    assert "Senior level" in text
    assert "An old one" not in text
    assert "3 templates" in text


def test_the_pictures_have_the_shape_of_the_paper(client: Any, shelf: dict[str, Template]) -> None:
    builders.organization(paper="Letter")
    assert 'width="480" height="621"' in client.get(URL).text


def test_opening_it_draws_nothing(
    client: Any, shelf: dict[str, Template], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures are drawn when the browser asks for them."""

    def refuse(*_given: object) -> bytes:
        raise AssertionError("a PDF was made")

    monkeypatch.setattr(pdf, "render", refuse)
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
def test_it_is_searched_and_filtered(
    client: Any, shelf: dict[str, Template], query: dict[str, str], expected: list[str]
) -> None:
    """One without a level fits any; what cannot be searched for is said and not searched."""
    ids = {str(row): str(row.pk) for model in (JobFamily, JobLevel) for row in model.objects.all()}
    sent = {name: ids.get(words, words) for name, words in query.items()}
    response = client.get(URL, sent)
    assert response.status_code == 200
    assert set(shown(response.text)) == {*sources(*(shelf[name] for name in expected)), "blank"}
    if query.get("q") == "zeppelin":
        assert "No template holds these words" in response.text
    if "x" * 10_000 in sent.values():
        assert "at most 200 characters" in response.text


def test_those_that_fit_the_job_come_first(
    client: Any, shelf: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """As the fields above say, however the gallery is filtered."""
    success = client.get(URL, {"title": "Success manager"}).text
    assert shown(success)[0] == "template:success"
    fitting = client.get(URL, {"family": str(family.pk), "level": str(senior.pk)}).text
    assert shown(fitting)[:3] == sources(shelf["director"], shelf["key"], shelf["success"])


def test_what_is_chosen_stays_in_sight(client: Any, shelf: dict[str, Template]) -> None:
    """A search that does not find it must not take the choice away; the count is honest."""
    text = client.get(URL, {"q": "success", "source": "template:key-accounts"}).text
    assert shown(text)[:2] == sources(shelf["key"], shelf["success"])
    assert chosen(text) == ["template:key-accounts"]
    assert "1 of 3 templates" in text


def test_tokens_do_not_stay_in_the_address(client: Any) -> None:
    """Without scripts a search sends the whole form."""
    sent = {"csrfmiddlewaretoken": "secret", "nonce": "n", "title": "A&B", "q": "key"}
    response = client.get(URL, sent)
    assert response.headers["Location"] == f"{URL}?title=A%26B&q=key"


# --- proposals


def test_a_template_proposes_what_is_empty(
    client: Any, shelf: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """On the page that its own page leads to."""
    text = client.get(URL, {"source": "template:direction"}).text
    told = [value(text, name) for name in ("title", "family", "level")]
    assert told == ["Direction", str(family.pk), str(senior.pk)]
    assert chosen(text) == ["template:direction"]
    text = client.get(URL, {"source": "template:key-accounts", "title": "Mine"}).text
    assert [value(text, name) for name in ("title", "family")] == ["Mine", str(family.pk)]


def test_and_what_was_sent_empty(
    client: Any, shelf: dict[str, Template], family: JobFamily, senior: JobLevel
) -> None:
    """One tap starts: the title is the role that the template is for."""
    client.post(URL, {"source": "template:key-accounts", "title": "  "})
    made = JobDescription.objects.get()
    told = (made.title, made.job_family, made.job_level, made.reference)
    assert told == ("Key account manager", family, None, "ACC-0001")
    other = builders.level("Entry level", (0, 2))
    data = {"source": "template:direction", "title": "Mine", "level": str(other.pk)}
    client.post(URL, data)
    made = JobDescription.objects.get(title="Mine")
    assert (made.job_family, made.job_level) == (family, other)


def test_a_copy_proposes_its_title(client: Any) -> None:
    """And its family, which gives the reference; level and years come with the copy."""
    made = builders.description(client.user, "Head of accounts", years_from=3, years_to=5)
    text = client.get(URL, {"source": f"copy:{made.reference}"}).text
    told = [value(text, name) for name in ("title", "family", "level")]
    assert told == ["Head of accounts", str(made.job_family_id), ""]
    client.post(URL, {"source": f"copy:{made.reference}", "title": ""})
    copy = JobDescription.objects.exclude(pk=made.pk).get()
    assert (copy.title, copy.reference) == ("Head of accounts", "ACC-0002")
    assert (copy.job_level, copy.years_from, copy.years_to) == (made.job_level, 3, 5)


def test_a_blank_page_proposes_nothing(client: Any) -> None:
    response = client.post(URL, {"source": "blank", "title": ""})
    assert response.status_code == 422
    assert "This field is required." in response.text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("template:an-old-one", "This template is retired."),
        ("template:moon", "does not exist any more"),
        ("template:" + "x" * 10_000, "does not exist any more"),
        ("copy:ACC-9999", "cannot be copied"),
        ("moon", "Choose what to begin with."),
    ],
)
def test_a_way_here_that_leads_nowhere_says_so(
    client: Any, shelf: dict[str, Template], source: str, message: str
) -> None:
    """A link that someone kept; the rest of the page works."""
    response = client.get(URL, {"source": source, "title": "Mine"})
    assert response.status_code == 200
    assert message in response.text
    assert value(response.text, "title") == "Mine"
    assert chosen(response.text) == []


def test_opening_it_complains_of_nothing(client: Any) -> None:
    text = client.get(URL).text
    assert "Choose what to begin with." not in text
    assert "Not started yet" not in text


@pytest.mark.parametrize("title", ["x" * 10_000, "a\0b", "bell \x07", "<script>", "שלום"])
def test_any_title_may_be_looked_for(client: Any, made_any: None, title: str) -> None:
    """What cannot be a title is refused when it is sent, not while one looks around."""
    response = client.get(URL, {"title": title})
    assert response.status_code == 200
    assert "<script>" not in response.text.replace("<script src", "")
    sent = client.post(URL, {"title": title, "source": "moon"})
    assert sent.status_code == 422


@pytest.fixture
def made_any(client: Any) -> None:
    builders.description(client.user)


# --- copies


def test_any_that_one_may_see_can_be_found(client: Any) -> None:
    """By words of the titles or the reference; not what is hidden from this person."""
    mine = builders.description(client.user, "Warehouse clerk")
    builders.description(title="Warehouse secret", confidential=True)
    for words in ("warehouses", mine.reference, "clerk"):
        text = client.get(URL, {"find": words}).text
        assert shown(text) == ["blank", f"copy:{mine.reference}"], words
        assert "secret" not in text
    text = client.get(URL, {"find": "zeppelin"}).text
    assert shown(text) == ["blank"]
    assert "holds these words in its titles" in text


def test_the_latest_are_offered_unasked(client: Any) -> None:
    """Six of them, archived ones only when looked for."""
    made = [builders.description(client.user, f"Clerk {n}") for n in range(8)]
    JobDescription.objects.filter(pk=made[7].pk).update(status="archived")
    text = client.get(URL).text
    assert shown(text) == ["blank", *(f"copy:{one.reference}" for one in made[6:0:-1])]
    assert "There are more." in text
    found = client.get(URL, {"find": made[7].reference}).text
    assert shown(found) == ["blank", f"copy:{made[7].reference}"]
    assert "· archived" in found


def test_one_that_is_like_is_offered_once(client: Any) -> None:
    """Above the templates: two buttons for one choice would contradict each other."""
    made = builders.description(client.user, "Account manager")
    text = client.get(URL, {"title": "Account manager", "source": f"copy:{made.reference}"}).text
    assert shown(text) == [f"copy:{made.reference}", "blank"]
    assert chosen(text) == [f"copy:{made.reference}"]


def test_a_page_of_one_leads_here_with_it_chosen(client: Any) -> None:
    """However old it is, and with its title in place."""
    made = [builders.description(client.user, f"Clerk {n}") for n in range(9)]
    text = client.get(URL, {"source": f"copy:{made[0].reference}"}).text
    assert chosen(text) == [f"copy:{made[0].reference}"]
    assert shown(text).count(f"copy:{made[0].reference}") == 1
    assert value(text, "title") == "Clerk 0"


def test_what_is_hidden_proposes_nothing(client: Any) -> None:
    """Not even its title."""
    secret = builders.description(title="Secret plans", confidential=True)
    text = client.get(URL, {"source": f"copy:{secret.reference}"}).text
    assert "Secret plans" not in text
    assert "cannot be copied" in text


def test_without_anything_the_page_still_starts(client: Any) -> None:
    """No template, no job description: a blank page."""
    text = client.get(URL).text
    assert shown(text) == ["blank"]
    assert "There is none to copy yet." in text
    assert client.post(URL, {"title": "First", "source": "blank"}).status_code == 302


def test_managing_templates_is_one_link_away(client: Any) -> None:
    assert f'href="{reverse("templates")}">Manage templates' in client.get(URL).text
