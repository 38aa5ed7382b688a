"""Who should know of what happened to a follow-up, and in which words.

A notice to someone who is away goes to their stand-in as well. Whoever acted is never told of it. Nobody is told of a
follow-up they may not see: `notifications` asks for that by what is registered in apps.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from comity.followups.models import Comment, Escalation, FollowUp, Helped
from comity.notifications.models import Notice
from comity.notifications.services import notify
from comity.office import services as office
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.people.roles import Role
from comity.people.services import away_on, stand_in_for

HEARD = "followups.heard"  # something new for a partner you look after
GIVEN = "followups.given"  # you own something now
MENTIONED = "followups.mentioned"  # someone asks for you in a comment
ANSWERED = "followups.answered"  # they say whether it helped
REOPENED = "followups.reopened"  # it did not help, or was not done
MOVED = "followups.moved"  # what you own or raised changed
COMMENTED = "followups.commented"  # a comment on what you own or raised
PRAISED = "followups.praised"  # a compliment names you, or somebody you lead
UNOWNED = "followups.unowned"  # nobody took it on in time
LATE = "followups.late"  # the promised day has passed

Text = Callable[[], str]


def with_stand_ins(users: Iterable[User | None]) -> list[User]:
    """These people, and who stands in for those who are away today."""
    today = office.today()
    found = {user.pk: user for user in users if user is not None}
    for user in away_on(today, found.values()):
        instead = stand_in_for(user, today)
        if instead is not None:
            found[instead.pk] = instead
    return list(found.values())


def keepers_of(partner: Partner | None) -> list[User]:
    """Who should take on what is heard of a partner: its lead contact, else that of the body above, else the CCO."""
    today = office.today()
    while partner is not None:
        leads = Assignment.objects.on(today).leads().filter(partner=partner, user__is_active=True)
        found = [assignment.user for assignment in leads.select_related("user")]
        if found:
            return found
        partner = partner.parent
    return ccos()


def ccos() -> list[User]:
    """The chief customer officer, or officers."""
    return list(User.objects.active().with_role(Role.CCO))


def heard(follow_up: FollowUp, by: object) -> None:
    """Something new: to its owner, else to who should find one."""
    _heard(_who_acts(follow_up), follow_up, by)


def _heard(users: Iterable[User | None], follow_up: FollowUp, by: object) -> None:
    if follow_up.owner:
        _tell(users, GIVEN, follow_up, by, gettext_noop("You own: %(line)s"))
    else:
        _tell(users, HEARD, follow_up, by, gettext_noop("Heard, but nobody owns it: %(line)s"))


def heard_many(follow_ups: Iterable[FollowUp], by: object) -> None:
    """Much at once: to each owner, else to who should find one, one notice for all of it."""
    piles: dict[tuple[User, bool], list[FollowUp]] = {}
    for follow_up in follow_ups:
        for user in _who_acts(follow_up):
            piles.setdefault((user, follow_up.owner is not None), []).append(follow_up)
    for (user, owns), pile in piles.items():
        if len(pile) == 1:
            _heard([user], pile[0], by)
            continue

        def text(count: int = len(pile), owns: bool = owns) -> str:
            said = _("You own %(count)s new follow-ups.")
            if not owns:
                said = _("Heard, but nobody owns them: %(count)s new follow-ups.")
            return said % {"count": count}

        listed = f"{reverse('followups:list')}?view={'mine' if owns else 'unowned'}"
        _send(with_stand_ins([user]), GIVEN if owns else HEARD, text, listed, by)


def heard_more(follow_up: FollowUp, by: object) -> None:
    """More of the same: to its owner, else to who should find one, unless they have yet to read what they were told before."""
    waiting = Notice.objects.filter(about_kind=follow_up._meta.label, about_id=follow_up.pk, read_at=None)
    told = set(waiting.values_list("user", flat=True))
    acting = [user for user in _who_acts(follow_up) if user.pk not in told]
    _tell(acting, MOVED, follow_up, by, gettext_noop("More was heard on: %(line)s"))


def handed_over(follow_up: FollowUp, by: object) -> None:
    _tell([follow_up.owner], GIVEN, follow_up, by, gettext_noop("%(by)s handed you: %(line)s"))


def handed_over_many(follow_ups: Sequence[FollowUp], to: User, by: object) -> None:
    """One notice for a whole pile."""
    if len(follow_ups) == 1:
        handed_over(follow_ups[0], by)
    elif follow_ups:

        def text() -> str:
            count = len(follow_ups)
            said = ngettext(
                "%(by)s handed you %(count)s follow-up.", "%(by)s handed you %(count)s follow-ups.", count
            )
            return said % {"by": by, "count": count}

        _send(with_stand_ins([to]), GIVEN, text, reverse("followups:list"), by)


def due_moved(follow_up: FollowUp, by: object) -> None:
    """To the owner, and to whoever raised it."""
    ours = gettext_noop("Now promised for %(day)s: %(line)s")
    _tell_both(follow_up, MOVED, by, ours, gettext_noop("We now promise this for %(day)s: %(line)s"))


def done(follow_up: FollowUp, by: object) -> None:
    """To the owner, when somebody else did it: they have to be told still."""
    _tell(
        [follow_up.owner], MOVED, follow_up, by, gettext_noop("Done. Now tell them what came of it: %(line)s")
    )


def told(follow_up: FollowUp, by: object) -> None:
    """To the owner, when somebody else told them; and to whoever raised it, in the portal."""
    ours = gettext_noop("Told what came of it: %(line)s")
    _tell_both(follow_up, MOVED, by, ours, gettext_noop("Here is what came of it: %(line)s"))


def taken_back(follow_up: FollowUp) -> None:
    """They were not told after all: nobody reads that they were."""
    about = Notice.objects.filter(about_kind=follow_up._meta.label, about_id=follow_up.pk, kind=MOVED)
    about.filter(created_at__gte=follow_up.told_at, read_at=None, mailed_at=None).delete()


def answered(follow_up: FollowUp) -> None:
    """To the owner and who told them: it helped, or in part."""
    _tell(
        [follow_up.owner, follow_up.told_by],
        ANSWERED,
        follow_up,
        follow_up.raised_by_user,
        gettext_noop("%(name)s says: “%(answer)s”. %(line)s"),
        name=follow_up.raised_by,
        answer=Helped(follow_up.helped).label,
    )


def reopened(follow_up: FollowUp, by: object) -> None:
    """To the owner, else to who should find one."""
    _tell(_who_acts(follow_up), REOPENED, follow_up, by, gettext_noop("Reopened: %(line)s"))


def withdrawn(follow_up: FollowUp, by: object) -> None:
    ours = gettext_noop("Withdrawn: %(line)s")
    _tell_both(follow_up, MOVED, by, ours, gettext_noop("%(by)s withdrew this and says why: %(line)s"))


def commented(follow_up: FollowUp, comment: Comment, called: Sequence[User]) -> None:
    """To those it calls at once; to the owner, and to whoever raised it if they may read it, with the rest."""
    _tell(called, MENTIONED, follow_up, comment.by, gettext_noop("%(by)s mentioned you: %(line)s"))
    readers = [follow_up.owner, None if comment.office_only else follow_up.raised_by_user]
    others = [user for user in readers if user not in called]
    _tell(others, COMMENTED, follow_up, comment.by, gettext_noop("%(by)s commented on: %(line)s"))


def praised(follow_up: FollowUp, users: Iterable[User], by: object) -> None:
    """To those whom a compliment praises, and to whoever leads each of them; nobody stands in for that."""
    url, about = follow_up.get_absolute_url(), follow_up
    for user in users:
        told = {"name": user, "line": _line(follow_up)}
        for reader, text in (
            (user, gettext_noop("You are praised: %(line)s")),
            (user.supervisor, gettext_noop("%(name)s is praised: %(line)s")),
        ):
            if reader is not None and reader.is_active:
                said = partial(_filled, text, told)
                notify([reader], kind=PRAISED, text=said, url=url, about=about)


def _filled(text: str, told: Mapping[str, object]) -> str:
    return _(text) % told


def escalated(reason: str, pile: Sequence[FollowUp], user: User) -> None:
    """What stands still, in one notice for all of it: nobody wishes for forty mails."""
    kind, one = UNOWNED if reason == Escalation.Reason.UNOWNED else LATE, pile[0]
    count, days = len(pile), (office.today() - one.due_on).days
    said = {"line": _line(one), "days": days, "count": count}

    def text() -> str:
        if count > 1 and kind == UNOWNED:
            return _("%(count)s follow-ups still have no owner.") % said
        if count > 1:
            return _("%(count)s follow-ups are late.") % said
        if kind == UNOWNED:
            return _("Still has no owner: %(line)s") % said
        return ngettext("%(days)s day late: %(line)s", "%(days)s days late: %(line)s", days) % said

    about = one if count == 1 else None
    listed = f"{reverse('followups:list')}?view={'unowned' if kind == UNOWNED else 'late'}"
    notify([user], kind=kind, text=text, url=about.get_absolute_url() if about else listed, about=about)


def _who_acts(follow_up: FollowUp) -> list[User]:
    return [follow_up.owner] if follow_up.owner else keepers_of(follow_up.partner)


def _tell_both(follow_up: FollowUp, kind: str, by: object, ours: str, theirs: str) -> None:
    """Its owner, and whoever raised it, each in the words of their side."""
    owner, raiser = follow_up.owner, follow_up.raised_by_user
    _tell([owner], kind, follow_up, by, ours)
    if raiser is not None and raiser != owner:
        _tell([raiser], kind, follow_up, by, ours if raiser.is_office else theirs)


def _line(follow_up: FollowUp) -> str:
    partner = str(follow_up.partner) if follow_up.partner else _("our office as a whole")
    return f"{follow_up.title} ({partner})"[:400]


def _tell(
    users: Iterable[User | None], kind: str, follow_up: FollowUp, by: object, text: str, **more: object
) -> None:
    """text  put into the language of who reads it, with what happened filled in"""

    def said() -> str:
        day = date_format(follow_up.due_on, "MONTH_DAY_FORMAT")
        return _(text) % {"by": by, "line": _line(follow_up), "day": day, **more}

    _send(with_stand_ins(users), kind, said, follow_up.get_absolute_url(), by, follow_up)


def _send(
    users: Sequence[User], kind: str, text: Text, url: str, by: object, about: FollowUp | None = None
) -> None:
    """One notice each, in the language of who reads it."""
    notify(users, kind=kind, text=text, url=url, about=about, but_not=by if isinstance(by, User) else None)
