"""The office's own settings: its name, its words, its year, its calendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.contrib.sessions.models import Session, SessionManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def between(least: int, most: int) -> list[Callable[[int], None]]:
    """Validators of a whole number."""
    return [MinValueValidator(least), MaxValueValidator(most)]


def _days(name: Any, usual: int) -> models.PositiveSmallIntegerField[int, int]:
    """So many business days, within a year."""
    return models.PositiveSmallIntegerField(name, default=usual, validators=between(1, 250))


class Office(models.Model):
    """The one office this installation serves (always row 1)."""

    name = models.CharField(_("name of the office"), max_length=200, default="Office of IT")
    state_name = models.CharField(_("state"), max_length=100, blank=True)
    state_fips = models.CharField(_("state FIPS code"), max_length=2, blank=True)
    logo = models.ImageField(_("logo"), upload_to="office", blank=True)
    address = models.TextField(_("postal address"), blank=True)
    email = models.EmailField(_("contact email"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    partner_word = models.CharField(_("singular"), max_length=50, default="partner")
    partner_words = models.CharField(_("plural"), max_length=50, default="partners")
    partner_word_es = models.CharField(_("singular, in Spanish"), max_length=50, default="organismo")
    partner_words_es = models.CharField(_("plural, in Spanish"), max_length=50, default="organismos")
    fiscal_year_start = models.PositiveSmallIntegerField(_("first month of the fiscal year"), default=7)
    time_zone = models.CharField(_("time zone"), max_length=50, default="America/New_York")
    languages = models.JSONField(_("languages"), default=list)  # codes; empty means English and Spanish
    # A subdivision `holidays` knows.
    state_holidays = models.CharField(_("state holidays"), max_length=10, blank=True)
    due_days_urgent = _days(_("business days if urgent"), 2)
    due_days_high = _days(_("business days if high priority"), 5)
    due_days_normal = _days(_("business days if normal priority"), 10)
    due_days_low = _days(_("business days if it can wait"), 20)
    own_within_days = _days(_("business days to find an owner"), 1)
    catalog_is_public = models.BooleanField(
        _("everybody may read the catalog of services, without signing in"), default=False
    )
    set_up_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def letterhead(self) -> list[str]:
        """What heads a sheet of paper: the state, unless the office's name says it, and the office."""
        state = self.state_name if self.state_name not in self.name else ""
        return [one for one in (state, self.name) if one]

    def on_paper(self, about: str, *, first: str = "") -> dict[str, str]:
        """What each sheet of paper says of us: see ui/print/house.typ.

        about  what the sheet is, behind whose it is; first: what stands at its foot, before how we are reached
        """
        return {
            "kicker": " · ".join([*self.letterhead, about]),
            "office": self.name,
            "language": (get_language() or "en").partition("-")[0],
            "footer": " · ".join(filter(None, (first, self.name, self.phone, self.email))),
        }

    @property
    def logo_url(self) -> str:
        """Where the logo is, or "". The address changes with the picture, so that browsers may keep it."""
        if not self.logo:
            return ""
        return f"{reverse('office:logo')}?v={PurePosixPath(str(self.logo.name)).stem}"

    @property
    def due_days(self) -> dict[str, int]:
        """Business days until something is due, by its severity."""
        return {one: getattr(self, f"due_days_{one}") for one in ("urgent", "high", "normal", "low")}


class SessionsWithSettings(SessionManager[Any]):
    """Sessions, each with `office_row`: the row of the office as JSON, or None before it is set up."""

    def get_queryset(self) -> models.QuerySet[Any]:
        names = [field.attname for field in Office._meta.concrete_fields]
        row = Office.objects.filter(pk=1).values_list(JSONObject(**{name: name for name in names}))
        found: models.QuerySet[Any] = super().get_queryset().annotate(office_row=Subquery(row[:1]))
        return found


class SessionWithSettings(Session):
    """Django's session, read together with the office's settings (`sessions.SessionStore`)."""

    objects: ClassVar[SessionsWithSettings] = SessionsWithSettings()

    class Meta:
        proxy = True


class VisitTier(models.Model):
    """How often partners of a tier are to be seen face to face."""

    name = models.CharField(
        _("name"),
        max_length=50,
        unique=True,
        error_messages={"unique": _("There is already a tier with this name.")},
    )
    every_days = models.PositiveSmallIntegerField(_("days between visits"), validators=between(1, 3650))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A day the office is closed besides the public holidays."""

    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("The office is already closed that day.")}
    )
    name = models.CharField(_("reason"), max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class RetentionRule(models.Model):
    """How long records of one kind are kept, by the state's schedule."""

    kind = models.CharField(max_length=60, unique=True)
    keep_days = models.PositiveIntegerField(_("days to keep"))
    schedule_item = models.CharField(_("item in the retention schedule"), max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.keep_days} days"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Questions about holds."""

    def standing(self) -> LegalHoldQuerySet:
        """Those not lifted."""
        return self.filter(lifted_at=None)

    def lifted(self) -> LegalHoldQuerySet:
        """Those of the past, the last one lifted first."""
        return self.exclude(lifted_at=None).order_by("-lifted_at")


class LegalHold(models.Model):
    """Nothing of a kind ("" for every kind) is destroyed while a hold stands."""

    kind = models.CharField(max_length=60, blank=True)
    reason = models.TextField(_("reason"))
    placed_by = models.CharField(max_length=200)
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]

    def __str__(self) -> str:
        return self.reason[:80]
