"""Answering a form: shown, refused beside its field, set beside what somebody else wrote, or done and told.

And answering a button: done and told, or told why not; and an act on many rows, begun on a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from django import forms
from django.contrib import messages
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError, conflict_page
from comity.editing.forms import RowForm
from comity.editing.keeping import Keeping
from comity.ui.components.page import tell
from comity.ui.tables import Table
from comity.ui.tables.columns import Words
from comity.ui.tables.filters import Rows

Done = TypeVar("Done")
SIMPLE = "editing/form.html"
SHOWN = 10
STEP, ACT = "step", "act"  # what the page of the act sends, and the list does not


@dataclass(frozen=True)
class FormPage:
    """The page of a form about which there is no more to say than this.

    title   of the window; the heading, unless given
    crumbs  the way back: pairs of words and address
    submit  what the button says; "Save", unless given
    back    where *Cancel* leads; where the last crumb does, unless given
    draft   a name under which the browser keeps what was typed until it is sent
    remove  where a POST removes the row that the form is of
    told, to  what is said once it is done, and where it leads: as `answer` takes them
    """

    heading: Words
    title: Words = ""
    lead: Words = ""
    crumbs: Sequence[tuple[Words, str]] = ()
    submit: Words = ""
    back: str = ""
    draft: str = ""
    danger: bool = False
    remove: str = ""
    told: str | Callable[[Any], str] = ""
    to: Any = None

    @classmethod
    def of(cls, row: Any, new: Words, *, remove: str = "", **more: Any) -> FormPage:
        """Of a form on which a row is changed; or, where there is none yet, one is entered under these words.

        remove  the URL name at which a row that is there is removed
        """
        if not (row and row.pk):
            return cls(new, **more)
        at = reverse(remove, args=[row.pk]) if remove else ""
        return cls(_("Change %(name)s") % {"name": row}, remove=at, **more)

    @property
    def cancel(self) -> str:
        """Where *Cancel* leads."""
        return self.back or (self.crumbs[-1][1] if self.crumbs else "")


def answer(
    request: HttpRequest,
    form: forms.BaseForm,
    save: Callable[[], Done],
    *,
    page: str | FormPage,
    context: Mapping[str, Any] | None = None,
    told: str | Callable[[Done], str] = "",
    to: Any = None,
    undo: Callable[[Done], str] | None = None,
    also: Sequence[forms.BaseForm | BaseFormSet[Any]] = (),
    sent: bool | None = None,
) -> HttpResponse:
    """Answer a page with a form: 200 as it is asked for, 422 with what is wrong, 409 where two wrote, or a redirect.

    save     does it, once all is filled in rightly; raises DomainError, ConflictError
    page     the template, which has `form` and the context; or what to say on the one page for all simple forms
    told     what the next page says, or a function of what `save` gave
    to       where it leads: an address, a row, or a function of what `save` gave; to that itself, unless given
    undo     a function of what `save` gave: where a POST takes it back
    also     further forms that have to be right too
    sent     whether the form was sent to be kept; every POST is, unless said otherwise
    """
    sent = request.method == "POST" if sent is None else sent
    right = sent and [
        each.is_valid() for each in (form, *also)
    ]  # all are asked, so that all say what is wrong
    if right and all(right):
        try:
            done = save()
        except ConflictError as error:
            fresh = {"seen_before": form.fresh(error.clashes)} if isinstance(form, RowForm) else error.fresh
            return conflict_page(request, form, error, fresh, back=request.get_full_path())
        except DomainError as error:
            refuse(form, error)
        else:
            if isinstance(page, FormPage):
                told, to = told or page.told, page.to if to is None else to
            return _on(request, done, told, to, undo)
    simple = isinstance(page, FormPage)
    every = {"form": form, **({"page": page} if simple else {}), **(context or {})}
    return render(request, SIMPLE if simple else str(page), every, status=422 if sent else 200)


def confirm(
    request: HttpRequest,
    page: FormPage,
    do: Callable[[], Done],
    *,
    told: str | Callable[[Done], str] = "",
    to: Any = None,
    carried: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Answer a page that only asks whether to do it; its other arguments as of `answer`.

    carried  names and values that are sent along, unseen
    """
    form, context = forms.Form(request.POST), {"carried": carried}
    return answer(request, form, do, page=page, context=context, told=told, to=to)


def keep(
    request: HttpRequest,
    keeping: Keeping[Any],
    form: RowForm,
    page: FormPage,
    *,
    template: str = SIMPLE,
    told: str = "",
    to: Any = None,
    **more: Any,
) -> HttpResponse:
    """Answer the form of a row that is entered or changed; it leads where *Cancel* does, unless told.

    more  facts of a new row that the form does not ask for
    """
    by: Any = request.user
    return answer(
        request,
        form,
        lambda: keeping.save(form, by=by, **more),
        page=template,
        context={"page": page},
        told=told or _("Saved."),
        to=to or page.cancel,
    )


def drop(
    request: HttpRequest,
    keeping: Keeping[Any],
    row: Any,
    *,
    crumbs: Sequence[tuple[Words, str]],
    lead: Words = "",
    to: Any = None,
) -> HttpResponse:
    """Answer a page that asks whether to remove a row; it leads where *Cancel* does, unless told."""
    heading, by = _("Remove %(name)s?") % {"name": row}, cast(Any, request).user
    page = FormPage(heading, lead=lead, crumbs=crumbs, submit=_("Remove"), danger=True)
    return confirm(request, page, lambda: keeping.drop(row, by=by), told=_("Removed."), to=to or page.cancel)


def act(
    request: HttpRequest,
    do: Callable[[], Done],
    *,
    told: str | Callable[[Done], str] = "",
    to: Any = None,
    undo: Callable[[Done], str] | None = None,
    refused_to: Any = None,
) -> HttpResponse:
    """Answer a button: done and told, or told why not, on the page it leads to; its other arguments as of `answer`.

    refused_to  where it leads when it was refused: an address or a row; where `to` says, unless given. Needed where `to` is
                a function, or not given
    """
    try:
        done = do()
    except DomainError as error:
        tell(request, str(error), level=messages.ERROR)
        return redirect(refused_to or to)
    return _on(request, done, told, to, undo)


def _on(
    request: HttpRequest,
    done: Done,
    told: str | Callable[[Done], str],
    to: Any,
    undo: Callable[[Done], str] | None,
) -> HttpResponse:
    """Say that it is done, and lead on."""
    if sentence := told(done) if callable(told) else told:
        tell(request, sentence, undo=undo(done) if undo else "")
    leads_to: Any = to(done) if callable(to) else done if to is None else to
    return redirect(leads_to)


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Say a refusal in the form: beside the field it is about, where it is about one."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


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
    undo: Callable[[Any], str] | None = None,
    rows: Rows | None = None,
    most: int = 0,
) -> HttpResponse:
    """Answer the page of an act on what was chosen in a list; a POST, both from there and from the page itself.

    form  made with `typed(request)`
    save  does it to the rows; raises DomainError
    page  its one crumb leads back to the list
    told  what the list says afterwards, of what `save` gave; `undo`, where a POST takes it back
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
        tell(request, sentence, level=messages.WARNING)
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
        undo=undo,
        sent=typed(request) is not None,
    )
