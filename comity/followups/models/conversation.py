"""What happened to a follow-up, what was remarked on it, who was told that it stands still, and who is asked if it helped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.followups.models.follow_up import FollowUp
from comity.followups.models.states import Helped, How, State
from comity.ui.components.days import day

if TYPE_CHECKING:
    from comity.people.models import User


class ConversationQuerySet(models.QuerySet[Any]):
    """Steps, or comments."""

    def visible_to(self, user: User) -> Self:
        """Those of follow-ups one may see; a partner's user none that are office only."""
        rows = self.filter(follow_up__in=FollowUp.objects.visible_to(user))
        return rows if user.is_office else rows.filter(office_only=False)


class Step(models.Model):
    """One thing that happened. `words` are the person's own; the sentence around them is in the reader's language."""

    class What(models.TextChoices):
        HEARD = "heard", gettext_lazy("Heard")
        OWNED = "owned", gettext_lazy("Owned")
        HANDED_OVER = "handed_over", gettext_lazy("Handed over")
        GIVEN_BACK = "given_back", gettext_lazy("Owner removed")
        DUE_MOVED = "due_moved", gettext_lazy("Due date changed")
        EDITED = "edited", gettext_lazy("Changed")
        DONE = "done", gettext_lazy("Done")
        TOLD = "told", gettext_lazy("Told")
        HELPED = "helped", gettext_lazy("Answered")
        REOPENED = "reopened", gettext_lazy("Reopened")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
        UNDONE = "undone", gettext_lazy("Undone")
        ESCALATED = "escalated", gettext_lazy("Escalated")

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=20, choices=What.choices)
    words = models.TextField(blank=True)
    # What the sentence names: {"to": "Ana Ruiz", "due_on": "2026-11-30"}
    named = models.JSONField(default=dict)
    before = models.JSONField(default=dict)  # the changed fields as they were, for undoing and for conflicts
    version = models.PositiveIntegerField()  # the follow-up's, once this had happened
    round = models.PositiveSmallIntegerField(default=0)
    office_only = models.BooleanField(default=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What happened, without the person's own words."""
        if self.what == Step.What.HEARD and self.by is None:
            # No hand wrote it down: it came as it was said, as from a survey.
            said_by = self.named.get("from")
            return _("%(name)s said it") % {"name": said_by} if said_by else _("Recorded automatically")
        return _SENTENCES[self.what]() % self.naming

    @property
    def naming(self) -> dict[str, object]:
        """Who and what a sentence about it names."""
        return {
            "by": self.by or self.named.get("by") or _("Someone"),
            "to": self.named.get("to", ""),
            "from": self.named.get("from", ""),
            "due_on": _day(self.named.get("due_on")),
            "was_due_on": _day(self.named.get("was_due_on")),
            "how": _label(How, self.named.get("how")),
            "helped": _label(Helped, self.named.get("helped")),
            "what": _label(Step.What, self.named.get("what")),
        }


_SENTENCES: dict[str, Callable[[], str]] = {
    Step.What.HEARD: lambda: _("%(by)s wrote it down"),
    Step.What.OWNED: lambda: _("%(by)s took it on, for %(due_on)s"),
    Step.What.HANDED_OVER: lambda: _("%(by)s handed it over to %(to)s"),
    Step.What.GIVEN_BACK: lambda: _("%(by)s removed the owner"),
    Step.What.DUE_MOVED: lambda: _("%(by)s changed the due date from %(was_due_on)s to %(due_on)s"),
    Step.What.EDITED: lambda: _("%(by)s edited the text"),
    Step.What.DONE: lambda: _("%(by)s said what was done"),
    Step.What.TOLD: lambda: _("%(by)s told %(to)s. %(how)s"),
    Step.What.HELPED: lambda: _("%(by)s answered: %(helped)s"),
    Step.What.REOPENED: lambda: _("%(by)s reopened it, for %(due_on)s"),
    Step.What.WITHDRAWN: lambda: _("%(by)s withdrew it"),
    Step.What.UNDONE: lambda: _("%(by)s undid the last step: %(what)s"),
    Step.What.ESCALATED: lambda: _("Escalated to %(to)s"),
}


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else ""


def _label(choices: type[models.TextChoices], value: str | None) -> str:
    return str(choices(value).label) if value else ""


class Comment(models.Model):
    """A remark on a follow-up."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="comments")
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField(gettext_lazy("comment"))
    office_only = models.BooleanField(gettext_lazy("only our office sees this"), default=True)
    mentions = models.ManyToManyField("people.User", related_name="mentioned_in")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words[:60]


class Escalation(models.Model):
    """Once per reason, person and round (how often it had been reopened)."""

    class Reason(models.TextChoices):
        UNOWNED = "unowned"
        LATE = "late"
        LATE_CIO = "late_cio"

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="escalations")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    to = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "reason", "to", "round"], name="escalated_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.follow_up_id} → {self.to_id}"


OPEN_FOR = timedelta(days=60)
MAY_CHANGE_FOR = timedelta(days=7)


class HelpedLinkQuerySet(models.QuerySet["HelpedLink"]):
    def usable(self, now: datetime) -> HelpedLinkQuerySet:
        """Not expired, of the present round, and not answered so long ago that the answer stands."""
        return self.filter(
            Q(answered_at=None) | Q(answered_at__gt=now - MAY_CHANGE_FOR),
            expires_at__gt=now,
            round=F("follow_up__reopened"),
            follow_up__state=State.TOLD,
        )


class HelpedLink(models.Model):
    """Works without signing in. Only a hash of its token is kept."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="helped_links")
    round = models.PositiveSmallIntegerField(default=0)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = HelpedLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Helped? {self.follow_up_id}"
