"""Who in the office looks after whom: of one partner, of one contact; and handing over, with a look at who hears of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.core.errors import DomainError
from comity.editing.answering import answer
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.forms.contacts import EndAssignmentForm, HandOverForm
from comity.partners.models import Assignment, Partner, load_by_contact
from comity.partners.tables.partners import assignments_table
from comity.partners.views.finding import answer_at, begun_at, partner_of
from comity.people.access import Request, requires
from comity.people.models import User


@require_safe
@requires(capabilities.VIEW)
def of_partner(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    day = today()
    rows = Assignment.objects.filter(partner=partner).select_related("user")
    lead, may_assign = partner.lead_on(day), request.user.can(capabilities.ASSIGN)
    return render(
        request,
        "partners/contacts.html",
        {
            "partner": partner,
            "today": day,
            "lead": lead,
            "now": sorted(rows.not_over(day), key=_by_role),
            "before": rows.over(day),
            "may_assign": may_assign,
            "who_assigns": [] if may_assign or lead else services.who_assigns(),
        },
    )


def _by_role(assignment: Assignment) -> tuple[int, object]:
    return Assignment.Role.values.index(assignment.role), assignment.starts_on


@requires(capabilities.ASSIGN)
def end(request: Request, pk: int) -> HttpResponse:
    rows = Assignment.objects.visible_to(request.user).select_related("partner", "user")
    assignment = get_object_or_404(rows, pk=pk)
    form = EndAssignmentForm(request.POST or None, initial={"on": today(), "follows": "someone"})
    partner, leads = assignment.partner, assignment.role == Assignment.Role.LEAD
    return answer_at(
        request,
        form,
        lambda: services.end_assignment(
            assignment,
            by=request.user,
            **{name: form.cleaned_data[name] for name in ("on", "successor", "reason")},
        ),
        partner,
        "contacts",
        heading=_("Who takes over from %(user)s at %(name)s?") % {"user": assignment.user, "name": partner},
        title=_("Who takes over?"),
        lead=_("If nobody takes over, Coverage will show the gap from that day on.") if leads else "",
        told=_("Saved."),
    )


def _contact_of(request: Request, pk: int) -> User:
    """One of the office's people, active or gone: what they look after has to be handed over."""
    return get_object_or_404(User.objects.visible_to(request.user).office(), pk=pk)


@require_safe
@requires(capabilities.VIEW)
def of_user(request: Request, pk: int) -> HttpResponseBase:
    contact = _contact_of(request, pk)
    day = today()
    load = load_by_contact(Partner.objects.looked_after_by(contact, day), day).get(contact.pk)
    over = Assignment.objects.visible_to(request.user).filter(user=contact).over(day)
    return assignments_table(request, contact).respond(
        "partners/contacts_of.html",
        {
            "contact": contact,
            "load": load,
            "before": over.select_related("partner")[:20],
            "may_assign": request.user.can(capabilities.ASSIGN),
        },
    )


@requires(capabilities.ASSIGN)
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Three steps on one address: who and when; who hears of it; done."""
    contact = _contact_of(request, pk)
    held = _held(request, contact)
    chosen = Partner.objects.filter(pk__in=[each.partner.pk for each in held if each.chosen])
    form = HandOverForm(request.POST or None, initial={"on": today()})
    back = begun_at(request, reverse("partners:contacts_of", args=[pk]))
    context = {"contact": contact, "held": held, "chosen": chosen, "back": back}
    if request.method == "POST" and request.POST.get("step") != "sure" and form.is_valid() and chosen:
        seen = {"form": form, "told": _told(contact, chosen, form), "posted": _posted(request)}
        return render(request, "partners/hand_over_preview.html", {**context, **seen})

    def save() -> int:
        if not chosen:
            raise DomainError(_("Choose at least one to hand over."))
        return services.hand_over(contact, partners=chosen, by=request.user, **form.cleaned_data)

    return answer(
        request,
        form,
        save,
        page="partners/hand_over.html",
        context=context,
        told=lambda count: (
            ngettext("%(count)s handed over to %(user)s.", "%(count)s handed over to %(user)s.", count)
            % {"count": count, "user": form.cleaned_data["to_user"]}
        ),
        to=back,
    )


def _posted(request: Request) -> list[tuple[str, str]]:
    """All that was typed, to be sent again once it is sure."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "step"}
    ]


@dataclass
class Held:
    """What someone does for one partner, and whether it is ticked."""

    partner: Partner
    roles: list[str]
    chosen: bool


def _held(request: Request, contact: User) -> list[Held]:
    """What can be handed over, by the partner's name; all of it is ticked before anything was sent."""
    rows = Assignment.objects.visible_to(request.user).filter(user=contact).not_over(today())
    ticked = set(request.POST.getlist("partners"))
    held: dict[int, Held] = {}
    for row in rows.select_related("partner").order_by("partner__sort_name", "partner", "role"):
        chosen = request.method != "POST" or str(row.partner_id) in ticked
        found = held.setdefault(row.partner_id, Held(row.partner, [], chosen))
        found.roles.append(str(row.get_role_display()))
    return list(held.values())


def _told(contact: User, chosen: QuerySet[Partner], form: HandOverForm) -> list[services.Told]:
    """Who would be written to."""
    if not form.cleaned_data["tell"]:
        return []
    led = chosen.filter(
        pk__in=Assignment.objects.leads()
        .filter(user=contact)
        .not_over(form.cleaned_data["on"])
        .values("partner")
    )
    return services.who_is_told(list(led))
