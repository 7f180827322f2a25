"""What an installation has, as JSON, for comparison: `python -m tests.backups.contents`."""

from __future__ import annotations

import json
import os

import django

SEQUENCES = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence",
    "postgresql": "SELECT sequencename, last_value FROM pg_sequences",
}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "jdbuilder.settings"
    django.setup()
    from django.apps import apps
    from django.db import connection

    from roles.models import Event, RenderedFile, Version, version

    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES[connection.vendor])
        sequences = dict(cursor.fetchall())
    contents = {
        "versions": {str(row.pk): row.sha256 for row in Version.objects.all()},
        "events": [[row.chain, row.number, row.hash] for row in Event.objects.all()],
        "files": {str(row.file.name): row.digest for row in RenderedFile.objects.all()},
        "counts": {str(model._meta): model._default_manager.count() for model in apps.get_models()},
        "missing_triggers": sorted(version.missing_triggers(connection)),
        "sequences": sequences,  # else keys of deleted rows would come back
    }
    print(json.dumps(contents))


if __name__ == "__main__":
    main()
