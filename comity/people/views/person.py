"""Everyone who signs in, as an administrator sees them: the list, inviting, one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.editing.answering import FormPage, act, answer
from comity.nouns import Words
from comity.outbox.models import Suppression
from comity.people import duties, services
from comity.people.access import Request, requires
from comity.people.capabilities import MANAGE
from comity.people.forms import DeactivateForm, EmailForm, InviteForm, PersonForm
from comity.people.models import Absence, User
from comity.people.roles import OFFICE_ROLES
from comity.people.sign_in.factors import factors_of
from comity.people.views.own import answer_away
from comity.ui.components.page import tell
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table


@requires(MANAGE, "GET")
def people(request: Request) -> HttpResponseBase:
    """Everyone who signs in, may come, or once did."""
    return _table(request).respond(
        "people/list.html", {"counts": User.objects.visible_to(request.user).counted_by_state()}
    )


def _table(request: Request) -> Table:
    factor = Exists(factors_of(OuterRef("pk")))
    rows = User.objects.visible_to(request.user).annotate(has_factor=factor).prefetch_related("grants")
    return Table(
        request,
        rows,
        name="people",
        columns=[
            Column("name", link=lambda user: reverse("people:person", args=[user.pk])),
            Column("email", wide=True),
            Column("kind", _("Belongs to"), csv="side", wide=True),
            Column(
                "roles",
                _("Roles"),
                value=lambda user: ", ".join(str(grant.get_role_display()) for grant in user.grants.all()),
                csv_value=lambda user: " ".join(sorted(grant.role for grant in user.grants.all())),
            ),
            Column("last_login", _("Last sign-in"), whole=True, wide=True),
            Column("has_factor", _("Second factor"), wide=True),
            Column("state", _("State"), value=_state, csv_value=lambda user: user.state),
        ],
        filters=[
            Search("q", _("Name or email"), lambda rows, text: rows.named(text)),
            Choice("side", _("Belongs to"), User.Kind.choices, "kind"),
            Choice("role", _("Role"), [(role.value, role.label) for role in OFFICE_ROLES], "grants__role"),
            Choice("state", _("State"), User.State.choices, lambda rows, state: rows.in_state(state)),
            Choice(
                "factor",
                _("Second factor"),
                [("yes", _("Yes")), ("no", _("No"))],
                lambda rows, value: rows.filter(has_factor=value == "yes"),
            ),
        ],
        default_sort="name",
        empty=_("Nobody can sign in yet."),
    )


def _state(user: User) -> object:
    kinds = {User.State.ACTIVE: "good", User.State.INVITED: "warn", User.State.DEACTIVATED: "none"}
    return tag(user.state.label, kind=kinds[user.state])


@requires(MANAGE)
def invite(request: Request) -> HttpResponse:
    """Invite someone into the office."""
    form = InviteForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.invite(by=request.user, **form.cleaned_data),
        page="people/invite.html",
        told=lambda user: _("The invitation to %(email)s is on its way.") % {"email": user.email},
        to=lambda user: reverse("people:person", args=[user.pk]),
    )


def _person(request: Request, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user).select_related("supervisor"), pk=pk)


@requires(MANAGE, "GET")
def show(request: Request, pk: int) -> HttpResponse:
    """What is known of someone who signs in, and what can be done."""
    person = _person(request, pk)
    return render(
        request,
        "people/person.html",
        {
            "person": person,
            "held": duties.held_by(person),
            "reports": person.reports.active(),
            "absences": Absence.objects.not_over(timezone.localdate()).filter(user=person),
            "invitation": person.invitations.open().first(),
            "factors": factors_of(person).count(),
            "sessions": UserSession.objects.filter(user=person).count(),
            "stopped": Suppression.objects.visible_to(request.user).against(person.email, "").first(),
        },
    )


@requires(MANAGE)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change name, roles and supervisor."""
    person = _person(request, pk)
    form = PersonForm(request.POST or None, instance=person)
    return answer(
        request,
        form,
        lambda: services.edit_person(pk, form.values, by=request.user, seen=form.seen),
        page=_page(_("What %(name)s may do") % {"name": person}, person),
        told=_("Saved."),
        to=_at(person),
    )


@requires(MANAGE)
def change_email(request: Request, pk: int) -> HttpResponse:
    """Change the address someone signs in with."""
    person = _person(request, pk)
    form = EmailForm(request.POST or None)
    lead = (
        _("It is now %(old)s. They will stay signed in, and we will email the old address about the change.")
        if person.has_joined
        else _(
            "They were invited at %(old)s. That link will stop working, and we will send a new one "
            "to the new address."
        )
    )
    page = _page(_("Which address does %(name)s sign in with?") % {"name": person}, person)
    return answer(
        request,
        form,
        lambda: services.change_email(person, form.cleaned_data["email"], by=request.user),
        page=replace(page, lead=lead % {"old": person.email}, submit=_("Change the address")),
        told=_("Address changed."),
        to=_at(person),
    )


@requires(MANAGE)
def away(request: Request, pk: int) -> HttpResponse:
    """Write down that someone is away."""
    person = get_object_or_404(User.objects.visible_to(request.user).office(), pk=pk)
    heading = _("When is %(name)s away, and who stands in?") % {"name": person}
    return answer_away(request, person, heading, _crumbs(person))


def _at(person: User) -> str:
    return reverse("people:person", args=[person.pk])


def _crumbs(person: User) -> list[tuple[str, str]]:
    return [(_("People"), reverse("people:list")), (str(person), _at(person))]


def _page(heading: str, person: User) -> FormPage:
    return FormPage(heading, crumbs=_crumbs(person))


@requires(MANAGE, "POST")
def call_off(request: Request, pk: int, absence: int) -> HttpResponse:
    """Take someone's absence back."""
    found = get_object_or_404(Absence, pk=absence, user=_person(request, pk))
    services.call_off_absence(found, by=request.user)
    tell(request, _("%(name)s’s absence is canceled.") % {"name": found.user})
    return redirect("people:person", pk)


DONE: dict[str, tuple[Callable[..., object], Words]] = {
    "invite-again": (services.invite_again, gettext_lazy("A new invitation is on its way.")),
    "withdraw": (services.withdraw_invitation, gettext_lazy("Invitation withdrawn.")),
    "sign-out": (services.end_sessions, gettext_lazy("Signed out everywhere.")),
    "reset-second-factor": (services.reset_second_factor, gettext_lazy("Second factor removed.")),
    "reactivate": (services.reactivate, gettext_lazy("They can sign in again.")),
}


@requires(MANAGE, "POST")
def do(request: Request, pk: int, what: str) -> HttpResponse:
    """Do one thing to one person, say that it is done or why not, and show them."""
    person = _person(request, pk)
    service, sentence = DONE[what]
    return act(request, lambda: service(person, by=request.user), told=str(sentence), to=_at(person))


@requires(MANAGE)
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Take someone's sign-in away, once it is said who takes over."""
    person = _person(request, pk)
    if person == request.user:
        tell(request, _("You cannot deactivate yourself. Ask another administrator."), level=messages.ERROR)
        return redirect("people:person", pk)
    held = duties.held_by(person)
    form = DeactivateForm(person, held, request.POST or None)
    return answer(
        request,
        form,
        lambda: services.deactivate(
            person, by=request.user, successors=form.successors, reason=form.cleaned_data["reason"]
        ),
        page="people/deactivate.html",
        context={"person": person, "held": held},
        told=_("%(name)s can no longer sign in.") % {"name": person},
        to=_at(person),
    )
