"""An act on many rows, begun on a list: what was chosen is looked over beside the form, then it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.messages import WARNING
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.editing.answering import FormPage, answer
from comity.ui.components.page import tell
from comity.ui.tables import Table
from comity.ui.tables.filters import Rows

SHOWN = 10
STEP, ACT = "step", "act"  # what the page of the act sends, and the list does not


def typed(request: HttpRequest) -> Any:
    """What was typed on the page of the act; nothing yet when one comes from the list."""
    return request.POST if request.POST.get(STEP) == ACT else None


def answer_many(
    request: HttpRequest,
    form: forms.BaseForm,
    table: Table,
    save: Callable[[Any], Any],
    *,
    page: FormPage,
    told: Callable[[Any], str],
    rows: Rows | None = None,
    most: int = 0,
) -> HttpResponse:
    """Answer the page of an act on what was chosen in a list; a POST, both from there and from the page itself.

    form  made with `typed(request)`
    save  does it to the rows; raises DomainError
    page  its one crumb leads back to the list
    told  what the list says afterwards, of what `save` gave
    rows  those of the chosen that it is for; all, unless given
    most  as many at once
    """
    rows = table.chosen() if rows is None else rows
    count = rows.count()
    ((words, address),) = page.crumbs
    back = f"{address}?{table.query}" if table.query else address
    if not count or 0 < most < count:
        sentence = _("Nothing was chosen. Tick the boxes before the names first.")
        if count:
            sentence = _("These are more than %(most)s. Narrow the list down first.") % {"most": f"{most:,}"}
        tell(request, sentence, level=WARNING)
        return redirect(back)
    every = request.POST.get("all") == "1"
    chosen = [("all", "1")] if every else [("ids", pk) for pk in request.POST.getlist("ids")]
    lead = ngettext("%(count)s is chosen.", "%(count)s are chosen.", count) % {"count": f"{count:,}"}
    return answer(
        request,
        form,
        lambda: save(rows),
        page="editing/many.html",
        context={
            "page": replace(page, lead=lead, crumbs=[(words, back)]),
            "carried": [(STEP, ACT), ("query", request.POST.get("query", "")), *chosen],
            "some": rows[:SHOWN],
            "more": max(0, count - SHOWN),
        },
        told=told,
        to=back,
        sent=typed(request) is not None,
    )
