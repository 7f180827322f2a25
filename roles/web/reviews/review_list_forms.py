"""The filters of the list of reviews."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles import search_query, search_words
from roles.models import Review, Reviewer, User, sort_keys
from roles.models.review import ReviewQuerySet
from roles.web.shared import filters

SHOW_CHOICES = {
    "waiting": _("Needs your attention"),
    "mine": _("Managed by you"),
    "overdue": _("Overdue"),
    "ended": _("Ended"),
    "all": _("All"),
}


class ReviewFilter(filters.ListFilter):
    """The filters of the list of reviews; open ones where `show` is not set."""

    sort_columns = {
        "title": Lower("title"),
        "asked": "created_at",
        "due": sort_keys.DUE_FIRST,
        "-due": sort_keys.DUE_LAST,
        "waiting": sort_keys.DUE_FIRST,
    }
    sort_labels = {
        "waiting": _("Needs your attention first"),
        "due": _("Due date, earliest first"),
        "-due": _("Due date, latest first"),
        "-asked": _("Requested, newest first"),
        "asked": _("Requested, oldest first"),
        "title": _("Title, A to Z"),
        "-title": _("Title, Z to A"),
    }
    default_sort = "waiting"  # those pending with the reader first, then by due date
    is_empty_when_invalid = True

    q = filters.search_filter(_("Title or reference"))
    show = django_filters.ChoiceFilter(
        choices=list(SHOW_CHOICES.items()),
        method="filter_shown",
        label=_("Show"),
        empty_label=_("All open"),
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def __init__(self, data: Any, visible: ReviewQuerySet, user: User) -> None:
        super().__init__(data, visible)
        self.user = user

    def search(self, reviews: ReviewQuerySet, name: str, words: str) -> ReviewQuerySet:
        """By words, as other searches. Titles are those of versions, which aren't stored as words:
        the title of the draft can be another."""
        asked = search_query.parse(words)
        columns = ("pk", "title", "description__reference")
        rows = reviews.order_by().values_list(*columns)
        return reviews.filter(
            pk__in=[pk for pk, *texts in rows if asked.matches(search_words.search_text(*texts))]
        )

    def filter_shown(self, reviews: ReviewQuerySet, name: str, show: str) -> ReviewQuerySet:
        if show == "waiting":
            return reviews.turn_of(self.user)
        if show == "overdue":
            return reviews.overdue()
        if show == "ended":
            return reviews.exclude(state="open")
        return reviews.open().managed_by(self.user) if show == "mine" else reviews

    @property
    def results(self) -> ReviewQuerySet:
        """The reviews that pass the filters, in no order."""
        reviews: ReviewQuerySet = self.qs if self.value("show") else self.qs.open()
        return reviews

    @property
    def parts(self) -> list[ReviewQuerySet]:
        """The reviews in the parts of their order: those pending with the reader come first in
        the default one."""
        results = self.results
        if self.sort != self.default_sort:
            return [results]
        pending = Reviewer.objects.pending().filter(user=self.user)
        own = Exists(pending.filter(review=OuterRef("pk")))
        return [results.open().filter(own), results.exclude(Q(state="open") & own)]
