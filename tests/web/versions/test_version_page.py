"""Saving a version, looking at one, starting the draft again from one."""

import pytest
from django.urls import reverse

from roles import assembly
from roles.models import Event, Version
from tests import builders
from tests.html import find, links, messages, notes, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def save(client, jd, **values):
    jd.refresh_from_db()
    data = {"token": jd.edit_token, "note": "Why", "label": "", "nonce": "n1", **values}
    finish = reverse("wizard_step", args=[jd.reference, "finish"])
    return client.post(finish, {"action": "version", **data})


class TestSave:
    @pytest.mark.both_databases
    def test_saves_and_redirects_to_the_version(self, client_for):
        client, jd = client_for("hr"), builders.description()
        response = save(client, jd, label="2026 review")
        version = Version.objects.get()
        assert response.headers["Location"] == reverse("version", args=[jd.reference, 1])
        assert (version.note, version.label, version.author) == ("Why", "2026 review", client.user)
        assert messages(client.get(response.headers["Location"]))

    def test_submitting_twice_takes_effect_once(self, client_for):
        client, jd = client_for("hr"), builders.description()
        answers = {save(client, jd).headers["Location"] for _ in range(4)}
        assert len(answers) == 1
        assert Version.objects.count() == 1

    def test_a_stale_page_saves_nothing_and_keeps_the_note(self, client_for):
        client, jd = client_for("hr"), builders.description()
        old = jd.edit_token
        builders.add_line(jd, jd.sections.all()[0].uid, "Added since.")
        response = save(client, jd, token=old, note="Agreed with <Ada>")
        assert response.status_code == 409
        assert "Agreed with &lt;Ada&gt;" in response.text
        assert f'name="token" value="{jd.edit_token}"' in response.text
        assert not Version.objects.exists()

    def test_form_of_a_stale_response_saves(self, client_for):
        client, jd = client_for("hr"), builders.description()
        save(client, jd, token=jd.edit_token - 1)
        assert save(client, jd).status_code == 302

    def test_empty_required_section_shows_error_and_note_is_kept(self, client_for):
        client, jd = client_for("hr"), builders.description()
        uid = builders.add_section(jd, "benefits", "What we offer")
        jd.sections.filter(uid=uid).update(required=True)
        response = save(client, jd, note="A note worth keeping")
        assert response.status_code == 422
        assert "What we offer" in response.text
        assert "A note worth keeping" in response.text

    @pytest.mark.parametrize("token", ["", "x", "-1", "9" * 20])
    def test_invalid_token_saves_nothing(self, client_for, token):
        client, jd = client_for("hr"), builders.description()
        builders.add_line(jd, jd.sections.all()[0].uid, "So that the draft has changed.")
        assert save(client, jd, token=token).status_code == 409
        assert not Version.objects.exists()

    @pytest.mark.parametrize(
        "values",
        [
            {"note": "x" * 501},
            {"note": "a\x01b"},
            {"note": "a\x00b"},
            {"label": "x" * 51},
        ],
    )
    def test_invalid_input_saves_nothing_and_shows_errors(self, client_for, values):
        client, jd = client_for("hr"), builders.description()
        response = save(client, jd, **values)
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        assert not Version.objects.exists()

    def test_archived_cannot_be_saved(self, client_for):
        client, jd = client_for("hr"), builders.description(status="archived")
        response = save(client, jd)
        assert response.status_code == 422
        assert "is archived" in response.text

    def test_hidden_from_others(self, client_for):
        manager = client_for("manager")
        jd = builders.description(hiring_managers=(manager.user,))
        assert save(manager, jd).status_code == 403
        assert save(client_for("manager"), jd).status_code == 404


class TestVersion:
    def test_shows_the_saved_text(self, client_for):
        jd = builders.description()
        version = builders.version(jd, note="First")
        builders.add_line(jd, jd.sections.all()[0].uid, "Added afterwards.")
        text = client_for("hr").get(reverse("version", args=[jd.reference, 1])).text
        assert "Prepare renewal plans for each account." in text
        assert "Added afterwards." not in text
        assert version.sha256 in text
        assert '<article class="jd"' in text

    def test_older_version_names_the_latest(self, client_for):
        jd = builders.description()
        builders.version(jd)
        builders.version(jd)
        page = client_for("hr").get(reverse("version", args=[jd.reference, 1]))
        [lead] = find(page, class_="lead")
        assert "version 2" in words(lead)

    def test_restricted_sections_are_left_out_for_the_public(self, client_for):
        jd = builders.description()
        builders.add_section(jd, "pay", "Pay", "A bonus of ten percent.")
        builders.version(jd)
        client, url = client_for("hr"), reverse("version", args=[jd.reference, 1])
        assert "A bonus of ten percent." in client.get(url).text
        assert "A bonus of ten percent." not in client.get(f"{url}?audience=public").text
        assert client.get(f"{url}?audience=everyone").status_code == 200

    def test_html_in_a_text_is_text(self, client_for):
        jd = builders.description(title="<script>alert(1)</script>")
        builders.version(jd)
        text = client_for("hr").get(reverse("version", args=[jd.reference, 1])).text
        assert "<script>alert" not in text

    @pytest.mark.parametrize("number", [2, 999_999_999])
    def test_an_unknown_number_is_not_found(self, client_for, number):
        jd = builders.description()
        builders.version(jd)
        assert client_for("hr").get(f"{jd.get_absolute_url()}versions/{number}/").status_code == 404

    @pytest.mark.slow
    def test_the_number_of_queries_does_not_grow(self, client_for, django_assert_num_queries):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        with django_assert_num_queries(13) as captured:
            client.get(reverse("version", args=[jd.reference, 1]))
        for number in range(5):
            builders.add_section(jd, "other", f"More {number}", "A line", "Another")
        builders.version(jd)
        with django_assert_num_queries(len(captured)):
            client.get(reverse("version", args=[jd.reference, 2]))


class TestRestore:
    def restore(self, client, jd, **values):
        jd.refresh_from_db()
        data = {"token": jd.edit_token, "nonce": "n2", **values}
        return client.post(reverse("version_restore", args=[jd.reference, 1]), data)

    def test_draft_has_the_text_of_the_version(self, client_for):
        client, jd = client_for("hr"), builders.description()
        version = builders.version(jd)
        builders.add_line(jd, jd.sections.all()[0].uid, "Regretted.")
        response = self.restore(client, jd)
        assert response.headers["Location"] == jd.get_absolute_url()
        jd.refresh_from_db()
        assert assembly.assemble(jd).canonical_json().decode() == version.text
        assert Event.objects.filter(verb="version.restored").count() == 1

    def test_confirms_and_warns_of_unsaved_changes(self, client_for):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        url = reverse("version_restore", args=[jd.reference, 1])
        assert not notes(client.get(url))
        builders.add_line(jd, jd.sections.all()[0].uid, "Not in a version.")
        [note] = notes(client.get(url))
        assert f"{reverse('compare', args=[jd.reference])}?from=draft&to=1" in links(note)
        assert not Event.objects.filter(verb="version.restored").exists()

    @pytest.mark.both_databases
    def test_stale_page_asks_for_confirmation_again(self, client_for):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        old = jd.edit_token
        builders.add_line(jd, jd.sections.all()[0].uid, "Added since.")
        response = self.restore(client, jd, token=old)
        assert response.status_code == 409
        assert len(find(response, role="alert")) == 1
        assert jd.lines.filter(text="Added since.").exists()

    def test_invalid_tokens_do_nothing(self, client_for):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        for token in ("", "x", "9" * 20):
            assert self.restore(client, jd, token=token).status_code == 409

    def test_archived_is_refused_with_reason(self, client_for):
        client, jd = client_for("hr"), builders.description()
        builders.version(jd)
        type(jd).objects.filter(pk=jd.pk).update(status="archived")
        response = self.restore(client, jd)
        assert "is archived" in client.get(response.headers["Location"]).text

    def test_hidden_from_others(self, client_for):
        manager = client_for("manager")
        jd = builders.description(hiring_managers=(manager.user,))
        builders.version(jd)
        assert self.restore(manager, jd).status_code == 403
        assert self.restore(client_for("manager"), jd).status_code == 404
