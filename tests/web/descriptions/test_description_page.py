"""The list of job descriptions, the page of one, its people, archive and deletion."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from roles import versions
from roles.models import Event, JobDescription, PayRange
from roles.versions import effective_periods
from tests import builders
from tests.html import actions, buttons, by_id, find, links, words
from tests.pages import next_page

pytestmark = pytest.mark.django_db


def urls(jd):
    return [
        reverse(name, args=[jd.reference])
        for name in (
            *("description", "description_people", "description_archive"),
            *("description_delete", "preview"),
        )
    ]


def comparison(jd):
    """Where the page of a changed draft leads."""
    return f"{reverse('compare', args=[jd.reference])}?from=1&to=draft"


class TestList:
    def test_hr_sees_all_except_archived(self, client_for):
        shown = builders.description(title="Sales engineer")
        builders.description(title="Old role", status="archived")
        page = client_for("hr").get("/descriptions/")
        assert shown.reference in page.text
        assert "Old role" not in page.text
        assert reverse("description_new") in links(page)

    def test_empty_state(self, client_for):
        [empty] = find(client_for("hr").get("/descriptions/"), class_="empty")
        assert list(links(empty)) == [reverse("description_new")]

    def test_manager_sees_only_own(self, client_for):
        manager = client_for("manager")
        builders.description(title="Named here", hiring_managers=(manager.user,))
        builders.description(title="Elsewhere")
        page = manager.get("/descriptions/")
        assert "Named here" in page.text
        assert "Elsewhere" not in page.text
        assert reverse("description_new") not in links(page)

    def test_confidential_is_seen_only_by_owner_and_managers(self, client_for):
        builders.description(title="Secret role", confidential=True)
        assert "Secret role" not in client_for("hr").get("/descriptions/").text

    @pytest.mark.parametrize("kind", ["curator", "no_group"])
    def test_others_have_no_access(self, client_for, kind):
        assert client_for(kind).get("/descriptions/").status_code == 403

    @pytest.mark.both_databases
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=engineers", {"Sales engineer"}),
            ("q=ACC-0002", {"Support agent"}),
            ("q=zebra", set()),
            ("status=approved", {"Support agent"}),
            ("status=archived", {"Old role"}),
            ("q=agent&status=draft", set()),
        ],
    )
    def test_search_and_status(self, client_for, query, expected):
        owner = builders.user("hr")
        builders.description(owner, "Sales engineer")
        builders.description(owner, "Support agent", status="approved")
        builders.description(owner, "Old role", status="archived")
        page = client_for("hr").get(f"/descriptions/?{query}").context["page"]
        assert {description.title for description in page} == expected

    @pytest.mark.slow
    def test_family_level_department_and_owner(self, client_for):
        owner = builders.user("hr")
        jd = builders.description(owner, department=builders.department())
        builders.description(job_family=None, job_level=None)
        client = client_for("hr")
        for query in (
            f"family={jd.job_family_id}",
            f"level={jd.job_level_id}",
            f"department={jd.department_id}",
            f"owner={owner.pk}",
        ):
            page = client.get(f"/descriptions/?{query}").context["page"]
            assert [description.pk for description in page] == [jd.pk], query

    @pytest.mark.both_databases
    @pytest.mark.parametrize("sort", ["title", "-title", "reference", "status", "changed"])
    def test_list_can_be_sorted(self, client_for, sort):
        owner = builders.user("hr")
        for title in ("Beta", "alpha", "Gamma"):
            builders.description(owner, title)
        response = client_for("hr").get(f"/descriptions/?sort={sort}")
        titles = [description.title for description in response.context["page"]]
        expected = {
            "title": ["alpha", "Beta", "Gamma"],
            "-title": ["Gamma", "Beta", "alpha"],
        }.get(sort, ["Beta", "alpha", "Gamma"])
        assert titles == (list(reversed(expected)) if sort == "status" else expected)

    @pytest.mark.slow
    def test_pages_keep_the_filters(self, client_for):
        owner = builders.user("hr")
        for number in range(26):
            builders.description(owner, f"Role {number}")
        client = client_for("hr")
        response = client.get("/descriptions/?q=role&sort=title")
        assert len(response.context["page"].object_list) == 25
        assert "?q=role&amp;sort=title&amp;page=after" in response.text
        assert len(next_page(client, response).context["page"].object_list) == 1

    @pytest.mark.parametrize(
        "query",
        [
            "page=99999999999999999999",
            "page=-1",
            "page=x",
            "family=99999999999999999999",
            "family=x",
            "owner=-1",
            "status=unheard",
            "sort=password",
            "q=%00",
            "q=%ED%A0%80",
            "q=" + "x" * 300,
            "q=" + "word+" * 30,
        ],
    )
    def test_invalid_parameters_are_ignored(self, client_for, query):
        builders.description()
        assert client_for("hr").get(f"/descriptions/?{query}").status_code == 200

    @pytest.mark.slow
    def test_the_number_of_queries_does_not_grow(self, client_for, django_assert_num_queries):
        client = client_for("hr")
        for number in range(26):
            builders.description(title=f"Account manager {number}")
        with django_assert_num_queries(14) as captured:
            client.get("/descriptions/")
        for number in range(29):
            builders.description(title=f"Role {number}")
        builders.version(JobDescription.objects.latest("pk"))
        with django_assert_num_queries(len(captured)):
            client.get("/descriptions/?q=")


class TestDescription:
    def test_shows_facts_people_and_versions(self, client_for):
        manager = builders.user("manager", first_name="Mona")
        jd = builders.description(
            hiring_managers=(manager,), department=builders.department("Service")
        )
        version = builders.version(jd, note="Agreed with the team")
        page = client_for("hr").get(jd.get_absolute_url())
        for shown in ("Service", "Mona", "Agreed with the team", version.sha256[:12]):
            assert shown in page.text
        assert comparison(jd) not in links(page)

    def test_says_that_the_draft_has_changed(self, client_for):
        jd = builders.description()
        builders.version(jd)
        builders.add_line(jd, jd.sections.all()[0].uid, "A new sentence.")
        assert comparison(jd) in links(client_for("hr").get(jd.get_absolute_url()))

    @pytest.mark.slow
    def test_unchanged_draft_is_exported_as_the_version(self, client_for):
        """The effective one, else the newest: no one wants a copy marked as a draft of it."""
        hr = client_for("hr")
        jd = builders.description(hr.user)

        def offered():
            text = hr.get(jd.get_absolute_url()).text
            [label] = set(re.findall(r"Export (draft|version \d)", text))
            links = re.findall(r'href="[^"]*?(versions/\d)?/export/docx/\?', text)
            return label, set(links)

        assert offered() == ("draft", {""})
        version = builders.version(jd)
        assert offered() == ("version 1", {"versions/1"})
        effective_periods.make_effective(
            version=builders.approved(version), since=timezone.localdate(), by=hr.user
        )
        builders.version(jd)
        assert offered() == ("version 1", {"versions/1"})
        builders.add_line(jd, jd.sections.all()[0].uid, "A new sentence.")
        assert offered() == ("draft", {""})
        builders.version(jd)
        assert offered() == ("version 3", {"versions/3"})

    def test_says_that_there_is_no_version(self, client_for):
        jd = builders.description()
        page = client_for("hr").get(jd.get_absolute_url())
        assert not find(page, "table")
        assert reverse("description_delete", args=[jd.reference]) in links(page)
        builders.version(jd)
        page = client_for("hr").get(jd.get_absolute_url())
        assert len(find(page, "table")) == 1
        assert reverse("description_delete", args=[jd.reference]) not in links(page)

    def test_hiring_manager_can_read_and_export_but_not_edit(self, client_for):
        manager = client_for("manager")
        jd = builders.description(hiring_managers=(manager.user,))
        text = manager.get(jd.get_absolute_url()).text
        assert reverse("draft_export", args=[jd.reference, "pdf"]) in text
        assert "/edit/" not in text
        assert "/archive/" not in text

    @pytest.mark.slow
    def test_all_pages_are_hidden_without_access(self, client_for):
        jd = builders.description(confidential=True)
        for kind in ("manager", "curator", "no_group", "hr"):
            client = client_for(kind)
            assert {client.get(url).status_code for url in urls(jd)} == {404}, kind

    def test_editing_pages_are_refused_to_readers(self, client_for):
        manager = client_for("manager")
        jd = builders.description(hiring_managers=(manager.user,))
        answers = {url: manager.get(url).status_code for url in urls(jd)}
        assert sorted(answers.values()) == [200, 200, 403, 403, 403]

    def test_restricted_facts_need_permission(self, client_for):
        jd = builders.description(pay_grade="Grade seven")
        assert "Grade seven" in client_for("hr").get(jd.get_absolute_url()).text
        public = client_for("hr").get(f"{jd.get_absolute_url()}?audience=public").text
        assert "Grade seven" not in public

    @pytest.mark.slow
    def test_the_number_of_queries_does_not_grow(self, client_for, django_assert_num_queries):
        client = client_for("hr")
        jd = builders.description()
        builders.version(jd)
        with django_assert_num_queries(20) as captured:
            client.get(jd.get_absolute_url())
        for number in range(5):
            builders.add_line(jd, jd.sections.all()[0].uid, f"Sentence {number}.")
            builders.add_section(jd, "other", f"More {number}", "A line")
            builders.version(jd)
        with django_assert_num_queries(len(captured)):
            client.get(jd.get_absolute_url())


class TestPeople:
    def post(self, client, jd, **values):
        data = {"owner": jd.owner_id, **values}
        return client.post(reverse("description_people", args=[jd.reference]), data)

    def test_assigns_people_and_records_it(self, client_for):
        client, jd = client_for("hr"), builders.description()
        manager = builders.user("manager")
        response = self.post(
            client, jd, hiring_managers=[manager.pk], confidential="on", review_by="2027-03-01"
        )
        jd.refresh_from_db()
        assert response.headers["Location"] == "/"  # confidential now, and not theirs
        assert list(jd.hiring_managers.all()) == [manager]
        assert jd.confidential
        assert str(jd.review_by) == "2027-03-01"
        event = Event.objects.get(chain=jd.reference, verb="people.assigned")
        assert event.what["hiring_managers"] == [manager.pk]

    def test_the_owner_can_be_changed(self, client_for):
        client = client_for("hr")
        jd, other = builders.description(client.user), builders.user("hr")
        response = self.post(client, jd, owner=other.pk)
        jd.refresh_from_db()
        assert response.headers["Location"] == jd.get_absolute_url()
        assert jd.owner == other

    def test_a_manager_cannot_become_owner(self, client_for):
        client, jd = client_for("hr"), builders.description()
        response = self.post(client, jd, owner=builders.user("manager").pk)
        assert response.status_code == 422
        assert "field-errors" in response.text

    @pytest.mark.parametrize(
        "values",
        [
            {"owner": ""},
            {"owner": "99999999999999999999"},
            {"hiring_managers": ["x"]},
            {"review_by": "soon"},
            {"review_by": "2027-02-31"},
        ],
    )
    def test_errors_are_shown_at_their_fields(self, client_for, values):
        client, jd = client_for("hr"), builders.description()
        response = self.post(client, jd, **values)
        assert response.status_code == 422
        assert "field-errors" in response.text
        for value in values.values():
            if value == "soon":
                assert 'value="soon"' in response.text

    def test_deactivated_account_is_refused(self, client_for):
        client, jd = client_for("hr"), builders.description()
        gone = builders.user("manager", is_active=False)
        jd.hiring_managers.add(gone)
        assert self.post(client, jd, hiring_managers=[gone.pk]).status_code == 422


class TestArchive:
    def test_archive_and_restore(self, client_for):
        client, jd = client_for("hr"), builders.description()
        url = reverse("description_archive", args=[jd.reference])
        assert buttons(client.get(url)) == {"archive"}
        client.post(url, {"action": "archive"})
        jd.refresh_from_db()
        assert jd.status == "archived"
        assert buttons(client.get(url)) == {"unarchive"}
        client.post(url, {"action": "unarchive"})
        jd.refresh_from_db()
        assert jd.status == "draft"
        verbs = Event.objects.filter(chain=jd.reference).values_list("verb", flat=True)
        assert list(verbs)[-2:] == ["description.archived", "description.unarchived"]

    def test_archiving_twice_is_recorded_once(self, client_for):
        client, jd = client_for("hr"), builders.description()
        for _ in range(2):
            client.post(reverse("description_archive", args=[jd.reference]), {"action": "archive"})
        assert Event.objects.filter(verb="description.archived").count() == 1


class TestDelete:
    def test_deletes_all_rows_and_keeps_the_events(self, client_for):
        client, jd = client_for("hr"), builders.description()
        uid = builders.add_section(jd, "pay", "Pay")
        section = jd.sections.get(uid=uid)
        PayRange.objects.create(section=section, minimum=1, maximum=2)
        reference = jd.reference
        url = reverse("description_delete", args=[reference])
        assert len(actions(by_id(client.get(url), "main"))) == 1
        response = client.post(url)
        assert response.status_code == 302
        assert not JobDescription.objects.filter(reference=reference).exists()
        chains = Event.objects.filter(verb="description.deleted").values_list("chain", flat=True)
        assert sorted(chains) == sorted([reference, "organization"])
        assert not list(Event.objects.broken())

    def test_reference_is_not_reused(self, client_for):
        client, jd = client_for("hr"), builders.description()
        client.post(reverse("description_delete", args=[jd.reference]))
        assert builders.description().reference != jd.reference

    def test_not_deleted_with_a_version(self, client_for):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        url = reverse("description_delete", args=[jd.reference])
        page = by_id(client.get(url), "main")
        assert not actions(page)
        assert reverse("description_archive", args=[jd.reference]) in links(page)
        text = client.post(url, follow=True).text
        assert "Archive it instead." in text
        assert JobDescription.objects.filter(pk=jd.pk).exists()


@pytest.mark.django_db
def test_draft_of_a_restored_version_says_which_one_it_is(client_for):
    client = client_for("hr")
    jd = builders.description(client.user)
    first = builders.version(jd)
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Another duty")
    builders.version(jd)
    jd.refresh_from_db()
    versions.restore(description=jd, version=first, by=client.user, token=jd.edit_token)
    page = words(client.get(jd.get_absolute_url()))
    assert "The draft is the same as version 1." in page
    assert "has changed since" not in page
