"""The nouns of this room: what is asked, each time it is, and what is said to have come of it."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from comity.followups.additions import PageAddition
from comity.followups.kinds import Kind
from comity.jobs import LongWork, Recurring
from comity.meetings.officers_needed import OfficersNeeded
from comity.nouns import Act, Area, Noun, Place, Search
from comity.surveys.capabilities import PORTAL, READ, RUN
from comity.surveys.importing import responses
from comity.surveys.importing.profile import RESPONSES
from comity.surveys.models import Account, Again, Participant, Response, Series, Survey, Tally, Wave
from comity.surveys.services import (
    closing,
    counting,
    daily,
    invitation_mail,
    low_ratings,
    reach,
    recurring,
    rules,
    sending,
    waves,
)
from comity.surveys.services.accounts import mailing, writing
from comity.surveys.services.building import drafts, questions, surveys
from comity.surveys.views.low_ratings.effect import again_lines

BUILDING = {
    surveys.CREATE: _("made a survey"),
    surveys.RENAME: _("renamed a survey"),
    surveys.RETIRE: _("retired a survey"),
    surveys.BRING_BACK: _("brought a survey back"),
    drafts.BEGIN: _("began a new version"),
    drafts.WORD: _("changed what a survey says"),
    drafts.DISCARD: _("discarded a draft"),
    drafts.FREEZE: _("made a version final"),
    questions.ADD: _("added a question"),
    questions.CHANGE: _("changed a question"),
    questions.HANG: _("changed when a question is asked"),
    questions.MOVE: _("moved a question"),
    questions.REMOVE: _("removed a question"),
    questions.RESTORE: _("put a question back"),
}

ASKING = {
    waves.CREATE: _("prepared a wave"),
    waves.CHANGE: _("changed a wave"),
    waves.DELETE: _("threw a wave away"),
    waves.OPEN: _("opened a wave"),
    sending.INVITE: _("invited to a wave"),
    waves.EXTEND: _("set the last day of a wave"),
    waves.REMIND: _("reminded of a wave"),
    rules.SET_RULES: _("changed the rules for asking"),
}

CLOSING = {
    closing.CLOSE: _("closed a wave"),
    closing.FROZEN: _("froze the figures of a wave"),
    responses.IMPORT: _("imported responses"),
    responses.UNDO: _("took imported responses back"),
}

ACCOUNTS = {
    writing.SAY: _("said what came of a wave"),
    writing.CHANGE: _("changed what is said of a wave"),
    writing.REMOVE: _("removed what was said of a wave"),
    writing.WORD: _("changed what stands above it"),
    writing.PUBLISH: _("published what came of a wave"),
    writing.TAKE_BACK: _("took back what came of a wave"),
    mailing.TELL: _("told those who were asked"),
}

# Inviting and reminding; and in a lane of its own the counting of what arrives, since many answers take seconds.
WORK = (
    LongWork(waves.OPENING, sending.invite),
    LongWork(waves.REMINDING, sending.remind),
    LongWork(closing.CLOSING, closing.finish),
    Recurring(
        "surveys.each_morning",
        daily.each_morning,
        daily_at=time(7, 0),
        label=_("Surveys: what the day brings"),
    ),
    Recurring(
        "surveys.count_reached",
        reach.recount,
        minutes=15,
        when=reach.something_open,
        label=_("Surveys: whom the mail reached"),
    ),
    Recurring(
        "surveys.go_on",
        daily.go_on,
        minutes=5,
        when=daily.something_unfinished,
        label=_("Surveys: mail that stood still"),
    ),
    Recurring(
        "surveys.go_on_closing",
        closing.go_on,
        minutes=10,
        when=closing.something_to_close,
        label=_("Surveys: waves whose last day has passed"),
    ),
    Recurring(
        "surveys.count",
        counting.refresh_open,
        minutes=5,
        lane="surveys",
        when=counting.something_to_count,
        label=_("Surveys: answers that arrived"),
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
                _("Rules for asking"),
                "surveys:rules",
                RUN,
                _("How often one person is asked"),
                under="surveys:waves",
            ),
            Place(Area.FEEDBACK, _("Surveys"), "surveys:portal_list", PORTAL),
        ],
        acts=[Act(_("Prepare a wave"), _("ask a survey of some people"), "surveys:new_wave", RUN)],
        actions=ASKING | CLOSING,
        search=Search(hint="version__survey__name", to=READ),
        traits=[
            invitation_mail.KIND,
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
            recurring.CREATE: _("began to ask by itself"),
            recurring.CHANGE: _("changed what is asked by itself"),
            recurring.STOP: _("stopped asking by itself"),
        },
    ),
    Noun(
        Response,
        page="surveys:response",
        traits=[
            RESPONSES,
            Kind(low_ratings.LOW_RATING, _("Low rating"), Response, to=READ),
            OfficersNeeded(low_ratings.LOW_RATING, low_ratings.officers_for),
            PageAddition(lines=again_lines),
        ],
    ),
    Noun(Account, actions=ACCOUNTS, traits=[mailing.KIND, LongWork(mailing.TELLING, mailing.send)]),
    Noun(Participant, office_only=True),
    Noun(Again, office_only=True),
    Noun(Tally, office_only=True),
)
