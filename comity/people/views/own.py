"""Everyone's own: coming in by an invitation, their page, being away, the session one is in, the language it speaks."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from comity.editing.answering import FormPage, answer
from comity.people import services, tokens
from comity.people.access import Request, public, signed_in
from comity.people.forms import AbsenceForm, JoinForm, ProfileForm
from comity.people.models import Absence, Invitation, User
from comity.people.sign_in.factors import factors_of
from comity.ui.components.page import tell

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


@sensitive_post_parameters("password")
@never_cache
@public("The link stands for the person; whoever holds it has no password yet.")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Choose the first password, once."""
    invitations = Invitation.objects.open().select_related("user", "invited_by")
    invitation = tokens.find(request, "invitation", invitations, token)
    if invitation is None:
        return tokens.refuse(request, "invitation")
    form = JoinForm(request.POST or None, initial={"name": invitation.user.name})

    def save() -> User:
        user = services.accept(invitation.pk, **form.cleaned_data)
        services.sign_in(request, user)
        return user

    context = {"invitation": invitation}
    to = settings.LOGIN_REDIRECT_URL
    return answer(request, form, save, page="people/join.html", context=context, to=to)


@signed_in("GET")
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


def described(user_agent: str) -> str:
    """ "Firefox on Windows"; what is not known is not guessed."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    device = next((name for sign, name in DEVICES if sign in user_agent), "")
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("A device we do not know")


@signed_in()
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


@signed_in()
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


@signed_in("POST")
def call_off(request: Request, pk: int) -> HttpResponse:
    """Take an absence of one's own back."""
    services.call_off_absence(get_object_or_404(Absence, pk=pk, user=request.user), by=request.user)
    tell(request, _("Absence canceled."))
    return redirect("people:me")


@signed_in("GET")
def photo(request: Request, pk: int) -> HttpResponse:
    """Someone's photo, for those who may see them."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not person.photo:
        raise Http404
    with person.photo.open("rb") as picture:
        answer = HttpResponse(picture.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"  # its address changes with the picture
    return answer


@signed_in("POST")
def stay(request: Request) -> HttpResponse:
    """Being asked is enough: the session lives on (see EndOldSessions)."""
    return HttpResponse(status=204)


@signed_in("POST")
def end_others(request: Request) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = services.end_sessions(request.user, by=request.user, reason="asked for by its owner")
    services.keep_this_session(request, request.user)
    if ended > 1:
        tell(request, _("You are signed out everywhere else."))
    else:
        tell(request, _("You were not signed in anywhere else."))
    return redirect("people:me")


@public("The language is a choice of this browser, and of who is signed in for themselves.")
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie, and with the person where one is signed in."""
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in dict(settings.LANGUAGES):
        services.update_profile(request.user, by=request.user, language=chosen)
    return set_language(request)
