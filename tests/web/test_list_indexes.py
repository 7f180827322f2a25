"""Each sort order that a page offers is read from an index: the database sorts no rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roles.models import BulkExport, JobDescription
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

# The indexes of unique columns have these names on SQLite and PostgreSQL.
REFERENCE = "autoindex_roles_jobdescription_1|jobdescription_reference_"
NUMBER = "autoindex_roles_event_1|event_number_unique"
# Page, table of its list, and the index that its order is read from. An order by what is
# counted (job descriptions of a person) has none.
ORDERS = [
    *(
        (f"/descriptions/?sort={sort}", "jobdescription", index)
        for sort, index in (
            ("-changed", "description_by_change"),
            ("changed", "description_by_change"),
            ("title", "description_by_title"),
            ("-title", "description_by_title"),
            ("reference", REFERENCE),
            ("-reference", REFERENCE),
            ("status", "description_by_status"),
            ("-status", "description_by_status"),
        )
    ),
    *(
        (f"/catalog/?sort={sort}", "effectiveperiod", index)
        for sort, index in (
            ("title", "effective_period_by_title"),
            ("-title", "effective_period_by_title"),
            ("since", "effective_period_by_since"),
            ("-since", "effective_period_by_since"),
            ("reference", "effective_period_by_reference"),
            ("-reference", "effective_period_by_reference"),
        )
    ),
    *(
        (f"/reviews/?show={show}&sort={sort}", "review", index)
        for show, start in (("", "review_open"), ("all", "review"), ("ended", "review"))
        for sort, index in (
            ("waiting", f"{start}_by_due"),
            ("due", f"{start}_by_due"),
            ("-due", f"{start}_by_due_last"),
            ("asked", f"{start}_by_time"),
            ("-asked", f"{start}_by_time"),
            ("title", f"{start}_by_title"),
            ("-title", f"{start}_by_title"),
        )
    ),
    ("/people/?sort=name", "user", "user_by_name"),
    ("/people/?sort=-name", "user", "user_by_name"),
    ("/people/?sort=seen", "user", "user_by_last_sign_in"),
    ("/people/?sort=-seen", "user", "user_by_last_sign_in"),
    ("/library/?sort=used", "snippet", "snippet_by_use"),
    ("/library/?sort=-used", "snippet", "snippet_by_use"),
    ("/library/?sort=text", "snippet", "snippet_by_text"),
    ("/library/?sort=-text", "snippet", "snippet_by_text"),
    ("/library/?sort=changed", "snippet", "snippet_by_change"),
    ("/library/?sort=-changed", "snippet", "snippet_by_change"),
    ("/notifications/", "notification", "notification_by_time"),
    ("/notifications/?show=unread", "notification", "notification_by_time"),
    ("/activity/", "event", "event_by_time"),
    ("/activity/?by=PERSON", "event", "event_of_actor"),
    ("/activity/?since=2026-01-01", "event", "event_by_time"),
    ("/rollouts/", "rollout", "rollout_by_time"),
    ("/exports/", "bulkexport", "bulk_export_by_time"),
    ("/settings/history/", "event", NUMBER),
    ("/descriptions/REFERENCE/history/", "event", NUMBER),
    ("/?sort=changed", "jobdescription", "description_of_owner"),
    ("/?sort=-changed", "jobdescription", "description_of_owner"),
    ("/", "snippet", "snippet_edited"),
    ("/", "snippet", "snippet_by_status"),
    ("/", "snippet", "snippet_by_review_date"),
]


@pytest.fixture
def client(client_for: Any) -> Any:
    """An administrator, who has each of these pages, with a row in each list."""
    client = client_for("admin")
    jd = builders.published(builders.description(client.user)).description
    builders.version(jd)
    builders.review(jd)
    other = builders.description()
    builders.review(other, client.user)
    builders.snippet(by=client.user, review_by=timezone.localdate())
    builders.snippet("Prepare plans.", by=client.user, status="proposed")
    BulkExport.objects.create(by=client.user)
    _add_others()
    client.reference = jd.reference
    return client


def _add_others() -> None:
    """So many that PostgreSQL looks for the few of one owner, or the few drafts."""
    owner = builders.user("hr")
    JobDescription.objects.bulk_create(
        JobDescription(
            reference=f"XX-{number}", owner=owner, title=f"Nurse {number}", status="approved"
        )
        for number in range(400)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE roles_jobdescription")


@pytest.mark.parametrize(
    ("path", "table", "index"), ORDERS, ids=[f"{path} {index}" for path, _table, index in ORDERS]
)
def test_an_order_is_read_from_its_index(client: Any, path: str, table: str, index: str) -> None:
    url = path.replace("PERSON", str(client.user.pk)).replace("REFERENCE", client.reference)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    lists = [
        query["sql"]
        for query in captured.captured_queries
        if re.search(rf'FROM "roles_{table}".* ORDER BY .* LIMIT \d+$', query["sql"], re.DOTALL)
    ]
    plans = [plan(sql) for sql in lists]
    read = [one for one in plans if re.search(rf"\b\w*({index})", one) and not SORTED.search(one)]
    assert read, "\n\n".join(plans)


SORTED = re.compile(r"TEMP B-TREE FOR (ORDER BY|LAST)|^\s*(-> +)?Sort$", re.MULTILINE)


def plan(sql: str) -> str:
    """The plan of a query, without its subqueries. PostgreSQL avoids what is disabled if it can:
    with few rows, it would read all of them and sort them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return "\n".join(
                detail for _id, parent, _unused, detail in cursor.fetchall() if not parent
            )
        for method in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
        return "\n".join(row[0] for row in cursor.fetchall()).partition("SubPlan")[0]
