"""One's own notices, and how one wants to hear of them."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.editing.answering import answer
from comity.notifications import services
from comity.notifications.forms import PreferencesForm
from comity.notifications.kinds import kinds_for, label_of
from comity.notifications.models import Notice, NoticeQuerySet
from comity.people.access import Request, signed_in
from comity.ui.components.page import tell
from comity.ui.tables import Bulk, Choice, Column, Table, Toggle


@signed_in("GET")
def notices(request: Request) -> HttpResponseBase:
    """What waits comes first; what the reader may no longer see keeps its place but loses its words."""
    table = _table(request)
    visible = {notice.pk for notice in services.still_visible(request.user, table.page)}
    for notice in table.page:
        notice.gone = notice.pk not in visible
    unread = Notice.objects.visible_to(request.user).unread().count()
    vars(request)["unread_notices"] = unread  # the header need not count again
    return table.respond("notifications/list.html", {"unread": unread})


@signed_in("POST")
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    mine = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(mine, pk=pk)
    services.read(mine.filter(pk=pk))
    visible = services.still_visible(request.user, [notice])
    return redirect(notice.url if notice.url and visible else "notifications:list")


@signed_in("POST")
def mark_read(request: Request) -> HttpResponse:
    """Mark as read those ticked in the list, or all of it."""
    number = services.read(_table(request).chosen())
    tell(
        request,
        ngettext("One notice marked as read.", "%(number)s notices marked as read.", number)
        % {"number": number},
    )
    return redirect("notifications:list")


@signed_in()
def preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST or None, user=request.user)
    return answer(
        request,
        form,
        lambda: services.choose(request.user, form.cleaned_data),
        page="notifications/preferences.html",
        told=_("Saved. These settings apply from now on."),
        to="notifications:preferences",
    )


def _table(request: Request) -> Table:
    rows: NoticeQuerySet = Notice.objects.visible_to(request.user).unread_first()
    return Table(
        request,
        rows,
        name="notices",
        export_name="",
        columns=[
            Column("text", _("What"), sort="", template="notifications/_notice.html"),
            Column("kind", _("Why you got this"), sort="", value=lambda row: label_of(row.kind), wide=True),
            Column("created_at", _("When"), sort=""),
        ],
        filters=[
            Toggle("unread", _("Unread only"), lambda rows: rows.unread()),
            Choice("kind", _("Kind"), [(kind.key, kind.label) for kind in kinds_for(request.user)], "kind"),
        ],
        bulk=[Bulk(_("Mark as read"), reverse("notifications:read"))],
        caption=_("Your notices"),
        empty=_("Nothing new to tell you yet."),
    )
