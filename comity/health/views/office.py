"""How it stands with everybody; the office's weights and plays."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.editing.answering import FormPage, act, answer, keep
from comity.health.capabilities import READ, SET
from comity.health.forms import StepForm, WeightsForm
from comity.health.models import RANKS, Band, Snapshot, Step, Weights
from comity.health.parts import PARTS
from comity.health.services import weights as weighing
from comity.health.services.plays import STEPS
from comity.health.tables import health_table, plays_table
from comity.imports.pages import list_page
from comity.nouns import Words
from comity.office.services import today, words
from comity.people.access import Request, requires, row_or_404
from comity.ui.charts import Chart, Plot, Series
from comity.ui.components.days import day

MOST_SHOWN = 50


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [(_("Plays"), reverse("health:plays"), READ), (_("Weights"), reverse("health:weights"), READ)]
    lead = _("A score of 0 to 100, counted every night. Each opens what it comes from.")
    return list_page(request, health_table(request), _heading(request), lead=lead, acts=acts)


def _heading(request: Request) -> str:
    bad = Snapshot.objects.visible_to(request.user).last().filter(rank=RANKS[Band.RISK]).count()
    said = {"count": f"{bad:,}", "partner": words().partner, "partners": words().partners}
    if not bad:
        return _("Health")
    return ngettext("%(count)s %(partner)s is at risk", "%(count)s %(partners)s are at risk", bad) % said


@requires(READ)
def weights(request: Request) -> HttpResponse:
    """The weights in force and all before them; whoever may sets new ones, and sees first what these would change."""
    now = weighing.in_force()
    may = request.user.can(SET)
    values = weighing.weights_of(now)
    form = WeightsForm(request.POST if request.method == "POST" and may else None, initial=values)
    preview = None
    if may and "preview" in request.POST:
        form.fields["reason"].required = False  # asked for once they are saved
        if form.is_valid():
            preview = weighing.compare(values, form.weights, today())
        form.fields["reason"].required = True
    context = {
        "may": may,
        "page": FormPage(_("Weights"), crumbs=[(_("Health"), reverse("health:list"))]),
        "fields": [form[key] for key in PARTS],
        "history": _history(),
        "now": [(part.label, values[key]) for key, part in PARTS.items()],
        "preview": preview,
        "chart": _chart(preview) if preview and preview.days else None,
        "bands": _bands(preview) if preview and preview.days else [],
        "moved": preview.moved[:MOST_SHOWN] if preview else [],
    }
    return answer(
        request,
        form,
        lambda: weighing.set_weights(form.weights, form.cleaned_data["reason"], by=request.user),
        page="health/weights.html",
        context=context,
        told=_("Saved. It is reckoned by these from the next count on."),
        to="health:weights",
        sent=may and request.method == "POST" and "preview" not in request.POST,
    )


def _history() -> list[tuple[str, str, list[str]]]:
    """Each version, the last first: when and by whom, why, and what it changed of the one before."""
    found, before = [], weighing.USUAL
    for row in reversed(Weights.objects.select_related("set_by")):
        now = weighing.weights_of(row)
        changed = [
            _("%(part)s %(was)s → %(now)s") % {"part": part.label, "was": before[key], "now": now[key]}
            for key, part in PARTS.items()
            if now[key] != before[key]
        ]
        when = f"{day(row.set_at)} · {row.set_by}" if row.set_by else day(row.set_at)
        found.append((when, row.reason, changed))
        before = now
    return found[::-1]


def _chart(preview: weighing.Comparison) -> Chart:
    now, then = ([each.means[side] for each in preview.days] for side in (0, 1))
    said = {"now": now[-1] if now[-1] is not None else "–", "then": then[-1] if then[-1] is not None else "–"}
    series = [Series(_("As it is"), now), Series(_("With these"), then)]
    plot = Plot("line", [day(each.on) for each in preview.days], series, x_name=_("Day"), ends_at=100)
    return Chart(_("The mean is %(now)s as it is, and %(then)s with these weights") % said, plot)


def _bands(preview: weighing.Comparison) -> list[tuple[Words, int, int]]:
    """How many are in each band today, as it is and with the new weights."""
    now, then = preview.days[-1].bands
    return [(label, now[band], then[band]) for band, label in Band.choices]


@requires(READ, "GET")
def plays(request: Request) -> HttpResponseBase:
    add = _("Add a step"), reverse("health:add_step"), SET
    lead = _("What is done when somebody comes into a band. Each step is a follow-up of our office’s own.")
    crumbs = [(_("Health"), reverse("health:list"))]
    return list_page(request, plays_table(request), _("Plays"), lead=lead, crumbs=crumbs, add=add)


@requires(SET)
def step(request: Request, pk: int = 0) -> HttpResponse:
    """Change a step, or add one."""
    found = row_or_404(request, Step, pk) if pk else None
    form = StepForm(request.POST or None, instance=found, initial={} if found else {"band": Band.RISK})
    page = _play_page(
        _("Change the step") if found else _("Add a step"),
        remove=reverse("health:remove_step", args=[pk]) if found else "",
    )
    return keep(request, STEPS, form, page)


@requires(SET, "POST")
def remove_step(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Step, pk)
    return act(request, partial(STEPS.drop, found, by=request.user), told=_("Removed."), to="health:plays")


def _play_page(heading: str, remove: str = "") -> FormPage:
    crumbs = [(_("Health"), reverse("health:list")), (_("Plays"), reverse("health:plays"))]
    return FormPage(heading, crumbs=crumbs, remove=remove)
