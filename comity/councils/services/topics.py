"""What is brought up in a live session: written once, merged with what says the same, taken away for a reason, put back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core import similarity
from comity.core.errors import DomainError
from comity.councils.capabilities import RUN
from comity.councils.models import CouncilMeeting, LiveSession, Phone, Topic
from comity.councils.models.live import tell
from comity.councils.services.live import running
from comity.people.models import User

WRITE, MERGE, REMOVE = "councils.write_topic", "councils.merge_topics", "councils.remove_topic"
PUT_BACK = "councils.put_back_topic"
MOST_OF_A_PHONE = 100
GROUPS = 10
IN_THE_ROOM = "a phone in the room"


@transaction.atomic
def write(phone: Phone, *, title: str, said: str, key: str) -> Topic:
    """Keep a topic; the same key a second time gives the one that is kept. Raises DomainError.

    phone  with its session, as they were just read
    """
    session, title = phone.session, " ".join(title.split())
    mine = session.meeting.topics.filter(seat=phone.seat, guest=phone.guest)
    if found := mine.filter(key=key).first():
        return found
    if session.ended_at:
        raise DomainError(_("The session has ended. What you wrote was not sent."))
    if session.locked:
        raise DomainError(_("Writing is closed for now. Keep your topic for later."))
    if not title or len(title) > 200:
        raise DomainError(_("Say in a few words what it is about."), "title")
    if not 8 <= len(key) <= 64:
        raise DomainError(_("Reload the page and try again."))
    if mine.count() >= MOST_OF_A_PHONE:
        raise DomainError(_("That is your hundredth topic. Tell the facilitator the rest."))
    facts = {"seat": phone.seat, "guest": phone.guest, "council_id": session.meeting.council_id}
    try:
        with transaction.atomic():
            made = Topic.objects.create(
                meeting=session.meeting, title=title, said=said.strip()[:2000], key=key, **facts
            )
    except IntegrityError:
        if found := mine.filter(key=key).first():
            return found
        raise DomainError(_("Reload the page and try again.")) from None
    audit.record(by=IN_THE_ROOM, action=WRITE, target=made, after={"by": str(phone)})
    tell(session, topic=made.shown())
    return made


@transaction.atomic
def merge(session_id: int, topics: Sequence[int], *, into: int, by: User) -> Topic:
    """Let the topic `into` stand for the others too. What was merged meanwhile is followed to what stands for it.

    Raises DomainError.
    """
    session = running(session_id, by)
    known = {topic.pk: topic for topic in session.meeting.topics.select_for_update()}
    if not topics or into in topics:
        raise DomainError(_("A topic cannot be merged into itself. Choose two or more."))
    if not known.keys() >= {into, *topics}:
        raise DomainError(_("These are not all topics of this meeting."))
    survivor = _followed(known, into)
    rest = {topic.pk: topic for topic in (_followed(known, pk) for pk in topics) if topic != survivor}
    if any(topic.removed_at for topic in (survivor, *rest.values())):
        raise DomainError(_("One of these topics has been removed meanwhile."))
    for topic in rest.values():
        topic.merged_into = survivor
        topic.version += 1
        topic.save(update_fields=["merged_into", "version"])
        audit.record(by=by, action=MERGE, target=topic, after={"into": str(survivor)})
    if session.at_hand_id in rest:
        session.at_hand = survivor
        session.save(update_fields=["at_hand"])
    tell(session, gone=list(rest), state=session.shown())
    return survivor


def _followed(known: dict[int, Topic], pk: int) -> Topic:
    while (next_one := known[pk].merged_into_id) is not None:
        pk = next_one
    return known[pk]


@transaction.atomic
def remove(session_id: int, topics: Sequence[int], *, reason: str, by: User) -> int:
    """Take topics away; they stay on record with the reason. How many they were. Raises DomainError."""
    session, reason = running(session_id, by), reason.strip()
    if not reason:
        raise DomainError(_("Say why it is removed."))
    found = list(session.meeting.topics.standing().select_for_update().filter(pk__in=topics))
    if not found:
        raise DomainError(_("Choose a topic first."))
    for topic in found:
        topic.removed_at, topic.removed_reason = timezone.now(), reason
        topic.version += 1
        topic.save(update_fields=["removed_at", "removed_reason", "version"])
        audit.record(by=by, action=REMOVE, target=topic, after={"removed_reason": reason})
    if session.at_hand in found:
        session.at_hand = None
        session.save(update_fields=["at_hand"])
    tell(session, gone=[topic.pk for topic in found], state=session.shown())
    return len(found)


@transaction.atomic
def put_back(session_id: int, topic_id: int, *, by: User) -> Topic:
    """Undo a merge or a removal. Raises DomainError."""
    session = running(session_id, by)
    topic = session.meeting.topics.select_for_update(of=("self",)).filter(pk=topic_id).first()
    if topic is None or (topic.merged_into_id is None and topic.removed_at is None):
        raise DomainError(_("This topic is in the list already."))
    topic.merged_into, topic.removed_at, topic.removed_reason = None, None, ""
    topic.version += 1
    topic.save(update_fields=["merged_into", "removed_at", "removed_reason", "version"])
    audit.record(by=by, action=PUT_BACK, target=topic)
    tell(session, topic=topic.shown())
    return topic


def alike(topics: Sequence[Topic]) -> list[list[Topic]]:
    """Groups of topics that seem to say the same, the largest first. docs/calculations/likeness.md"""
    vectors = similarity.embed([f"{topic.title}. {topic.said}" for topic in topics])
    groups = similarity.grouped(vectors, [topic.pk for topic in topics])
    return [[topics[row] for row in rows] for rows in groups[:GROUPS]]


def with_merged(topics: Sequence[Topic]) -> list[tuple[Topic, list[Topic]]]:
    """Those that stand, each with all that it stands for."""
    known, under = {topic.pk: topic for topic in topics}, defaultdict(list)
    for topic in topics:
        if topic.merged_into_id:
            under[_followed(known, topic.pk).pk].append(topic)
    return [(topic, under[topic.pk]) for topic in topics if not topic.merged_into_id and not topic.removed_at]


@dataclass(frozen=True)
class OfMeeting:
    """What the page of a meeting has of its live session: the one that goes on, and what was brought up."""

    meeting: CouncilMeeting
    session: LiveSession | None
    topics: list[tuple[Topic, list[Topic]]]
    may_run: bool


def of_meeting(meeting: CouncilMeeting, user: User) -> OfMeeting:
    """Two queries; one for whoever only reads what was brought up."""
    runs = user.can(RUN)
    going_on = meeting.sessions.going_on().select_related("facilitator") if runs else None
    session = None if going_on is None else going_on.first()
    may_run = runs and (session is not None or not (meeting.called_off_at or meeting.minutes_at))
    return OfMeeting(meeting, session, with_merged(list(meeting.topics.all())), may_run)
