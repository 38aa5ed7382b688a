"""Whether the State of Franklin reads like life; asked of the state made in test_sample_state."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import TestCase

from comity.followups.models import Comment, FollowUp
from comity.meetings.models import Meeting, PlannedVisit
from comity.people.models import User
from comity.surveys.models import Remark, Response

SHORT = 4  # words; "Sent same day." may be said by many
ENDS = re.compile(r"(?<=[.!?…])[”’]?\s+|\n+")
# What the product itself writes, and copies that it keeps of what stands in the row they are about.
OURS = {
    "audit.Entry",  # what a row was and became
    "patterns.Proposal",  # the words of a follow-up once more
    "outbox.Message",  # the letter around the words that were told: greeting, link, signature
    "notifications.Notice",  # one line about a row
    "followups.Step",  # the words of done and told once more, as history
    "followups.FollowUp.source_label",  # the title of the meeting or wave it comes from
    "followups.FollowUp.told_to",  # names
    "surveys.Question",  # the library's, once a version
    "surveys.Survey",
    "surveys.Version",
    "contenttypes.ContentType",
    "auth.Permission",
    "imports.ImportRow",  # rows of a file
    "imports.Import.samples",
    "meetings.CalendarEvent",  # what a calendar said, beside the meeting it became
    "councils.CouncilMeeting.minutes",  # what was said, once more in the meetings as which it is kept
    "councils.Vote.frozen",  # items and seats once more, as they were counted
    "business.Step.journey",  # the name of the journey, once a step
    "rates.LedgerLine",  # lines of a ledger, year after year
    "rates.RateVersion.derivation",  # the costs behind a rate, once more
    "rates.DriverSnapshot",  # where figures come from, each July
    "billing.Adjustment",  # the words of the dispute that it ends
    "billing.Line",  # those of the adjustment
    "services.Edition",  # the words of a service once more, as they were published
    "tickets.Ticket",  # of a request the name of the offering and what the form was told; of the rest, what a desk keeps typing
    "tickets.Owner",  # names of partners as another system has them
    "people.User",  # names and titles of posts
    "partners.Position",
    "partners.Partner.name_key",  # the name once more, as it is looked up and sorted
    "partners.Partner.sort_name",
}
RATED = re.compile(r"^Rated \d of \d")  # put together from a question and its rating
# Kinds whose title and words are put together from an answer, a play, a post.
WRITTEN = ("low_rating", "low_in_survey", "health", "new_head")


def sentences(text: str) -> Iterator[str]:
    """Those of more than a few words, as they are read aloud."""
    for found in ENDS.split(text):
        if len(found.split()) > SHORT and not RATED.match(found):
            yield " ".join(re.findall(r"[\w'’]+", found.lower()))


def texts() -> Iterator[tuple[str, str]]:
    """Every text the state holds, with where it stands."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            where = f"{model._meta.label}.{field.name}"
            if OURS & {model._meta.label, where} or not isinstance(field, CharField | TextField | JSONField):
                continue
            rows = model._default_manager.all()
            if model is FollowUp and field.name in {"title", "said"}:
                rows = rows.exclude(kind__in=WRITTEN)
            for value in rows.values_list(field.name, flat=True):
                yield from ((where, text) for text in _in(value))


def _in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in _in(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _in(one))


class Reading(TestCase):
    day: date  # on which the state was made

    def test_no_sentence_stands_there_three_times(self) -> None:
        places: dict[str, list[str]] = defaultdict(list)
        for where, text in texts():
            for sentence in sentences(text):
                places[sentence].append(where)
        self.assertGreater(len(places), 1_500)
        often = {sentence: found for sentence, found in places.items() if len(found) > 2}
        self.assertEqual(often, {})

    def test_what_is_written_down_differs(self) -> None:
        written = Counter(Meeting.objects.exclude(said="").values_list("said", flat=True))
        self.assertGreaterEqual(len(written), 150)
        concerns = FollowUp.objects.filter(kind__in=["concern", "portal"])
        self.assertGreaterEqual(len(set(concerns.values_list("title", "said"))), 100)
        self.assertGreaterEqual(len(set(written_answers())), 60)
        self.assertGreater(Comment.objects.count(), 40)

    def test_every_relationship_manager_has_visits_to_come_and_one_today(self) -> None:
        for who in ("ana", "ben", "dana", "leo", "priya", "tom", "jo"):
            lead = User.objects.get(email__startswith=f"{who}@")
            planned = PlannedVisit.objects.planned().filter(lead=lead, planned_on__gte=self.day)
            self.assertTrue(planned.filter(planned_on=self.day).exists(), who)
            self.assertTrue(planned.filter(planned_on__gt=self.day).exists(), who)
            self.assertFalse(planned.filter(planned_on__gt=self.day + timedelta(days=21)).exists(), who)

    def test_who_speaks_spanish_writes_and_is_answered_in_spanish(self) -> None:
        answers = [text for text in written_answers() if is_spanish(text)]
        self.assertGreater(len(answers), 4)
        said = [row for row in FollowUp.objects.exclude(kind__in=WRITTEN) if is_spanish(row.said)]
        self.assertGreater(len(said), 5)
        for row in said:
            self.assertTrue(is_spanish(row.told_words) or not row.told_words, row.title)
        self.assertTrue([row for row in FollowUp.objects.filter(kind="portal") if is_spanish(row.said)])


def written_answers() -> list[str]:
    said = [text for answers in Response.objects.values_list("answers", flat=True) for text in _in(answers)]
    return [text for text in (*said, *Remark.objects.values_list("text", flat=True)) if " " in text]


def is_spanish(text: str) -> bool:
    return (
        len(re.findall(r"\b(el|la|los|las|que|en|de|se|no|ya|por|con|una?)\b", text.lower()))
        > len(text.split()) / 5
    )
