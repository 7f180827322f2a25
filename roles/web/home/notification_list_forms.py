"""The filter of the notifications, and the preferences for email."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from roles.models import Notification
from roles.models.notification import NotificationQuerySet
from roles.models.user import EMAIL_FREQUENCIES
from roles.web.shared import filters
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import RadioButtons


class NotificationFilter(filters.ListFilter):
    """All notifications, or the unread ones."""

    show = django_filters.ChoiceFilter(choices=[("unread", _("Unread"))], method="filter_shown")

    class Meta:
        model = Notification
        fields: list[str] = []

    def filter_shown(
        self, notifications: NotificationQuerySet, name: str, value: str
    ) -> NotificationQuerySet:
        return notifications.unread()

    @property
    def is_unread(self) -> bool:
        return bool(self.value("show"))


FREQUENCY_HELP = {
    "now": _("A mail as soon as somebody asks you or answers you."),
    "daily": _(
        "One mail a day with everything that is new. Reminders of what is overdue still come at"
        " once."
    ),
    "none": _("Nothing at all, no reminders either. Look at the bell now and then."),
}


class EmailPreferencesForm(EmbeddedForm):
    """How often a person gets email about reviews."""

    email_frequency = forms.ChoiceField(
        label=_("When do you want mail?"),
        choices=list(EMAIL_FREQUENCIES.items()),
        widget=RadioButtons(FREQUENCY_HELP),
    )
