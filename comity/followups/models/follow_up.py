"""One thing that was heard, the ring it runs, and what may be asked of many at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comity.core.ring import Part, Ring
from comity.followups.models.states import OPEN, PENDING, Helped, How, Severity, State
from comity.partners.models import Assignment, Partner, Person
from comity.people.models import Absence
from comity.search import matching

if TYPE_CHECKING:
    from comity.people.models import User

DAYS_COUNTED = ("owned_on", "own_by", "done_on", "promised_on")
TO_THE_CIO_AFTER = timedelta(days=7)  # so long after the promised day it stands on the CIO's page


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Chains of questions. Days are the office's; the caller says which is today."""

    def visible_to(self, user: User) -> FollowUpQuerySet:
        """The office sees all; a partner's user those of its partners that are not office only."""
        if user.is_office:
            return self
        return self.filter(partner__in=Partner.objects.visible_to(user), office_only=False)

    def with_people(self) -> FollowUpQuerySet:
        """With all that a row of a list names, in one query."""
        return self.select_related("partner", "owner", "raised_by_user", "raised_by_person")

    def search(self, text: str) -> FollowUpQuerySet:
        """Those whose line or words hold all the words of the text."""
        found: FollowUpQuerySet = matching(self, text)
        return found

    # --- where they stand ---

    def standing(self) -> FollowUpQuerySet:
        """All that were not withdrawn."""
        return self.exclude(state=State.WITHDRAWN)

    def open(self) -> FollowUpQuerySet:
        """Not yet told, and not withdrawn."""
        return self.filter(state__in=OPEN)

    def pending(self) -> FollowUpQuerySet:
        """Not yet done."""
        return self.filter(state__in=PENDING)

    def late(self, today: date) -> FollowUpQuerySet:
        """Not yet done though the promised day has passed, longest overdue first."""
        # Chosen apart from the order: few are pending and nearly all days have passed, so that walking along the
        # index of days, as SQLite would, reads the whole table.
        waiting = self.model._default_manager.filter(state__in=PENDING, due_on__lt=today)
        return self.filter(pk__in=waiting.values("pk")).order_by("due_on", "pk")

    def unowned(self) -> FollowUpQuerySet:
        """Heard, and nobody has taken it on."""
        return self.filter(state=State.HEARD)

    def unowned_too_long(self, today: date) -> FollowUpQuerySet:
        """Nobody has taken it on by the day somebody should have."""
        return self.unowned().filter(own_by__lt=today)

    def untold(self) -> FollowUpQuerySet:
        """Done, but whoever raised it has not heard of it."""
        return self.filter(state=State.DONE)

    def told_without_answer(self) -> FollowUpQuerySet:
        """Told and asked whether it helped; no answer came."""
        return self.filter(state=State.TOLD, helped="", asked_at__isnull=False)

    # --- whose they are ---

    def owned_by(self, user: User) -> FollowUpQuerySet:
        """Open ones this person answers for."""
        return self.open().filter(owner=user)

    def stood_in_by(self, user: User, today: date) -> FollowUpQuerySet:
        """Open ones whose owner is away today, with this person as the stand-in."""
        away = Absence.objects.on(today).filter(stand_in=user).values("user")
        return self.open().filter(owner__in=away)

    def of_partners_of(self, user: User, today: date) -> FollowUpQuerySet:
        """Those of partners this person looks after, in whatever role."""
        looked_after = Assignment.objects.on(today).filter(user=user).values("partner")
        return self.filter(partner__in=looked_after)

    def of_partners_led_by(self, user: User, today: date) -> FollowUpQuerySet:
        """Those of partners whose lead contact this person is."""
        led = Assignment.objects.on(today).leads().filter(user=user).values("partner")
        return self.filter(partner__in=led)

    def raised_by(self, user: User) -> FollowUpQuerySet:
        """Those this person raised, under its sign-in or, by the same memberships, as a contact."""
        return self.filter(
            Q(raised_by_user=user) | Q(raised_by_person__in=user.memberships.values("person")),
            anonymous=False,
        )

    # --- for the pages that draw things together ---

    def needs_me(self, user: User, today: date) -> FollowUpQuerySet:
        """What waits for this person: owned or stood in for and not told, unowned at a partner it leads.

        The longest overdue come first.
        """
        rows = self.model._default_manager.all()
        # Each of these is found by an index of its own, where one condition with "or" reads all that is open.
        mine, stood_in = rows.owned_by(user), rows.stood_in_by(user, today)
        alone = rows.unowned().of_partners_led_by(user, today)
        found = Q(pk__in=mine.values("pk")) | Q(pk__in=stood_in.values("pk")) | Q(pk__in=alone.values("pk"))
        return self.filter(found).order_by("due_on", "pk")

    def for_the_cio(self, today: date) -> FollowUpQuerySet:
        """Late by more than a week: these stand on the CIO's page."""
        return self.late(today - TO_THE_CIO_AFTER)

    def heard_between(self, first: date, last: date) -> FollowUpQuerySet:
        """Heard on a day from `first` to `last`, both included."""
        return self.filter(heard_on__gte=first, heard_on__lte=last)


class FollowUp(models.Model):
    """Something a partner said that the office answers for.

    Moments (`heard_at`) say when; days (`heard_on`) are the office's calendar days of the same, kept because the
    figures count days. `own_by` is the last day to find an owner in time. `due_on` is the day promised now,
    `promised_on` the day that was promised when somebody first took it on: moving the one leaves the other.
    """

    # What was heard. The kind is registered by the domain that hears: label, link, who may see the evidence.
    kind = models.CharField(_("kind"), max_length=40)
    source_id = models.CharField(max_length=40, blank=True)
    source_label = models.CharField(max_length=200, blank=True)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="follow_ups")
    title = models.CharField(_("in one line"), max_length=200)
    said = models.TextField(_("what was said"), blank=True)
    office_only = models.BooleanField(_("only our office sees this"), default=False)
    severity = models.CharField(
        _("how serious"), max_length=10, choices=Severity.choices, default=Severity.NORMAL
    )
    state = models.CharField(_("where it stands"), max_length=10, choices=State.choices, default=State.HEARD)

    raised_by_user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    raised_by_person = models.ForeignKey("partners.Person", models.PROTECT, null=True, related_name="raised")
    anonymous = models.BooleanField(default=False)
    praises = models.ManyToManyField("people.User", related_name="praised_in", editable=False)  # a compliment
    written_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField()
    heard_on = models.DateField()

    owner = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="follow_ups")
    own_by = models.DateField()
    owned_on = models.DateField(null=True)
    due_on = models.DateField(_("due on"))
    promised_on = models.DateField(null=True)

    done_at = models.DateTimeField(null=True)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    done_words = models.TextField(_("what was done"), blank=True)
    outcome = models.CharField(max_length=40, blank=True)  # a kind's own ending: "upheld", "explained"

    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    told_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    told_to = models.CharField(_("to whom"), max_length=300, blank=True)
    told_words = models.TextField(_("what you told them"), blank=True)

    asked_at = models.DateTimeField(null=True)  # when a link was given on which they say whether it helped
    helped = models.CharField(max_length=10, choices=Helped.choices, blank=True)
    helped_words = models.TextField(blank=True)
    helped_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_owned_by_someone",
                condition=Q(state__in=["heard", "withdrawn"]) | Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_heard_has_no_owner",
                condition=~Q(state="heard") | Q(owner=None),
            ),
            models.CheckConstraint(
                name="follow_up_owned_is_promised",
                condition=Q(owner=None) | Q(owned_on__isnull=False, promised_on__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_done_in_words",
                condition=~Q(state__in=["done", "told"])
                | (Q(done_at__isnull=False, done_on__isnull=False) & ~Q(done_words="")),
            ),
            models.CheckConstraint(
                name="follow_up_told_to_someone",
                condition=~Q(state="told")
                | (Q(told_at__isnull=False) & ~Q(told_how="") & ~Q(told_to="") & ~Q(told_words="")),
            ),
            models.CheckConstraint(
                name="follow_up_withdrawn_for_a_reason",
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="follow_up_anonymous_names_nobody",
                condition=Q(anonymous=False) | Q(raised_by_user=None, raised_by_person=None),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["partner", "state", "due_on"]),
            models.Index(fields=["owner", "state", "due_on"]),
            # With what the list behind a figure asks, so that walking along the days reads the index alone.
            models.Index(name="follow_up_by_due_day", fields=["due_on", "id", "state", "heard_on"]),
            models.Index(name="follow_up_by_title", fields=["title", "id"]),
            models.Index(name="follow_up_by_severity", fields=["severity", "due_on", "id"]),
            models.Index(name="follow_up_told_lately", fields=["state", "-told_at", "-id"]),
            # What did not help: few rows, which the CIO's page asks for among all that are open.
            models.Index(
                name="follow_up_open_again", fields=["state", "partner"], condition=Q(reopened__gt=0)
            ),
            models.Index(name="follow_up_by_kind", fields=["kind", "due_on", "id"]),
            models.Index(name="follow_up_of_kind_by_day", fields=["kind", "-heard_on", "-id"]),
            # What came of it, and what was asked in vain: counted from the index alone.
            models.Index(name="follow_up_by_answer", fields=["state", "helped", "due_on", "id", "asked_at"]),
            models.Index(fields=["kind", "source_id"]),
            models.Index(fields=["-heard_at", "-id"]),
            models.Index(fields=["-helped_at"]),
            models.Index(
                name="follow_up_heard_by_state", fields=["state", "heard_on", "helped", "due_on", "id"]
            ),
            # All that the figures ask, in the order in which they are counted, so that they read the index alone.
            models.Index(
                name="follow_up_counted",
                fields=["heard_on", "kind", "state", "partner", *DAYS_COUNTED, "helped", "due_on"],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("followups:detail", args=[self.pk])

    # --- questions about one ---

    @property
    def is_open(self) -> bool:
        """Somebody still waits to be told."""
        return self.state in OPEN

    @property
    def is_pending(self) -> bool:
        """Something is still to be done."""
        return self.state in PENDING

    def is_late(self, today: date) -> bool:
        """Not yet done though the promised day has passed."""
        return self.is_pending and self.due_on < today

    def days_late(self, today: date) -> int:
        """Calendar days since the promised day; 0 while it is not late."""
        return (today - self.due_on).days if self.is_late(today) else 0

    def ring(self, today: date) -> Ring:
        """The four parts: behind us, what it waits for, what is late, what has not begun; and their sentence.

        Asks the database nothing once `owner` is loaded.
        """
        sentence = self._sentence(today)
        waiting: Part = "bad" if self.is_late(today) else "now"
        match self.state:
            case State.HEARD:
                unowned: Part = "bad" if self.own_by < today or waiting == "bad" else "now"
                return Ring("on", unowned, "off", "off", sentence)
            case State.OWNED:
                return Ring("on", "on", waiting, "off", sentence)
            case State.DONE:
                return Ring("on", "on", "on", "now", sentence)
            case State.TOLD:
                return Ring("on", "on", "on", "on", sentence)
        return Ring("off", "off", "off", "off", sentence)

    def _sentence(self, today: date) -> str:
        said = {"owner": self.owner, "late": self.due_words(today)}
        match self.state:
            case State.HEARD:
                return gettext("Heard, nobody owns it yet; %(late)s") % said
            case State.OWNED:
                return gettext("Owned by %(owner)s, %(late)s") % said
            case State.DONE:
                return gettext("Done by %(owner)s, nobody told yet") % said
            case State.WITHDRAWN:
                return gettext("Withdrawn")
        if self.helped == Helped.YES:
            return gettext("Told, and it helped")
        if self.helped == Helped.PARTLY:
            return gettext("Told, and it helped in part")
        return gettext("Told what came of it")

    def due_words(self, today: date) -> str:
        """How far off the promised day is: "9 days late", "due today", "due tomorrow", "due in 5 days"."""
        days = (self.due_on - today).days
        if days < 0:
            return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        if days == 0:
            return gettext("due today")
        if days == 1:
            return gettext("due tomorrow")
        return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": days}

    @property
    def raised_by(self) -> User | Person | None:
        """Who said it, as far as we know."""
        return self.raised_by_user or self.raised_by_person

    @property
    def email_of_raiser(self) -> str:
        """Where whoever raised it can be written to; "" if nowhere."""
        return self.raised_by.email if self.raised_by else ""
