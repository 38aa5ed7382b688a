"""The Outbox pages: all mail, one mail, and what to do about it; blocked addresses, and the link that blocks one."""

from __future__ import annotations

from functools import partial

from django import forms
from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template import Context
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt

from comity.access import Request, public, requires
from comity.editing.answering import FormPage, act, answer, answer_many, typed
from comity.nouns import all_of
from comity.outbox import faults, services, stopping
from comity.outbox.capabilities import TEND_OUTBOX, VIEW_OUTBOX
from comity.outbox.forms import SuppressForm
from comity.outbox.kinds import MailKind, kind_of
from comity.outbox.models import Fault, MailServer, Message, Suppression, mail_leaves
from comity.ui.components.acts import post
from comity.ui.components.signs import tag
from comity.ui.tables import Bulk, Choice, Column, DateRange, Search, Table, only_csv

STATE_KINDS = {
    Message.State.SENT: "good",
    Message.State.DEAD: "bad",
    Message.State.HELD: "warn",
    Message.State.GIVEN_UP: "none",
    Message.State.TAKEN_BACK: "none",
}


@requires(VIEW_OUTBOX, "GET")
def messages(request: Request) -> HttpResponseBase:
    """All mail, newest first."""
    rows = Message.objects.visible_to(request.user)
    table = Table(
        request,
        rows.defer("text", "html"),
        name="outbox",
        columns=[
            Column("subject", _("Subject"), sort="", link=True),
            Column("to", _("To"), value=lambda mail: mail.to_name or mail.to, csv_value=lambda mail: mail.to),
            Column(
                "kind",
                _("Kind"),
                sort="",
                value=lambda mail: kind_of(mail.kind).label,
                csv_value=lambda mail: mail.kind,
                wide=True,
            ),
            Column("state", _("State"), sort="", value=_state_tag),
            Column("created_at", _("Written"), whole=True, wide=True),
            *only_csv("sent_at", "last_error"),
        ],
        filters=[
            Search("q", _("Find"), lambda rows, text: rows.search(text), hint=_("Address, name or subject")),
            Choice("state", _("State"), Message.State.choices, "state"),
            Choice("kind", _("Kind"), lambda: [(kind.key, kind.label) for kind in all_of(MailKind)], "kind"),
            DateRange("written", _("Written"), "created_at__date"),
        ],
        views=[
            (_("All"), ""),
            (_("On their way"), f"state={Message.State.WAITING}"),
            (_("Not delivered"), f"state={Message.State.DEAD}"),
        ],
        empty=_("No email yet."),
    )
    counts = rows.order_by().aggregate(
        waiting=Count("pk", filter=Q(state__in=[Message.State.WAITING, Message.State.SENDING])),
        dead=Count("pk", filter=Q(state=Message.State.DEAD)),
        kept=Count("pk", filter=Q(state=Message.State.KEPT)),
    )
    return table.respond(
        "outbox/list.html",
        {
            "heading": _heading(counts),
            "counts": counts,
            "stays": not mail_leaves(),
            "is_demo": settings.DEMO,
            "server": MailServer.objects.filter(down_since__isnull=False).first(),
            "faults": Fault.objects.lately(timezone.now() - faults.AWAY_AFTER),
        },
    )


@requires(VIEW_OUTBOX, "GET")
def message(request: Request, pk: int) -> HttpResponse:
    """One mail, readable, with what became of it."""
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "outbox/message.html",
        {
            "mail": mail,
            "kind": kind_of(mail.kind),
            "text": with_links(mail.text),
            "state": _state_tag(mail),
            "stays": not mail_leaves(),
            "stopped": Suppression.objects.against(mail.to, mail.kind).first(),
            "may_tend": request.user.can(TEND_OUTBOX),
            "may_try_again": mail.state in services.TRIED_AGAIN and not mail.wiped_at,
        },
    )


@requires(TEND_OUTBOX, "POST")
def try_again(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    said = _("It will be sent again in a moment.")
    return act(request, lambda: services.try_again(pk, by=request.user), told=said, to=mail)


@requires(TEND_OUTBOX, "POST")
def give_up(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    return act(request, lambda: services.give_up(pk, by=request.user), to=mail)


def with_links(text: str) -> SafeString:
    """Paragraphs, escaped, with links that can be followed; those into this site open it where it is being read."""
    linked = urlize(text, nofollow=True, autoescape=True)
    home = settings.ADDRESS.rstrip("/")
    return mark_safe(linebreaks(linked.replace(f'href="{home}/', 'href="/')))  # noqa: S308  # urlize escaped it


def _state_tag(mail: Message) -> SafeString:
    return tag(mail.get_state_display(), kind=STATE_KINDS.get(Message.State(mail.state), ""))


def _heading(counts: dict[str, int]) -> str:
    """The state of the mail in a sentence, the worst first."""
    if counts["dead"]:
        said = ngettext(
            "One email could not be delivered", "%(n)s emails could not be delivered", counts["dead"]
        )
        return said % {"n": counts["dead"]}
    if counts["waiting"]:
        said = ngettext("One email is on its way", "%(n)s emails are on their way", counts["waiting"])
        return said % {"n": counts["waiting"]}
    if counts["kept"]:
        return ngettext(
            "One email is kept here to read", "%(n)s emails are kept here to read", counts["kept"]
        ) % {"n": f"{counts['kept']:,}"}
    return _("All email has been sent")


MOST = 2_000  # at once, so that no write holds the database long
COLUMNS = [
    Column("address", gettext_lazy("Address"), whole=True),
    Column(
        "kind",
        gettext_lazy("Mail"),
        value=lambda row: kind_of(row.kind).label if row.kind else _("All email"),
        csv_value=lambda row: row.kind,
    ),
    Column("reason", gettext_lazy("Why")),
    Column("detail", gettext_lazy("Detail")),
    Column("created_at", gettext_lazy("Since")),
]


def _suppressions_table(request: Request) -> Table:
    may_tend = request.user.can(TEND_OUTBOX)

    def lift_button(row: Suppression) -> object:
        url = reverse("outbox:lift", args=[row.pk])
        return post(Context({"request": request}), url, _("Unblock"), quiet=True)

    return Table(
        request,
        Suppression.objects.visible_to(request.user),
        name="suppressions",
        columns=[*COLUMNS, *([Column("lift", _("Unblock"), value=lift_button)] if may_tend else [])],
        filters=[
            # What one cause made is found by what the server said, and by its day.
            Search(
                "q",
                _("Find"),
                lambda rows, text: rows.search(text),
                hint=_("Address, or what the server said"),
            ),
            Choice("reason", _("Why"), Suppression.Reason.choices, "reason"),
            DateRange("since", _("Since"), "created_at__date"),
        ],
        bulk=[Bulk(_("Unblock"), reverse("outbox:lift_many"))] if may_tend else [],
        export_name="stopped-addresses",
        export_columns=COLUMNS,
        empty=_("No address is blocked. Nothing bounced, and nobody asked us to stop."),
    )


@requires(VIEW_OUTBOX, "GET")
def suppressions(request: Request) -> HttpResponseBase:
    """Every address that is held back, and why."""
    count = Suppression.objects.visible_to(request.user).count()
    heading = ngettext("One address is blocked", "%(n)s addresses are blocked", count) % {"n": count}
    return _suppressions_table(request).respond(
        "outbox/suppressions.html",
        {
            "heading": heading if count else _("No address is blocked"),
            "form": SuppressForm(),
            "may_tend": request.user.can(TEND_OUTBOX),
        },
    )


@requires(TEND_OUTBOX, "POST")
def lift_many(request: Request) -> HttpResponse:
    """Let mail through to the addresses chosen, once it was asked whether that is meant."""
    return answer_many(
        request,
        forms.Form(typed(request)),
        _suppressions_table(request),
        lambda rows: services.lift_many(rows, by=request.user),
        page=FormPage(
            _("Unblock these addresses"),
            crumbs=[(_("Blocked addresses"), reverse("outbox:suppressions"))],
            submit=_("Unblock"),
        ),
        told=lambda count: (
            ngettext("One address is unblocked.", "%(n)s addresses are unblocked.", count)
            % {"n": f"{count:,}"}
        ),
        most=MOST,
    )


@requires(TEND_OUTBOX, "POST")
def add(request: Request) -> HttpResponse:
    """Block an address by hand, for a bounce that came some other way."""
    form = SuppressForm(request.POST)
    block = partial(services.stop, reason=Suppression.Reason.BY_HAND, by=request.user)
    return answer(
        request,
        form,
        lambda: block(form.cleaned_data["address"], detail=form.cleaned_data["detail"]),
        page="outbox/suppress.html",
        told=lambda _made: _("%(address)s is blocked.") % form.cleaned_data,
        to="outbox:suppressions",
    )


@requires(TEND_OUTBOX, "POST")
def lift(request: Request, pk: int) -> HttpResponse:
    """Let mail through to an address again."""
    suppression = get_object_or_404(Suppression.objects.visible_to(request.user), pk=pk)
    told = _("%(address)s is unblocked.") % {"address": suppression.address}
    return act(
        request, partial(services.lift, suppression, by=request.user), told=told, to="outbox:suppressions"
    )


@public("Whoever gets mail can stop it, without signing in: the link is signed and names its address.")
@csrf_exempt  # a mail program posts here with one click (RFC 8058); the signature says who asks
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """“Stop sending them”: GET shows what would stop, POST stops it, and a second button takes that back."""
    wish = stopping.read(token)
    if wish is None or not kind_of(wish.kind).may_stop:
        return stopping.refuse(request)
    if request.method == "POST":
        by_address = f"mail reader {wish.address}"[:60]
        if request.POST.get("again"):
            services.resume(wish.address, wish.kind, by=by_address)
        else:
            services.stop(wish.address, wish.kind, by=by_address)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=204)
        return redirect("outbox:stop", token)
    with translation.override(_language(request, wish)):
        stopped = Suppression.objects.filter(address=wish.address, kind=wish.kind).exists()
        context = {"wish": wish, "kind": kind_of(wish.kind), "stopped": stopped}
        response = render(request, "outbox/stop.html", context)
        response["Content-Language"] = translation.get_language() or ""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _language(request: HttpRequest, wish: stopping.Wish) -> str:
    """The mail's own language, until its reader chooses another."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return (translation.get_language() if chosen else None) or wish.language
