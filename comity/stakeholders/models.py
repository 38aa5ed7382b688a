"""Who has a say, and how they stand: initiatives, and people as they are seen at a partner or in an initiative."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comity.access import OfficeQuerySet
from comity.core.stakeholders import quadrant
from comity.followups.models import FollowUp
from comity.meetings.models import Meeting
from comity.partners.models import Partner, Person
from comity.search import matching
from comity.search.sorting import SortKey
from comity.stakeholders.capabilities import SENSITIVE

if TYPE_CHECKING:
    from comity.people.models import User

HINT = _("Write what you would say with them in the room. Notes may be public records.")


class InitiativeQuerySet(OfficeQuerySet["Initiative"]):
    """The office's own, which no partner's user sees."""

    def search(self, text: str) -> InitiativeQuerySet:
        return matching(self, text)

    def running(self, day: date) -> InitiativeQuerySet:
        """Those that have not ended on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Initiative(models.Model):
    """Something the office wants to bring about with some partners. `ends_on` is the first day it is over."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    sort_name = SortKey()
    purpose = models.TextField(_("purpose"), help_text=_("What will be different for them?"))
    partners = models.ManyToManyField(Partner, related_name="initiatives", verbose_name=_("with"))
    begun_on = models.DateField(_("begun on"))
    ends_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("The first day it is over."))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("stakeholders:initiative", args=[self.pk])


class StakeholderQuerySet(models.QuerySet["Stakeholder"]):
    def visible_to(self, user: User) -> StakeholderQuerySet:
        """The office sees those of partners it sees; the sensitive ones only who may. No partner's user sees any."""
        if not user.is_office:
            return self.none()
        rows = self.filter(partner__in=Partner.objects.visible_to(user))
        return rows if user.can(SENSITIVE) else rows.filter(sensitive=False)

    def standing(self) -> StakeholderQuerySet:
        """Those whose person and partner were not merged into another."""
        return self.filter(person__merged_into=None, partner__merged_into=None)

    def on(self, day: date) -> StakeholderQuerySet:
        """Those who have a say on a day: the person has not left, and they are still involved."""
        left = Q(person__left_on=None) | Q(person__left_on__gt=day)
        return self.standing().filter(left, Q(ends_on=None) | Q(ends_on__gt=day))

    def of_map(self, of: Partner | Initiative) -> StakeholderQuerySet:
        """Those of an initiative, or of a partner by itself."""
        if isinstance(of, Initiative):
            return self.filter(initiative=of)
        return self.filter(partner=of, initiative=None)

    def with_last_contact(self) -> StakeholderQuerySet:
        """With the days on which we last met them, heard from them, and told them something."""
        met = Meeting.objects.standing().filter(theirs=OuterRef("person")).order_by("-held_on")
        theirs = FollowUp.objects.filter(raised_by_person=OuterRef("person")).order_by()
        raised = theirs.values("raised_by_person")
        return self.annotate(
            met_on=Subquery(met.values("held_on")[:1]),
            heard_on=Subquery(raised.annotate(day=Max("heard_on")).values("day")),
            told_at=Subquery(raised.annotate(at=Max("told_at")).values("at")),
        )

    def called(self, text: str) -> StakeholderQuerySet:
        """Those whose person's name has the words."""
        return self.filter(person__in=Person.objects.search(text))


def level(words: Any, hint: Any) -> models.PositiveSmallIntegerField[int, int]:
    """A field for a level from 1 to 5."""
    between = [MinValueValidator(1), MaxValueValidator(5)]
    return models.PositiveSmallIntegerField(words, default=3, validators=between, help_text=hint)


class Stakeholder(models.Model):
    """A person as the office sees them at a partner, or in an initiative of it.

    since       when they came; a long-timer built what is to be replaced, or has lived with it for years
    influences  others on the same map who listen to them
    ends_on     the first day they have no say anymore
    """

    class Role(models.TextChoices):
        DECIDES = "decides", _("Decides")
        ADVISES = "advises", _("Advises whoever decides")
        PAYS = "pays", _("Holds the budget")
        CARRIES_OUT = "carries_out", _("Carries it out")
        AFFECTED = "affected", _("Works with the result")

    class Stance(models.TextChoices):
        CHAMPION = "champion", _("Champion")
        SUPPORTER = "supporter", _("Supporter")
        NEUTRAL = "neutral", _("Neutral")
        DOUBTER = "doubter", _("Doubter")
        OPPOSED = "opposed", _("Opposed")

    class Sure(models.TextChoices):
        ASSUMED = "assumed", _("Assumed")
        HEARD = "heard", _("Heard from others")
        CHECKED = "checked", _("Checked with them")

    class Quadrant(models.TextChoices):
        CLOSELY = "closely", _("Manage closely")
        SATISFIED = "satisfied", _("Keep satisfied")
        INFORMED = "informed", _("Keep informed")
        MONITOR = "monitor", _("Monitor")

    RATED = ("influence", "interest", "stance", "sure")

    person = models.ForeignKey(Person, models.PROTECT, related_name="stakes", verbose_name=_("person"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="stakeholders")
    initiative = models.ForeignKey(
        Initiative,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stakeholders",
        verbose_name=_("initiative"),
    )
    role = models.CharField(_("role in the decision"), max_length=12, choices=Role.choices)
    influence = level(_("influence"), _("1: very little. 5: nothing happens without them."))
    interest = level(_("interest"), _("1: very little. 5: it is on their desk every week."))
    stance = models.CharField(_("stance"), max_length=10, choices=Stance.choices, default=Stance.NEUTRAL)
    sure = models.CharField(_("how sure we are"), max_length=8, choices=Sure.choices, default=Sure.ASSUMED)
    since = models.DateField(_("there since"), null=True, blank=True)
    long_timer = models.BooleanField(
        _("long-timer"),
        default=False,
        help_text=_("They built what is to be replaced, or have worked with it for years."),
    )
    influences = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="listens_to", verbose_name=_("influences")
    )
    note = models.TextField(_("note"), blank=True, help_text=HINT)
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Only those who may see sensitive entries see this person here."),
    )
    ends_on = models.DateField(
        _("involved until"), null=True, blank=True, help_text=_("The first day they have no say anymore.")
    )
    added_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StakeholderQuerySet.as_manager()

    class Meta:
        verbose_name = _("stakeholder")
        ordering = ["person__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="stakeholder_once_at_a_partner",
                fields=["person", "partner"],
                condition=Q(initiative=None),
                violation_error_message=_("They are already on this map."),
            ),
            models.UniqueConstraint(
                name="stakeholder_once_in_an_initiative",
                fields=["person", "initiative"],
                violation_error_message=_("They are already on this map."),
            ),
            models.CheckConstraint(
                name="stakeholder_levels_of_five",
                condition=Q(influence__range=(1, 5), interest__range=(1, 5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.map}"

    def get_absolute_url(self) -> str:
        return reverse("stakeholders:stakeholder", args=[self.pk])

    @property
    def map(self) -> Partner | Initiative:
        """Where they are seen."""
        return self.initiative or self.partner

    @property
    def quadrant(self) -> Quadrant:
        return self.Quadrant(quadrant(self.influence, self.interest))
