"""The list of likely pairs, two side by side, what was made one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, When
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.editing.answering import act, answer
from comity.office.services import words
from comity.partners.capabilities import EDIT
from comity.partners.duplicates import finding, services
from comity.partners.duplicates.forms import MergeForm, facts_of, reasons_in_words
from comity.partners.duplicates.services import SUBJECTS
from comity.partners.models import DuplicateKind, LikelyPair, Merge
from comity.people.access import Request, requires
from comity.ui.tables import Choice, Column, Table


@require_safe
@requires(EDIT)
def listing(request: Request) -> HttpResponseBase:
    kinds = [(DuplicateKind.PARTNER, words().Partners), (DuplicateKind.PERSON, _("People"))]
    table = Table(
        request,
        _named(LikelyPair.objects.visible_to(request.user)),
        name="likely-pairs",
        columns=[
            Column(
                "first_name",
                _("First"),
                sort="first_name",
                link=lambda pair: SUBJECTS[pair.kind].address(pair.first_id, pair.second_id),
            ),
            Column("second_name", _("Second"), sort="second_name"),
            Column("kind", _("Kind"), value=lambda pair: dict(kinds)[pair.kind]),
            Column("reasons", _("Reason"), value=lambda pair: "; ".join(reasons_in_words(pair.reasons))),
            Column("score", _("Likelihood"), value=lambda pair: f"{pair.score}%", numeric=True),
        ],
        filters=[Choice("kind", _("Kind"), kinds, "kind")],
        default_sort="-score",
        empty=_("No likely duplicates."),
    )
    merges = Merge.objects.visible_to(request.user).select_related("by")[:10]
    return table.respond("partners/duplicates/list.html", {"merges": merges})


def _named(pairs: QuerySet[LikelyPair]) -> QuerySet[LikelyPair]:
    """Pairs with both names."""

    def name(side: str) -> Case:
        of = {
            each.kind: each.model._base_manager.filter(pk=OuterRef(f"{side}_id")).values("name")
            for each in SUBJECTS.values()
        }
        return Case(
            *(When(kind=kind, then=Subquery(rows[:1])) for kind, rows in of.items()), output_field=CharField()
        )

    return pairs.annotate(first_name=name("first"), second_name=name("second")).order_by("-score", "pk")


@requires(EDIT)
def compare(request: Request, one: int, two: int, kind: str) -> HttpResponse:
    """Two side by side; POST makes them one."""
    subject = SUBJECTS[kind]
    sides = _sides(request, kind, one, two)
    facts = facts_of(subject, *sides)
    form = MergeForm(facts, _better(*sides), request.POST or None)

    def merge() -> Merge:
        stays, goes = (one, two) if form.cleaned_data["stays"] == "1" else (two, one)
        theirs = form.theirs()
        return services.merge(subject, survivor_id=stays, tombstone_id=goes, theirs=theirs, by=request.user)

    first, second = sorted((one, two))
    pair = LikelyPair.objects.filter(kind=kind, first_id=first, second_id=second).first()
    reasons = reasons_in_words(pair.reasons) if pair else []
    return answer(
        request,
        form,
        merge,
        page="partners/duplicates/compare.html",
        context={"sides": sides, "kind": kind, "reasons": reasons},
        to=lambda made: reverse("partners:merged", args=[made.pk]),
    )


def _sides(request: Request, kind: str, one: int, two: int) -> tuple[Any, Any]:
    rows = SUBJECTS[kind].visible_to(request.user)
    if one == two:
        raise Http404
    return get_object_or_404(rows, pk=one), get_object_or_404(rows, pk=two)


def _better(one: Any, two: Any) -> int:
    """The one that says more, else the older one."""
    said = [
        sum(getattr(row, field.attname) not in (None, "", "unknown") for field in row._meta.concrete_fields)
        for row in (one, two)
    ]
    return 2 if said[1] > said[0] or (said[1] == said[0] and two.pk < one.pk) else 1


@require_POST
@requires(EDIT)
def tell_apart(request: Request, one: int, two: int, kind: str) -> HttpResponse:
    _sides(request, kind, one, two)
    services.tell_apart(SUBJECTS[kind], one, two, by=request.user)
    messages.success(request, _("Noted. We will not suggest these two again."))
    return redirect("partners:duplicates")


@require_safe
@requires(EDIT)
def merged(request: Request, pk: int) -> HttpResponse:
    made = get_object_or_404(Merge.objects.visible_to(request.user).select_related("by"), pk=pk)
    survivor = SUBJECTS[made.kind].model.objects.get(pk=made.survivor_id)
    moved = sum(len(ids) for ids in made.moved.values())
    return render(
        request, "partners/duplicates/merged.html", {"made": made, "survivor": survivor, "moved": moved}
    )


@require_POST
@requires(EDIT)
def undo(request: Request, pk: int) -> HttpResponse:
    made = get_object_or_404(Merge.objects.visible_to(request.user), pk=pk)
    merged = reverse("partners:merged", args=[pk])
    return act(request, lambda: services.undo_merge(made.pk, by=request.user), to=merged)


@require_POST
@requires(EDIT)
def look_again(request: Request) -> HttpResponse:
    finding.look_again(by=request.user)
    messages.success(request, _("We are searching the whole list. Come back in a moment."))
    return redirect("partners:duplicates")
