"""Taking up an invitation."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from comity.editing.answering import answer
from comity.people import services, tokens
from comity.people.access import public
from comity.people.forms import JoinForm
from comity.people.models import Invitation, User


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
