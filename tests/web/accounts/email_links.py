"""Email that waits in the queue, and the links in it."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django_tasks_db.models import DBTaskResult


def sent() -> list[Any]:
    """Runs the waiting tasks. Returns the email that was sent so far."""
    for result in DBTaskResult.objects.ready():
        result.task.func(*result.args_kwargs["args"])
        result.delete()
    return list(mail.outbox)


def link(message: Any) -> str:
    """Returns the path of the link in an email."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found
    return found[1]
