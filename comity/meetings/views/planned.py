"""Visits to come: their list, one of them, planning, changing and calling one off; and who comes along on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.editing.answering import FormPage, act, answer
from comity.followups.models import FollowUp
from comity.imports.pages import list_page
from comity.meetings import services
from comity.meetings.capabilities import LOG, NAME_OFFICERS, READ
from comity.meetings.forms.planning import CallOffForm, OfficersForm, PlanForm
from comity.meetings.models import Meeting, PlannedVisit, with_whom
from comity.meetings.views.reading import all_codes, names, rings, topic, with_partners
from comity.meetings.views.writing import ask_whom, begin_with_kind, partner_asked, row_asked
from comity.office import services as office
from comity.partners.pickers import of_partner
from comity.people.access import Request, requires, row_or_404
from comity.people.models import User
from comity.ui.components.days import day
from comity.ui.tables import Choice, Column, DateRange, Search, Table, Toggle, only_csv

COMING, PASSED = "coming", "passed"


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    """All that were planned, the latest day first; links lead to those to come, the soonest first."""
    words, today, whole = office.words(), office.today(), request.GET.get("format") == "csv"
    rows = PlannedVisit.objects.visible_to(request.user).select_related("lead")
    table = Table(
        request,
        rows.prefetch_related("partners") if whole else rows.with_partner_names(),
        name="planned-visits",
        columns=_columns(words.Partners, today),
        filters=[
            of_partner(request.user, with_partners),
            Choice("state", _("Where it stands"), _states(), _in_state(today)),
            Choice("kind", _("Kind"), PlannedVisit.Kind.choices, "kind"),
            DateRange("planned", _("When"), "planned_on"),
            Search("about", _("About follow-up"), _about),
            Toggle("mine", _("I am going"), lambda rows: rows.with_us(request.user)),
        ],
        default_sort="-planned_on",
        views=[(_("All"), ""), (_("To come"), f"state={COMING}&sort=planned_on")],
        row_name=str,
        empty=_("No visits planned yet."),
        empty_url=reverse("meetings:plan_visit") if request.user.can(LOG) else "",
        empty_action=_("Plan a visit") if request.user.can(LOG) else "",
    )
    return list_page(
        request,
        table,
        _heading(request.user, today),
        lead=_("Who we plan to visit, why, and who is going."),
        acts=[(_("Officers to bring"), reverse("meetings:officers"), NAME_OFFICERS)],
        add=(_("Plan a visit"), reverse("meetings:plan_visit"), LOG),
    )


def _states() -> list[tuple[str, str]]:
    states = [(state.value, str(state.label)) for state in PlannedVisit.State]
    return [(COMING, _("To come")), (PASSED, _("Day has passed")), *states]


def _in_state(today: date) -> Any:
    def narrowed(rows: Any, state: str) -> Any:
        if state == COMING:
            return rows.planned().filter(planned_on__gte=today)
        return rows.planned().filter(planned_on__lt=today) if state == PASSED else rows.filter(state=state)

    return narrowed


def _about(rows: Any, text: str) -> Any:
    """By the key of a follow-up, as links have it, or by a part of its line."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return rows.about([int(text)])
    return rows.filter(follow_ups__title__icontains=text).distinct()


def _heading(user: User, today: date) -> str:
    """What is to come, and what was forgotten, in one sentence."""
    planned = PlannedVisit.objects.visible_to(user).planned()
    counted = planned.aggregate(
        coming=Count("pk", filter=Q(planned_on__gte=today)),
        passed=Count("pk", filter=Q(planned_on__lt=today)),
    )
    coming, passed = counted["coming"], counted["passed"]
    if not coming and not passed:
        return _("No visit is planned.")
    said = ngettext("%(count)s visit is coming up", "%(count)s visits are coming up", coming)
    said %= {"count": coming}
    if not passed:
        return f"{said}."
    forgotten = ngettext(
        "%(count)s has passed with nothing written down",
        "%(count)s have passed with nothing written down",
        passed,
    )
    return f"{said}; {forgotten % {'count': passed}}."


def _columns(partners_word: str, today: date) -> list[Column]:
    return [
        Column("planned_on", link=True),
        Column("partners", partners_word, value=names, csv_value=with_whom),
        Column("title", _("About"), sort="", value=topic),
        Column("how", sort="", wide=True),
        Column("lead", _("Led by")),
        Column(
            "state",
            value=lambda row: _("The day has passed") if row.has_passed(today) else row.get_state_display(),
        ),
        Column("id", csv_only=True),
        Column("partner_codes", value=all_codes, csv_only=True),
        *only_csv("kind", "place", "travel", "why"),
    ]


@requires(READ, "GET")
def detail(request: Request, pk: int) -> HttpResponse:
    rows = PlannedVisit.objects.visible_to(request.user).select_related("lead", "planned_by", "meeting")
    plan = get_object_or_404(rows.prefetch_related("partners", "theirs", "going__user"), pk=pk)
    today = office.today()
    about = FollowUp.objects.visible_to(request.user).filter(planned_visits=plan).order_by("due_on", "pk")
    context = {
        "plan": plan,
        "heading": _what(plan),
        "about": rings(about, today),
        "going": sorted(plan.going.all(), key=lambda one: (one.user_id != plan.lead_id, not one.function)),
        "passed": plan.has_passed(today),
        "begun": plan.is_planned and plan.planned_on <= today,
        "may_write": request.user.can(LOG) and plan.is_planned,
        "log_url": f"{reverse('meetings:log')}?plan={pk}",
    }
    return render(request, "meetings/planned/detail.html", context)


def _what(plan: PlannedVisit) -> str:
    """ "Visit to the Department of Parks on December 4" """
    said = {"partners": with_whom(plan), "day": day(plan.planned_on)}
    if plan.how in (PlannedVisit.How.VIDEO, PlannedVisit.How.PHONE):
        return _("Call with %(partners)s on %(day)s") % said
    return _("Visit to %(partners)s on %(day)s") % said


def _way(*on: FollowUp | PlannedVisit) -> list[tuple[str, str]]:
    """The way back from a form: by the list of planned visits, and what it is about."""
    listed = (_("Planned visits"), reverse("meetings:planned_visits"))
    return [listed, *((str(one), one.get_absolute_url()) for one in on)]


@requires(LOG)
def new(request: Request) -> HttpResponse:
    """Whom? Then, with `?partner=` or because of `?follow_up=`, the rest on one page."""
    about = row_asked(request, "follow_up", FollowUp.objects.visible_to(request.user).open())
    partner = about.partner if about and about.partner else partner_asked(request)
    if partner is None:
        return ask_whom(request, heading=_("Who will you visit?"))
    form = PlanForm(request.POST or None, user=request.user, partners=[partner], about=about)
    begin_with_kind(request, form)
    page = FormPage(
        _("Visit %(name)s") % {"name": partner},
        f"{_('Plan a visit')}: {partner}",
        _("We suggest a day, people and officers based on what was said. Change anything you like.")
        if about
        else _("Only when and how are required, and both are already filled in."),
        crumbs=_way(*([about] if about else [])),
        submit=_("Plan it"),
        draft="plan-new",
    )
    return answer(
        request,
        form,
        lambda: services.plan_visit(by=request.user, **form.values),
        page="meetings/planned/form.html",
        context={"page": page},
        told=_("Planned. Everyone who is going has been told."),
    )


@requires(LOG, "POST")
def plan_next(request: Request, pk: int) -> HttpResponse:
    """Plan the next of a series, as its meeting's page proposes it."""
    meeting = row_or_404(request, Meeting, pk)
    return act(
        request,
        lambda: services.plan_next(pk, by=request.user),
        told=_("Planned. Change the day if another is better."),
        refused_to=meeting,
    )


@requires(LOG)
def change(request: Request, pk: int) -> HttpResponse:
    """Another day, other people."""
    plan = get_object_or_404(PlannedVisit.objects.visible_to(request.user).planned(), pk=pk)
    partners, said = list(plan.partners.all()), _("Change the visit")
    lead = f"{plan}, {day(plan.planned_on)}"
    page = FormPage(said, f"{said}: {plan}", lead, crumbs=_way(plan), submit=_("Save"))
    form = PlanForm(request.POST or None, user=request.user, partners=partners, instance=plan)
    return answer(
        request,
        form,
        lambda: services.change_planned_visit(pk, form.values, by=request.user, seen=form.seen),
        page="meetings/planned/form.html",
        context={"page": page},
        told=_("Saved."),
    )


@requires(LOG)
def call_off(request: Request, pk: int) -> HttpResponse:
    """It will not take place."""
    plan = get_object_or_404(PlannedVisit.objects.visible_to(request.user).planned(), pk=pk)
    form = CallOffForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.call_off(pk, by=request.user, **form.cleaned_data),
        page=FormPage(
            _("Call off the visit"),
            lead=_("To move it, change the day instead."),
            crumbs=_way(plan),
            submit=_("Call it off"),
        ),
        told=_("The visit is called off. Everyone who was going has been told."),
    )


@requires(NAME_OFFICERS)
def officers(request: Request) -> HttpResponse:
    """Who comes along for services, risk, solutions, procurement and customer relations."""
    form = OfficersForm(request.POST or None)
    page = FormPage(
        _("Who comes along on a visit?"),
        _("Officers to bring"),
        _("One person for each part of our office. We suggest them based on what a visit is about."),
        crumbs=_way(),
    )
    return answer(
        request,
        form,
        lambda: services.name_officers(form.cleaned_data, by=request.user),
        page=page,
        told=_("Saved."),
        to=page.cancel,
    )
