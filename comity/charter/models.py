"""What the chief customer officer is here for: five possible roles, each ours, shared or not ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from comity.people.models import User

# The five that NASCIO asks a state's CIO to choose among ("Relationships Matter Most", 2019), in its order.
ROLES: dict[str, Any] = {
    "sell": _("Bring our services to those who could use them"),
    "bridge": _("Be the bridge between them and our office"),
    "speak_for_them": _("Speak for them in our office"),
    "speak_for_us": _("Speak for our office with them"),
    "help_desk": _("Oversee the help desk"),
}


class Part(models.TextChoices):
    """How much of a role is the chief customer officer's."""

    OURS = "ours", _("Ours")
    SHARED = "shared", _("Shared")
    NOT_OURS = "not_ours", _("Not ours")


SIGNS = {Part.OURS: "good", Part.SHARED: "warn", Part.NOT_OURS: "none"}


@dataclass(frozen=True)
class Role:
    """One of the five, as a charter has it; `sign` is the color of its tag."""

    label: str
    part: Part
    words: str

    @property
    def sign(self) -> str:
        return SIGNS[self.part]


class CharterQuerySet(models.QuerySet["Charter"]):
    def visible_to(self, user: User) -> CharterQuerySet:
        """The office all; a partner's user the one in force."""
        return self if user.is_office else self.in_force()

    def endorsed(self) -> CharterQuerySet:
        """The one in force, and those that were before it."""
        return self.exclude(endorsed_at=None).order_by("-endorsed_at", "-pk")

    def in_force(self) -> CharterQuerySet:
        """The last that was endorsed, if there is one."""
        return self.filter(pk__in=self.endorsed().values("pk")[:1])

    def drafts(self) -> CharterQuerySet:
        """The one that nobody has endorsed yet, if there is one."""
        return self.filter(endorsed_at=None)


def _part(name: str) -> Any:
    return models.CharField(ROLES[name], max_length=10, choices=Part.choices, default=Part.NOT_OURS)


def _words() -> Any:
    return models.CharField(_("what that means here"), max_length=300, blank=True)


class Charter(models.Model):
    """One version; with the CIO's endorsement it holds, and never changes again."""

    purpose = models.TextField(_("why we have this role"), max_length=1000)
    sell, sell_words = _part("sell"), _words()
    bridge, bridge_words = _part("bridge"), _words()
    speak_for_them, speak_for_them_words = _part("speak_for_them"), _words()
    speak_for_us, speak_for_us_words = _part("speak_for_us"), _words()
    help_desk, help_desk_words = _part("help_desk"), _words()
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField(auto_now=True)
    endorsed_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    endorsed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CharterQuerySet.as_manager()

    class Meta:
        verbose_name = _("charter")
        constraints = [
            models.CheckConstraint(
                name="charter_endorsed_by_somebody",
                condition=Q(endorsed_at=None, endorsed_by=None)
                | Q(endorsed_at__isnull=False, endorsed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("Charter of the chief customer officer"))

    def get_absolute_url(self) -> str:
        return reverse("charter:charter", args=[self.pk])

    @property
    def roles(self) -> list[Role]:
        """All five, in order."""
        return [
            Role(label, Part(getattr(self, name)), getattr(self, f"{name}_words"))
            for name, label in ROLES.items()
        ]
