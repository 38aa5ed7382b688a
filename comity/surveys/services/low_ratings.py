"""Low ratings become follow-ups: one for each answer with a name, one for the survey as a whole where names are kept back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.followups import notices
from comity.followups.models import FollowUp, Severity
from comity.followups.services import add_heard, raise_follow_up, reopen
from comity.meetings.models import Function
from comity.office import services as office
from comity.partners.models import Assignment, Partner
from comity.people.models import User
from comity.surveys.drivers import OFFICERS, driver_words
from comity.surveys.models import LowRating, Mode, Participant, Question, Response, Tally, Wave
from comity.surveys.services.answers import KIND, Answers, in_words
from comity.surveys.services.audience import current_rules

LOW_RATING = "low_rating"  # kinds of follow-up: of one answer, of a whole survey
LOW_IN_SURVEY = "low_in_survey"
BY = "survey"
LONGEST_TITLE, LONGEST_QUOTE = 200, 120


def is_low(question: Question, value: Any, low_rating: int) -> bool:
    """Whether an answer asks for somebody to call. Of ratings alone: 6 of 10 is no complaint."""
    return question.kind == KIND.RATING and type(value) is int and value <= low_rating


def hear(
    response: Response, participant: Participant, *, before: Answers, was_contactable: bool = False
) -> FollowUp | None:
    """Raise what is low in an answer that has just been kept, or add what is new to what was raised of it before.

    participant      as `answerable` finds it
    before           the answers as they were kept until now
    was_contactable  whether its author allowed to be contacted until now

    Without the author's consent a confidential answer is not heard; of one that was, its owner learns that they are to
    be contacted no more, and nothing else.
    """
    wave = participant.wave
    if wave.mode == Mode.ANONYMOUS:
        return None
    if wave.mode == Mode.CONFIDENTIAL and not response.may_contact:
        return _consent_ended(response) if response.follow_up_id is not None and was_contactable else None
    questions = list(wave.version.questions.all())
    low_rating = getattr(participant, "low_rating", None) or current_rules().low_rating
    low = _low(questions, response.answers, low_rating)
    with translation.override(settings.LANGUAGE_CODE):  # it is the office that reads them
        if response.follow_up_id is not None:
            opens_again = wave.mode == Mode.CONFIDENTIAL and not was_contactable
            return _add(response, questions, low, {} if opens_again else before, low_rating, opens_again)
        return _raise(response, wave, questions, low) if low else None


def low_questions(response: Response, low_rating: int | None = None) -> list[Question]:
    """The ratings of an answer that are low, the lowest first.

    What was low when it was heard stays so while its author rates it no better, though the office has moved its bound.
    """
    limit = low_rating or current_rules().low_rating
    questions = response.wave.version.questions.all()
    return _low(questions, response.answers, limit, _heard_as_low(response))


def _low(
    questions: Iterable[Question], answers: Answers, limit: int, heard: Mapping[str, int] | None = None
) -> list[Question]:
    """Those rated low, the lowest first; by a higher bound where a rating was heard as low before."""
    bounds = {one.key: max(limit, (heard or {}).get(one.key, 0)) for one in questions}
    low = [one for one in questions if is_low(one, answers.get(one.key), bounds[one.key])]
    return sorted(low, key=lambda question: answers[question.key])


def _heard_as_low(response: Response) -> dict[str, int]:
    """What was rated low in what was raised of an answer, and how low."""
    if response.follow_up is None:
        return {}
    return {one.question: one.rating for one in response.follow_up.low_ratings.all()}


def _consent_ended(response: Response) -> FollowUp:
    with translation.override(settings.LANGUAGE_CODE):
        return add_heard(
            response.follow_up_id or 0,
            words=ENDED,
            by=BY,
            said_by=str(response.person or ""),
        )


OURS = ("Rated ", "Changed from ", "Withdrew the rating ")
ENDED, AGAIN = "No longer wants to be contacted about this.", "Can be contacted about this again."


def own_words(follow_up: FollowUp) -> str:
    """What a low rating says in its author's own words, to be laid beside others'; "" once they want no more of it."""
    lines = follow_up.said.splitlines()
    if [line for line in lines if line in {ENDED, AGAIN}][-1:] == [ENDED]:
        return ""
    return "\n".join(line for line in lines if not line.startswith(OURS) and line != AGAIN)


def officers_for(follow_up: FollowUp) -> set[Function]:
    """Who should come along on a visit because of a low rating: by what was rated low, and customer relations."""
    wanted = {Function.CUSTOMER}
    responses = Response.objects.filter(follow_up=follow_up).select_related("wave__version")
    for response in responses:
        for question in low_questions(response):
            wanted |= {Function(one) for one in OFFICERS.get(question.driver, ())}
    return wanted


def hear_imported(
    response: Response, wave: Wave, questions: Sequence[Question], low_rating: int
) -> FollowUp | None:
    """Raise what is low in an answer that was imported, unless it was raised before."""
    low = _low(questions, response.answers, low_rating)
    if not low or response.follow_up_id is not None:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        return _raise(response, wave, questions, low, tell=False)


def tell_of_imported(follow_up_ids: Iterable[int]) -> None:
    """Let those who own what was raised of a file know, each in one notice."""
    notices.heard_many(FollowUp.objects.filter(pk__in=follow_up_ids).select_related("owner", "partner"), BY)


@transaction.atomic
def _raise(
    response: Response,
    wave: Wave,
    questions: Sequence[Question],
    low: Sequence[Question],
    *,
    tell: bool = True,
) -> FollowUp:
    lines = [_line(question, response.answers[question.key]) for question in low]
    said = "\n".join([*lines, *_own_words(questions, response.answers)]).strip()
    partner = survivor_of(response.partner)
    if partner is not None and partner.status == Partner.Status.FORMER:
        partner = None
    raised = raise_follow_up(
        kind=LOW_RATING,
        partner=partner,
        title=_title(response, questions, low[0]),
        said=said,
        by=BY,
        raised_by=response.person,
        source_id=str(response.pk),
        source_label=wave.name,
        severity=_severity(response.answers[low[0].key]),
        owner=_lead_of(partner),
        office_only=True,  # promised: the office reads it, not the others at the same body
        tell=tell,
    )
    Response.objects.filter(pk=response.pk).update(follow_up=raised)
    response.follow_up = raised
    _write_down(raised.pk, low, response.answers)
    return raised


def _write_down(follow_up_id: int, low: Sequence[Question], answers: Answers) -> None:
    """Which ratings were low; the lowest of each question stays."""
    known = dict(LowRating.objects.filter(follow_up=follow_up_id).values_list("question", "rating"))
    LowRating.objects.bulk_create(
        [
            LowRating(
                follow_up_id=follow_up_id,
                question=one.key,
                driver=one.driver,
                rating=min(answers[one.key], known.get(one.key, answers[one.key])),
            )
            for one in low
        ],
        update_conflicts=True,
        unique_fields=["follow_up", "question"],
        update_fields=["rating"],
    )


def _add(
    response: Response,
    questions: Sequence[Question],
    low: Sequence[Question],
    before: Answers,
    low_rating: int,
    opens_again: bool,
) -> FollowUp | None:
    """What changed since: further low ratings, ratings that are low no more, new words.

    What is lower than before opens a ring again that was closed: nobody looks there any more.

    opens_again  its author, who had forbidden it meanwhile, may be contacted again: then all is said once more
    """
    now = response.answers
    lines = [_line(one, now[one.key]) for one in low if before.get(one.key) != now[one.key]]
    severity = _severity(now[low[0].key]) if lines else Severity.LOW
    heard = _heard_as_low(response)
    for question in questions:
        was, given = before.get(question.key), now.get(question.key)
        limit = max(low_rating, heard.get(question.key, 0))  # the office may have moved its bound since
        if is_low(question, was, limit) and not is_low(question, given, limit):
            lines.append(_better(question, was, given))
    if opens_again:
        lines.insert(0, AGAIN)
    old = set(_own_words(questions, before))
    lines.extend(words for words in _own_words(questions, now) if words not in old)
    if not lines or response.follow_up_id is None:
        return None
    _write_down(response.follow_up_id, low, now)
    said_by = str(response.person or "")
    follow_up = add_heard(
        response.follow_up_id, words="\n".join(lines), by=BY, said_by=said_by, severity=severity
    )
    if not follow_up.is_open and _is_lower(low, now, heard if opens_again else before):
        reopen(follow_up.pk, words=_("Rated low after this was closed."), by=BY, said_by=said_by)
    return follow_up


def _is_lower(low: Sequence[Question], now: Answers, before: Mapping[str, Any]) -> bool:
    """Whether something is rated low that was not rated as low before."""
    pairs = [(before.get(one.key), now[one.key]) for one in low]
    return any(type(was) is not int or given < was for was, given in pairs)


def said_of(sentence: str, question: Question, **ratings: Any) -> str:
    """A sentence about ratings of a question: "Rated 2 of 5: How easy was it?" """
    words = {name: in_words(question, value, "en") for name, value in ratings.items()}
    return sentence % {**words, "question": question.ask_en}


def _title(response: Response, questions: Sequence[Question], worst: Question) -> str:
    """Who, and what they said, or how low they rated what: "Ben Okafor: 2 of 5 on being listened to"."""
    words = _own_words(questions, response.answers)
    if words:
        what = _("“%(words)s”") % {"words": Truncator(" ".join(words[0].split())).chars(LONGEST_QUOTE)}
    else:
        what = _rated(worst, response.answers[worst.key])
    return (f"{response.person}: {what}" if response.person else what)[:LONGEST_TITLE]


def _rated(question: Question, value: int) -> str:
    rating = in_words(question, value, "en")
    if question.driver:
        about = driver_words(question.driver)
        return _("%(rating)s on %(driver)s") % {"rating": rating, "driver": about[:1].lower() + about[1:]}
    if question.outcome:
        return _("%(rating)s overall") % {"rating": rating}
    return f"{rating}: {question.ask_en}"


def _line(question: Question, value: int) -> str:
    return said_of(_("Rated %(rating)s: %(question)s"), question, rating=value)


def _better(question: Question, was: Any, given: Any) -> str:
    if given is None:
        return said_of(_("Withdrew the rating %(rating)s: %(question)s"), question, rating=was)
    return said_of(_("Changed from %(was)s to %(rating)s: %(question)s"), question, was=was, rating=given)


def _own_words(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[str]:
    return [answers[one.key] for one in questions if one.kind == KIND.TEXT and answers.get(one.key)]


def _severity(rating: int) -> str:
    return Severity.HIGH if rating <= 1 else Severity.NORMAL


def survivor_of(partner: Partner | None) -> Partner | None:
    """A body, or what it was merged into since."""
    while partner is not None and partner.merged_into is not None:
        partner = partner.merged_into
    return partner


def _lead_of(partner: Partner | None) -> User | None:
    """Its lead contact today, if that is somebody who can own it."""
    if partner is None:
        return None
    leads = Assignment.objects.on(office.today()).leads().filter(partner=partner).select_related("user")
    return next((one.user for one in leads if one.user.is_active and one.user.is_office), None)


@transaction.atomic
def raise_for_whole(wave: Wave) -> FollowUp | None:
    """When a wave that keeps names back closes: one follow-up for all its low ratings that may be shown.

    Of core ratings, from the frozen tables alone; it belongs to no partner and points at the results. Asked twice it is
    raised once. Nothing for named waves, where each low rating was heard as it came.
    """
    if wave.mode == Mode.NAMED:
        return None
    if known := FollowUp.objects.filter(kind=LOW_IN_SURVEY, source_id=str(wave.pk)).first():
        return known
    low_rating = current_rules().low_rating
    if not (shares := _low_shares(wave, low_rating)):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_share_line(question, low, count, low_rating) for question, low, count in shares]
        return raise_follow_up(
            kind=LOW_IN_SURVEY,
            partner=None,
            title=lines[0][:LONGEST_TITLE],
            said="\n".join(lines[1:]),
            by=BY,
            anonymous=True,
            source_id=str(wave.pk),
            source_label=wave.name,
        )


def _low_shares(wave: Wave, low_rating: int) -> list[tuple[Question, int, int]]:
    """Core ratings that somebody rated low, with how many of how many; the largest share first."""
    core = {one.key: one for one in wave.version.questions.all() if one.core and one.kind == KIND.RATING}
    rows = Tally.objects.filter(
        wave=wave, table=Tally.Table.ALL, question__in=core, n__gt=0, counts__isnull=False
    )
    found = [
        (core[row.question], low, row.n or 0)
        for row in rows
        if (low := sum(count for value, count in row.counts.items() if int(value) <= low_rating))
    ]
    return sorted(found, key=lambda one: (-one[1] / one[2], one[0].order))


def _share_line(question: Question, low: int, count: int, low_rating: int) -> str:
    """ "4 of 20 rated 3 of 5 or less: How easy was it?" """
    sentence = ngettext(
        "%(low)s of %(count)s rated %(rating)s or less: %(question)s",
        "%(low)s of %(count)s rated %(rating)s or less: %(question)s",
        low,
    )
    rating = in_words(question, low_rating, "en")
    return sentence % {"low": low, "count": count, "rating": rating, "question": question.ask_en}
