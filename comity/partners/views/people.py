"""People at partners: the list, one person's page, entering, changing, leaving; their access to the portal; as vCards."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.editing.answering import FormPage, answer
from comity.office.services import today
from comity.partners import capabilities, services
from comity.partners.cards import card_of, cards
from comity.partners.forms.people import EndPositionForm, FirstPostForm, InviteForm, NewPersonForm, PersonForm
from comity.partners.models import Assignment, Membership, Partner, Person, Position
from comity.partners.models.person import PositionQuerySet
from comity.partners.tables.people import people_csv, people_table
from comity.partners.tables.posts import posts_table
from comity.partners.views.finding import answer_at, crumbs, partner_of, people_crumbs, person_of
from comity.people.access import Request, requires
from comity.people.roles import Role


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def listing(request: Request) -> HttpResponseBase:
    table = people_table(request)
    if request.GET.get("format") == "csv":
        return people_csv(request, table.sorted.defer(None))
    context = {
        "may_edit": request.user.can(capabilities.EDIT_PEOPLE),
        # Asked by the page alone, not where only the list changes.
        "looks_after": Assignment.objects.on(today()).filter(user=request.user).exists,
    }
    return table.respond("partners/people.html", context)


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def at_partner(request: Request, pk: int) -> HttpResponseBase:
    partner = partner_of(request, pk)
    table = posts_table(request, partner)
    day = today()
    return table.respond(
        "partners/people_of.html",
        {
            "partner": partner,
            "ended": Position.objects.filter(partner=partner, ends_on__lte=day)
            .select_related("person")
            .order_by("-ends_on", "-pk")[:50],
            "may_edit": request.user.can(capabilities.EDIT_PEOPLE),
        },
    )


@require_safe
@requires(capabilities.VIEW_PEOPLE)
def detail(request: Request, pk: int) -> HttpResponse:
    person: Person = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("merged_into"), pk=pk
    )
    if person.merged_into is not None:
        return redirect(person.merged_into)
    day = today()
    posts = Position.objects.visible_to(request.user).filter(person=person).select_related("partner")
    return render(
        request,
        "partners/person.html",
        {
            "person": person,
            "posts": posts.not_over(day).by_rank(),
            "ended": posts.filter(ends_on__lte=day).order_by("-ends_on", "-pk"),
            "memberships": Membership.objects.not_over(day)
            .filter(person=person)
            .select_related("partner", "user"),
            "user_may_edit": request.user.can(capabilities.EDIT_PEOPLE),
            "user_may_grant": request.user.can(capabilities.GRANT_ACCESS),
        },
    )


@requires(capabilities.EDIT_PEOPLE)
def add(request: Request) -> HttpResponse:
    form = NewPersonForm(request.POST or None, user=request.user, initial={"starts_on": today()})
    return _add(request, form, None)


@requires(capabilities.EDIT_PEOPLE)
def add_at(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    return _add(request, FirstPostForm(request.POST or None, initial={"starts_on": today()}), partner)


def _add(request: Request, form: FirstPostForm, partner: Partner | None) -> HttpResponse:
    page = FormPage(
        _("Add someone at %(name)s") % {"name": partner} if partner else _("Add someone"),
        lead=_("Add each person only once. If they have several positions, add the others on their page."),
        crumbs=crumbs(partner) if partner else people_crumbs(),
        back=reverse("partners:people"),
        draft="person-new",
    )
    return answer(
        request,
        form,
        lambda: services.add_person_with_post(
            partner=partner or form.cleaned_data["partner"], post=form.post, by=request.user, **form.values
        ),
        page=page,
        told=lambda person: _("%(name)s added.") % {"name": person},
    )


@requires(capabilities.EDIT_PEOPLE)
def edit(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = PersonForm(request.POST or None, instance=person)
    page = FormPage(_("Edit %(name)s") % {"name": person}, crumbs=people_crumbs(person), draft=f"person-{pk}")
    return answer(
        request,
        form,
        lambda: services.update_person(pk, form.values, by=request.user, seen=form.seen),
        page=page,
        told=lambda saved: _("%(name)s saved.") % {"name": saved},
    )


@requires(capabilities.EDIT_PEOPLE)
def left(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = EndPositionForm(request.POST or None, initial={"on": today(), "leaves_vacant": "1"})
    page = FormPage(
        _("%(name)s left") % {"name": person},
        lead=_("All their positions end on that day, and so does their access to the portal."),
        crumbs=people_crumbs(person),
    )
    return answer(
        request,
        form,
        lambda: services.person_left(pk, by=request.user, **form.ending),
        page=page,
        told=_("Saved: %(name)s left.") % {"name": person},
        to=person,
    )


@requires(capabilities.GRANT_ACCESS)
def invite(request: Request, pk: int, person_pk: int) -> HttpResponse:
    partner, person = partner_of(request, pk), person_of(request, person_pk)
    form = InviteForm(request.POST or None, initial={"role": Role.PARTNER_MEMBER})
    said = {"name": person, "partner": partner}
    return answer_at(
        request,
        form,
        lambda: services.grant_membership(
            by=request.user, person=person, partner=partner, **form.cleaned_data
        ),
        partner,
        "people_of",
        heading=_("Let %(name)s sign in for %(partner)s") % said,
        lead=_(
            "We will email an invitation to %(email)s unless they already sign in. They will see "
            "this organization and everything that is part of it, and nothing else."
        )
        % {"email": person.email or "…"},
        submit=_("Invite"),
        told=_("%(name)s can now sign in for %(partner)s.") % said,
    )


@requires(capabilities.GRANT_ACCESS)
def end_access(request: Request, pk: int) -> HttpResponse:
    rows = Membership.objects.visible_to(request.user).select_related("partner", "user")
    membership = get_object_or_404(rows, pk=pk)
    said = {"name": membership.user, "partner": membership.partner}
    return answer_at(
        request,
        Form(request.POST),
        lambda: services.end_membership(pk, by=request.user),
        membership.partner,
        "people_of",
        heading=_("End the access of %(name)s for %(partner)s?") % said,
        title=_("End access"),
        lead=_("They will be signed out right away. Their positions stay, and you can invite them again."),
        submit=_("End access"),
        danger=True,
        told=_("%(name)s no longer has access.") % said,
    )


@requires(capabilities.VIEW_PEOPLE, "GET")
def card(request: Request, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    posts = Position.objects.visible_to(request.user).current(today()).filter(person=person)
    return _download(card_of(person, posts.select_related("partner").by_rank()), person.name)


@requires(capabilities.VIEW_PEOPLE, "GET")
def cards_at(request: Request, pk: int) -> HttpResponse:
    partner = partner_of(request, pk)
    return _download(_cards(Position.objects.filter(partner=partner)), partner.code or partner.name)


@requires(capabilities.VIEW_PEOPLE, "GET")
def cards_of_mine(request: Request) -> HttpResponse:
    """Everybody at the partners this person looks after."""
    mine = Assignment.objects.on(today()).filter(user=request.user).values("partner")
    rows = Position.objects.visible_to(request.user).filter(partner__in=mine)
    return _download(_cards(rows), _("my people"))


def _cards(posts: PositionQuerySet) -> str:
    return cards(posts.current(today()).held().select_related("partner", "person").by_rank())


def _download(cards: str, name: str) -> HttpResponse:
    answer = HttpResponse(cards, content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "people"}.vcf"'
    return answer
