"""The section content that decisions cover, and the approved versions."""

from __future__ import annotations

from django.db import models

from roles.models.review import Decision, Review
from roles.models.version import Version


class DecidedSection(models.Model):
    """A section that a decision covers, with the hashes of its content and normalized content at
    that time (see comparison.approval_hashes)."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="sections")
    section = models.CharField(max_length=32)
    content_hash = models.CharField(max_length=64)
    normalized_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "section"], name="decided_section_unique")
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.section}"


class Approval(models.Model):
    """The approval of a version: each section had all the approvals it needed."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="approval")
    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.SET_NULL, related_name="approvals"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.version)
