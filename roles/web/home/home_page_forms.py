"""The sort order of the drafts on the home page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from roles.models import JobDescription
from roles.web.shared import description_filter, filters


class DraftSort(filters.ListFilter):
    """The person's drafts by title, status, or last change."""

    sort_columns = description_filter.DescriptionFilter.sort_columns
    sort_labels = {
        "-changed": _("Changed, newest first"),
        "changed": _("Changed, oldest first"),
        "title": _("Title, A to Z"),
        "-title": _("Title, Z to A"),
        "status": _("Status, draft first"),
        "-status": _("Status, archived first"),
    }
    default_sort = "-changed"

    class Meta:
        model = JobDescription
        fields: list[str] = []
