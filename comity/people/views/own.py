"""Everyone's own page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.people import services
from comity.people.access import Request, signed_in
from comity.people.devices import described
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
            "absences": Absence.objects.filter(user=user, until_on__gte=timezone.localdate())
            .select_related("stand_in")
            .order_by("starts_on"),
            "factors": factors_of(user).count(),
            "has_codes": Authenticator.objects.filter(
                user=user, type=Authenticator.Type.RECOVERY_CODES
            ).exists(),
            "sessions": [
                (described(session.user_agent), session, session.session_key == request.session.session_key)
                for session in sessions
            ],
        },
    )


@signed_in
def edit(request: Request) -> HttpResponse:
    """Change what one says of oneself."""
    form = ProfileForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(request.user, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("photo", str(error))
        else:
            tell(request, _("Saved."))
            return redirect("people:me")
    return render(request, "people/edit_me.html", {"form": form})


@signed_in
def away(request: Request) -> HttpResponse:
    """Say that one is away, and who stands in."""
    if not request.user.is_office:
        raise Http404
    form = AbsenceForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_absence(request.user, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            tell(request, _("Written down. %(name)s stands in.") % {"name": form.cleaned_data["stand_in"]})
            return redirect("people:me")
    return render(request, "people/away.html", {"form": form})


@signed_in
@require_POST
def call_off(request: Request, pk: int) -> HttpResponse:
    """Take an absence of one's own back."""
    services.call_off_absence(get_object_or_404(Absence, pk=pk, user=request.user), by=request.user)
    tell(request, _("You are not away any more."))
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
