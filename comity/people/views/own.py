"""Everyone's own page."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import FormPage, answer
from comity.people import services
from comity.people.access import Request, signed_in
from comity.people.forms import AbsenceForm, ProfileForm
from comity.people.models import Absence, User
from comity.people.sign_in.factors import factors_of
from comity.ui.components.page import tell


@signed_in
@require_safe
def me(request: Request) -> HttpResponse:
    """Who one is here: profile, absence, sign-in, sessions."""
    user = request.user
    sessions = UserSession.objects.filter(user=user).order_by("-last_seen_at")
    return render(
        request,
        "people/me.html",
        {
            "absences": Absence.objects.not_over(timezone.localdate()).filter(user=user),
            "factors": factors_of(user).count(),
            "sessions": [
                (described(session.user_agent), session, session.session_key == request.session.session_key)
                for session in sessions
            ],
        },
    )


@signed_in
def edit(request: Request) -> HttpResponse:
    """Change what one says of oneself."""
    form = ProfileForm(request.POST or None, request.FILES or None, instance=request.user)
    return answer(
        request,
        form,
        lambda: services.update_profile(
            request.user,
            by=request.user,
            photo=form.cleaned_data["photo"],
            remove_photo=form.cleaned_data.get("remove_photo", False),
            **form.values,
        ),
        page=FormPage(_("Change your details"), _("Your details"), crumbs=_crumbs(), draft="me"),
        told=_("Saved."),
        to="people:me",
    )


@signed_in
def away(request: Request) -> HttpResponse:
    """Say that one is away, and who stands in."""
    if not request.user.is_office:
        raise Http404
    return answer_away(request, request.user, _("When are you away, and who stands in?"), _crumbs())


def answer_away(request: Request, who: User, heading: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """Write down an absence; it leads back to where the last crumb does."""
    form = AbsenceForm(who, request.POST or None)
    lead = _("Both days are included. Nothing changes owner, but anything new also goes to the stand-in.")
    page = FormPage(heading, _("Away"), lead, crumbs=crumbs)
    return answer(
        request,
        form,
        lambda: services.set_absence(who, by=request.user, **form.cleaned_data),
        page=page,
        told=lambda absence: _("Saved. %(name)s will stand in.") % {"name": absence.stand_in},
        to=page.cancel,
    )


def _crumbs() -> list[tuple[str, str]]:
    return [(_("You"), reverse("people:me"))]


@signed_in
@require_POST
def call_off(request: Request, pk: int) -> HttpResponse:
    """Take an absence of one's own back."""
    services.call_off_absence(get_object_or_404(Absence, pk=pk, user=request.user), by=request.user)
    tell(request, _("Absence canceled."))
    return redirect("people:me")


@signed_in
@require_safe
def photo(request: Request, pk: int) -> HttpResponse:
    """Someone's photo, for those who may see them."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not person.photo:
        raise Http404
    with person.photo.open("rb") as picture:
        answer = HttpResponse(picture.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"  # its address changes with the picture
    return answer


# The first that is found counts: most browsers also name those before them.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def described(user_agent: str) -> str:
    """ "Firefox on Windows"; what is not known is not guessed."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    device = next((name for sign, name in DEVICES if sign in user_agent), "")
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("A device we do not know")
