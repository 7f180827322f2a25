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
    "now": _("An email as soon as someone requests your review or replies to you."),
    "daily": _(
        "One email a day with everything new. Reminders about overdue reviews are still sent"
        " immediately."
    ),
    "none": _("No email, not even reminders. Check your notifications in JD Builder."),
}


class EmailPreferencesForm(EmbeddedForm):
    """The frequency of email about reviews."""

    email_frequency = forms.ChoiceField(
        label=_("Email frequency"),
        choices=list(EMAIL_FREQUENCIES.items()),
        widget=RadioButtons(FREQUENCY_HELP),
    )
