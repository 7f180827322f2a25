"""The number of queries of each page, which must not depend on the amount of data."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from roles import drafts, library
from roles.bulk_exports import export_worker, orders
from roles.drafts import changes
from roles.library import template_content, template_sections
from roles.library.template_content import LineValue
from roles.models import (
    CustomFact,
    Department,
    Invitation,
    JobDescription,
    JobLevel,
    Location,
    PayGrade,
    PayReference,
    PlaceholderAnswer,
    ResponsibilityCategory,
    Rollout,
    Template,
    TemplateRevision,
    User,
)
from roles.people import invitation_links, invitations
from roles.people.account_access import Access
from roles.people.invitations import Invitee
from roles.reviews import assignments, comments, requests, review_access, suggestions
from roles.reviews.assignments import ReviewerRequest
from roles.versions import effective_periods
from roles.web.shared.wizard_steps import STEPS
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# At most this many; three of them tell who is signed in, a fourth what they have not read. A page
# that needs more gets them here, on purpose.
LIMITS = {
    "home": 33,
    "descriptions": 15,
    "descriptions?q=account": 17,
    "description_new": 13,
    "description_new?title=Account manager": 15,
    "description_new?q=renewal&find=manager": 13,
    "from_file": 4,
    "description_template": 10,
    "description": 20,
    "description_archive": 7,
    "description_delete": 8,
    "description_history": 15,
    "description_people": 11,
    "description_publish": 9,
    "audit_record": 9,
    "wizard_step details": 31,
    "wizard_step responsibilities": 23,
    "wizard_step qualifications": 23,
    "wizard_step summary": 23,
    "wizard_step conditions": 24,
    "wizard_step pay": 26,
    "wizard_step closing": 23,
    "wizard_step finish": 23,
    "wizard_presence responsibilities": 7,
    "wizard_pick": 21,
    "wizard_pick?q=renewal": 21,
    "wizard_paste": 8,
    "wizard_line": 14,
    "wizard_placeholders": 14,
    "wizard_pay_chart": 11,
    "preview": 16,
    "compare?from=1&to=draft": 21,
    "version": 12,
    "version_make_current": 10,
    "version_restore": 18,
    "catalog": 10,
    "catalog?q=account&family=Account+management&sort=-since": 10,
    "catalog_job": 9,
    "levels": 6,
    "levels?jd=ACC-0001&jd=ACC-0003": 19,
    "levels?jd=ACC-0001&jd=ACC-0003&text=draft": 18,
    "search": 4,
    "search?q=renewal+plan": 25,
    "library": 12,
    "library?q=renewal": 12,
    "snippet": 17,
    "snippet_new": 8,
    "snippet_revise": 8,
    "snippet_tags": 11,
    "templates": 5,
    "template": 20,
    "template_new": 6,
    "template_edit": 7,
    "template_sections": 21,
    "template_section": 22,
    "template_section_remove": 7,
    "template_revisions": 7,
    "template_revision": 28,
    "public_page": 1,
    "verify": 1,
    "verify?fingerprint=no": 1,
    "verify_copy": 9,
    "robots": 0,
    "reviews": 9,
    "notifications": 10,
    "email_preferences": 4,
    "activity": 14,
    "exports": 5,
    "export_new": 8,
    "export_new?all=1": 9,
    "export": 11,
    "review": 25,
    "review_request": 30,
    "review_manage": 34,
    "review_reviewer": 24,
    "review_comment": 16,
    "review_thread": 21,
    "review_decide": 21,
    "review_delegate": 22,
    "suggestions": 23,
    "suggestion": 22,
    "rollouts": 6,
    "rollout_new?snippet=1": 29,
    "rollout_preview": 21,
    "rollout": 16,
    "rollout_entry": 7,
    "change_selected": 8,
    "change_selected?jd=ACC-0001&jd=ACC-0002": 13,
    "transfer": 5,
    "transfer?jd=ACC-0001&jd=ACC-0002": 8,
    "people": 9,
    "people?q=a&kind=hr&state=active&sign_in=no_factor&sort=-owns": 11,
    "people?state=invited": 11,
    "person": 18,
    "people_invite": 6,
    "person_edit": 10,
    "person_cancel": 41,  # one for each relation of an account
    "person_factors_remove": 6,
    "invitation": 7,
    "person_deactivate": 14,
    "person_erase": 8,
    "account_security": 20,
    "account_email": 12,
    "account_change_password": 5,
    "settings_security": 10,
    "mfa_activate_totp": 12,
    "mfa_add_webauthn": 12,
    "settings": 12,
    "settings_organization": 5,
    "settings_brand": 6,
    "settings_brand_sample": 4,
    "settings_statements": 5,
    "settings_statement_add": 5,
    "settings_audiences": 9,
    "settings_prefixes": 10,
    "settings_figures_import": 4,
    "settings_email": 4,
    "settings_history": 6,
    "settings_about": 10,
    "regions": 3,
    "start_add": 4,
    "wizard_add": 7,
    "settings_list departments": 8,
    "settings_list locations": 7,
    "settings_list families": 9,
    "settings_list levels": 9,
    "settings_list pay-grades": 7,
    "settings_list categories": 7,
    "settings_list custom-facts": 7,
    "settings_list placeholders": 6,
    "settings_list market-figures": 7,
    "settings_row_add families": 4,
    "settings_row families": 5,
    "settings_row_delete families": 8,
    "brand_css": 3,
    "healthz": 6,
}
# Redirects, files, forms without a page of their own, and the page of those without account.
NO_PAGES = {
    "saved_filters",
    *("settings_statement", "settings_row_move", "settings_figures_csv"),
    "favicon",
    "metrics",
    "version_css",
    "logo",
    "export_file",
    "notification",
    "catalog_file",
    "public_file",
    "draft_export",
    "compare_export",
    "version_export",
    "snippet_status",
    "template_picture",
    "template_status",
    *("person_reactivate", "people_resend", "person_resend"),
    *("person_sessions_end", "person_password_reset"),
    "account_login",
    "set_up",
    "account_logout",
    # one's own account, and single sign-on: nothing on them grows
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "carry_to_provider",
    "confirm_with_provider",
    "identity_confirmed",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "openid_connect_callback",
    "openid_connect_login",
    "provider_add",
    "provider_edit",
    "provider_remove",
    "resubmit",
    "saml_acs",
    "saml_finish_acs",
    "saml_login",
    "saml_metadata",
    "saml_sls",
    "session_end",
    "sessions_end",
    "socialaccount_login_cancelled",
    *("guest", "guest_code", "guest_leave"),  # counted in test_guest_access.py
}


class World:
    """`fill` adds one set of everything: job descriptions, sections, lines, answers, pay, versions,
    snippets with revisions, locations, people."""

    def __init__(self) -> None:
        self.admin: User = builders.user("admin")
        self.manager: User = builders.user("manager")
        self.employee: User = builders.user("employee")
        self.employee.departments.add(builders.department())
        self.jd = builders.description(self.admin, hiring_managers=(self.manager,))
        self.snippet = builders.snippet("Prepare renewal number 0.", families=[builders.family()])
        builders.use(self.jd, self.snippet)
        self.pay = builders.add_section(self.jd, "pay", "Pay")
        for kind in ("facts", "faq", "conditions", "collaborators"):
            builders.add_section(self.jd, kind, kind.title(), "[X] of [Company Name]")
        self.public = builders.published(builders.description(self.admin, "For everyone"))
        self.leaver = builders.user("hr")
        Authenticator.objects.create(user=self.leaver, type="totp", data={"secret": "x"})
        self.invitation = self.invite("first@example.org")
        reviewed = builders.description(builders.user("hr"), "Under review")
        self.review = builders.review(reviewed, self.admin, builders.user("manager"))
        review_access.record_view(builders.reader(self.review, self.admin), reviewed.versions.get())
        self.reviewed = builders.description(self.admin, "Asked about before")
        self.rollout = Rollout.objects.create(
            revision=self.snippet.latest(), by=self.admin, approver=self.manager
        )
        self.rollout.entries.create(description=self.jd, reason="It is archived.")
        self.shares = 0
        self.fill()

    def fill(self) -> None:
        self.shares += 1
        n = self.shares
        self._library(n)
        self._draft(n)
        self.say()
        self._ask(n)
        for _ in range(2):
            other = builders.description(
                self.admin, f"Account manager {n}", hiring_managers=(self.manager,)
            )
            builders.use(other, self.snippet)
            self._make_current(other)
            self.rollout.entries.create(description=other, reason="It is archived.")
        latest = self.snippet.latest().number
        text = f"Prepare renewal number {n}."
        library.revise(snippet=self.snippet, text=text, by=self.admin, based_on=latest)
        builders.version(self.jd)
        builders.version(self.public.description)  # the same text: it carries the same hash
        builders.description(self.leaver)
        for m in range(2):
            self.invite(f"invited-{n}-{m}@example.org")
        every = JobDescription.objects.values_list("reference", flat=True)
        self.export = orders.order(by=self.admin, references=list(every), formats=["txt"])
        export_worker.run(self.export.pk)

    def invite(self, email: str) -> Invitation:
        access = Access(frozenset({"manager"}), frozenset({builders.department().pk}))
        return invitations.invite(invitee=Invitee(email, access=access), by=self.admin)

    def _ask(self, n: int) -> None:
        """A review that has ended, of accounts and of people without one."""
        builders.version(self.reviewed)
        guests = [f"guest{m}@example.org" for m in range(n)]
        review = builders.review(self.reviewed, *(builders.user("hr") for _ in range(n)), *guests)
        requests.withdraw(review=review, by=self.admin)

    def _make_current(self, jd: JobDescription) -> None:
        """As a version that everyone reads from today on."""
        builders.change(jd, changes.ChangeFacts({"department": builders.department()}))
        saved = builders.approved(builders.version(jd))
        effective_periods.make_effective(version=saved, since=timezone.localdate(), by=jd.owner)

    def _library(self, n: int) -> None:
        for m in range(3):
            builders.snippet(
                f"Prepare renewal {n} {m}.", by=self.admin, families=[builders.family()]
            )
        template = builders.template(f"Account manager {n}")
        drafts.start(by=self.admin, title=f"Started {n}", template=template)
        self._edit_template(n)
        Location.objects.create(city=f"Denver {n}")
        Department.objects.create(name=f"Department {n}")
        PayGrade.objects.create(name=f"G{n}")
        ResponsibilityCategory.objects.create(code=f"own-{n}", name=f"Own {n}")
        CustomFact.objects.create(code=f"fact-{n}", label=f"Fact {n}")
        builders.snippet(f"We are {n}.", "boilerplate", category="company", is_statement=True)
        JobLevel.objects.create(code=f"people-{n}", name=f"People {n}", track="people")
        builders.user("manager")
        PayReference.objects.create(code=f"r{n}", role="Account manager", amount=n)
        PlaceholderAnswer.objects.create(placeholder=f"unasked {n}", value="x")

    def _template(self) -> Template:
        return Template.objects.get(code="account-manager-1")

    def _edit_template(self, n: int) -> None:
        """One more section, and more lines in another, of which one is linked."""
        template = self._template()
        template_sections.add_section(
            template=template, kind="other", heading=f"Other {n}", by=self.admin
        )
        section = next(s for s in template_content.stored(template) if s.kind == "responsibilities")
        linked = LineValue(uid=f"linked-{n}", snippet=builders.snippet(f"Linked {n}.").pk)
        top = LineValue(uid=f"top-{n}", text="Top", lines=(LineValue(uid=f"sub-{n}", text="Sub"),))
        template_sections.change_section(
            template=template,
            section=replace(section, lines=(*section.lines, linked, top)),
            base=template_content.state_of(section),
            by=self.admin,
        )

    def _draft(self, n: int) -> None:
        for section in list(self.jd.sections.all()):
            builders.add_line(self.jd, section.uid, f"[X] and [Question {n}] here", percent=n)
        line = self.jd.lines.order_by("-pk")[0]
        builders.change(
            self.jd,
            changes.AddLine(line.section.uid, {"text": "[X] below"}, parent=line.uid),
            changes.AnswerPlaceholder("x", "2", line=line.uid),
            changes.AnswerPlaceholder(f"question {n}", "2"),
            changes.AddPay(self.pay, {"minimum": n, "maximum": n}),
            changes.ShowReferences(
                self.pay, tuple(PayReference.objects.values_list("pk", flat=True))
            ),
        )

    def say(self) -> None:
        """One more reviewer, who says something, suggests something and decides; and one more
        round."""
        line = self.review.description.lines.all()[0]
        by = builders.user("hr")
        assignments.add(
            review=self.review, asked=ReviewerRequest(user=by), by=self.review.requested_by
        )
        reader = builders.reader(self.review, by)
        version = self.review.description.versions.order_by("-number")[0]
        name = f"@{self.review.requested_by.username}"
        comments.comment(reader=reader, version=version, text=f"Why, {name}?", line=line.uid)
        add = suggestions.Proposal("add", line.section.uid, text="One more line.")
        suggestions.suggest(reader=reader, version=version, proposal=add, why="It was missing.")
        builders.decision(self.review, by, "ask_for_changes", "See there.")
        builders.add_line(self.review.description, line.section.uid, "Another line.")
        version = builders.version(self.review.description)
        requests.next_round(review=self.review, version=version, by=version.author)

    def url(self, page: str) -> str:
        name, _mark, query = page.partition("?")
        name, _space, step = name.partition(" ")
        of_one = ("description_", "wizard", "preview", "version", "compare", "audit_record")
        is_of_one = name == "description" or name.startswith(of_one)
        arguments: list[Any] = []
        if is_of_one and name != "description_new":
            arguments.append(self.jd.reference)
        if name in ("wizard_pick", "wizard_paste"):
            arguments.append(self.jd.sections.get(kind="responsibilities").uid)
        if name == "wizard_line":
            arguments.append(self.jd.lines.filter(parent=None)[0].uid)
        if name == "wizard_pay_chart":
            arguments.append(self.pay)
        if name in ("start_add", "wizard_add"):
            arguments.append("families")
        if name == "settings_statement_add":
            arguments.append("company")
        if step:
            arguments.append(step)
        if name in ("settings_row", "settings_row_delete"):
            arguments.append(builders.family().pk)
        if name.startswith("version"):
            arguments.append(1)
        if name.startswith("snippet") and name != "snippet_new":
            arguments.append(self.snippet.pk)
        if name in ("public_page", "catalog_job"):
            arguments.append(self.public.description.reference)
        if name == "verify_copy":
            arguments.append(self.public.sha256)
        if name == "template" or (name.startswith("template_") and name != "template_new"):
            arguments.append("account-manager-1")
        if name.startswith("template_section") and name != "template_sections":
            arguments.append(self._template().sections.get(kind="responsibilities").uid)
        if name == "template_revision":
            arguments.append(TemplateRevision.objects.count())  # all are of one template
        if name == "person_cancel":
            arguments.append(self.invitation.user_id)
        elif name.startswith("person"):
            arguments.append(self.leaver.pk)
        if name == "invitation":
            arguments.append(invitation_links.token(self.invitation))
        if name == "export":
            arguments.append(self.export.pk)
        if (name.startswith("review_") and name != "review_request") or name == "review":
            arguments.append(self.review.pk)
        if name == "review_request":
            arguments.append(self.reviewed.reference)
        if name == "review_reviewer":
            arguments.append(self.review.reviewers.all()[0].pk)
        if name == "review_thread":
            arguments.append(self.review.threads.all()[0].pk)
        if name in ("suggestions", "suggestion"):
            arguments.append(self.review.pk)
        if name == "suggestion":
            arguments.append(self.review.threads.exclude(suggestion=None)[0].pk)
        if name == "rollout_new":
            query = f"snippet={self.snippet.pk}"
        if name == "rollout_preview":
            arguments += [self.snippet.pk, self.jd.reference]
        if name in ("rollout", "rollout_entry"):
            arguments.append(self.rollout.pk)
        if name == "rollout_entry":
            arguments.append(self.jd.reference)
        return f"{reverse(name, args=arguments)}?{query}"

    def counts(self, who: User, pages: list[str]) -> dict[str, int]:
        """Returns the number of queries of each page. All pages must be allowed."""
        client = Client()
        builders.sign_in(client, who)
        query_counts = {}
        for page in pages:
            url = self.url(page)
            client.get(url)  # the first visit might fill caches
            with CaptureQueriesContext(connection) as captured:
                response = client.get(url)
            assert response.status_code == (422 if "fingerprint=no" in page else 200), page
            query_counts[page] = len(captured)
        return query_counts


@pytest.fixture
def world() -> World:
    return World()


def test_every_page_is_counted() -> None:
    """A new URL, or a new step of the wizard, needs a limit."""
    names = {re.split(r"[ ?]", page)[0] for page in LIMITS}
    url_names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert names | NO_PAGES == url_names
    steps = {page.partition(" ")[2] for page in LIMITS if page.startswith("wizard_step")}
    assert steps == {step.slug for step in STEPS}


def test_no_page_takes_more_queries_with_more_data(world: World) -> None:
    """With one and with three sets of data: the same numbers, none above its limit."""
    small = world.counts(world.admin, list(LIMITS))
    world.fill()
    world.fill()
    large = world.counts(world.admin, list(LIMITS))
    assert large == small
    assert {page: n for page, n in small.items() if n > LIMITS[page]} == {}


def test_pages_of_managers_and_employees_take_no_more_queries(world: World) -> None:
    """Only the pages that they can open."""
    managed = [
        "home",
        "descriptions",
        "description",
        "preview",
        "version",
        "compare?from=1&to=draft",
    ]
    pages = {world.manager: managed, world.employee: ["home", "catalog", "catalog_job"]}
    small = {who: world.counts(who, pages[who]) for who in pages}
    world.fill()
    world.fill()
    for who, counted in small.items():
        assert world.counts(who, pages[who]) == counted
        assert {page: n for page, n in counted.items() if n > LIMITS[page]} == {}


def test_saving_takes_no_more_queries_for_a_longer_draft(world: World) -> None:
    """An autosave of one line, of the same line again, and a version. A word that no line had is
    remembered by one query more."""
    client = Client()
    builders.sign_in(client, world.admin)

    def count(step: str, data: dict[str, str]) -> int:
        url = reverse("wizard_step", args=[world.jd.reference, step])
        world.jd.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            response = client.post(url, data | {"token": str(world.jd.edit_token)})
        assert response.status_code in (200, 302)
        return len(captured)

    def autosave(more: str) -> int:
        line = world.jd.lines.filter(section__kind="responsibilities").order_by("pk")[0]
        world.jd.refresh_from_db()
        fields = {"base": f"{world.jd.edit_token}.", "text": f"{line.text}{more}"}
        row = {f"line-{line.uid}-{name}": value for name, value in fields.items()}
        return count("responsibilities", {"action": "autosave"} | row)

    def counts() -> list[int]:
        return [autosave(" and"), autosave(" so"), count("finish", {"action": "version"})]

    small = counts()
    world.fill()
    world.fill()
    assert counts() == small
    assert small[0] <= 21
    assert small[1] <= 19
    assert small[2] <= 60
