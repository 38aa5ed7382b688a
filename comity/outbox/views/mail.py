"""The Outbox pages: all mail, one mail, and what to do about mail that did not arrive."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comity.access import Request, requires
from comity.editing.answering import act
from comity.nouns import all_of
from comity.outbox import services
from comity.outbox.capabilities import TEND_OUTBOX, VIEW_OUTBOX
from comity.outbox.kinds import MailKind, kind_of
from comity.outbox.models import MailServer, Message, Suppression, mail_leaves
from comity.outbox.reading import with_links
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, DateRange, Search, Table, only_csv

STATE_KINDS = {
    Message.State.SENT: "good",
    Message.State.DEAD: "bad",
    Message.State.HELD: "warn",
    Message.State.GIVEN_UP: "none",
}


@requires(VIEW_OUTBOX)
@require_safe
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
        export_name="outbox",
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
        },
    )


@requires(VIEW_OUTBOX)
@require_safe
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


@requires(TEND_OUTBOX)
@require_POST
def try_again(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    said = _("It will be sent again in a moment.")
    return act(request, lambda: services.try_again(pk, by=request.user), told=said, to=mail)


@requires(TEND_OUTBOX)
@require_POST
def give_up(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    return act(request, lambda: services.give_up(pk, by=request.user), to=mail)


def _state_tag(mail: Message) -> SafeString:
    return tag(mail.get_state_display(), kind=STATE_KINDS.get(Message.State(mail.state), ""))


def _heading(counts: dict[str, int]) -> str:
    """The state of the mail in a sentence, the worst first."""
    if counts["dead"]:
        return ngettext(
            "One email could not be delivered", "%(n)s emails could not be delivered", counts["dead"]
        ) % {"n": counts["dead"]}
    if counts["waiting"]:
        return ngettext("One email is on its way", "%(n)s emails are on their way", counts["waiting"]) % {
            "n": counts["waiting"]
        }
    if counts["kept"]:
        return ngettext(
            "One email is kept here to read", "%(n)s emails are kept here to read", counts["kept"]
        ) % {"n": f"{counts['kept']:,}"}
    return _("All email has been sent")
