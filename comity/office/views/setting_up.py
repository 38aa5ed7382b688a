"""The one-time page of an empty install."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from comity.core.errors import DomainError
from comity.office import services
from comity.office.forms import SetUpForm
from comity.people.access import public
from comity.people.services import sign_in


@sensitive_post_parameters("password")
@never_cache
@public("An empty install has nobody who could sign in; afterwards the page is gone for good.")
def set_up(request: HttpRequest) -> HttpResponse:
    """Name the office and make its first administrator."""
    if services.is_set_up():
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.set_up(**form.cleaned_data)
        except services.AlreadySetUpError as error:
            raise Http404 from error
        except DomainError as error:
            form.add_error("password", str(error))
        else:
            sign_in(request, user)
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "office/set_up.html", {"form": form})
