"""Writing down what was heard, changing what is written, and adding to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import what_differs
from comity.editing.values import Values, plain_values
from comity.followups import notices
from comity.followups.kinds import Kind
from comity.followups.models import FollowUp, Severity, State, Step
from comity.followups.services.changing import Actor, change, locked, office_day, required
from comity.followups.services.praising import name_praised
from comity.nouns import named
from comity.office import services as office
from comity.partners.models import Partner, Person
from comity.people.models import User

RAISE = "followups.raise"
LONGEST_TITLE = 200


@transaction.atomic
def raise_follow_up(
    *,
    kind: str,
    partner: Partner | None,
    title: str,
    by: Actor,
    said: str = "",
    source_id: str = "",
    source_label: str = "",
    raised_by: User | Person | None = None,
    anonymous: bool = False,
    severity: str = Severity.NORMAL,
    owner: User | None = None,
    due_on: date | None = None,
    office_only: bool = False,
    heard_at: datetime | None = None,
    praises: Iterable[User] = (),
    tell: bool = True,
) -> FollowUp:
    """Keep what was heard, and let those know who should take it on.

    partner    None for the office as a whole
    by         who writes it down, or the name of the machine that heard it
    raised_by  who said it; nobody, when it is anonymous
    owner      without one it stays *heard*, and the partner's lead contact is told of it
    due_on     without one the office's days for the severity, from the day it was heard
    praises    whom of the office a compliment speaks of: they and whoever leads them hear of it
    tell       not where many are heard at once: `notices.heard_many` then tells each person once of all

    Raises DomainError; ValueError for a kind nobody declared.
    """
    if named(Kind, kind) is None:
        raise ValueError(f"No room has declared the kind {kind!r}.")
    heard_at, title = heard_at or timezone.now(), _in_one_line(title)
    _refuse_wrong(partner, raised_by, heard_at, anonymous=anonymous)
    if owner is not None:
        refuse_owner(owner)
    heard_on = office_day(heard_at)
    due_on = due_on or office.due_on(severity, heard_on)
    if due_on < heard_on:
        raise DomainError(_("The due date cannot be before the day it was heard."))
    follow_up = FollowUp.objects.create(
        kind=kind,
        partner=partner,
        title=title,
        said=said.replace("\0", "").strip(),
        source_id=source_id,
        source_label=source_label[:LONGEST_TITLE],
        raised_by_user=raised_by if isinstance(raised_by, User) else None,
        raised_by_person=raised_by if isinstance(raised_by, Person) else None,
        anonymous=anonymous,
        written_by=by if isinstance(by, User) else None,
        severity=Severity(severity),
        office_only=office_only,
        heard_at=heard_at,
        heard_on=heard_on,
        own_by=office.calendar().add_days(heard_on, office.current_office().own_within_days),
        due_on=due_on,
        **_ownership(owner, due_on),
    )
    _write_down(follow_up, by)
    name_praised(follow_up, praises, by=by)
    if tell:
        notices.heard(follow_up, by)
    return follow_up


def _in_one_line(title: str) -> str:
    title = required(title, _("Say in one line what it is about."))
    if len(title) > LONGEST_TITLE:
        raise DomainError(
            _("One line can have up to %(most)s characters; this one has %(count)s. Put the rest below.")
            % {"most": LONGEST_TITLE, "count": len(title)}
        )
    return title


def _refuse_wrong(
    partner: Partner | None, raised_by: User | Person | None, heard_at: datetime, *, anonymous: bool
) -> None:
    """Raises DomainError for what cannot have been heard so."""
    if partner is not None and (partner.merged_into_id or partner.status == Partner.Status.FORMER):
        raise DomainError(_("%(name)s is no longer served. Choose its successor.") % {"name": partner.name})
    if anonymous and raised_by is not None:
        raise DomainError(_("Choose either anonymous or a name, not both."))
    if heard_at > timezone.now() + timedelta(minutes=5):
        raise DomainError(_("The day it was heard cannot be in the future."))


def refuse_owner(owner: User) -> None:
    """Raises DomainError unless this person may answer for something."""
    if not owner.is_office:
        raise DomainError(_("Only our office’s people can own a follow-up."))
    if not owner.is_active:
        raise DomainError(_("%(name)s no longer works here. Choose someone else.") % {"name": owner})


def _ownership(owner: User | None, due_on: date) -> dict[str, object]:
    if owner is None:
        return {"state": State.HEARD}
    return {"state": State.OWNED, "owner": owner, "owned_on": office.today(), "promised_on": due_on}


def _write_down(follow_up: FollowUp, by: Actor) -> None:
    """The first steps, and the trail."""
    writer = by if isinstance(by, User) else None
    said_by = str(follow_up.raised_by) if follow_up.raised_by else ""
    now = timezone.now()
    steps = [
        Step(
            follow_up=follow_up,
            at=follow_up.heard_at,
            by=writer,
            what=Step.What.HEARD,
            named={"by": str(by), "from": said_by} if said_by else {"by": str(by)},
            version=follow_up.version,
        )
    ]
    if follow_up.owner is not None:
        steps.append(
            Step(
                follow_up=follow_up,
                at=now,
                by=follow_up.owner,
                what=Step.What.OWNED,
                named={"due_on": follow_up.due_on.isoformat()},
                version=follow_up.version,
            )
        )
    Step.objects.bulk_create(steps)
    audit.record(
        by=by,
        action=RAISE,
        target=follow_up,
        after={
            "kind": follow_up.kind,
            "title": follow_up.title,
            "severity": follow_up.severity,
            "due_on": follow_up.due_on.isoformat(),
            "owner_id": follow_up.owner_id,
            "office_only": follow_up.office_only,
            "source": follow_up.source_label,
        },
        partner_id=follow_up.partner_id,
    )


EDIT = "followups.edit"
ORDER = list(Severity)


@transaction.atomic
def edit(follow_up_id: int, values: Values, *, by: Actor, seen: Values | None = None) -> FollowUp:
    """Mend what is written: title, said, severity, office_only, partner. The day promised stays: it has an act of its own.

    Raises ConflictError, DomainError.
    """
    follow_up = locked(follow_up_id)
    changed = what_differs(follow_up, values, plain_values(follow_up, values), seen)
    if "title" in changed:
        changed["title"] = required(changed["title"], _("Say in one line what it is about."))
        if len(changed["title"]) > LONGEST_TITLE:
            said = _("One line can have up to %(most)s characters.") % {"most": LONGEST_TITLE}
            raise DomainError(said, "title")
    if "said" in changed:
        changed["said"] = changed["said"].replace("\0", "").strip()
    changed = {name: value for name, value in changed.items() if getattr(follow_up, name) != value}
    if changed:
        _edited(follow_up, changed, by=by, said_by=str(by))
    return follow_up


@transaction.atomic
def add_heard(
    follow_up_id: int, *, words: str, by: Actor, said_by: str = "", severity: str = Severity.LOW
) -> FollowUp:
    """Add what was heard to what was said, and let its owner know, or those who should find one.

    said_by   whose words they are
    severity  it becomes more serious by this, never less

    The day it is due stays: moving it is an act of its own.
    """
    follow_up = locked(follow_up_id)
    words = required(words, _("Write something first."))
    fields: Values = {"said": f"{follow_up.said}\n\n{words}".strip()}
    if ORDER.index(Severity(severity)) > ORDER.index(Severity(follow_up.severity)):
        fields["severity"] = Severity(severity)
    _edited(follow_up, fields, by=by, said_by=said_by or str(by), words=words)
    notices.heard_more(follow_up, by)
    return follow_up


def _edited(follow_up: FollowUp, fields: Values, *, by: Actor, said_by: str, words: str = "") -> None:
    what, named = Step.What.EDITED, {"by": said_by}
    change(
        follow_up, by=by, action=EDIT, what=what, fields=fields, words=words, named=named, office_only=True
    )
