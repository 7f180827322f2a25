"""The hashes of events no longer cover a person's name, so that an erasure keeps them whole.

Until now the hash of an event covered the name of who did it, and events about an account named
it in `about`. Every chain is gone through once, oldest event first: each hash is compared with
what the formula so far gives, and where it agrees the event gets the hash of the new formula and
the link to the event before it. What does not agree is left as it stands, so that a chain that
was broken stays broken at the same place: a changed event keeps its stored hash, a link that led
nowhere keeps leading nowhere, a head that disagreed is not touched, a gap in the numbers stays.

Going back does the same with the formulas exchanged. Names that were erased meanwhile, and the
names in `about`, do not come back; the chains are whole all the same.

Stop the processes that serve the product before this runs: what a process of the old version
wrote afterwards would count as changed.
"""

import hashlib
import json

from django.db import migrations, models

BATCH = 1000


def _hash(parts):
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def with_name(event, previous, about):
    parts = [
        *(previous, event.chain, event.number, event.at.isoformat()),
        *(event.actor, event.actor_id, event.verb, about, event.about_id, event.what),
    ]
    return _hash(parts)


def without_name(event, previous, about):
    parts = [
        *(previous, event.chain, event.number, event.at.isoformat()),
        *(event.actor_id, event.verb, about, event.about_id, event.what),
    ]
    return _hash(parts)


def _about(event):
    """Events about an account call it by its number."""
    is_account = event.verb.startswith("user.") and event.about_id is not None
    return f"user {event.about_id}" if is_account else event.about


def _batches(events, chain):
    """The events of a chain in order, not all of them in memory."""
    last = 0
    while found := list(events.filter(chain=chain, number__gt=last).order_by("number")[:BATCH]):
        yield found
        last = found[-1].number


def _carried(events, was, last, old, new):
    """The rows to write for some events of a chain; `was` and `last` are the hashes of the event
    before them, as stored so far and from now on. Also what both are after the last of them."""
    rows = []
    for event in events:
        about, previous, kept = _about(event), event.previous, event.hash
        if previous == was:
            previous = last
        if kept == old(event, event.previous, event.about):
            kept = new(event, previous, about)
        rows.append((previous, kept, about, event.pk))
        was, last = event.hash, kept
    return rows, was, last


def _rewrite(apps, schema_editor, old, new):
    connection = schema_editor.connection
    events = apps.get_model("roles", "Event").objects.using(connection.alias)
    heads = apps.get_model("roles", "ChainHead").objects.using(connection.alias)
    list(heads.select_for_update().order_by("chain"))  # nothing is added meanwhile
    write = "UPDATE roles_event SET previous = %s, hash = %s, about = %s WHERE id = %s"
    for chain in events.order_by("chain").values_list("chain", flat=True).distinct():
        was = last = ""
        for found in _batches(events, chain):
            rows, was, last = _carried(found, was, last, old, new)
            with connection.cursor() as cursor:
                cursor.executemany(write, rows)
        heads.filter(chain=chain, hash=was).update(hash=last)


def forward(apps, schema_editor):
    _rewrite(apps, schema_editor, with_name, without_name)


def backward(apps, schema_editor):
    _rewrite(apps, schema_editor, without_name, with_name)


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0004_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(forward, backward),
    ]
