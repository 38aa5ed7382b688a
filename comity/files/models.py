"""Files people attach to what they write."""

from __future__ import annotations

from django.db import models


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, owner: models.Model) -> AttachmentQuerySet:
        """What hangs on one row, removed files included."""
        return self.filter(owner_kind=owner._meta.label, owner_id=owner.pk)

    def present(self) -> AttachmentQuerySet:
        """Those nobody has removed."""
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """One uploaded file, owned by a row of an upper room which says who may see it."""

    owner_kind = models.CharField(max_length=60)  # registered by the room above: "followups.FollowUp"
    owner_id = models.BigIntegerField()
    name = models.CharField(max_length=200)  # as its sender called it, made harmless; never a path
    content_type = models.CharField(max_length=100)  # decided from the bytes
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m")  # under a name of our own
    added_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")  # None: by mail
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"]),
            models.Index(fields=["removed_at"]),
        ]

    def __str__(self) -> str:
        return self.name
