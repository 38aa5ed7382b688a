"""What the office says came of a wave: to all who were asked, and to those of one partner."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comity.followups.models import FollowUp
from comity.partners.models import Partner
from comity.people.models import User
from comity.surveys.models.participant import Participant
from comity.surveys.models.survey import InTwoLanguages
from comity.surveys.models.wave import Wave


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User) -> AccountQuerySet:
        """The office sees all; a partner's users what is published of waves in which their people were asked."""
        if user.is_office:
            return self
        mine = Partner.objects.visible_to(user)
        asked = Participant.objects.filter(wave=OuterRef("wave"), partner__in=mine)
        return self.published().filter(Exists(asked))

    def published(self) -> AccountQuerySet:
        """Those that can be read now."""
        return self.filter(published_at__isnull=False)


class Account(InTwoLanguages):
    """*What you told us, what we did*, of one wave. There is a page for all, and one for each partner.

    published_at  since when it can be read; None before, and after it was taken back
    mailed_at     when those who were asked were written to, which happens once
    """

    wave = models.OneToOneField(Wave, models.CASCADE, related_name="account")
    intro_en = models.TextField(_("introduction"), blank=True)
    intro_es = models.TextField(_("introduction in Spanish"), blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AccountQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.wave)


class DeedQuerySet(models.QuerySet["Deed"]):
    def visible_to(self, user: User) -> DeedQuerySet:
        """The office sees all; a partner's users, of what they may read, what is said to all and to their own partners."""
        if user.is_office:
            return self
        mine = Partner.objects.visible_to(user)
        accounts = Account.objects.visible_to(user)
        return self.filter(Q(partner=None) | Q(partner__in=mine), account__in=accounts.values("pk"))

    def for_readers_at(self, partner: Partner | None) -> DeedQuerySet:
        """Those that people of a partner read: their own, then those for all; without a partner those for all."""
        return self.filter(Q(partner=None) | Q(partner=partner) if partner else Q(partner=None))


class Deed(InTwoLanguages):
    """One thing that was heard in a wave, and what was done about it, in words that are fit for those who read it.

    partner     whose people read it; None for everybody
    follow_ups  of which it is said; only the office sees these
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="deeds")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="deeds")
    heard_en = models.CharField(_("what you told us"), max_length=300)
    heard_es = models.CharField(_("what you told us, in Spanish"), max_length=300, blank=True)
    done_en = models.TextField(_("what we did"))
    done_es = models.TextField(_("what we did, in Spanish"), blank=True)
    follow_ups = models.ManyToManyField(
        FollowUp, blank=True, related_name="deeds", verbose_name=_("follow-ups this comes from")
    )
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DeedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        indexes = [models.Index(fields=["account", "partner"])]

    def __str__(self) -> str:
        return self.heard_en
