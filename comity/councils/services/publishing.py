"""What becomes of a vote: departures from it, the published list whose items are follow-ups, and the report back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.councils.models import CouncilMeeting, Seat, Topic, Vote, VoteItem
from comity.councils.services.meetings import AGENDA
from comity.councils.services.votes import locked
from comity.followups import to_them
from comity.followups.models import FollowUp
from comity.followups.services import raise_follow_up
from comity.office.services import today
from comity.outbox import services as outbox
from comity.partners.models import Partner, Person
from comity.people.models import User

DEPART, PUBLISH, REPORT = "councils.depart", "councils.publish_list", "councils.report_back"
LISTED = "council_list"  # the kind of follow-up
REPORT_MAIL = "councils.report"


@dataclass(frozen=True)
class Listed:
    """An item of a closed vote.

    won    what the vote says; of a budget, that it wins under each rule
    taken  whether it is worked on: as the vote says, or otherwise for a reason
    """

    row: VoteItem
    topic: Topic
    title: str
    place: int
    won: bool

    @property
    def taken(self) -> bool:
        return self.won if self.row.taken is None else self.row.taken

    @property
    def words(self) -> str:
        """Whether it is worked on, and against the vote."""
        if self.row.taken is None:
            return _("As voted") if self.won else _("Not now")
        return _("Taken on, though it did not win") if self.taken else _("Not taken on, though it won")

    @property
    def follow_up(self) -> FollowUp | None:
        return self.topic.follow_up

    @property
    def answer(self) -> tuple[str, str]:
        """What we did with it, as they read it: where it stands, and the words for it."""
        if self.follow_up and self.taken:
            told = self.follow_up.told_words or self.follow_up.done_words
            return to_them.stands(self.follow_up, today()), told
        if self.taken:
            return _("We will work on it."), self.row.reason
        why = _("It was not among the first of the vote.")
        if self.row.cost_cents:
            why = _("It does not win under every way to weigh.")
        return _("We do not work on it now."), self.row.reason or why


def the_list(vote: Vote) -> list[Listed]:
    """All items in order: what won first, then by place. Empty where nobody voted."""
    if not vote.frozen:
        return []
    asked, found = vote.frozen["asked"], vote.frozen["found"]
    rows = vote.items.in_bulk()
    topics = Topic.objects.select_related("follow_up__owner", "seat__person", "seat__partner")
    by_key = topics.in_bulk(list(map(int, asked["items"])))
    listed = [
        Listed(
            rows[asked["items"][each["item"]]["row"]],
            by_key[int(each["item"])],
            asked["items"][each["item"]]["title"],
            each["place"],
            each["item"] in found["won"],
        )
        for each in found["standings"]
    ]
    return sorted(listed, key=lambda one: not one.won)


@transaction.atomic
def depart(item_id: int, *, taken: bool, reason: str, by: User) -> VoteItem:
    """Take on what did not win, or leave what did, and say why; or go back to what the vote says. Raises DomainError."""
    item = VoteItem.objects.select_related("topic").get(pk=item_id)
    vote = locked(item.vote_id)
    listed = next((one for one in the_list(vote) if one.row.pk == item_id), None)
    if listed is None or vote.published_at:
        raise DomainError(_("Depart from a vote after it is closed and before its list is published."))
    departs, reason = taken != listed.won, reason.replace("\0", "").strip()
    if departs and not reason:
        raise DomainError(_("Say why. The members of the council read it."), "reason")
    item.taken, item.reason = (taken, reason) if departs else (None, "")
    item.save(update_fields=["taken", "reason"])
    after = {"item": listed.title, "taken": taken, "reason": item.reason}
    audit.record(by=by, action=DEPART, target=vote, after=after)
    return item


@transaction.atomic
def publish(vote_id: int, given: Mapping[int, tuple[User, date]], *, by: User) -> Vote:
    """Publish the list: each item that is taken becomes a follow-up of whoever raised it.

    given  by the key of each such item, who answers for it and by which day

    An item that is worked on since an earlier vote keeps its follow-up. Raises DomainError.
    """
    vote = locked(vote_id)
    listed = the_list(vote)
    if not listed or vote.published_at:
        raise DomainError(_("A list is published once, of a closed vote with ballots."))
    for one in listed:
        if one.taken and one.follow_up is None:
            owner, due_on = given[one.row.pk]
            seat = one.topic.seat
            served = seat and seat.partner.status != Partner.Status.FORMER and not seat.partner.merged_into_id
            follow_up = raise_follow_up(
                kind=LISTED,
                # Theirs who raised it: so they see it in the portal, and telling reaches them.
                partner=seat.partner if seat and served else None,
                raised_by=seat.person if seat else None,
                title=one.title,
                said=one.topic.said,
                source_id=str(vote.pk),
                source_label=str(vote.council),
                owner=owner,
                due_on=due_on,
                by=by,
            )
            Topic.objects.filter(pk=one.topic.pk).update(follow_up=follow_up)
    vote.published_at = timezone.now()
    vote.version += 1
    vote.save(update_fields=["published_at", "version"])
    audit.record(by=by, action=PUBLISH, target=vote, after={"items": sum(one.taken for one in listed)})
    return vote


def next_meeting(vote: Vote) -> CouncilMeeting | None:
    """The one in which it can be reported."""
    return CouncilMeeting.objects.filter(council=vote.council_id).coming(today()).order_by("on", "pk").first()


def concerned(vote: Vote, listed: list[Listed]) -> dict[Person, list[Listed]]:
    """Who raised or backed something, and what; each once, by name. Of an order, whoever put it above another one."""
    cast = vote.frozen["asked"]["ballots"] if vote.frozen else []
    seats = Seat.objects.select_related("person").in_bulk([int(each["seat"]) for each in cast])
    found: dict[Person, dict[int, Listed]] = {}
    for one in listed:
        key = str(one.topic.pk)
        backers = [seats[int(each["seat"])] for each in cast if key in _backed(each["said"])]
        for seat in (one.topic.seat, *backers):
            if seat and seat.person and seat.person.email:
                found.setdefault(seat.person, {})[one.row.pk] = one
    return {person: list(found[person].values()) for person in sorted(found, key=lambda each: each.sort_name)}


def _backed(said: Mapping[str, Any]) -> list[str]:
    named = [item for group in said.get("groups", ()) for item in group]
    return [*said.get("backed", ()), *named, said.get("better", "")]


def letter(vote: Vote, person: Person, listed: list[Listed], meeting: CouncilMeeting) -> dict[str, Any]:
    """The mail to one, as `outbox.put` takes it."""
    link = outbox.address(reverse("councils:vote", args=[vote.pk]))
    context = {"vote": vote, "name": person.name, "listed": listed, "meeting": meeting, "link": link}
    template, language = "councils/mail/report", person.language
    return {
        "to": person.email,
        "kind": REPORT_MAIL,
        "template": template,
        "context": context,
        "language": language,
    }


@transaction.atomic
def report_back(vote_id: int, *, by: User) -> int:
    """Put on the agenda of the next meeting what came of a list, and write to each who raised or backed something of it.

    Once per person and meeting; how many were written to. Raises DomainError.
    """
    vote = locked(vote_id)
    meeting = next_meeting(vote)
    if not vote.published_at:
        raise DomainError(_("Publish the list first."))
    if meeting is None:
        raise DomainError(_("This council has no meeting to come. Plan the one in which you report."))
    title = (_("What came of “%(question)s”") % {"question": vote})[:200]
    if not meeting.agenda.filter(title=title).exists():
        AGENDA.enter({"meeting": meeting, "title": title}, by=by)
    written = 0
    for person, listed in concerned(vote, the_list(vote)).items():
        mail = letter(vote, person, listed, meeting)
        key = f"{REPORT_MAIL}:{vote.pk}:{meeting.pk}:{person.pk}"
        written += outbox.put(**mail, to_name=person.name, about=vote, key=key) is not None
    vote.reported_at = timezone.now()
    vote.save(update_fields=["reported_at"])
    audit.record(by=by, action=REPORT, target=vote, after={"meeting": str(meeting.on), "letters": written})
    return written


def preview(vote: Vote) -> tuple[list[str], str]:
    """Whom a report back would reach, and what the first of them would read."""
    meeting, people = next_meeting(vote), concerned(vote, the_list(vote))
    if meeting is None or not people:
        return [], ""
    person, listed = next(iter(people.items()))
    mail = letter(vote, person, listed, meeting)
    subject, text, _html = outbox.written(
        mail["template"], mail["context"], REPORT_MAIL, person.email, person.language
    )
    return [str(each) for each in people], f"{subject}\n\n{text}"
