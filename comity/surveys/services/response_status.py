"""How far a wave is: whom it asked, whom it reached, who answered, and how much of that may be said before it closes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Lower
from django.utils.translation import gettext as _

from comity.core.surveys import percent, tells_percent
from comity.outbox.models import Message, Suppression
from comity.partners.models import Partner, PartnerQuerySet
from comity.people.models import User
from comity.prepared import prepared
from comity.surveys.capabilities import SEE_CONFIDENTIAL
from comity.surveys.models import (
    REACHED,
    Held,
    Mode,
    Participant,
    ParticipantQuerySet,
    Response,
    Wave,
    WaveQuerySet,
)
from comity.surveys.models.json_keys import Within
from comity.surveys.models.wave import POPULATION
from comity.surveys.services.audience import INVITATION

State = Participant.State
UNDELIVERED = (Message.State.DEAD, Message.State.GIVEN_UP)


@transaction.atomic
def recount(wave_ids: Iterable[int] | None = None) -> int:
    """Bring what is known of the mail of open waves, or of some, up to date; how many participants changed.

    An address that bounced, a mail that came back, and whoever asked us to stop are not reached; once mail is let
    through again they are. Whether somebody answered plays no part: of an anonymous wave it would be told by it.
    """
    waves = Wave.objects.open() if wave_ids is None else Wave.objects.filter(pk__in=list(wave_ids))
    stops = Suppression.objects.filter(address=Lower(OuterRef("email")), kind__in=["", INVITATION])
    mail = Message.objects.filter(
        about_kind=Participant._meta.label, about_id=Cast(OuterRef("pk"), CharField())
    )
    bounced = Exists(stops.filter(reason=Suppression.Reason.BOUNCED))
    found = (
        Participant.objects.filter(wave__in=waves.values("pk"), sent_on__isnull=False)
        .annotate(
            now=Case(
                When(bounced | Exists(mail.filter(state__in=UNDELIVERED)), then=Value(State.BOUNCED)),
                When(
                    Exists(stops) | Exists(mail.filter(state=Message.State.HELD)), then=Value(State.OPTED_OUT)
                ),
                default=Value(State.SENT),
                output_field=CharField(),
            )
        )
        .exclude(state=F("now"))
    )
    moved: dict[str, list[int]] = defaultdict(list)
    for pk, now in found.values_list("pk", "now"):
        moved[now].append(pk)
    return sum(Participant.objects.filter(pk__in=keys).update(state=now) for now, keys in moved.items())


def something_open() -> bool:
    """Whether there is a wave whose mail may still come back."""
    return Wave.objects.open().exists()


def by_state(wave: Wave) -> dict[str, int]:
    """How many participants are in each state; those in which nobody is are left out."""
    return dict(wave.participants.order_by("state").values_list("state").annotate(Count("pk")))


def with_counts(waves: WaveQuerySet) -> Any:
    """The waves, with `asked`, `reached` and `given` (answers sent off) in the same query.

    Of answers gathered elsewhere nobody here knows who was asked, unless somebody said how many could have answered: None.
    """
    there = Participant.objects.filter(wave=OuterRef("pk")).order_by()
    return _with_answers(waves).annotate(
        asked=Case(_ELSEWHERE, default=_count(there.exclude(state=State.RESTING)))
    )


_ELSEWHERE = When(imported=True, then=Cast(Within("audience", POPULATION), IntegerField()))


def _with_answers(waves: WaveQuerySet) -> Any:
    there = Participant.objects.filter(wave=OuterRef("pk")).order_by()
    held = Held.objects.filter(wave=OuterRef("pk"), is_complete=True).order_by()
    imported = _count(Response.objects.filter(wave=OuterRef("pk"), wave__imported=True).order_by())
    # Of an anonymous wave that is closed nothing is kept but what was counted.
    answered = Cast(Within("figures", "answered"), IntegerField())
    counted = Coalesce(Case(When(mode=Mode.ANONYMOUS, then=answered)), 0)
    return waves.annotate(
        reached=Case(_ELSEWHERE, default=_count(there.filter(REACHED))),
        given=_count(there.filter(answered=True)) + _count(held) + imported + counted,
    )


def _count(rows: QuerySet[Participant] | QuerySet[Held] | QuerySet[Response]) -> Subquery:
    """How many they are. Without the GROUP BY of `Count`, which takes as long as the counting itself."""
    return Subquery(rows.values(count=Func(template="COUNT(*)", output_field=IntegerField())))


def hides_count(wave: Wave, user: User) -> bool:
    """Whether only a rounded number may be said: of an anonymous wave, and of a confidential one to all but the survey
    office, while it is open, and afterwards if fewer answered than the smallest group."""
    enough = int(wave.figures.get("answered", wave.smallest_group)) >= wave.smallest_group
    if wave.mode == Mode.NAMED or (wave.state == Wave.State.CLOSED and enough):
        return False
    return wave.mode == Mode.ANONYMOUS or not user.can(SEE_CONFIDENTIAL)


def given_words(wave: Wave, given: int, user: User, *, reached: int | None = None) -> str:
    """How many answered, as this person may know it: rounded down to a multiple of the smallest group, or exactly.

    reached  so many were reached; where that is less than the smallest group, "fewer than" it would say nothing
    """
    if not hides_count(wave, user):
        return f"{given:,}"
    rounded, least = given - given % wave.smallest_group, {"count": wave.smallest_group}
    if rounded:
        return _("%(count)s or more") % {"count": f"{rounded:,}"}
    few = reached is not None and reached < wave.smallest_group
    return (_("shown from %(count)s on") if few else _("fewer than %(count)s")) % least


def may_know_who_answered(wave: Wave, user: User) -> bool:
    """Whether this person may read who has answered and who is silent: never of an anonymous wave."""
    return wave.mode in modes_known_to(user)


def modes_known_to(user: User) -> tuple[str, ...]:
    """Of which waves this person may read who has answered."""
    return (Mode.NAMED, Mode.CONFIDENTIAL) if user.can(SEE_CONFIDENTIAL) else (Mode.NAMED,)


def silent(wave: Wave) -> ParticipantQuerySet:
    """Who was reached and has not answered. Ask `may_know_who_answered` first."""
    return wave.participants.filter(state=State.SENT, answered=False)


def silent_partners(wave: Wave, partners: PartnerQuerySet) -> Any:
    """Those of some bodies at which people were reached and nobody has answered, each with `silent_people`: how many.

    Ask `may_know_who_answered` first.
    """
    there = wave.participants.order_by()
    reached = there.filter(state=State.SENT, partner=OuterRef("pk")).values("partner")
    return partners.filter(
        Exists(there.filter(state=State.SENT, partner=OuterRef("pk"))),
        ~Exists(there.filter(answered=True, partner=OuterRef("pk"))),
    ).annotate(silent_people=Subquery(reached.annotate(count=Count("pk")).values("count")))


def count_silent_partners(wave: Wave, user: User) -> int | None:
    """How many of whom this person sees are silent; None where they may not know, or nobody was asked here."""
    if not wave.opened_at or wave.imported or not may_know_who_answered(wave, user):
        return None
    found: int = silent_partners(wave, Partner.objects.visible_to(user)).count()
    return found


@dataclass(frozen=True)
class Silence:
    """An open wave in which nobody of some bodies has answered, and how many they are."""

    wave_id: int
    wave: str
    partners: int


def answers_by_partner(user: User, partners: PartnerQuerySet, modes: Iterable[str]) -> QuerySet[Any, Any]:
    """How many were reached and have answered, by open wave of these modes and body; waves soonest closed first."""
    # By joins, so that the few people of these bodies are looked at and not each body in every open wave.
    return (
        Participant.objects.visible_to(user)
        .filter(wave__state__in=Wave.ANSWERABLE, wave__mode__in=modes)
        .filter(partner__in=partners.order_by().values("pk"))
        .order_by("wave__closes_on", "wave_id")
        .values("wave", "wave__name", "partner")
        .annotate(sent=Count("pk", Q(state=State.SENT)), answers=Count("pk", Q(answered=True)))
        .filter(sent__gt=0, answers=0)
        .values_list("wave", "wave__name")
    )


def silences(rows: Iterable[tuple[int, str]]) -> list[Silence]:
    """How many bodies are silent in each wave, counted from `answers_by_partner`; those of `silent_partners`."""
    return [Silence(wave, name, count) for (wave, name), count in Counter(rows).items()]


@dataclass(frozen=True)
class Standing:
    """The figures of one wave.

    asked   everybody but those who rest; None also where it was not counted
    count   how many answered; None where it may not be said exactly
    share   answers in percent of those who were reached, whole, at most 100: somebody may answer whose mail came back; None where it
            may not be said, or they are too few for a percentage
    from_on  the number from which answers are shown, where fewer were reached; else 0
    """

    asked: int | None
    reached: int | None
    given: str
    count: int | None
    share: int | None
    by_state: dict[str, int]
    from_on: int = 0

    @property
    def resting(self) -> int:
        return self.by_state.get(State.RESTING, 0)

    @property
    def not_reached(self) -> list[tuple[str, str, int]]:
        """Why some were not reached: state, words, how many."""
        states = (State.NO_ADDRESS, State.BOUNCED, State.OPTED_OUT)
        return [(str(each), str(each.label), self.by_state[each]) for each in states if each in self.by_state]


def standing_of(wave: Wave, user: User, *, with_states: bool = True) -> Standing:
    """The figures of one wave, as this person may know them; two queries, one without what became of each invitation."""
    states = by_state(wave) if with_states else {}
    return _standing(with_counts(Wave.objects.filter(pk=wave.pk)).get(), user, states)


def open_waves(user: User, most: int) -> list[tuple[Wave, Standing]]:
    """The first waves that can be answered now, soonest closed first, each with its figures as far as `user` may know; one query.

    How many were asked is not counted.
    """
    if not user.is_office:
        return []
    return [(row, _standing(row, user, {})) for row in _open_with_counts(most, reader=user)]


@prepared
def _open_with_counts(most: int, *, reader: Any) -> WaveQuerySet:
    first = Wave.objects.visible_to(reader).open().order_by("closes_on", "pk").values("pk")[:most]
    counted: WaveQuerySet = _with_answers(Wave.objects.filter(pk__in=first)).order_by("closes_on", "pk")
    return counted


def with_standing(waves: WaveQuerySet, user: User) -> list[tuple[Wave, Standing]]:
    """These waves, each with its figures as far as `user` may know; one query."""
    return [(row, _standing(row, user, {})) for row in with_counts(waves)]


def _standing(row: Any, user: User, states: dict[str, int]) -> Standing:
    """row  a wave with its counts"""
    exact, answers = not hides_count(row, user), min(row.given, row.reached or 0)
    share = (
        percent(answers / row.reached)
        if exact and row.reached and tells_percent(answers, row.reached)
        else None
    )
    return Standing(
        asked=getattr(row, "asked", None),
        reached=row.reached,
        given=given_words(row, row.given, user, reached=row.reached),
        count=row.given if exact else None,
        from_on=0 if exact or max(row.given, row.reached or 0) >= row.smallest_group else row.smallest_group,
        share=None if share is None else int(share),
        by_state=states,
    )
