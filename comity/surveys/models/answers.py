"""What was answered, and what was counted of it. Three places, for three promises; docs/decisions/anonymity.md says why.

An answer is a map of question keys to a whole number (a rating), a key or a list of keys (choices), `true` or `false`,
a text, or `"na"` for "I don't know". A question nobody answered is not in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.partners.models import Partner, Person
from comity.people.models import User
from comity.surveys.capabilities import SEE_CONFIDENTIAL
from comity.surveys.models.json_keys import is_one_of
from comity.surveys.models.participant import Participant
from comity.surveys.models.wave import Mode, Wave

DONT_KNOW = "na"

# A random key: rows lie in its order, so that no order of arrival is kept anywhere. Its column has to be a BigAutoField,
# which SQLite takes for the row's own number; beside any other key it keeps a second, hidden one that counts upwards.
unordered = partial(secrets.randbelow, 2**62)


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User) -> ResponseQuerySet:
        """Single answers are the office's, and only those whose author may be known to it.

        Of confidential waves, those whose author ticked that they may be contacted, but for the survey office.
        """
        if not user.is_office:
            return self.none()
        if user.can(SEE_CONFIDENTIAL):
            return self.filter(wave__mode__in=[Mode.NAMED, Mode.CONFIDENTIAL])
        return self.filter(Q(wave__mode=Mode.NAMED) | Q(wave__mode=Mode.CONFIDENTIAL, may_contact=True))

    def of_partner(self, partner: Partner) -> ResponseQuerySet:
        """What people of a body answered, the latest first."""
        return self.filter(partner=partner).order_by("-day", "pk")

    def with_low(self, rating_keys: Iterable[str], low_rating: int) -> ResponseQuerySet:
        """Those with a rating of `low_rating` or less among these questions."""
        low = list(range(1, low_rating + 1))
        wanted = Q(pk__in=[])
        for key in rating_keys:
            wanted |= Q(is_one_of("answers", key, low))
        return self.filter(wanted)

    def complete(self) -> ResponseQuerySet:
        """Those that were sent off, not merely begun."""
        return self.filter(is_complete=True)


class Response(models.Model):
    """One person's answers. Of an anonymous wave there are none: not while it is open (`Held`), nor when it is closed."""

    id = models.BigAutoField(primary_key=True, default=unordered, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="responses")
    participant = models.OneToOneField(Participant, models.CASCADE, null=True, related_name="response")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="responses")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="responses")
    answers: Any = models.JSONField(default=dict)
    is_complete = models.BooleanField(default=False)
    may_contact = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    day = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    follow_up = models.ForeignKey("followups.FollowUp", models.SET_NULL, null=True, related_name="+")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["wave", "partner"]),
            models.Index(fields=["person"]),
            models.Index(fields=["partner", "-day"]),
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.person or self.pk}"


class HeldQuerySet(models.QuerySet["Held"]):
    def visible_to(self, user: User) -> HeldQuerySet:
        """Nobody: an answer on its way is its author's alone."""
        return self.none()


class Held(models.Model):
    """An answer to an anonymous wave while it is open, so that its author can go on with it.

    key      made from the link's token with the installation's secret: the database alone leads from it to nobody
    answers  sealed with the same secret (`services.sealing`): the database alone does not even read them
    """

    id = models.BigAutoField(primary_key=True, default=unordered, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="held")
    key = models.CharField(max_length=64, unique=True)
    answers: Any = models.JSONField(default=dict)
    is_complete = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    revision = models.PositiveIntegerField(default=1)

    objects = HeldQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.wave}"


class Remark(models.Model):
    """A text of an anonymous wave, apart from all else that its author said."""

    id = models.BigAutoField(primary_key=True, default=unordered, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="remarks")
    question = models.SlugField(max_length=60)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["wave", "question"])]

    def __str__(self) -> str:
        return self.text[:60]


class TallyQuerySet(OfficeQuerySet["Tally"]):
    """The office reads what is not hidden; partners read theirs through the pages of their portal."""


class Tally(models.Model):
    """One question within one group of one table; with an empty question, the group's own size.

    table      whose breakdown: all, kind, tier, size, partner
    group      one of its groups: "county", "Tier 1", a partner's number; empty in `all`
    invited, reached  of the group; 0 on a question's row
    n          how many gave an answer; None where the group is too small to show
    na         how many said that they do not know
    skipped    how many were asked and said nothing
    counts     answer -> how many gave it ({"1": 0, "5": 12}); None where hidden
    """

    class Table(models.TextChoices):
        ALL = "all", _("Everyone")
        KIND = "kind", _("By kind")
        TIER = "tier", _("By tier")
        SIZE = "size", _("By size")
        PARTNER = "partner", _("One by one")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="tallies")
    table = models.CharField(max_length=10, choices=Table.choices)
    group = models.CharField(max_length=50, blank=True)
    question = models.SlugField(max_length=60, blank=True)
    invited = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    n = models.PositiveIntegerField(null=True)
    na = models.PositiveIntegerField(null=True)
    skipped = models.PositiveIntegerField(null=True)
    counts: Any = models.JSONField(null=True)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["wave", "table", "group", "question"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.table} {self.group} {self.question}"

    @property
    def is_hidden(self) -> bool:
        return self.n is None
