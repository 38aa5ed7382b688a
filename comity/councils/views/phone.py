"""A live session on a phone in the room, without an account: joining, writing topics, raising a hand, following along."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comity.core.errors import DomainError
from comity.councils import streaming
from comity.councils.models import LiveSession, Phone, Seat
from comity.councils.models.live import last_told
from comity.councils.services import joining, topics
from comity.councils.views.live import since, wants_stream
from comity.editing.answering import act, refuse
from comity.people.access import public
from comity.people.tokens import client_address
from comity.ui.components.page import tell
from comity.ui.widgets import Radios

WHY = "Members of a council take part from a phone; the code on the wall let them in."


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the wall"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class _Seats(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none where it runs
    def label_from_instance(self, seat: Any) -> str:
        return f"{seat} ({_('taken')})" if seat.taken else str(seat)


class SeatForm(forms.Form):
    """Who holds this phone: somebody of the member list, or a guest."""

    seat = _Seats(Seat.objects.none(), required=False, empty_label=None, widget=Radios, label=_("Your seat"))
    guest = forms.CharField(
        label=_("Or your name, as a guest"),
        required=False,
        max_length=100,
        help_text=_("Guests write topics, but do not vote."),
    )

    def __init__(self, session: LiveSession, *args: Any) -> None:
        super().__init__(*args)
        self.fields["seat"].queryset = joining.seats_of(session)  # type: ignore[attr-defined]


@public("Whoever reads the code on the wall is in the room; names of members are shown only after it.")
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """First the code, then who one is."""
    sent = request.POST if request.method == "POST" else None
    code = CodeForm(sent, initial={"code": request.GET.get("code", "")[:20]})
    session, who = None, None
    if code.is_valid():
        try:
            session = joining.session_of(code.cleaned_data["code"], client_address(request))
        except DomainError as error:
            refuse(code, error)
    if session is not None:
        phone = joining.phone_of(request)
        if phone and phone.session_id == session.pk:
            return redirect("councils:phone")
        who = SeatForm(session, request.POST if "who" in request.POST else None)
        if who.is_bound and who.is_valid():
            try:
                _phone, raw = joining.join(session, **who.cleaned_data)
            except DomainError as error:
                refuse(who, error)
            else:
                answer = redirect("councils:phone")
                joining.remember(answer, raw)
                return answer
    wrong = code.errors or (who and who.errors)
    context = {"code": code, "who": who, "session": session}
    return render(request, "councils/join.html", context, status=422 if wrong else 200)


View = Callable[[HttpRequest, Phone], HttpResponseBase]


def from_a_phone(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view for phones that joined; others are led to where they can."""

    @public(WHY)
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest) -> HttpResponseBase:
        phone = joining.phone_of(request)
        if phone is not None:
            return view(request, phone)
        if _by_script(request):
            said = _(
                "This phone is not in the session anymore. Enter the code again; what you wrote is kept."
            )
            return JsonResponse({"said": str(said), "join": reverse("councils:join")}, status=403)
        return redirect("councils:join")

    return asked


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch" or wants_stream(request)


@require_safe
@from_a_phone
def page(request: HttpRequest, phone: Phone) -> HttpResponse:
    """The topic at hand, one’s own to write, a hand to raise, and what the others brought up."""
    return _page(request, phone)


def _page(request: HttpRequest, phone: Phone, refused: str = "", **typed: str) -> HttpResponse:
    after = last_told(phone.session)  # before the topics are read
    context = {
        "phone": phone,
        "session": phone.session,
        "after": after,
        "now": timezone.now(),
        "typed": {"key": secrets.token_urlsafe(16), **typed},
        "refused": refused,
        "topics": phone.session.meeting.topics.standing().order_by("-pk"),
    }
    return render(request, "councils/phone.html", context, status=422 if refused else 200)


@require_POST
@from_a_phone
def write(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Keep a topic. A script is answered in JSON: 200 once it is kept, 422 with the reason why it never will be."""
    sent = {name: request.POST.get(name, "") for name in ("title", "said", "key")}
    try:
        topics.write(phone, **sent)
    except DomainError as error:
        if _by_script(request):
            return JsonResponse({"said": str(error)}, status=422)
        return _page(request, phone, str(error), **sent)
    if _by_script(request):
        return JsonResponse({})
    tell(request, str(_("Sent. Write another one, if you like.")))
    return redirect("councils:phone")


@require_POST
@from_a_phone
def hand(request: HttpRequest, phone: Phone) -> HttpResponse:
    up = request.POST.get("up") == "1"
    return act(request, lambda: joining.raise_hand(phone, up=up), to=reverse("councils:phone"))


@require_safe
@from_a_phone
def events(request: HttpRequest, phone: Phone) -> HttpResponseBase:
    """What happens, as phones may see it; as a stream, or since a number."""
    if wants_stream(request):
        return streaming.stream(request, phone.session_id, streaming.PHONE_BEAT)
    return since(request, phone.session)
