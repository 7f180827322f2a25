"""What must survive an upgrade, read from a database: python -m tests.upgrade.state."""

from __future__ import annotations

import json
import os
from typing import Any


def state() -> dict[str, Any]:
    """Returns versions with their hashes, approvals, effective periods and event chains as JSON
    values. Raises AssertionError if a hash or the history is broken."""
    from roles.audit import integrity
    from roles.document import Document, sha256
    from roles.models import Approval, ChainHead, DecidedSection, EffectivePeriod, Event, Version

    broken = [*Event.objects.broken(), *integrity.broken()]
    assert not broken, broken
    for version in Version.objects.all():
        document = Document.from_dict(json.loads(version.text))
        assert sha256(document.canonical_json()) == version.sha256, version
    return {
        "versions": {str(version): version.sha256 for version in Version.objects.order_by("pk")},
        "approvals": [str(approval) for approval in Approval.objects.order_by("pk")],
        "decided_sections": [
            [row.section, row.content_hash, row.normalized_hash]
            for row in DecidedSection.objects.order_by("pk")
        ],
        "effective_periods": [
            [str(period.version), str(period.since), period.until and str(period.until)]
            for period in EffectivePeriod.objects.order_by("pk")
        ],
        "chains": {
            head.chain: [head.count, head.hash] for head in ChainHead.objects.order_by("chain")
        },
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
    django.setup()
    print(json.dumps(state(), indent=1))
