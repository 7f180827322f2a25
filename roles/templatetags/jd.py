"""Tags and filters that templates share: permissions, icons, times, sort orders, nonces."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from roles import limits, permissions, vocabulary
from roles.exporters import inline_html, pay_labels
from roles.models import Notification
from roles.reviews import comments

if TYPE_CHECKING:
    from django.template import Context

    from roles.models import User

register = template.Library()

UNREAD_UP_TO = 100  # more are not counted
_HEIGHT = re.compile(r'height="\d+"')


@register.simple_tag
def limit(name: str) -> int:
    """Returns a number of `roles.limits`, for a field or a message: `{% limit "TITLE_LIMIT" %}`."""
    found: int = getattr(limits, name)
    return found


def new_nonce() -> str:
    """Returns a value for the hidden field `nonce`, with which a form is processed only once."""
    return secrets.token_urlsafe(18)


@register.simple_tag
def nonce() -> SafeString:
    """A hidden field with which the form is processed only once, however often it is sent."""
    return format_html('<input type="hidden" name="nonce" value="{}">', new_nonce())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline Bootstrap icon in the color of the text. Without a label it is decorative and
    hidden from screen readers."""
    svg = _svg(name)
    if not label:
        return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308
    named = format_html('<svg role="img" aria-label="{}" ', label)
    return mark_safe(svg.replace("<svg ", named, 1))  # noqa: S308


@register.simple_tag
def icon_sprite(*names: str) -> SafeString:
    """The icons that `{% icon_ref %}` refers to, once on a page."""
    symbols = (_svg(name).replace("<svg ", f'<svg id="icon-{name}" ', 1) for name in names)
    return mark_safe(f"<div hidden>{''.join(symbols)}</div>")  # noqa: S308


@register.simple_tag
@lru_cache(maxsize=200)
def icon_ref(name: str) -> SafeString:
    """A decorative icon from the page's sprite: only a few bytes, for icons in every line."""
    return format_html(
        '<svg class="bi" width="16" height="16" aria-hidden="true"><use href="#icon-{}"/></svg>',
        name,
    )


# Fields of a line that are set with one tap: field -> its label, code -> label of the button.
TOGGLES: dict[str, tuple[str | Promise, dict[str, str]]] = {
    "requirement": (_("Required or preferred"), vocabulary.REQUIREMENTS),
    "essential": (_("Essential or marginal function"), vocabulary.ESSENTIALS_SHORT),
}


@register.simple_tag
def toggle(name: str, prefix: str, value: str) -> SafeString:
    """Radio buttons for a field of TOGGLES; the dash clears it. Built in Python for speed, because
    every line of a long section has one."""
    pattern = _toggle_pattern(name, get_language() or "")
    chosen = f'value="{escape(value)}"'
    return mark_safe(  # noqa: S308  # escaped above and in the pattern
        pattern.replace("PREFIX", escape(prefix)).replace(chosen, f"{chosen} checked", 1)
    )


@lru_cache(maxsize=20)
def _toggle_pattern(name: str, language: str) -> str:
    label, words = TOGGLES[name]
    buttons = [("", "–"), *((code, gettext(word)) for code, word in words.items())]
    radios = "".join(
        f'<label><input type="radio" name="PREFIX-{name}" value="{code}"'
        + (f' aria-label="{escape(gettext("Not stated"))}"' if not code else "")
        + f"><span>{escape(word)}</span></label>"
        for code, word in buttons
    )
    return f'<span class="toggle" role="radiogroup" aria-label="{escape(label)}">{radios}</span>'


@lru_cache(maxsize=200)
def _svg(name: str) -> str:
    """Returns the SVG from the wheel django-bs-icon-templates, without its height."""
    drawing = render_to_string(f"bs_icon/{name}.svg", {"height": 16}).strip()
    return _HEIGHT.sub('width="16" height="16" focusable="false"', drawing, count=1)


@register.simple_tag(takes_context=True)
def may(context: Context, action: str) -> bool:
    """Whether the signed-in person's kind allows the action. For one job description, use
    `{% may_here %}`, which includes relations."""
    user = context.get("user")
    return bool(user and user.is_authenticated and permissions.may(cast("User", user), action))


@register.simple_tag(takes_context=True)
def may_here(context: Context, action: str, description: Any) -> bool:
    """Whether the signed-in person can do the action on this job description."""
    user = context["user"]
    return permissions.may(user, action, description.relations_of(user))


@register.simple_tag(takes_context=True)
def unread(context: Context) -> str:
    """The number of unread notifications, as the bell shows it."""
    count = Notification.objects.to(context["user"]).unread().order_by()[:UNREAD_UP_TO].count()
    return f"{count - 1}+" if count == UNREAD_UP_TO else str(count or "")


@register.simple_tag(takes_context=True)
def is_reviewer(context: Context) -> bool:
    """Whether the signed-in person is a reviewer of a review."""
    return bool(context["user"].reviewing.current().exists())


@register.simple_tag(takes_context=True)
def current(context: Context, link: str, *others: str) -> SafeString:
    """The attribute aria-current for a link in the main menu. Its pages start with the link or one
    of the others."""
    request = context.get("request")
    if request is None or not request.path.startswith((link, *others)):
        return SafeString("")
    state = "page" if request.path == link else "true"
    return format_html(' aria-current="{}"', state)


@register.simple_tag
def when(value: datetime | date | None) -> SafeString:
    """The time since a moment, or a date, with the exact time as title."""
    if value is None:
        return SafeString("")
    if not isinstance(value, datetime):
        text = formats.date_format(value, "DATE_FORMAT")
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        formats.date_format(local, "DATETIME_FORMAT"),
        _time_since(value),
    )


@register.simple_tag
def due(day: date | None) -> SafeString:
    """A date relative to today, with the exact date as title."""
    if day is None:
        return SafeString("")
    away = (day - timezone.localdate()).days
    words = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get(away)
    if words is None and away > 0:
        words = ngettext("in %d day", "in %d days", away) % away
    elif words is None:
        words = ngettext("%d day ago", "%d days ago", -away) % -away
    exact = formats.date_format(day, "DATE_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', day.isoformat(), exact, words)


@register.filter
def said(comment: Any) -> SafeString:
    """The text of a comment, escaped, with the names of the people it mentions (prefetch
    `mentions`)."""
    names = {user.pk: str(user) for user in comment.mentions.all()}

    def mention(match: re.Match[str]) -> str:
        name = names.get(int(match[1])) or gettext("someone")
        return f'<span class="mention">@{escape(name)}</span>'

    text = comments.MENTION.sub(mention, str(escape(comment.text)))
    return mark_safe(text.replace("\n", "<br>"))  # noqa: S308  # escaped above


@register.filter
def formatted(text: str) -> SafeString:
    """The text of a paragraph in its formatting, with its placeholders in brackets."""
    return inline_html.formatted_html(text)


def _time_since(moment: datetime) -> str:
    """Returns the time since then in one unit, such as "3 weeks ago"."""
    if abs((timezone.now() - moment).total_seconds()) < 1:
        return gettext("just now")
    # Only the larger unit of "3 weeks, 2 days ago".
    return re.sub(r", \d+\s\w+(?= )", "", str(naturaltime(moment)), count=1)


@register.filter
def money(amount: Decimal | None, currency: str = "USD") -> str:
    """An amount with its currency, with digits grouped for the language."""
    return "" if amount is None else pay_labels.money(amount, currency)


@register.simple_tag
def sort_state(sort: str, name: str) -> str:
    """The value of aria-sort for a column."""
    return {name: "ascending", f"-{name}": "descending"}.get(sort, "none")


@register.simple_tag
def sort_value(sort: str, name: str) -> str:
    """The value of `sort` in the link of a column: reversed if the list is already sorted by it."""
    return f"-{name}" if sort == name else name
