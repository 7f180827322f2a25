"""Notifications: the list, opening one, email preferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from roles import outages
from roles.models import JobDescription, Notification, User
from roles.models.user import EMAIL_FREQUENCIES
from roles.notifications import inbox, notification_messages, notification_paths
from roles.reviews import review_access
from roles.web.home.notification_list_forms import EmailPreferencesForm, NotificationFilter
from roles.web.shared import key_pages, pending_reviews
from roles.web.shared.access import person
from roles.web.shared.idempotency import form_data, form_page
from roles.web.shared.sort_order import SortOrder

PAGE_SIZE = 50
NEWEST_FIRST = SortOrder("", ("created_at",), is_descending=True)
ICONS = {  # by the verb of the notification
    "review.asked": "chat-square-text",
    "rollout.asked": "chat-square-text",
    "review.due_soon": "calendar-event",
    "review.overdue": "exclamation-triangle",
    "review.late": "exclamation-triangle",
    "review.expiring": "exclamation-triangle",
    "review.approved": "check-circle-fill",
    "review.decided": "check2-square",
    "review.withdrawn": "x-circle",
    "review.released": "x-circle",
    "review.delegated": "arrow-left-right",
    "review.suggested": "pencil-square",
    "review.answered": "reply",
}
OTHER_ICON = "chat"


@dataclass(frozen=True, slots=True)
class NotificationEntry:
    """A notification with its sentence and icon."""

    row: Notification
    sentence: str
    icon: str


@dataclass(slots=True)
class NotificationGroup:
    """The notifications about one object, newest first. `url` is "" where the person can no
    longer see it; the title then doesn't reveal what it is."""

    title: str
    reference: str
    url: str
    review: int | None
    entries: list[NotificationEntry] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        return any(entry.row.read_at is None for entry in self.entries)


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """The notifications, newest first. A POST marks those on the page as read, or those of one
    review."""
    user = person(request)
    own = Notification.objects.to(user)
    if request.method == "POST":
        _mark_read(request, user)
        return redirect("notifications")
    filtered = NotificationFilter(request.GET, own)
    related = ("by", "by_reviewer__user", "reviewer", "review", "description")
    rows = filtered.qs.select_related(*related).defer("description__search_text")
    page = key_pages.page_of(request, rows, NEWEST_FIRST, PAGE_SIZE)
    context = {
        "filter": filtered,
        "page": page,
        "groups": groups(page.object_list, user),
        "has_unread": own.unread().exists(),
        "newest": own.order_by("-pk").values_list("pk", flat=True).first(),
        "email_frequency": EMAIL_FREQUENCIES[user.email_frequency],
    }
    return render(request, "home/notifications.html", context)


@require_safe
def notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark a notification as read, and redirect to what it is about."""
    rows = Notification.objects.to(person(request)).select_related("review", "description")
    row = get_object_or_404(rows, pk=notification_id)
    user = person(request)
    mark = "Read mark of a notification"
    outages.tolerate(mark, lambda: inbox.mark_read(user=user, rows=[row.pk]))
    is_visible = bool(groups([row], user)[0].url)
    return redirect(_address(row, user) if is_visible else "notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def email_preferences(request: HttpRequest) -> HttpResponse:
    """The person's email frequency."""
    user = person(request)
    form = EmailPreferencesForm(
        form_data(request), initial={"email_frequency": user.email_frequency}
    )
    if form.is_valid():
        inbox.set_email_frequency(user=user, frequency=form.cleaned_data["email_frequency"])
        messages.success(request, _("Email preferences saved."))
        return redirect("notifications")
    return form_page(request, "home/email_preferences.html", form, {})


def groups(rows: Sequence[Notification], user: User) -> list[NotificationGroup]:
    """Group the notifications by what they are about, in the order of the newest of each; a
    constant number of queries."""
    reviews = pending_reviews.visible_reviews(user).filter(pk__in={row.review_id for row in rows})
    titles = dict(reviews.values_list("pk", "title"))
    about = [row.description_id for row in rows if row.review_id is None and row.description_id]
    seen = JobDescription.objects.visible_to(user).filter(pk__in=about)
    descriptions = set(seen.order_by().values_list("pk", flat=True))
    reviewers = notification_messages.deciders(rows)
    by_key: dict[object, NotificationGroup] = {}
    for row in rows:
        key, group = _group(row, titles, descriptions)
        group = by_key.setdefault(key, group)
        sentence = (
            notification_messages.message(row, group.title, reviewers).sentence
            if group.url
            else _hidden_sentence(row)
        )
        icon = ICONS.get(row.verb, OTHER_ICON) if group.url else "lock"
        group.entries.append(NotificationEntry(row, sentence, icon))
    return list(by_key.values())


def _group(
    row: Notification, titles: dict[int, str], descriptions: set[int]
) -> tuple[object, NotificationGroup]:
    """Return the key of the group of a notification, and that group, empty."""
    if row.review is not None and row.description is not None:
        key = ("review", row.review_id)
        if row.review_id not in titles:
            return key, NotificationGroup(
                _("A review you no longer have access to"), "", "", row.review_id
            )
        title, url = titles[row.review.pk], row.review.get_absolute_url()
        return key, NotificationGroup(title, row.description.reference, url, row.review_id)
    if rollout := row.what.get("rollout"):
        return ("rollout", rollout), NotificationGroup(
            _("Revised wording"), "", notification_paths.path(row, may_answer=False), None
        )
    if row.description is not None and row.description_id in descriptions:
        title, reference = row.description.title, row.description.reference
        path = notification_paths.path(row, may_answer=False)
        return ("description", row.description_id), NotificationGroup(title, reference, path, None)
    return "closed", NotificationGroup(_("An item you no longer have access to"), "", "", None)


def _hidden_sentence(row: Notification) -> str:
    if row.verb == "review.withdrawn":
        return _("A review you were asked to do was withdrawn.")
    if row.verb == "review.released":
        return _("You were removed from a review.")
    return _("You no longer have access to this.")


def _address(row: Notification, user: User) -> str:
    """Return the address of what a notification is about."""
    reader = review_access.reader(row.review, user) if row.review is not None else None
    may_answer = reader is not None and reader.may("review.answer")
    return notification_paths.path(row, may_answer=may_answer)


def _mark_read(request: HttpRequest, user: User) -> None:
    """Mark as read all notifications that the page showed, or those of the posted review."""
    unread = Notification.objects.to(user).unread()
    review, until = request.POST.get("review", ""), request.POST.get("until", "")
    if review.isdecimal() and len(review) < 10:
        unread = unread.filter(review=int(review))
    if until.isdecimal() and len(until) < 19:
        unread = unread.filter(pk__lte=int(until))
    count = inbox.mark_read(user=user, rows=unread.values_list("pk", flat=True))
    if count:
        message = ngettext(
            "%d notification marked as read.", "%d notifications marked as read.", count
        )
        messages.success(request, message % count)
