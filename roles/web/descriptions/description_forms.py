"""Forms around a job description: the filters of the list, and who it belongs to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roles import permissions
from roles.models import (
    JobDescription,
    User,
)
from roles.web.shared.fields import MultipleModelChoiceField


class PeopleForm(forms.Form):
    """Who owns the job description, and whom it names. `owner_base` is whom the page showed: it
    may have been given to someone else since."""

    owner_base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Owner"),
        empty_label=None,
        help_text=_("Writes it and answers for it."),
    )
    hiring_managers = MultipleModelChoiceField(
        queryset=User.objects.none(),
        label=_("Hiring managers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They read it, its pay included, and get its PDF."),
    )
    confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_(
            "Only the owner and these hiring managers see it. If you are neither, you lose sight"
            " of it when you save."
        ),
    )
    review_by = forms.DateField(
        label=_("Look at it again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "From 30 days before, it waits on the owner's home page. Empty: nobody is reminded."
        ),
    )

    def __init__(self, data: Any, *, description: JobDescription) -> None:
        self.description = description
        managers = [user.pk for user in description.hiring_managers.all()]
        super().__init__(
            data,
            initial={
                "owner": description.owner_id,
                "hiring_managers": managers,
                "confidential": description.confidential,
                "review_by": description.review_by,
            },
        )
        self._offer("owner", "hr", Q(is_active=True, is_staff=True) | Q(pk=description.owner_id))
        self._offer("hiring_managers", "manager", Q(pk__in=managers))

    def _offer(self, name: str, group: str, others: Q) -> None:
        """The people of a group, and some others, as this field's choices."""
        members = Q(is_active=True, groups__name=permissions.GROUPS[group])
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        people = User.objects.filter(members | others).distinct()
        field.queryset = people.order_by("first_name", "last_name", "username")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        base = cleaned.pop("owner_base", None)
        if base is not None and base != self.description.owner_id:
            message = _("It was given to %s while this page was open. Choose again whose it is.")
            self.add_error("owner", ValidationError(message % self.description.owner))
        for name in ("owner", "hiring_managers"):
            chosen = cleaned.get(name) or []
            people = [chosen] if isinstance(chosen, User) else chosen
            closed = [str(user) for user in people if not user.is_active]
            if closed:
                message = _("This account is closed: %s. Choose another person.")
                self.add_error(name, ValidationError(message % ", ".join(closed)))
        if cleaned.get("confidential") and self.description.is_public:
            message = _("It has a public page. Take that off first (More, Publish).")
            self.add_error("confidential", ValidationError(message))
        return cleaned
