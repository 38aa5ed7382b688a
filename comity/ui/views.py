"""What belongs to every page: the theme, saved views, picking by typing."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from comity.access import public, signed_in
from comity.core.errors import DomainError
from comity.nouns import named
from comity.ui import saved_views
from comity.ui.components.page import tell
from comity.ui.frame import THEME_COOKIE, THEMES
from comity.ui.pickers import Picker, as_key, tidy

_A_YEAR = 365 * 24 * 60 * 60
_LONGEST_NAME = 80
_MOST_OFFERED = 8


def _back(request: HttpRequest) -> str:
    """Where the form said to go on; only within this site."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and "/" in wanted else "/"


@public("The theme is a cookie of this browser; it learns and changes nothing else.")
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie; anything else follows the system again."""
    answer: HttpResponse = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    return answer


@public("The language is a cookie of this browser; it learns and changes nothing else.")
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie."""
    return set_language(request)


@require_safe
@signed_in()
def pick(request: HttpRequest, key: str) -> HttpResponse:
    """The best few rows for what was typed so far, of those whoever asks may pick; `?beside=` brings some to the front."""
    picker = named(Picker, key)
    if picker is None:
        raise Http404
    typed, beside = tidy(request.GET.get("q", "")), as_key(request.GET.get("beside", ""))
    return JsonResponse({"items": picker.offer(request.user, typed, _MOST_OFFERED, beside)})


@signed_in("POST")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a table under a name."""
    keeper, name, post = _keeper(), _name_of_view(request), request.POST
    return _done(
        request,
        lambda: keeper.save(
            request.user,
            table=post.get("table", "")[:60],
            name=name,
            query=post.get("query", "")[:2_000],
            shared=post.get("shared") == "1",
        ),
        _("Saved as “%(name)s”.") % {"name": name},
        wanted=bool(name),
    )


@signed_in("POST")
def change_view(request: HttpRequest) -> HttpResponse:
    """Rename a saved view of one's own, share it or keep it to oneself."""
    keeper, pk, name = _keeper(), _view_asked(request), _name_of_view(request)
    shared = request.POST.get("shared") == "1"
    return _done(
        request,
        lambda: keeper.change(request.user, pk=pk, name=name, shared=shared),
        _("Saved as “%(name)s”.") % {"name": name},
        wanted=bool(name),
    )


@signed_in("POST")
def delete_view(request: HttpRequest) -> HttpResponse:
    """Forget a saved view of one's own."""
    keeper, pk = _keeper(), _view_asked(request)
    return _done(request, lambda: keeper.delete(request.user, pk=pk), _("View deleted."))


def _done(request: HttpRequest, do: Callable[[], object], told: str, *, wanted: bool = True) -> HttpResponse:
    """Do it and say so, or why not; a view that is not one's own does not exist."""
    try:
        if wanted:
            do()
            tell(request, told)
    except LookupError:
        raise Http404 from None
    except DomainError as error:
        tell(request, str(error), level=messages.ERROR)
    return HttpResponseRedirect(_back(request))


def _keeper() -> saved_views.Provider:
    keeper = saved_views.provider()
    if keeper is None:
        raise Http404
    return keeper


def _view_asked(request: HttpRequest) -> int:
    pk = as_key(request.POST.get("view", ""))
    if pk is None:
        raise Http404
    return pk


def _name_of_view(request: HttpRequest) -> str:
    """The name given; "" and a word about it if it is none."""
    name = request.POST.get("name", "").strip()
    if name and len(name) <= _LONGEST_NAME:
        return name
    tell(request, _("Give the view a name of up to 80 characters."), level=messages.ERROR)
    return ""
