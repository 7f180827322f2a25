"""Changing the name, the email address and the access of an account."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from roles import people
from roles.limits import PERSON_NAME_LIMIT
from roles.models import ClaimRule, Department, Invitation, User
from roles.people import account_changes
from roles.people.account_access import Access
from roles.people.account_changes import Details
from roles.people.invitation_plans import EMAIL_LIMIT, is_address
from roles.web.accounts import invitation_email
from roles.web.accounts.invite_forms import NO_DEPARTMENTS
from roles.web.accounts.people_forms import kinds
from roles.web.shared.access import confirms_identity, person, requires
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import CheckboxList, MultipleModelChoiceField, OneLineField
from roles.web.shared.idempotency import form_data, form_page


class PersonForm(EmbeddedForm):
    first_name = OneLineField(
        label=_lazy("First name"), max_length=PERSON_NAME_LIMIT, required=False
    )
    last_name = OneLineField(label=_lazy("Last name"), max_length=PERSON_NAME_LIMIT, required=False)
    email = OneLineField(label=_lazy("Email address"), max_length=EMAIL_LIMIT)
    kinds = forms.MultipleChoiceField(
        label=_lazy("Groups"), required=False, choices=kinds, widget=forms.CheckboxSelectMultiple
    )
    departments = MultipleModelChoiceField(
        queryset=Department.objects.none(),
        label=_lazy("Departments"),
        required=False,
        widget=CheckboxList(NO_DEPARTMENTS),
        help_text=_lazy("Limits access to these. Leave blank for all departments."),
    )

    def __init__(self, data: Any, *, account: User, stored: Details) -> None:
        initial = {
            "first_name": stored.first_name,
            "last_name": stored.last_name,
            "email": stored.email,
            "kinds": sorted(stored.access.kinds),
            "departments": sorted(stored.access.departments),
        }
        super().__init__(data, initial=initial)
        self.set_queryset("departments", Department.objects.all())
        self.fields["email"].required = bool(stored.email)
        self.account = account

    def layout(self) -> Layout:
        names = Div("first_name", "last_name", css_class="form-grid")
        return Layout(names, "email", Div("kinds", "departments", css_class="form-grid"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email and not is_address(email):
            raise forms.ValidationError(_("Enter an email address, such as kim@example.com."))
        return email

    def details(self) -> Details:
        values = self.cleaned_data
        departments = frozenset(department.pk for department in values["departments"])
        access = Access(frozenset(values["kinds"]), departments)
        return Details(values["first_name"], values["last_name"], values["email"], access)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
@confirms_identity
def edit(request: HttpRequest, key: int) -> HttpResponseBase:
    """Change an account. A change by someone else is shown before it can be replaced."""
    account = get_object_or_404(User, pk=key, erased_at=None)
    stored = account_changes.details_of(account)
    form = PersonForm(form_data(request), account=account, stored=stored)
    base, changed = request.POST.get("base", stored.fingerprint()), []
    if form.is_valid():
        try:
            _save(request, account, form)
        except account_changes.ChangedSince as refused:
            form.add_error(None, refused.message)
            base, changed = stored.fingerprint(), _differences(form, stored)
        except people.AccountChangeRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("person", key)
    context = {
        "account": account,
        "base": base,
        "changed": changed,
        "has_claims": _has_claims(account),
    }
    return form_page(request, "accounts/edit.html", form, context)


def _save(request: HttpRequest, account: User, form: PersonForm) -> None:
    with transaction.atomic():
        renewed: Invitation | None = account_changes.change(
            account=account,
            details=form.details(),
            base=request.POST.get("base", ""),
            by=person(request),
        )
        if renewed is not None:
            invitation_email.send(request, renewed)
    messages.success(request, _("Account saved."))
    if renewed is not None:
        messages.info(request, _("A new invitation was sent to %s.") % renewed.user.email)


def _differences(form: PersonForm, stored: Details) -> list[tuple[str, str]]:
    """Return what is stored where the form says something else: label and text."""
    entered = form.details()
    names = [str(one) for one in Department.objects.filter(pk__in=stored.access.departments)]
    labels = [str(label) for kind, label in kinds() if kind in stored.access.kinds]
    differences = [
        (name, getattr(stored, name))
        for name in account_changes.NAMING_FIELDS
        if getattr(stored, name) != getattr(entered, name)
    ]
    if stored.access.kinds != entered.access.kinds:
        differences.append(("kinds", ", ".join(labels)))
    if stored.access.departments != entered.access.departments:
        differences.append(("departments", ", ".join(names)))
    return [(str(form.fields[name].label), text or _("None")) for name, text in differences]


def _has_claims(account: User) -> bool:
    """Whether single sign-on sets the groups and departments at each sign-in."""
    providers = account.socialaccount_set.values("provider")  # type: ignore[attr-defined]
    return ClaimRule.objects.filter(provider__provider_id__in=providers).exists()
