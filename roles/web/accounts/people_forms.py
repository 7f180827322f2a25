"""Forms of accounts: filters of the list, deactivating, erasing."""

from __future__ import annotations

from typing import Any

import django_filters
from allauth.socialaccount.models import SocialAccount
from crispy_forms.layout import HTML, Layout
from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from roles import people, permissions, search_words
from roles.limits import NOTE_LIMIT
from roles.models import Department, Invitation, JobDescription, User, sort_keys
from roles.people import sign_in_policy
from roles.web.shared import filters
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField
from roles.web.shared.owner_form import TransferForm

ADMINISTRATOR = _("Administrators")
ACCOUNT_STATES = {
    "active": _("Active"),
    "invited": _("Invited"),
    "closed": _("Deactivated"),
    "erased": _("Erased"),
}
SIGN_INS = {"no_factor": _("No second factor"), "sso": _("Single sign-on")}
SEARCH_WORDS_LIMIT = 8


def kinds() -> list[tuple[str, str | Promise]]:
    """Return the kinds of account with their labels."""
    return [*permissions.GROUPS.items(), ("admin", ADMINISTRATOR)]


class PeopleFilter(filters.ListFilter):
    """The filters of the list of accounts. Erased accounts are listed only with the filter for
    them."""

    sort_columns = {
        "name": sort_keys.PERSON_NAME,
        "owns": "owns",
        "seen": sort_keys.LAST_SIGN_IN,
    }
    sort_labels = {
        "name": _("Name, A to Z"),
        "-name": _("Name, Z to A"),
        "-owns": _("Owns, most first"),
        "owns": _("Owns, fewest first"),
        "-seen": _("Last sign-in, newest first"),
        "seen": _("Last sign-in, oldest first"),
    }
    default_sort = "name"

    q = filters.search_filter(_("Name, username, or email"))
    kind = django_filters.ChoiceFilter(
        choices=kinds, method="filter_kind", label=_("Type"), empty_label=_("All")
    )
    department = django_filters.ModelChoiceFilter(
        field_name="departments",
        queryset=Department.objects.all(),
        label=_("Department"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        choices=list(ACCOUNT_STATES.items()),
        method="filter_state",
        label=_("Status"),
        empty_label=_("All except erased"),
    )
    sign_in = django_filters.ChoiceFilter(
        choices=list(SIGN_INS.items()),
        method="filter_sign_in",
        label=_("Sign-in"),
        empty_label=_("All"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, accounts: QuerySet[User], name: str, words: str) -> QuerySet[User]:
        """Folded as in other searches: `Orsted` finds Ørsted."""
        asked = [search_words.fold_word(word) for word in words.split()[:SEARCH_WORDS_LIMIT]]
        fields = ("first_name", "last_name", "username", "email")
        found = []
        for pk, *names in accounts.order_by().values_list("pk", *fields):
            text = search_words.fold_word("\n".join(names))
            if all(word in text for word in asked):
                found.append(pk)
        return accounts.filter(pk__in=found)

    def filter_kind(self, accounts: QuerySet[User], name: str, kind: str) -> QuerySet[User]:
        if kind == "admin":
            return accounts.filter(is_staff=True)
        return accounts.filter(groups__name=permissions.GROUPS[kind])

    def filter_state(self, accounts: QuerySet[User], name: str, state: str) -> QuerySet[User]:
        if state == "erased":
            return accounts.filter(erased_at__isnull=False)
        if state == "closed":
            return accounts.filter(erased_at=None, is_active=False)
        pending = Invitation.objects.pending().values("user")
        if state == "invited":
            return accounts.filter(pk__in=pending)
        return accounts.filter(is_active=True).exclude(pk__in=pending)

    def filter_sign_in(self, accounts: QuerySet[User], name: str, chosen: str) -> QuerySet[User]:
        """Applies to accounts that can sign in."""
        active = accounts.filter(is_active=True)
        if chosen == "sso":
            return active.filter(pk__in=SocialAccount.objects.values("user"))
        return active.exclude(pk__in=sign_in_policy.with_factor())

    @property
    def results(self) -> QuerySet[User]:
        """The accounts that pass the filters, each with the number of job descriptions that it
        `owns` and that it is `hiring_manager_of`."""
        accounts: QuerySet[User] = self.qs
        if not self.value("state"):
            accounts = accounts.filter(erased_at=None)
        in_use = JobDescription.objects.exclude(status="archived").order_by()
        owned = in_use.filter(owner=OuterRef("pk")).values("owner").annotate(n=Count("pk"))
        managed = in_use.filter(hiring_managers=OuterRef("pk")).values("hiring_managers")
        return accounts.annotate(
            owns=Coalesce(Subquery(owned.values("n")), 0),
            hiring_manager_of=Coalesce(Subquery(managed.annotate(n=Count("pk")).values("n")), 0),
        )


class DeactivateForm(TransferForm):
    """The new owners of what a person owns. Fields that aren't needed are left out."""

    curator = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("New owner of their snippets"),
        required=False,
        empty_label=_("No owner"),
    )
    remove_as_hiring_manager = forms.BooleanField(
        required=False,
        initial=True,
        help_text=_("Otherwise they regain access if the account is reactivated."),
    )

    field_order = ("owner", "curator", "remove_as_hiring_manager", "note")

    def __init__(
        self, data: Any, *, account: User, owned: int, hiring_manager: int, snippets: int
    ) -> None:
        super().__init__(data, without=account)
        self.set_queryset("curator", people.possible_curators().exclude(pk=account.pk))
        self.fields["remove_as_hiring_manager"].label = ngettext(
            "Remove them as hiring manager of the job description",
            "Remove them as hiring manager of %(count)s job descriptions",
            hiring_manager,
        ) % {"count": hiring_manager}
        for name, is_needed in (
            ("owner", owned),
            ("curator", snippets),
            ("remove_as_hiring_manager", hiring_manager),
        ):
            if not is_needed:
                del self.fields[name]

    def layout(self) -> Layout:
        names = list(self.fields)
        if "owner" not in self.fields:
            return Layout(*names)
        owned = HTML('{% include "accounts/_owner_help.html" %}')
        return Layout("owner", owned, *[name for name in names if name != "owner"])


class EraseForm(EmbeddedForm):
    """The username of the account, typed to confirm, and the reason."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the username of the account.")},
    )
    reason = OneLineField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_(
            "For example, “Requested May 3.” Don’t include names. The history keeps it permanently."
        ),
    )

    def __init__(self, data: Any, *, account: User) -> None:
        super().__init__(data)
        self.account = account

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if typed != self.account.username:
            raise forms.ValidationError(_("This isn’t the username of this account."))
        return typed
