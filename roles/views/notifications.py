"""What a person is told: the page of it, and how mail reaches them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from roles.models import Notification
from roles.views.access import person


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """What they were told, newest first; posted, all of it is read."""
    found = Notification.objects.to(person(request))
    return render(request, "roles/notifications/list.html", {"page": found[:25]})


@require_http_methods(["GET", "HEAD", "POST"])
def mail_choice(request: HttpRequest) -> HttpResponse:
    """At once, once a day, or no mail."""
    return render(request, "roles/notifications/mail.html")
