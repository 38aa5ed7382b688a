"""What a partner does, as both sides write it down, and who in the office understands it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from comity.access import OfficeQuerySet
from comity.audit.models import Entry
from comity.core import seasons
from comity.partners.models import Partner, PartnerQuerySet
from comity.partners.models.tree import WithAllBelow
from comity.search import matching
from comity.ui.components.days import day

if TYPE_CHECKING:
    from comity.people.models import User


class PartQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those of partners this person sees."""
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def search(self, text: str) -> Self:
        """Those with all the words of the text."""
        return matching(self, text)

    def with_last_edit(self) -> Self:
        """With `edited_by` and `edited_at`, as the trail has it."""
        own = Entry.objects.filter(
            target_kind=self.model._meta.label, target_id=Cast(OuterRef("pk"), CharField())
        ).order_by("-pk")
        return self.annotate(
            edited_by=Subquery(own.values("actor_label")[:1]), edited_at=Subquery(own.values("at")[:1])
        )


class Part(models.Model):
    """Something of a partner's business that both sides write down.

    ASKED  the facts a form asks for, the name of it first
    TOLD   those that stand below its name
    """

    ASKED: ClassVar[tuple[str, ...]]
    TOLD: ClassVar[tuple[str, ...]]

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="business_%(class)s", verbose_name=_("whose")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.ASKED[0]))

    def get_absolute_url(self) -> str:
        return f"{reverse('business:of_partner', args=[self.partner_id])}#{self._meta.model_name}"

    @property
    def title(self) -> str:
        """As the page has it."""
        return str(self)

    @property
    def group(self) -> str:
        """Under which heading it stands; "" for none."""
        return ""

    @property
    def told(self) -> list[tuple[str, str]]:
        """What is said of it, each with what it is called; nothing of what was left empty."""
        fields = (self._meta.get_field(name) for name in self.TOLD)
        named = [
            (capfirst(str(getattr(field, "verbose_name", ""))), getattr(self, field.name)) for field in fields
        ]
        return [(name, said) for name, said in named if said]


def once(name: str, *fields: str) -> models.UniqueConstraint:
    """No two of a partner are called alike: by that a list knows them again."""
    said = _("This is on the page already.")
    return models.UniqueConstraint(name=name, fields=["partner", *fields], violation_error_message=said)


class Mission(Part):
    """What a partner is there for; one each."""

    ASKED = ("mission",)
    TOLD = ()

    partner = models.OneToOneField(Partner, models.PROTECT, related_name="mission", verbose_name=_("whose"))
    mission = models.TextField(
        _("mission"), max_length=500, help_text=_("In two sentences, so that a newcomer understands.")
    )

    class Meta:
        verbose_name = _("mission")

    def __str__(self) -> str:
        return str(_("Mission"))


def named(words: Any, hint: Any = "") -> models.CharField[str, str]:
    """What a part is called."""
    return models.CharField(words, max_length=150, help_text=hint)


def line(words: Any, hint: Any = "", *, blank: bool = True) -> models.CharField[str, str]:
    """A fact in a line."""
    return models.CharField(words, max_length=300, blank=blank, help_text=hint)


def text(words: Any, hint: Any = "") -> models.TextField[str, str]:
    """A fact in some sentences."""
    return models.TextField(words, max_length=2_000, blank=True, help_text=hint)


class Program(Part):
    """Something a partner does for somebody."""

    ASKED = ("name", "serves", "purpose")
    TOLD = ASKED[1:]

    name = named(_("name"))
    serves = line(_("whom it serves"), _("And how many, if you know."), blank=False)
    purpose = text(_("what it does for them"))

    class Meta:
        verbose_name = _("program")
        ordering = ["name", "pk"]
        constraints = [once("program_once_by_name", "name")]


class Process(Part):
    """How a partner does one of its main things, and with which systems."""

    ASKED = ("name", "systems", "how")
    TOLD = ASKED[1:]

    name = named(_("name"))
    systems = line(_("systems behind it"), _("By the names used every day."))
    how = text(_("how it goes"))

    class Meta:
        verbose_name = _("process")
        ordering = ["name", "pk"]
        constraints = [once("process_once_by_name", "name")]


class Season(Part):
    """A time that counts for a partner: its first and its last day, every year or once.

    ends_on  None for a single day
    """

    class Kind(models.TextChoices):
        BUSY = "busy", _("Busy season")
        LEGISLATIVE = "legislative", _("Legislative date")
        DEADLINE = "deadline", _("Deadline")

    ASKED = ("name", "kind", "starts_on", "ends_on", "yearly", "means")
    TOLD = ("means",)

    name = named(_("name"))
    kind = models.CharField(_("what it is"), max_length=12, choices=Kind.choices, default=Kind.BUSY)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Leave it empty for a single day.")
    )
    yearly = models.BooleanField(_("every year on these days"), default=True)
    means = text(_("what it means for IT"), _("Such as: no changes to systems in these weeks."))

    class Meta:
        verbose_name = _("season")
        ordering = ["starts_on", "pk"]
        constraints = [
            once("season_once_by_name", "name"),
            models.CheckConstraint(
                name="season_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("It cannot end before it begins."),
            ),
        ]

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day, as they were written down."""
        return self.starts_on, self.ends_on or self.starts_on

    @property
    def told(self) -> list[tuple[str, str]]:
        """What it is with its days, then the rest."""
        first, last = (
            date_format(each, pgettext("date format of this year", "M j")) if self.yearly else day(each)
            for each in self.days
        )
        said = _("%(first)s to %(last)s") % {"first": first, "last": last} if last != first else first
        when = _("%(days)s, every year") % {"days": said} if self.yearly else said
        return [(self.get_kind_display(), when), *super().told]

    def next_time(self, today: date) -> tuple[date, date] | None:
        """When it is under way, or comes next; None once it is over for good."""
        return seasons.next_time(*self.days, yearly=self.yearly, today=today)


class FieldWork(Part):
    """How some of a partner's people work outside an office."""

    ASKED = ("who", "place", "device", "hours", "hard")
    TOLD = ASKED[1:]

    who = named(_("who"), _("Such as: social workers."))
    place = line(_("where"))
    device = line(_("with which device"))
    hours = line(_("at what hours"))
    hard = text(_("what is hard about it"))

    class Meta:
        verbose_name = _("work in the field")
        ordering = ["who", "pk"]
        constraints = [once("field_work_once_by_who", "who")]


class Step(Part):
    """One step of what somebody goes through who wants something of a partner."""

    ASKED = ("name", "journey", "order", "happens", "pain")
    TOLD = ("happens", "pain")

    journey = named(_("on the way to what"), _("Such as: food assistance for a family."))
    order = models.PositiveSmallIntegerField(_("number of the step"), default=1)
    name = named(_("what they do"))
    happens = text(_("what happens"))
    pain = text(_("where it hurts"))

    class Meta:
        verbose_name = _("step of a journey")
        ordering = ["journey", "order", "pk"]
        constraints = [once("step_once_by_name", "journey", "name")]

    @property
    def title(self) -> str:
        return f"{self.order}. {self.name}"

    @property
    def group(self) -> str:
        return self.journey


class UnderstandingQuerySet(OfficeQuerySet["Understanding"]):
    """The office's own, which no partner's user sees."""

    def at_work(self) -> UnderstandingQuerySet:
        """Of those who still work in our office."""
        return self.filter(user__is_active=True)

    def counted(self) -> UnderstandingQuerySet:
        """Those that fill a gap: whoever still learns does not."""
        return self.at_work().exclude(level=Understanding.Level.LEARNING)

    def of(self, partner: Partner) -> UnderstandingQuerySet:
        """Who understands a partner: by itself, by what it is part of, or by its kind; who knows it best first."""
        above = Partner.objects.at_or_above(partner).values("pk")
        rows = self.at_work().filter(Q(partner__in=above) | Q(kind=partner.kind))
        best = {level: place for place, level in enumerate(reversed(Understanding.Level.values))}
        whens = [models.When(level=level, then=place) for level, place in best.items()]
        return rows.select_related("user", "partner").order_by(models.Case(*whens), "user__sort_name", "pk")

    def without(self, partners: PartnerQuerySet) -> PartnerQuerySet:
        """Of some partners those that nobody understands, largest first."""
        rows = self.counted()
        below = WithAllBelow(rows.exclude(partner=None).values("partner"))
        gaps = partners.exclude(pk__in=below).exclude(kind__in=rows.exclude(kind="").values("kind"))
        return gaps.order_by(models.F("headcount").desc(nulls_last=True), "sort_name", "pk")


class Understanding(models.Model):
    """One of the office's people understands the business of a partner and all that is part of it, or of a kind."""

    class Level(models.TextChoices):
        LEARNING = "learning", _("Learning it")
        KNOWS = "knows", _("Knows it")
        INSIDE = "inside", _("Knows it from the inside")

    user = models.ForeignKey("people.User", models.PROTECT, related_name="understands", verbose_name=_("who"))
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="understood_by")
    kind = models.CharField(_("or a whole kind"), max_length=15, choices=Partner.Kind.choices, blank=True)
    level = models.CharField(_("how well"), max_length=10, choices=Level.choices, default=Level.KNOWS)
    since = models.DateField(_("since"), null=True, blank=True)
    note = models.CharField(
        _("how they came by it"),
        max_length=300,
        blank=True,
        help_text=_("Such as: six years at the counter there."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnderstandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("understanding")
        ordering = ["user__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="understanding_of_a_partner_or_a_kind",
                condition=Q(partner=None) & ~Q(kind="") | Q(partner__isnull=False, kind=""),
                violation_error_message=_("Name one of them, or a whole kind."),
            ),
            models.UniqueConstraint(
                name="understanding_of_a_partner_once",
                fields=["user", "partner"],
                violation_error_message=_("This is in the register already."),
            ),
            models.UniqueConstraint(
                name="understanding_of_a_kind_once",
                fields=["user", "kind"],
                condition=~Q(kind=""),
                violation_error_message=_("This is in the register already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.of_what}"

    def get_absolute_url(self) -> str:
        return reverse("business:edit_understanding", args=[self.pk])

    @property
    def of_what(self) -> str:
        """The partner, or the kind, in words."""
        return str(self.partner or self.get_kind_display())
