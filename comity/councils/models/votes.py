"""Votes of a council: what is voted on, who said what, and the links by which seats vote without an account."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comity.core.councils.equal_shares import Completion
from comity.councils.models.councils import Council, Seat
from comity.councils.models.meetings import CouncilMeeting
from comity.councils.models.topics import Topic

if TYPE_CHECKING:
    from comity.people.models import User


class VoteQuerySet(models.QuerySet["Vote"]):
    def visible_to(self, user: User) -> VoteQuerySet:
        """Whoever sees a council sees its votes; others than the office no drafts."""
        rows = self.filter(council__in=Council.objects.visible_to(user))
        return rows if user.is_office else rows.exclude(opened_at=None)

    def open(self) -> VoteQuerySet:
        """Those in which ballots are taken."""
        return self.exclude(opened_at=None).filter(closed_at=None)


class Vote(models.Model):
    """A question put to a council; what counts is fixed once it is open, and its result once it is closed.

    wanted      of an order, how many of the first are to be worked on; those that share the last place come along
    completion  of a budget, how what the shares leave is spent
    frozen      once closed: `asked`, all that is counted, and `found`, what came of it; {} where nobody voted
    reported_at when those who raised or backed something were last told what came of it
    """

    class Method(models.TextChoices):
        APPROVAL = "approval", _("Approval: each seat backs as many as it likes")
        RANKED = "ranked", _("Ranked: each seat puts them in an order (Schulze)")
        PAIRWISE = "pairwise", _("Pairs: of two, which matters more; anyone may add one")
        BUDGET = "budget", _("Budget: each seat backs items that cost something (Equal Shares)")

    council = models.ForeignKey(Council, models.PROTECT, related_name="votes")
    meeting = models.ForeignKey(
        CouncilMeeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="votes",
        verbose_name=_("at the meeting"),
    )
    question = models.CharField(_("question"), max_length=200)
    method = models.CharField(_("how it is asked"), max_length=10, choices=Method.choices)
    wanted = models.PositiveSmallIntegerField(
        _("how many are worked on"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("The first of the list. Not used for a budget."),
    )
    budget_cents = models.BigIntegerField(_("budget"), null=True, blank=True)
    completion = models.CharField(
        _("what to do with the money left"),
        max_length=10,
        choices=[
            (Completion.RAISED.value, _("Raise all shares until the budget would be overrun")),
            (Completion.GREEDY.value, _("Spend it by votes")),
        ],
        default=Completion.RAISED.value,
    )
    spend = models.TextField(
        _("what each spends on IT in a year"),
        blank=True,
        help_text=_(
            "For a budget: a line for each, code and whole dollars with a comma between. PRK, 1200000"
        ),
    )
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    reported_at = models.DateTimeField(null=True, editable=False)
    frozen = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="vote_budget_above_zero",
                condition=Q(budget_cents=None) | Q(budget_cents__gt=0),
                violation_error_message=_("The budget has to be more than zero."),
            ),
            models.CheckConstraint(
                name="vote_opened_then_closed_then_published",
                condition=(Q(closed_at=None) | Q(opened_at__isnull=False))
                & (Q(published_at=None) | Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("councils:vote", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_budget(self) -> bool:
        return self.method == self.Method.BUDGET

    @property
    def state(self) -> tuple[Any, str]:
        """In a word, with the color of its tag."""
        if self.published_at:
            return pgettext_lazy("vote", "Published"), "good"
        if self.closed_at:
            return pgettext_lazy("vote", "Closed"), "none"
        return (pgettext_lazy("vote", "Open"), "good") if self.opened_at else (_("Draft"), "warn")

    def seats(self, day: date) -> models.QuerySet[Seat]:
        """Those that may vote on a day."""
        return Seat.objects.filter(council=self.council_id).on(day).filled()


class VoteItem(models.Model):
    """Something that is voted on.

    taken   against the vote: taken on though it did not win (True), left though it won (False), for a `reason`
    """

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="items")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="voted_on")
    cost_cents = models.BigIntegerField(null=True)
    taken = models.BooleanField(null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        ordering = ["topic"]
        constraints = [
            models.UniqueConstraint(name="vote_item_once", fields=["vote", "topic"]),
            models.CheckConstraint(
                name="vote_item_departed_from_for_a_reason", condition=Q(taken=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class Ballot(models.Model):
    """What a seat said once; it may say so again, and the last one counts: of pairs the last on each pair.

    said  the keys of topics: {"backed": [..]}, {"groups": [[..], ..]} or {"better": .., "worse": ..}
    """

    class Way(models.TextChoices):
        ACCOUNT = "account", _("signed in")
        LINK = "link", _("by their link")
        PHONE = "phone", _("in the live session")
        FILE = "file", _("from a file")

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="ballots")
    said = models.JSONField()
    way = models.CharField(max_length=10, choices=Way.choices)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]


class BallotLink(models.Model):
    """By this whoever has a seat votes without signing in; only the hash of its token is kept."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="links")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="ballot_links")
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="ballot_link_once_for_a_seat", fields=["vote", "seat"])]
