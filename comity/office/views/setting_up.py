"""The one-time page of an empty install."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from comity.editing.answering import answer
from comity.office import services
from comity.office.forms import SetUpForm
from comity.people.access import public
from comity.people.models import User
from comity.people.services import sign_in


@sensitive_post_parameters("password")
@never_cache
@public("An empty install has nobody who could sign in; afterwards the page is gone for good.")
def set_up(request: HttpRequest) -> HttpResponse:
    """Name the office and make its first administrator."""
    if services.is_set_up():
        raise Http404
    form = SetUpForm(request.POST or None)

    def save() -> User:
        try:
            user = services.set_up(**form.cleaned_data)
        except services.AlreadySetUpError as error:
            raise Http404 from error
        sign_in(request, user)
        return user

    return answer(request, form, save, page="office/set_up.html", to=settings.LOGIN_REDIRECT_URL)
