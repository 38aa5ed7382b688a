"""The waves, the people of one wave, and the partners of whom nobody answered, as lists."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.office.services import today, words
from comity.partners.models import Partner, with_lead
from comity.people.access import Request, requires
from comity.people.models import User
from comity.search.sorting import named
from comity.surveys.capabilities import READ, RUN
from comity.surveys.models import Mode, Participant, Survey, Wave
from comity.surveys.services import response_status
from comity.surveys.views.finding import wave_or_404
from comity.surveys.views.responses import INVITED, groups, of_counted
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle

State = Participant.State
STATES = {
    Wave.State.DRAFT: "none",
    Wave.State.OPENING: "warn",
    Wave.State.OPEN: "good",
    Wave.State.CLOSING: "warn",
    Wave.State.CLOSED: "",
}


def state_sign(wave: Wave) -> SafeString:
    """Its state as a tag."""
    return tag(wave.get_state_display(), kind=STATES[Wave.State(wave.state)])


@require_safe
@requires(READ)
def listing(request: Request) -> HttpResponseBase:
    user = request.user
    may_run = user.can(RUN)
    table = Table(
        request,
        response_status.with_counts(Wave.objects.visible_to(user)).select_related("version__survey"),
        name="waves",
        columns=_columns(user),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.filter(named(text, "sort_name"))),
            Choice("state", _("State"), Wave.State.choices, "state"),
            Choice("mode", _("Anonymity"), Mode.choices, "mode"),
            Choice(
                "survey",
                _("Survey"),
                lambda: Survey.objects.visible_to(user).values_list("pk", "name"),
                "version__survey",
            ),
        ],
        default_sort="-closes_on",
        empty=_("Nobody has been asked yet."),
        empty_url=reverse("surveys:new_wave") if may_run else "",
        empty_action=_("Prepare the first wave") if may_run else "",
    )
    return table.respond("surveys/waves/list.html", {"may_run": may_run, "heading": heading(user)})


def _columns(user: User) -> list[Column]:
    return [
        Column("name", _("Wave"), link=True),
        Column("key", csv_only=True),
        Column("version.survey", _("Survey"), csv="survey", wide=True),
        Column("version.number", csv="version", csv_only=True),
        Column("state", _("State"), value=state_sign),
        Column("mode", _("Anonymity"), wide=True),
        Column("asked", _("Asked"), sort="asked", numeric=True, wide=True),
        Column("reached", _("Reached"), sort="reached", numeric=True, wide=True),
        Column(
            "answered",
            _("Answered"),
            numeric=True,
            value=lambda row: (
                response_status.given_words(row, row.given, user, reached=row.reached)
                if row.opened_at or row.given
                else ""
            ),
        ),
        Column("closes_on", _("Last day")),
    ]


def heading(user: User) -> str:
    """How much is going on, in a sentence."""
    states = list(Wave.objects.visible_to(user).values_list("state", flat=True))
    going = sum(state in Wave.ANSWERABLE for state in states)
    if not states:
        return _("No wave has been prepared yet.")
    if going == 1:
        return _("One wave can be answered now.")
    return (
        _("%(count)s waves can be answered now.") % {"count": going} if going else _("No wave is open now.")
    )


@require_safe
@requires(READ)
def people(request: Request, pk: int) -> HttpResponseBase:
    """Who was asked in a wave, and what became of the invitation."""
    wave = wave_or_404(request, pk)
    knows = response_status.may_know_who_answered(wave, request.user)
    rows = Participant.objects.visible_to(request.user).filter(wave=wave).select_related("person", "partner")
    table = Table(
        request,
        rows,
        name="wave-people",
        columns=_people_columns(knows=knows),
        filters=_people_filters(wave, request.user, knows=knows),
        default_sort="person",
        export_name=f"{wave.key}-people",
        empty=_("Nobody has been asked yet."),
    )
    return table.respond("surveys/waves/people.html", {"wave": wave})


def _people_columns(*, knows: bool) -> list[Column]:
    columns = [
        Column("person", _("Name"), csv="name", link=True),
        Column("person.id", csv="person_id", csv_only=True),
        Column("partner", words().Partner, link=True),
        Column("partner.code", csv="partner_code", csv_only=True),
        Column("email", _("Email"), wide=True),
        Column("state", _("Invitation")),
        Column("sent_on", _("Sent"), wide=True),
    ]
    if knows:  # whoever was not reminded had answered by then
        columns += [
            Column("reminders", _("Reminders"), wide=True),
            Column("answered", _("Answered"), wide=True),
        ]
    return columns


def _people_filters(wave: Wave, user: User, *, knows: bool) -> list[Any]:
    filters: list[Any] = [
        Search("q", _("Find"), lambda rows, text: rows.filter(named(text, "person__sort_name"))),
        of_counted(user, wave),
        *groups(wave),
        Choice("state", _("Invitation"), State.choices, "state"),
        Toggle(
            INVITED, _("Without those asked too recently"), lambda rows: rows.exclude(state=State.RESTING)
        ),
        Toggle(
            "unreached",
            _("Only those not reached"),
            # Of those whose mail came back some may have answered; only who may know that sees it by their absence.
            lambda rows: rows.filter(
                state__in=[State.NO_ADDRESS, State.BOUNCED, State.OPTED_OUT],
                **({"answered": False} if knows else {}),
            ),
        ),
    ]
    if knows:
        filters += [
            Toggle("reached", _("Reached"), lambda rows: rows.reached()),
            Toggle("silent", _("No answer yet"), lambda rows: rows.filter(state=State.SENT, answered=False)),
        ]
    return filters


@require_safe
@requires(READ)
def silent_partners(request: Request, pk: int) -> HttpResponseBase:
    """Whom to call. Where names are kept back from this reader, so is who was silent."""
    wave = wave_or_404(request, pk)
    if wave.imported or not response_status.may_know_who_answered(wave, request.user):
        raise Http404
    day = today()
    rows = with_lead(response_status.silent_partners(wave, Partner.objects.visible_to(request.user)), day)
    table = Table(
        request,
        rows,
        name="silent-partners",
        columns=_silent_columns(wave),
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text)),
            Choice("kind", _("Kind"), Partner.Kind.choices, "kind"),
            Toggle("mine", _("I look after them"), lambda rows: rows.looked_after_by(request.user, day)),
        ],
        default_sort="name",
        export_name=f"{wave.key}-silent",
        empty=_("Someone has answered from every place we asked."),
    )
    return table.respond("surveys/waves/silent.html", {"wave": wave, "heading": _silent_heading(table.total)})


def _silent_heading(count: int) -> str:
    said = words()
    if not count:
        return _("No %(partner)s is without an answer.") % {"partner": said.partner}
    return ngettext(
        "Nobody has answered from %(count)s %(partner)s.",
        "Nobody has answered from %(count)s %(partners)s.",
        count,
    ) % {"count": f"{count:,}", "partner": said.partner, "partners": said.partners}


def _silent_columns(wave: Wave) -> list[Column]:
    people = reverse("surveys:wave_people", args=[wave.pk])
    return [
        Column("name", words().Partner, link=True),
        Column("code", csv_only=True),
        Column("kind", wide=True),
        Column("lead", _("Lead contact"), sort="lead_name", value=lambda row: row.lead_name or _("nobody")),
        Column(
            "silent_people",
            _("People with no answer yet"),
            sort="silent_people",
            numeric=True,
            link=lambda row: f"{people}?silent=1&partner={row.pk}",
        ),
        Column("last_met_on", _("Last met"), value=lambda row: row.last_met_on or _("never"), wide=True),
    ]
