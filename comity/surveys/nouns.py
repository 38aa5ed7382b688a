"""The nouns of this room: what is asked, each time it is, and what is said to have come of it."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.followups.kinds import Kind, PageAddition
from comity.jobs import LongWork, Recurring
from comity.meetings.officers_needed import OfficersNeeded
from comity.nouns import Act, Area, Noun, Place, Search
from comity.surveys.capabilities import PORTAL, READ, RUN
from comity.surveys.importing import responses
from comity.surveys.importing.responses import RESPONSES
from comity.surveys.models import Account, Again, Participant, Response, Series, Survey, Tally, Wave
from comity.surveys.services import (
    accounts,
    audience,
    closing,
    counting,
    daily,
    low_ratings,
    recurring,
    response_status,
    sending,
    waves,
)
from comity.surveys.services.building import drafts, questions, surveys
from comity.surveys.views.low_ratings import again_lines

BUILDING = {
    surveys.CREATE: _("created a survey"),
    surveys.RENAME: _("renamed a survey"),
    surveys.RETIRE: _("retired a survey"),
    surveys.BRING_BACK: _("restored a survey"),
    drafts.BEGIN: _("started a new version"),
    drafts.WORD: _("edited the text of a survey"),
    drafts.DISCARD: _("discarded a draft"),
    drafts.FREEZE: _("made a version final"),
    questions.ADD: _("added a question"),
    questions.CHANGE: _("changed a question"),
    questions.HANG: _("changed when a question is asked"),
    questions.MOVE: _("moved a question"),
    questions.REMOVE: _("removed a question"),
    questions.RESTORE: _("restored a question"),
}

ASKING = {
    waves.CREATE: _("prepared a wave"),
    waves.CHANGE: _("changed a wave"),
    waves.DELETE: _("discarded a wave"),
    waves.OPEN: _("opened a wave"),
    sending.INVITE: _("invited people to a wave"),
    waves.EXTEND: _("set the last day of a wave"),
    waves.REMIND: _("sent reminders for a wave"),
    audience.SET_RULES: _("changed the survey rules"),
}

CLOSING = {
    closing.CLOSE: _("closed a wave"),
    closing.FROZEN: _("froze the figures of a wave"),
    responses.IMPORT: _("imported responses"),
    responses.UNDO: _("undid an import of responses"),
}

ACCOUNTS = {
    accounts.SAY: _("added to what came of a wave"),
    accounts.CHANGE: _("edited what came of a wave"),
    accounts.REMOVE: _("removed something from what came of a wave"),
    accounts.WORD: _("edited the introduction to what came of a wave"),
    accounts.PUBLISH: _("published what came of a wave"),
    accounts.TAKE_BACK: _("unpublished what came of a wave"),
    accounts.TELL: _("told people what came of a wave"),
}

# Inviting and reminding; and in a lane of its own the counting of what arrives, since many answers take seconds.
WORK = (
    LongWork(waves.OPENING, sending.invite, resumes=True),
    LongWork(waves.REMINDING, sending.remind, resumes=True),
    LongWork(closing.CLOSING, closing.finish),
    Recurring(
        "surveys.each_morning",
        daily.each_morning,
        daily_at=time(7, 0),
        label=_("Surveys: daily work"),
    ),
    Recurring(
        "surveys.count_reached",
        response_status.recount,
        minutes=15,
        when=response_status.something_open,
        label=_("Surveys: check which emails arrived"),
    ),
    Recurring(
        "surveys.go_on",
        daily.go_on,
        minutes=5,
        when=daily.something_unfinished,
        label=_("Surveys: resume emails that got stuck"),
    ),
    Recurring(
        "surveys.go_on_closing",
        closing.go_on,
        minutes=10,
        when=closing.something_to_close,
        label=_("Surveys: close waves after their last day"),
    ),
    Recurring(
        "surveys.count",
        counting.refresh_open,
        minutes=5,
        lane="surveys",
        when=counting.something_to_count,
        label=_("Surveys: count new answers"),
    ),
)

# Found by the office alone; partners' users reach the waves that concern them through their portal.
NOUNS = (
    Noun(
        Wave,
        plural=_("Waves"),
        page="surveys:wave",
        places=[
            Place(Area.FEEDBACK, _("Waves"), "surveys:waves", READ),
            Place(Area.FEEDBACK, _("Low ratings"), "surveys:loop", READ),
            Place(
                Area.FEEDBACK,
                _("Survey rules"),
                "surveys:rules",
                RUN,
                _("How often we ask one person"),
                under="surveys:waves",
            ),
            Place(Area.FEEDBACK, _("Surveys"), "surveys:portal_list", PORTAL),
        ],
        acts=[Act(_("Prepare a wave"), _("ask people to answer a survey"), "surveys:new_wave", RUN)],
        actions=ASKING | CLOSING,
        search=Search(hint="version__survey__name", to=READ),
        traits=[
            sending.KIND,
            *WORK,
            Kind(low_ratings.LOW_IN_SURVEY, _("Low ratings in a survey"), Wave, "surveys:results", to=READ),
        ],
    ),
    Noun(
        Survey,
        office_only=True,
        plural=_("Surveys"),
        page="surveys:survey",
        places=[Place(Area.FEEDBACK, _("Surveys"), "surveys:list", READ)],
        acts=[Act(_("Build a survey"), _("from the library, or an empty one"), "surveys:new_survey", RUN)],
        actions=BUILDING,
        search=Search(to=READ),
    ),
    Noun(
        Series,
        office_only=True,
        page="surveys:series",
        places=[Place(Area.FEEDBACK, _("Recurring surveys"), "surveys:all_series", READ)],
        actions={
            recurring.CREATE: _("started a recurring survey"),
            recurring.CHANGE: _("changed a recurring survey"),
            recurring.STOP: _("stopped a recurring survey"),
        },
    ),
    Noun(
        Response,
        page="surveys:response",
        traits=[
            RESPONSES,
            Kind(low_ratings.LOW_RATING, _("Low rating"), Response, to=READ, problem=low_ratings.own_words),
            OfficersNeeded(low_ratings.LOW_RATING, low_ratings.officers_for),
            PageAddition(lines=again_lines),
        ],
    ),
    Noun(
        Account,
        actions=ACCOUNTS,
        traits=[accounts.KIND, LongWork(accounts.TELLING, accounts.send, resumes=True)],
    ),
    Noun(Participant, office_only=True),
    Noun(Again, office_only=True),
    Noun(Tally, office_only=True),
)
