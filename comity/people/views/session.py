"""Coming in by an invitation, and the session one is in: staying, leaving others, the language it speaks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from comity.editing.answering import answer
from comity.people import services, tokens
from comity.people.access import Request, public, signed_in
from comity.people.forms import JoinForm
from comity.people.models import Invitation, User
from comity.ui.components.page import tell


@signed_in
@require_POST
def stay(request: Request) -> HttpResponse:
    """Being asked is enough: the session lives on (see EndOldSessions)."""
    return HttpResponse(status=204)


@signed_in
@require_POST
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
