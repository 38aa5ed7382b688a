"""What a year's costs look like: the flow from pools to services, its steps in figures, and a rate as arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Sum
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.billing.effects import Change
from comity.core.billing.money import half_up
from comity.core.billing.rates import Rate
from comity.rates.models import CostModel, LedgerLine, Step
from comity.rates.services.allocation import Costs
from comity.services.models import Offering, Service
from comity.ui.charts import Band, Chart, Figures, Flow, Plot, Series
from comity.ui.components.acts import link
from comity.ui.components.signs import tag
from comity.ui.money import brief, money, price, quantity, signed


def row(name: object, said: str, url: str = "", *, note: str = "", is_sum: bool = False) -> tuple[str, str]:
    """A line of arithmetic: what and how, and how much, which may open something."""
    words = format_html('{} <span class="soft">{}</span>', name, note) if note else name
    shown = format_html("<b>{}</b>" if is_sum else "{}", words)
    return shown, format_html("<b>{}</b>" if is_sum else "{}", link(said, url))


# --- a year ---


def flow_chart(costs: Costs) -> Chart | None:
    """Where the costs of a year go; nothing where they go nowhere yet."""
    result = costs.result
    if not any(result.values()):
        return None
    direct = [Band(pool, service, cents) for (pool, service), cents in sorted(costs.given.items())]
    passed = [Band(flow.source, flow.target, flow.cents, 1) for flow in costs.flows]
    services = sorted(result, key=lambda key: -result[key])
    pools = [key for key in costs.nodes if key not in result and key not in costs.steps]
    known = {band.source for band in (*direct, *passed)} | {key for key, cents in result.items() if cents}
    names = [key for key in (*pools, *costs.steps, *services) if key in known]
    share = round(100 * result[services[0]] / costs.total) if costs.total else 0
    said = {"service": services[0], "share": share, "total": brief(costs.total)}
    back = any(names.index(band.source) >= names.index(band.target) for band in passed)
    note = _("What a pool passes back to one before it stands in the table alone.") if back else ""
    kinds = [_("Booked for the service"), _("Passed on")]
    drawing = Flow(names, [*direct, *passed], kinds, (brief, money), {key: _url(costs, key) for key in names})
    return Chart(_("%(service)s takes %(share)s%% of %(total)s") % said, drawing, note=note)


def _url(costs: Costs, key: str) -> str:
    """Where a pool or a service opens: its step, or its lines."""
    if key in costs.steps:
        return f"#step-{costs.steps[key].pk}"
    kind = "service" if isinstance(costs.nodes[key], Service) else "pool"
    return f"{reverse('rates:lines', args=[costs.model.pk])}?{kind}={costs.nodes[key].pk}"


def steps(costs: Costs) -> list[tuple[Step, str, Figures]]:
    """Each step, what came to its pool, and what went out of it: they are equal to the cent."""
    found = []
    for key, step in costs.steps.items():
        own, received = costs.own.get(key, 0), sum(flow.cents for flow in costs.into(key))
        words = _("Its own %(own)s and %(received)s passed on to it: %(all)s")
        came = words % {"own": money(own), "received": money(received), "all": money(own + received)}
        went = {flow.target: flow.cents for flow in costs.out_of(key)}
        rows = [
            (to, _figure(step.driver, weight), money(went.get(to, 0)))
            for to, weight in costs.weights[key].items()
        ]
        foot = (_("Passed on"), "", money(sum(went.values())))
        head = (_("To"), str(step.get_driver_display()), _("Amount"))
        found.append((step, came, Figures(head, rows, foot)))
    return found


def services(costs: Costs, base: Costs | None, basis: str) -> Figures:
    """What each service costs: booked for it, passed on to it, together; of a what-if, how much that is more."""
    lines, unrecovered = reverse("rates:lines", args=[costs.model.pk]), dict(costs.unrecovered)
    before, upto = (base.result, 5) if base else ({}, 4)
    rows: list[Sequence[str]] = []
    for key, cents in sorted(costs.result.items(), key=lambda one: -one[1]):
        pk, own = costs.nodes[key].pk, costs.own.get(key, 0)
        sign = tag(_("no forecast"), kind="warn") if key in unrecovered else ""
        name = format_html("{} {}", link(key, reverse("services:service", args=[pk])), sign)
        booked = link(money(own), f"{lines}?basis={basis}&allowable=1&service={pk}")
        change = signed(cents - before.get(key, 0))
        rows.append((name, booked, money(cents - own), money(cents), change)[:upto])
    own, more = sum(costs.own.get(key, 0) for key in costs.result), costs.total - (base.total if base else 0)
    foot = (_("All"), money(own), money(costs.total - own), money(costs.total), signed(more))
    head = (_("Service"), _("Booked for it"), _("Passed on"), _("Together"), _("Change"))
    return Figures(head[:upto], rows, foot[:upto])


def sums(year: CostModel) -> list[tuple[str, str]]:
    """What the ledger has, as links: budget, actual, and what of each is left out."""
    lines, found = reverse("rates:lines", args=[year.pk]), []
    told = year.lines.order_by("-basis", "unallowable").values_list("basis", "unallowable")
    for basis, unallowable, count, cents in told.annotate(Count("pk"), Sum("amount_cents")):
        name = str(LedgerLine.Basis(basis).label)
        if unallowable:
            name = _("%(basis)s, left out as unallowable") % {"basis": name}
        url = f"{lines}?basis={basis}&{'unallowable' if unallowable else 'allowable'}=1"
        note = ngettext("%(count)s line", "%(count)s lines", count) % {"count": f"{count:,}"}
        found.append(row(name, money(cents), url, note=note))
    return found


# --- a rate ---


def arithmetic(derivation: Mapping[str, Any], *, opens: bool = True) -> Figures | None:
    """A derivation line by line, from the ledger to the rate; for the office each figure `opens` where it is from."""
    if not derivation:
        return None
    year, lines = (reverse(name, args=[derivation["model"]]) for name in ("rates:costs", "rates:lines"))
    of_service = f"{lines}?basis=budget&allowable=1&service={derivation['service']}"
    told = [(each, f"{of_service}&pool={each['pool']}", "") for each in derivation["direct"]]
    told += [(each, f"{year}#step-{each['step']}", _how(each)) for each in derivation["overhead"]]
    rows = [
        row(each.get("name") or each["from"], money(each["cents"]), url if opens else "", note=note)
        for each, url, note in told
    ]
    cost = money(derivation["service_cents"])
    rows.append(row(_("Cost of the service"), cost, year if opens else "", is_sum=True))
    weight, whole = Decimal(derivation["weight"]), Decimal(derivation["weights"])
    if weight != whole:
        note = _("%(part)s of %(whole)s parts") % {"part": quantity(weight), "whole": quantity(whole)}
        rows.append(row(_("This offering’s share of it"), money(derivation["allocated_cents"]), note=note))
    rows.append(row(_("Carried forward from closed years"), money(derivation["carry_forward_cents"])))
    rows.append(row(_("To recover"), money(derivation["to_recover_cents"]), is_sum=True))
    unit = str(Offering.Unit(derivation["unit"]).label)
    rows.append(row(_("Forecast units"), quantity(Decimal(derivation["units"])), note=unit))
    foot = row(_("Rate: what is to be recovered, by the units"), price(Decimal(derivation["price"])))
    return Figures((_("What"), _("Figure")), rows, foot)


def behind(derivation: Mapping[str, Any]) -> Figures | None:
    """What the pools of its overhead cost themselves, and what others had passed on to them."""
    if not derivation.get("own"):
        return None
    lines, rows = reverse("rates:lines", args=[derivation["model"]]), []
    for pool in derivation["own"]:
        url = f"{lines}?basis=budget&allowable=1&shared=1&pool={pool['pool']}"
        rows.append(row(pool["name"], money(pool["cents"]), url, note=_("its own costs")))
        for flow in derivation["passed"]:
            if flow["to"] == pool["name"]:
                name = _("%(pool)s, from %(other)s") % {"pool": pool["name"], "other": flow["from"]}
                rows.append(row(name, money(flow["cents"]), note=_how(flow)))
    return Figures((_("Cost pool"), _("Cost")), rows)


def _how(flow: Mapping[str, Any]) -> str:
    part = {name: _figure(flow["driver"], flow[key]) for name, key in (("part", "weight"), ("whole", "of"))}
    words = _("%(driver)s, %(part)s of %(whole)s; %(cents)s in all")
    return words % {**part, "driver": Step.Driver(flow["driver"]).label, "cents": money(flow["whole_cents"])}


def _figure(driver: str, number: Decimal | str) -> str:
    """What a driver counts; direct cost is in cents."""
    return money(int(Decimal(number))) if driver == Step.Driver.SPEND else quantity(Decimal(number))


def sensitivity(rate: Rate) -> Chart:
    """What a wrong forecast costs."""
    rows = rate.sensitivity()
    tenth = next(over for miss, _units, over in rows if miss == -10)
    words = _("If use is 10%% below the forecast, %(cents)s stay unrecovered")
    if tenth >= 0:
        words = _("Even if use is 10%% below the forecast, %(cents)s more than the costs come in")
    drawing = Plot(
        "bar",
        [_missed(miss) for miss, _units, _over in rows],
        [Series(_("Over or under"), [half_up(Decimal(over) / 100) for _miss, _units, over in rows])],
        unit=_("dollars"),
    )
    table = [(_missed(miss), quantity(units), signed(over)) for miss, units, over in rows]
    figures = Figures((_("Use"), _("Units"), _("Over or under")), table)
    return Chart(words % {"cents": money(abs(tenth))}, drawing, figures=figures)


def _missed(percent: int) -> str:
    words = _("%(percent)s%% more") if percent > 0 else _("%(percent)s%% less")
    return words % {"percent": abs(percent)} if percent else "0%"


# --- what if ---


def changes(head: str, model: type[Model], found: Mapping[int, Change], most: int | None = None) -> Figures:
    """Whose bills would change most, up or down; of all of them, also together."""
    chosen = sorted(found.items(), key=lambda one: (-abs(one[1].more), one[0]))[:most]
    named: Any = model._default_manager.in_bulk([pk for pk, _change in chosen])
    rows = [(link(named[pk], named[pk].get_absolute_url()), *_said(change)) for pk, change in chosen]
    foot = () if most else (_("All"), *_said(sum(found.values(), Change())))
    return Figures((head, _("Today’s rates"), _("These rates"), _("Change")), rows, foot)


def _said(change: Change) -> tuple[str, str, str]:
    return money(change.before), money(change.after), signed(change.more)
