"""The filters of the list of reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from roles.models import Review, Reviewer, User
from roles.models.review import ReviewQuerySet
from roles.models.word_search import SEARCH_WORDS_LIMIT
from roles.web.shared import filters

SHOWN = {
    "waiting": _("Waiting for you"),
    "mine": _("Yours as author"),
    "overdue": _("Overdue"),
    "ended": _("Ended"),
    "all": _("All"),
}
# What the list of reviews can be sorted by: name in the URL -> order.
SORTS: dict[str, Lower | F] = {
    "title": Lower("title"),
    "asked": F("created_at"),
    "due": F("due"),
}
DEFAULT_SORT = "waiting"  # those that wait for the reader first, then by due date
SORT_WORDS = {
    "waiting": _("What waits for you, first"),
    "due": _("Due, soonest first"),
    "-due": _("Due, latest first"),
    "-asked": _("Asked, newest first"),
    "asked": _("Asked, oldest first"),
    "title": _("Title, A to Z"),
    "-title": _("Title, Z to A"),
}


class ReviewsForm(forms.Form):
    """Each field a parameter of the list's URL."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("All that are open")), *SHOWN.items()]
    )


class ReviewsFilter(filters.SortedFilter):
    """The reviews that pass the filters of the URL, in its order; open ones where nothing is
    asked for."""

    sort_words = SORT_WORDS
    default_sort = DEFAULT_SORT

    def __init__(self, data: Any, visible: ReviewQuerySet, user: User) -> None:
        self.data, self.visible, self.user = data, visible, user
        self.form = ReviewsForm(data)

    @property
    def found(self) -> QuerySet[Review]:
        found = self._matching()
        if self.sort == DEFAULT_SORT:
            mine = Reviewer.objects.filter(
                user=self.user, removal_reason="", waiting_since__isnull=False
            )
            first = When(Q(state="open", pk__in=mine.values("review")), then=Value(0))
            order = Case(first, default=Value(1))
            return found.order_by(order, F("due").asc(nulls_last=True), "-created_at", "-pk")
        column = SORTS[self.sort.removeprefix("-")]
        if self.sort.startswith("-"):
            return found.order_by(column.desc(nulls_last=True), "-pk")
        return found.order_by(column.asc(nulls_last=True), "-pk")

    def _matching(self) -> ReviewQuerySet:
        if not self.form.is_valid():
            return self.visible.none()
        found = self._shown(self.form.cleaned_data["show"]).with_round()
        for word in self.form.cleaned_data["q"].split()[:SEARCH_WORDS_LIMIT]:
            by_reference = Q(description__reference__icontains=word)
            found = found.filter(Q(title__icontains=word) | by_reference)
        return found

    def _shown(self, show: str) -> ReviewQuerySet:
        if show == "waiting":
            return self.visible.turn_of(self.user)
        if show == "overdue":
            return self.visible.overdue()
        if show == "ended":
            return self.visible.exclude(state="open")
        if show == "mine":
            return self.visible.open().managed_by(self.user)
        return self.visible if show == "all" else self.visible.open()
