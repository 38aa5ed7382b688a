"""Meetings of a council in its members' calendars (RFC 5546): put there, moved, taken out again."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.councils.models import CouncilMeeting
from comity.meetings.services import events, invitations
from comity.office.services import today
from comity.outbox import services as outbox
from comity.partners.models import Person

INVITATION = "councils.invitation"
TOLD = ("on", "begins_at", "place", "link")  # what an invitation says


def invite(meeting: CouncilMeeting, *, moved: bool = False) -> int:
    """Invite whoever has a seat on its day and no invitation yet, all where it moved; how many. In a transaction.

    Who had one and has no seat anymore, or where it is called off, is told not to come.
    """
    if meeting.on < today():
        return 0
    before = {person.pk: person for person in meeting.invited.all()}
    seats = meeting.council.seats.on(meeting.on).filled()
    people = Person.objects.filter(pk__in=seats.values("person")).exclude(email="")
    now = {} if meeting.called_off_at else {person.pk: person for person in people}
    asked = [person for pk, person in now.items() if moved or pk not in before]
    # In a calendar a later word has a higher number; the same number would be taken for the same word.
    CouncilMeeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    meeting.refresh_from_db(fields=["version"])
    for person in asked:
        _mail(meeting, person, "REQUEST", again=person.pk in before)
    for pk, person in before.items():
        if pk not in now and person.email:
            _mail(meeting, person, "CANCEL")
    meeting.invited.set(now)
    return len(asked)


def _mail(meeting: CouncilMeeting, person: Person, method: str, *, again: bool = False) -> None:
    with translation.override(person.language):
        when = invitations.when_words(meeting.on, meeting.begins_at)
        said = {"what": meeting.council, "when": when}
        canceled = method == "CANCEL"
        subject = _("Canceled: %(what)s, %(when)s") if canceled else "%(what)s, %(when)s"
        if again:
            subject = _("Changed: %(what)s, %(when)s")
        event = events.event(
            f"council-{meeting.pk}@{events.host()}",
            str(meeting.council),
            meeting.on,
            meeting.begins_at,
            changed_at=timezone.now(),
            sequence=meeting.version,
            location=meeting.place,
            url=meeting.link,
        )
        calendar = invitations.asked(event, person.email, person.name, method)
    outbox.put(
        to=person.email,
        to_name=person.name,
        kind=INVITATION,
        template="councils/mail/invitation",
        context={
            "subject": subject % said,
            "meeting": meeting,
            "council": meeting.council,
            "agenda": list(meeting.agenda.all()),
            "when": when,
            "canceled": canceled,
        },
        language=person.language,
        key=f"council:{meeting.pk}:{meeting.version}:{method}:{person.pk}",
        about=meeting,
        calendar=calendar,
    )
