"""Recording an outage or planned maintenance, and telling those it hits: that it is, what is new, that it is over."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.editing.changing import change, create
from comity.editing.values import Values
from comity.followups.services import raise_follow_up
from comity.notifications.services import notify
from comity.office.services import today
from comity.outages.models import TOO_EARLY, Outage
from comity.outbox import services as outbox
from comity.outbox.many import Letter, put_many
from comity.partners.models import Assignment, Membership, Person, Position
from comity.partners.models.tree import WithAllAbove
from comity.people.models import User

RECORD, CHANGE, NEWS = "outages.record", "outages.change", "outages.tell"
END, WITHDRAW = "outages.end", "outages.withdraw"
TOLD = "outages.told"  # the kind of notice, and of mail
AFTER = "outage"  # the kind of follow-up
CALLED = ("head", "it_lead", "operations")  # who of those it hits is told even without a sign-in
SUBJECTS = {
    RECORD: gettext_lazy("Down: {what}"),
    "planned": gettext_lazy("Planned maintenance: {what}"),
    NEWS: gettext_lazy("News: {what}"),
    END: gettext_lazy("Over: {what}"),
    WITHDRAW: gettext_lazy("Called off: {what}"),
}


def check_outage(outage: Outage) -> None:
    """Tidied, and at a time that can be. Raises DomainError."""
    outage.what = " ".join(outage.what.split())
    if outage.began_at > timezone.now() and not outage.planned:
        raise DomainError(_("An outage that has not begun is planned maintenance: say so."), "planned")
    if outage.planned and not outage.ends_at:
        raise DomainError(_("Say until when the maintenance is planned."), "ends_at")
    if outage.ends_at and outage.ends_at <= outage.began_at:
        raise DomainError(_("It cannot end before it begins."), "ends_at")


@transaction.atomic
def record(values: Values, *, by: User) -> Outage:
    """Record one, and tell everybody it hits. Raises DomainError."""
    if not values.get("partners"):
        raise DomainError(_("Choose at least one whom it hits."), "also")
    values = {"announced_at": timezone.now(), **values}
    made = create(Outage, values, by=by, action=RECORD, check=check_outage)
    _tell(made, "planned" if made.planned else RECORD, by=by)
    return made


def mend(outage: Outage, values: Values, *, by: User, seen: Values | None = None) -> Outage:
    """Change what is said of it; nobody is told of that. Raises ConflictError, DomainError."""
    rows = Outage.objects.counted()
    return change(rows, outage.pk, values, by=by, action=CHANGE, seen=seen, check=check_outage).row


@transaction.atomic
def tell(
    outage: Outage, text: str, *, by: User, over: bool = False, ended_at: datetime | None = None
) -> Outage:
    """Tell what is new; over: that it has ended, which asks the owner what keeps it from happening again.

    Raises DomainError.
    """
    now = timezone.now()
    outage = Outage.objects.select_for_update().get(pk=outage.pk)
    ends = min(ended_at or now, now) if over else None
    if ended_at and ended_at > now:
        raise DomainError(_("It cannot be over in the future."), "ended_at")
    if ends and ends < outage.began_at:
        raise DomainError(str(TOO_EARLY), "ended_at")
    said = {"at": now.isoformat(), "text": text.strip(), "by": str(by)}
    values = {"updates": [*outage.updates, said], **({"ended_at": ends} if over else {})}
    rows = Outage.objects.counted().filter(ended_at=None)
    made = change(rows, outage.pk, values, by=by, action=END if over else NEWS).row
    _tell(made, END if over else NEWS, by=by, news=said["text"])
    if over and not made.planned:
        owner = made.service.owner if made.service else made.item.owner if made.item else None
        raise_follow_up(
            kind=AFTER,
            partner=None,
            title=_("So that it does not happen again: %(what)s") % {"what": made.what[:150]},
            said=said["text"],
            by=by,
            owner=owner if owner and owner.is_active else None,
            source_id=str(made.pk),
            source_label=made.what,
        )
    return made


@transaction.atomic
def withdraw(outage: Outage, *, by: User) -> Outage:
    """Call planned maintenance off, or take back what was recorded by mistake. Raises DomainError once it is over."""
    rows = Outage.objects.counted().filter(ended_at=None)
    made = change(rows, outage.pk, {"withdrawn_at": timezone.now()}, by=by, action=WITHDRAW).row
    _tell(made, WITHDRAW, by=by)
    return made


def _tell(outage: Outage, what: str, *, by: User, news: str = "") -> None:
    """Write to those it hits who have a sign-in, to whom one calls there, and to our contacts; each address once."""
    whom = outage.partners.values("pk")
    day = today()
    theirs = Membership.objects.standing().filter(partner__in=WithAllAbove(whom)).values("user")
    ours = Assignment.objects.on(day).filter(partner__in=whom).values("user")
    users = list(User.objects.active().filter(pk__in=theirs) | User.objects.active().filter(pk__in=ours))
    posts = Position.objects.current(day).held().filter(partner__in=whom, function__in=CALLED)
    people = [post.person for post in posts.select_related("person") if post.person and post.person.email]
    letters: dict[str, dict[str, Letter]] = defaultdict(dict)
    known: set[str] = set()
    readers: list[User | Person] = [*users, *people]
    for reader in readers:
        if (address := reader.email.strip().lower()) not in known:
            known.add(address)
            letters[reader.language][address] = Letter(to=reader.email, to_name=reader.name, about=outage)
    url = outage.get_absolute_url()
    subject = format_lazy(SUBJECTS[what], what=outage.what)
    context = {"outage": outage, "subject": subject, "news": news, "address": outbox.address(url)}
    for language, pile in letters.items():
        put_many(pile.values(), kind=TOLD, template="outages/mail/told", context=context, language=language)
    notify(users, kind=TOLD, text=subject, url=url, about=outage, but_not=by, mailed=True)
