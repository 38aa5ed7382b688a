"""Reading attachments, adding and removing them. Each asks the room that owns the row."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.editing.answering import act
from comity.files import services
from comity.files.models import Attachment
from comity.files.ranges import part_of
from comity.people.access import Request, signed_in
from comity.ui.components.page import tell


@signed_in("GET")
@csp_replace({"default-src": [NONE], "sandbox": [""]})  # type: ignore[arg-type]  # cache_control is typed too narrowly
def download(request: Request, pk: int) -> HttpResponseBase:
    """Hand a file over to be saved, or a part of it: never shown in place, whatever it holds."""
    attachment = _seen(request, pk)
    if attachment.removed_at is not None:
        raise Http404
    file = attachment.file.open("rb")
    whole = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    return part_of(whole, file, attachment.size, request)


@signed_in("POST")
def add(request: Request, owner_kind: str, owner_id: int) -> HttpResponse:
    """Attach what was sent, and go back to the row's page."""
    if not services.may_see(request.user, owner_kind, owner_id):
        raise Http404
    if not services.may_add(request.user, owner_kind, owner_id):
        raise PermissionDenied
    owner = get_object_or_404(apps.get_model(owner_kind), pk=owner_id)
    upload = request.FILES.get("file")
    if upload is None:
        tell(request, _("Choose a file first."), level=messages.ERROR)
        return redirect(owner)
    return act(
        request,
        lambda: services.attach(owner, upload, by=request.user),
        told=lambda attachment: _("“%(name)s” attached.") % {"name": attachment.name},
        to=owner,
        undo=lambda attachment: reverse("files:remove", args=[attachment.pk]),
    )


@signed_in("POST")
def remove(request: Request, pk: int) -> HttpResponse:
    attachment = _changeable(request, pk)
    services.remove(attachment, by=request.user)
    tell(
        request,
        _("“%(name)s” removed.") % {"name": attachment.name},
        undo=reverse("files:restore", args=[pk]),
    )
    return redirect(_owner(attachment))


@signed_in("POST")
def restore(request: Request, pk: int) -> HttpResponse:
    attachment = _changeable(request, pk)
    return act(
        request,
        lambda: services.restore(attachment, by=request.user),
        told=_("“%(name)s” restored.") % {"name": attachment.name},
        to=_owner(attachment),
    )


def _seen(request: Request, pk: int) -> Attachment:
    """An attachment of a row this person may see; else it does not exist."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None or not services.may_see(request.user, attachment.owner_kind, attachment.owner_id):
        raise Http404
    return attachment


def _changeable(request: Request, pk: int) -> Attachment:
    attachment = _seen(request, pk)
    may_add = services.may_add(request.user, attachment.owner_kind, attachment.owner_id)
    if not (may_add and services.may_remove(request.user, attachment)):
        raise PermissionDenied
    return attachment


def _owner(attachment: Attachment) -> Any:
    """The row it hangs on, to whose page one goes back; a row that has gone has none."""
    owner = services.owner_row(attachment)
    if owner is None:
        raise Http404
    return owner
