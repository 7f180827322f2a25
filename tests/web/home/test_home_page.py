"""The home page for each kind of person."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from roles import assembly, drafts, permissions, versions
from roles.drafts import changes
from roles.models import JobDescription, Snippet
from roles.models.organization import Logo
from tests import builders
from tests.html import find, links, notes, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ORGANIZATION = "/settings/"
PARTS = {
    "hr": ["writing"],
    "manager": ["hiring-manager"],
    "curator": ["library"],
    "admin": ["writing", "library"],
}


def parts(page):
    """Returns the ids of the headings of the lists, in order."""
    return [heading.get("id") for heading in find(page, "h2")]


def titles(text):
    """Returns the titles in the lists, in order."""
    return re.findall(r'class="home-title[^"]*" href="[^"]*">([^<]+)</a>', text)


def row(text, title):
    """Returns the text of one row, with single spaces."""
    rows = re.findall(r"<(?:li|tr)>.*?</(?:li|tr)>", text, re.S)
    inside = next(row for row in rows if title in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside)).strip()


def page_row(text, title):
    """Returns the row of the table of drafts with this title."""
    return next(tr for tr in find(text, "tr") if title in words(tr))


def due_in(jd, days):
    day = timezone.localdate() + timedelta(days=days)
    type(jd).objects.filter(pk=jd.pk).update(review_by=day)


class TestWhoSeesWhat:
    @pytest.mark.parametrize("kind", PARTS)
    def test_each_kind_has_its_empty_lists(self, client_for, kind):
        page = client_for(kind).get("/")
        assert len(find(page, "h1")) == 1
        assert parts(page) == PARTS[kind]
        assert titles(page.text) == []

    def test_several_kinds_have_the_lists_of_each_in_order(self, client_for):
        account = builders.user("hr")
        for kind in ("manager", "curator"):
            name = permissions.GROUPS[kind]
            account.groups.add(Group.objects.get_or_create(name=name)[0])
        shown_parts = parts(client_for(account).get("/"))
        assert shown_parts == PARTS["hr"] + PARTS["manager"] + PARTS["curator"]

    def test_an_account_without_access_sees_how_to_get_it(self, client_for):
        response = client_for("no_group").get("/")
        assert response.status_code == 200
        assert len(find(response, class_="empty")) == 1
        assert parts(response) == []

    def test_a_hiring_manager_without_a_group_sees_their_job_descriptions(self, client_for):
        client = client_for("no_group")
        builders.description(title="Named here", hiring_managers=(client.user,))
        text = client.get("/").text
        assert titles(text) == ["Named here"]
        assert "/descriptions/?" not in text  # they can't open the list

    def test_an_owner_without_a_group_sees_their_job_descriptions(self, client_for):
        client = client_for("no_group")
        builders.description(client.user, "Still mine")
        page = client.get("/")
        assert titles(page.text) == ["Still mine"]
        assert reverse("description_new") not in links(page)

    @pytest.mark.slow
    def test_creation_is_offered_only_with_permission(self, client_for):
        may_create = {
            kind: "/descriptions/new/" in client_for(kind).get("/").text for kind in PARTS
        }
        may_add = {kind: "/library/new/" in client_for(kind).get("/").text for kind in PARTS}
        assert may_create == {"hr": True, "manager": False, "curator": False, "admin": True}
        assert may_add == {"hr": False, "manager": False, "curator": True, "admin": True}

    def test_it_needs_sign_in(self, client_for):
        assert client_for("anonymous").get("/").headers["Location"] == "/sign-in/?next=/"


class TestAuthor:
    def test_an_empty_home_offers_the_first_step(self, client_for):
        [empty] = find(client_for("hr").get("/"), class_="empty")
        assert list(links(empty)) == [reverse("description_new")]

    @pytest.mark.slow
    def test_last_changed_drafts_come_first(self, client_for):
        client = client_for("hr")
        for title in ("First", "Second", "Third"):
            jd = builders.description(client.user, title)
        builders.add_line(jd, jd.sections.all()[0].uid, "A line more.")
        first = JobDescription.objects.get(title="First")
        builders.add_line(first, first.sections.all()[0].uid, "A line more.")
        assert titles(client.get("/").text) == ["First", "Third", "Second"]

    @pytest.mark.slow
    def test_five_are_shown_with_a_link_to_all(self, client_for):
        client = client_for("hr")
        for number in range(7):
            builders.description(client.user, f"Role {number}")
        builders.description(title="Of another")
        text = client.get("/").text
        assert titles(text)[:5] == [f"Role {number}" for number in (6, 5, 4, 3, 2)]
        url = f"/descriptions/?owner={client.user.pk}"
        assert f'href="{url}"' in text
        assert len(client.get(url).context["page"]) == 7

    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("sort", "wanted"),
        [
            ("", ["Cook", "Auditor", "baker"]),
            ("-changed", ["Cook", "Auditor", "baker"]),
            ("changed", ["baker", "Auditor", "Cook"]),
            ("title", ["Auditor", "baker", "Cook"]),
            ("-title", ["Cook", "baker", "Auditor"]),
            ("status", ["Cook", "Auditor", "baker"]),
            ("-status", ["baker", "Cook", "Auditor"]),
            ("moon", ["Cook", "Auditor", "baker"]),
        ],
    )
    def test_drafts_are_sorted_by_any_column(self, client_for, sort, wanted):
        client = client_for("hr")
        for title in ("baker", "Auditor", "Cook"):
            jd = builders.description(client.user, title)
        JobDescription.objects.filter(title="baker").update(status="approved")
        page = client.get("/", {"sort": sort} if sort else {})
        assert titles(page.text) == wanted
        head = [th.get("aria-sort") for th in find(page, "th", scope="col")]
        assert set(head) - {None, "none"} == (
            {"descending"} if sort in ("", "moon") or sort.startswith("-") else {"ascending"}
        )
        assert jd.reference in page.text

    def test_what_is_due_comes_before_the_drafts(self, client_for):
        client = client_for("hr")
        due_in(builders.description(client.user), 1)
        assert parts(client.get("/")) == ["due", "writing"]

    @pytest.mark.slow
    def test_each_row_shows_its_state(self, client_for):
        client = client_for("hr")
        builders.description(client.user, "Never saved")
        saved = builders.description(client.user, "Saved")
        builders.version(saved)
        edited = builders.description(client.user, "Edited")
        builders.version(edited)
        builders.version(edited)
        builders.add_line(edited, edited.sections.all()[0].uid, "For [Team] and [Region].")
        text = client.get("/").text
        assert "No version saved yet" in row(text, "Never saved")
        assert "Saved as version 1" in row(text, "Saved")
        assert "Changed since version 2" in row(text, "Edited")
        cells = {title: find(page_row(text, title), "td")[1].text for title in ("Edited", "Saved")}
        assert cells == {"Edited": "2", "Saved": "0"}
        assert re.search(r'<time datetime="[^"]+" title="[^"]+">', text)

    @pytest.mark.slow
    def test_a_restored_draft_is_saved_as_the_version_that_it_came_from(self, client_for):
        """Also where the draft before it was saved as a version of its own."""
        client = client_for("hr")
        jd = builders.description(client.user)
        first = builders.version(jd)
        for edited in (False, True):
            if edited:
                builders.add_line(jd, jd.sections.all()[0].uid, "Not in a version.")
                assert "Changed since version 1" in row(client.get("/").text, jd.title)
            jd.refresh_from_db()
            versions.restore(description=jd, version=first, by=client.user, token=jd.edit_token)
            assert "Saved as version 1" in row(client.get("/").text, jd.title)
        assert jd.versions.count() == 2

    @pytest.mark.slow
    def test_an_undone_change_is_no_change(self, client_for):
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.version(jd)
        builders.add_line(jd, jd.sections.all()[0].uid, "Not in a version.")
        assert "Changed since version 1" in row(client.get("/").text, jd.title)
        jd.refresh_from_db()
        drafts.undo.undo(description=jd, by=client.user)
        assert "Saved as version 1" in row(client.get("/").text, jd.title)

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_changing_people_is_not_an_edit(self, client_for):
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.version(jd)
        # Longer ago, because the page says how long in seconds.
        JobDescription.objects.update(changed_at=timezone.now() - timedelta(days=1, hours=1))
        url = reverse("description_people", args=[jd.reference])
        before = row(client.get("/").text, jd.title)
        client.post(url, {"owner": client.user.pk, "review_by": "2099-01-01"})
        jd.refresh_from_db()
        assert jd.review_by
        assert row(client.get("/").text, jd.title) == before

    @pytest.mark.slow
    def test_continue_opens_the_last_edited_step(self, client_for):
        client = client_for("hr")
        jd = builders.description(client.user)
        address = f"/descriptions/{jd.reference}/edit/"
        line = jd.sections.get(kind="qualifications")
        builders.add_line(jd, line.uid, "Three years in sales.")
        assert f'href="{address}qualifications/"' in client.get("/").text
        builders.change(jd, changes.ChangeFacts({"pay_grade": "G7"}))
        assert f'href="{address}details/"' in client.get("/").text
        builders.add_line(jd, jd.sections.get(kind="summary").uid, "A word about us.")
        assert f'href="{address}summary/"' in client.get("/").text

    def test_a_new_draft_continues_at_details(self, client_for):
        client = client_for("hr")
        drafts.start(by=client.user, title="Fresh", family=None, level=None)
        assert "/edit/details/" in client.get("/").text

    def test_archived_job_descriptions_are_not_listed(self, client_for):
        client = client_for("hr")
        jd = builders.description(client.user, status="archived", hiring_managers=(client.user,))
        builders.description(status="archived")
        due_in(jd, 1)
        assert titles(client.get("/").text) == []

    @pytest.mark.slow
    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("days", "is_due", "is_overdue"),
        [(-1, True, True), (0, True, False), (30, True, False), (31, False, False)],
    )
    def test_own_job_descriptions_due_for_review(self, client_for, days, is_due, is_overdue):
        client = client_for("hr")
        due_in(builders.description(client.user, "Mine"), days)
        due_in(builders.description(title="Of another"), days)
        response = client.get("/")
        rows = response.context["author"]["due"].rows
        assert [jd.title for jd in rows] == (["Mine"] if is_due else [])
        assert ("due" in parts(response)) == is_due
        assert bool(find(response, class_="home-overdue")) == is_overdue
        if is_due:
            url = response.context["author"]["due"].url
            assert [jd.title for jd in client.get(url).context["page"]] == ["Mine"]

    def test_recent_changes_show_only_visible_job_descriptions(self, client_for):
        client = client_for("hr")
        other = builders.user("hr", first_name="Olive")
        builders.description(other, "Open to all")
        builders.description(other, "Secret", confidential=True)
        builders.description(client.user, "Mine")
        response = client.get("/")
        assert [jd.title for jd in response.context["author"]["others"].rows] == ["Open to all"]
        assert "Olive" in row(response.text, "Open to all")


class TestManager:
    def test_an_empty_home_page_explains_its_lists(self, client_for):
        builders.description(title="Elsewhere")
        page = client_for("manager").get("/")
        assert len(find(page, class_="empty")) == 1
        assert titles(page.text) == []

    @pytest.mark.slow
    def test_rows_show_the_newest_version_and_its_pdf(self, client_for):
        client = client_for("manager")
        author = builders.user("hr", first_name="Alma")
        jd = builders.description(author, "Named here", hiring_managers=(client.user,))
        builders.version(jd)
        builders.version(jd)
        text = client.get("/").text
        assert titles(text) == ["Named here"]
        assert "Version 2 , Alma" in row(text, "Named here")
        assert reverse("version_export", args=[jd.reference, 2, "pdf"]) in text
        assert "Draft changed since" not in text
        builders.add_line(jd, jd.sections.all()[0].uid, "Not in a version.")
        assert "Draft changed since" in client.get("/").text
        jd.refresh_from_db()
        first = jd.versions.get(number=1)
        versions.restore(description=jd, version=first, by=author, token=jd.edit_token)
        text = client.get("/").text
        assert "Draft changed since" not in text
        assert "Version 3 , Alma" in row(text, "Named here")
        assert "Draft saved as version 2" in row(text, "Named here")

    def test_a_draft_without_versions_offers_its_preview(self, client_for):
        client = client_for("manager")
        author = builders.user("hr", first_name="Alma")
        jd = builders.description(author, hiring_managers=(client.user,))
        text = client.get("/").text
        assert "Alma" in row(text, jd.title)
        assert reverse("preview", args=[jd.reference]) in text

    @pytest.mark.slow
    @pytest.mark.both_databases
    def test_the_linked_list_has_the_same_rows(self, client_for):
        account = builders.user("hr")
        account.groups.add(Group.objects.get_or_create(name=permissions.GROUPS["manager"])[0])
        builders.description(title="Named here", hiring_managers=(account,))
        builders.description(title="Elsewhere")
        client = client_for(account)
        url = client.get("/").context["manager"]["hiring_manager"].url
        response = client.get(url)
        assert [jd.title for jd in response.context["page"]] == ["Named here"]
        assert find(response, "input", type="hidden", name="hiring_manager", value="me")


class TestCurator:
    def test_an_empty_home_offers_the_library(self, client_for):
        [empty] = find(client_for("curator").get("/"), class_="empty")
        assert list(links(empty)) == [reverse("library")]

    def test_oldest_proposals_come_first(self, client_for):
        client = client_for("curator")
        for text in ("First proposed.", "Second proposed."):
            builders.snippet(text, status="proposed")
        builders.snippet("Active already.")
        proposals = client.get("/").context["curator"]["proposed"]
        assert [snippet.text for snippet in proposals.rows] == [
            "First proposed.",
            "Second proposed.",
        ]
        page = client.get(proposals.url).context["page"]
        assert {snippet.text for snippet in page} == {"First proposed.", "Second proposed."}

    @pytest.mark.both_databases
    def test_snippets_due_for_review(self, client_for):
        client = client_for("curator")
        for text, days in (("Late.", -3), ("Soon.", 9), ("Later.", 90)):
            due_in(builders.snippet(text), days)
        due_in(builders.snippet("Retired.", status="retired"), -3)
        response = client.get("/")
        due_snippets = response.context["curator"]["due"]
        assert [snippet.text for snippet in due_snippets.rows] == ["Late.", "Soon."]
        [overdue] = [row for row in find(response, "li") if find(row, class_="home-overdue")]
        assert "Late." in words(overdue)
        page = client.get(due_snippets.url)
        assert {snippet.text for snippet in page.context["page"]} == {"Late.", "Soon."}
        assert find(page, "input", type="hidden", name="review", value="due")

    @pytest.mark.both_databases
    def test_recent_changes_exclude_library_updates(self, client_for):
        client = client_for("curator")
        loaded = builders.snippet("As it was loaded.")
        Snippet.objects.filter(pk=loaded.pk).update(edited=False)
        builders.snippet("Ours.")
        changed_snippets = client.get("/").context["curator"]["changed"].rows
        assert [snippet.text for snippet in changed_snippets] == ["Ours."]

    @pytest.mark.slow
    def test_most_used_snippets_come_first(self, client_for):
        client = client_for("curator")
        seldom, often = builders.snippet("Seldom."), builders.snippet("Often.")
        builders.snippet("Never.")
        retired = builders.snippet("Retired.")
        for used in ((seldom, often, retired), (often, retired)):
            jd = builders.description()
            for snippet in used:
                builders.use(jd, snippet)
        Snippet.objects.filter(pk=retired.pk).update(status="retired")
        response = client.get("/")
        used_most = response.context["curator"]["used"].rows
        assert [(one.text, one.used_descriptions) for one in used_most] == [
            ("Often.", 2),
            ("Seldom.", 1),
        ]
        assert "In 2 job descriptions" in response.text


class TestAdministrator:
    @pytest.mark.slow
    def test_missing_organization_details_are_shown_until_set(self, client_for):
        client = client_for("admin")
        [note] = notes(client.get("/"))
        assert "name, logo" in words(note)
        assert list(links(note)) == [ORGANIZATION]
        assert client.get(ORGANIZATION).status_code == 200
        builders.organization(name="Northwind")
        [note] = notes(client.get("/"))
        assert "logo" in words(note)
        assert "name" not in words(note)
        builders.organization(logo=Logo.objects.create(digest="ab12", content=b"x"))
        assert not notes(client.get("/"))

    @pytest.mark.slow
    def test_only_administrators_see_missing_details(self, client_for):
        for kind in ("hr", "manager", "curator"):
            page = client_for(kind).get("/")
            assert ORGANIZATION not in links(page)
            assert not notes(page)


class TestListsBehindIt:
    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        "query", ["review=x", "named=them", "review=&named=", "review=due&q=x"]
    )
    def test_bad_filters_still_return_a_page(self, client_for, query):
        client = client_for("admin")
        for path in ("/descriptions/", "/library/"):
            assert client.get(f"{path}?{query}").status_code == 200, path


class TestOpenCounts:
    @pytest.mark.slow
    def test_open_counts_equal_those_of_the_document(self, client_for):
        builders.organization(name="Northwind")
        client = client_for("hr")
        jds = [builders.description(client.user, title) for title in ("A [Team] role", "Another")]
        uid = builders.add_section(jds[0], "other", "About [Region]", "[X] of [X] at [Company]")
        line = jds[0].lines.get(section__uid=uid)
        builders.change(
            jds[0],
            changes.AnswerPlaceholder("x", "2", line=line.uid),
            changes.AnswerPlaceholder("region", "North"),
            changes.AddLine(uid, {"text": "[X] below", "detail": "[City]"}, parent=line.uid),
            changes.ChangeFacts({"reports_to": "[Lead]"}),
        )
        wanted = {one.title: str(assembly.assemble(one).open_count()) for one in jds}
        page = client.get("/")
        shown = {title: find(page_row(page.text, title), "td")[1].text for title in wanted}
        assert shown == wanted == {"A [Team] role": "5", "Another": "0"}
