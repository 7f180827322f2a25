"""The form that delegates a review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roles import limits
from roles.models import User
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import ParagraphField


class DelegateForm(EmbeddedForm):
    """The colleague who decides instead, and the reason."""

    to = forms.ModelChoiceField(
        label=_("Delegate to"),
        queryset=User.objects.none(),
        empty_label=_("Choose someone"),
        error_messages={
            "required": _("Choose someone."),
            "invalid_choice": _("Choose someone from the list."),
        },
    )
    reason = ParagraphField(
        label=_("Reason"),
        max_length=limits.COMMENT_LIMIT,
        rows=3,
        help_text=_("Shown in the audit record."),
        error_messages={"required": _("Enter a reason.")},
    )

    def __init__(self, data: Any, unavailable: Iterable[int]) -> None:
        """`unavailable` are the ids of accounts that can't be chosen."""
        super().__init__(data)
        people = User.objects.filter(is_active=True).exclude(pk__in=list(unavailable))
        self.set_queryset("to", people.order_by("first_name", "last_name", "username"))
