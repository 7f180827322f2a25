"""Forms about accounts: the filters of their list, another owner, leaving, being forgotten."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from roles import people, permissions
from roles.models import Department, JobDescription, User
from roles.web.shared import filters
from roles.web.shared.fields import OneLineField
from roles.web.shared.owner_form import NOTE_LIMIT, TransferForm

ADMINISTRATOR = _("Administrators")
STATES = {"active": _("Active"), "closed": _("Deactivated"), "erased": _("Erased")}

_name = Lower(
    Coalesce(NullIf(Concat("first_name", Value(" "), "last_name"), Value(" ")), F("username"))
)
SORTS: dict[str, Any] = {"name": _name, "owns": F("owns"), "seen": F("last_login")}
DEFAULT_SORT = "name"
SORT_WORDS = {
    "name": _("Name, A to Z"),
    "-name": _("Name, Z to A"),
    "-owns": _("Owns most"),
    "owns": _("Owns least"),
    "-seen": _("Signed in, newest first"),
    "seen": _("Signed in, oldest first"),
}


def kinds() -> list[tuple[str, str | Promise]]:
    """The kinds of person that an account may be, with the word for each."""
    return [*permissions.GROUPS.items(), ("admin", ADMINISTRATOR)]


class PeopleFilter(filters.SortedFilter, django_filters.FilterSet):  # type: ignore[misc]
    """The filters of the list, each a parameter of its URL. Erased accounts are shown only when
    asked for."""

    sort_words = SORT_WORDS
    default_sort = DEFAULT_SORT

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=200)
    kind = django_filters.ChoiceFilter(
        choices=kinds, method="of_kind", label=_("Kind"), empty_label=_("All")
    )
    department = django_filters.ModelChoiceFilter(
        field_name="departments",
        queryset=Department.objects.all(),
        label=_("Department"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        choices=list(STATES.items()),
        method="in_state",
        label=_("Account"),
        empty_label=_("All but erased"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, found: QuerySet[User], name: str, words: str) -> QuerySet[User]:
        for word in words.split()[:8]:
            fields = ("first_name", "last_name", "username", "email")
            said = Q()
            for field in fields:
                said |= Q(**{f"{field}__icontains": word})
            found = found.filter(said)
        return found

    def of_kind(self, found: QuerySet[User], name: str, kind: str) -> QuerySet[User]:
        if kind == "admin":
            return found.filter(is_staff=True)
        return found.filter(groups__name=permissions.GROUPS[kind])

    def in_state(self, found: QuerySet[User], name: str, state: str) -> QuerySet[User]:
        if state == "erased":
            return found.filter(erased_at__isnull=False)
        return found.filter(erased_at=None, is_active=state == "active")

    @property
    def found(self) -> QuerySet[User]:
        """The accounts that pass the filters, in order, with what they own and are named by."""
        chosen: QuerySet[User] = self.qs
        if not (self.form.is_valid() and self.form.cleaned_data["state"]):
            chosen = chosen.filter(erased_at=None)
        column = SORTS[self.sort.removeprefix("-")]
        order = column.desc(nulls_last=True) if self.sort.startswith("-") else column.asc()
        kept = JobDescription.objects.exclude(status="archived").order_by()
        owned = kept.filter(owner=OuterRef("pk")).values("owner").annotate(n=Count("pk"))
        named = kept.filter(hiring_managers=OuterRef("pk")).values("hiring_managers")
        return chosen.annotate(
            owns=Coalesce(Subquery(owned.values("n")), 0),
            named=Coalesce(Subquery(named.annotate(n=Count("pk")).values("n")), 0),
        ).order_by(order, _name, "pk")


class DeactivateForm(TransferForm):
    """What becomes of what a leaver answers for: fields for what there is."""

    curator = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Who looks after their library texts"),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    remove_as_hiring_manager = forms.BooleanField(
        label=_("Take them off as hiring manager"),
        required=False,
        help_text=_("Else they stay named, and come back to it if the account is reactivated."),
    )

    def __init__(
        self, data: Any, *, account: User, owned: int, hiring_manager: int, texts: int
    ) -> None:
        super().__init__(data, without=account)
        curators = self.fields["curator"]
        assert isinstance(curators, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        curators.queryset = people.possible_curators().exclude(pk=account.pk)
        for name, there_is in (
            ("owner", owned),
            ("curator", texts),
            ("remove_as_hiring_manager", hiring_manager),
        ):
            if not there_is:
                del self.fields[name]


class EraseForm(forms.Form):
    """The name typed once more, so that no one is erased by a slip."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        error_messages={"required": _("Type the user name of the account to erase.")},
    )
    reason = OneLineField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_(
            "Such as “asked on 3 May”. It stays in the history for good: leave names out of it."
        ),
    )

    def __init__(self, data: Any, *, account: User) -> None:
        super().__init__(data)
        self.account = account

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if typed != self.account.username:
            raise forms.ValidationError(_("This is not the user name of this account."))
        return typed
