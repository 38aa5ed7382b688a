"""Costs of a year: from ledger lines through steps to services and their rates."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from comity.audit.models import Entry
from comity.core.billing.money import half_up
from comity.core.errors import DomainError
from comity.rates.models import CostModel, CostPool, Forecast, LedgerLine, Step
from comity.rates.services import derivation, what_if
from comity.rates.services.allocation import reckon
from comity.rates.services.costs import FORECASTS, LINES, POOLS, STEPS, YEARS
from comity.rates.tests.made import RatesTestCase
from comity.services.models import Offering, Service


class CostsTestCase(RatesTestCase):
    """The worked table of docs/calculations/cost-allocation.md: a building and a service desk, desktops and hosting."""

    desktops: Service
    laptop: Offering
    building: CostPool
    desk: CostPool
    year: CostModel

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.desktops = Service.objects.create(
            name="Desktops", promise="They work.", owner=cls.sol, status=Service.Status.ACTIVE
        )
        cls.laptop = cls.offering("Laptop", "LAP")
        Offering.objects.filter(pk=cls.laptop.pk).update(service=cls.desktops)
        cls.laptop.refresh_from_db()
        cls.building, cls.desk = (cls.pool(name) for name in ("Building", "Service desk"))
        cls.year = YEARS.enter({"fiscal_year": 2027, "made_by": cls.finn}, by=cls.finn)
        cls.line("1", cls.building, 60_000_00)
        cls.line("2", cls.desk, 90_000_00)
        cls.line("3", cls.desk, 400_000_00, service=cls.desktops)
        cls.line("4", cls.desk, 300_000_00, service=cls.hosting)
        cls.step(cls.building, 1, (cls.desk, 200), (cls.desktops, 300), (cls.hosting, 500))
        cls.step(cls.desk, 2, (cls.building, 10), (cls.desktops, 70), (cls.hosting, 20))

    @classmethod
    def pool(cls, name: str) -> CostPool:
        return CostPool.objects.filter(name=name).first() or POOLS.enter({"name": name}, by=cls.finn)

    @classmethod
    def line(cls, reference: str, pool: CostPool | None, cents: int, **more: Any) -> LedgerLine:
        facts = {"model": cls.year, "reference": reference, "object_code": "6000", "amount_cents": cents}
        return LINES.enter({**facts, "pool": pool, **more}, by=cls.finn)

    @classmethod
    def step(
        cls,
        pool: CostPool,
        order: int,
        *shares: tuple[CostPool | Service, int],
        driver: str = "fixed",
        **more: Any,
    ) -> Step:
        said = [
            ("pool" if isinstance(to, CostPool) else "service", to.pk, Decimal(weight))
            for to, weight in shares
        ]
        facts = {"model": cls.year, "pool": pool, "order": order, "driver": driver, "shares": said}
        return STEPS.enter({**facts, **more}, by=cls.finn)

    @classmethod
    def forecast(cls, offering: Offering, units: str = "1000", **more: Any) -> Forecast:
        facts = {"model": cls.year, "offering": offering, "units": Decimal(units)}
        return FORECASTS.enter({**facts, **more}, by=cls.finn)


class PassedOn(CostsTestCase):
    def test_step_down_gives_the_worked_table(self) -> None:
        costs = reckon(self.year)
        self.assertEqual(costs.result, {"Desktops": 497_333_33, "Hosting": 352_666_67})
        flows = [(flow.source, flow.target, flow.cents) for flow in costs.flows]
        self.assertEqual(flows[0], ("Building", "Service desk", 12_000_00))
        self.assertEqual(flows[-1], ("Service desk", "Hosting", 22_666_67))

    def test_reciprocal_gives_the_worked_table(self) -> None:
        YEARS.mend(self.year, {"method": CostModel.Method.RECIPROCAL}, by=self.finn)
        self.year.refresh_from_db()
        self.assertEqual(reckon(self.year).result, {"Desktops": 493_979_59, "Hosting": 356_020_41})

    def test_what_is_unallowable_is_left_out_of_the_base(self) -> None:
        self.line("5", self.desk, 12_345, service=self.hosting, unallowable=True)
        self.assertEqual(reckon(self.year).total, 850_000_00)

    def test_actual_costs_go_the_same_way(self) -> None:
        self.line("1", self.desk, 100, basis="actual", service=self.hosting)
        costs = reckon(self.year, "actual")
        self.assertEqual((costs.total, costs.result), (100, {"Desktops": 0, "Hosting": 100}))

    def test_spend_and_usage_are_drivers_that_are_reckoned(self) -> None:
        phones, power = self.pool("Phones"), self.pool("Power")
        self.line("5", phones, 700)
        self.line("6", power, 300)
        self.step(phones, 3, driver="spend")
        self.step(power, 4, driver="usage")
        self.forecast(self.server, "200")
        self.forecast(self.laptop, "100")
        costs = reckon(self.year)
        flows = {(flow.source, flow.target): flow.cents for flow in costs.flows}
        self.assertEqual((flows["Phones", "Desktops"], flows["Phones", "Hosting"]), (400, 300))
        self.assertEqual((flows["Power", "Desktops"], flows["Power", "Hosting"]), (100, 200))

    def test_every_step_adds_up_to_the_cent(self) -> None:
        for number in range(40):
            self.line(f"x{number}", self.desk if number % 2 else self.building, 7 * number + 1)
        for method in CostModel.Method:
            self.year.method = method
            costs = reckon(self.year)
            self.assertEqual(sum(costs.result.values()), costs.total)
            for key in costs.steps:
                came = costs.own[key] + sum(flow.cents for flow in costs.into(key))
                self.assertEqual(came, sum(flow.cents for flow in costs.out_of(key)))

    def test_a_pool_and_a_service_of_one_name_are_two(self) -> None:
        Service.objects.filter(pk=self.hosting.pk).update(name="Building")
        result = reckon(self.year).result
        self.assertEqual(result["Building (service)"], 352_666_67)


class GoesNowhere(CostsTestCase):
    def problem(self) -> str:
        return reckon(self.year).problem

    def test_a_pool_without_a_step_is_named_with_its_cents(self) -> None:
        self.line("5", self.pool("Phones"), 1_250)
        self.assertEqual(
            self.problem(), "$12.50 of “Phones” go nowhere. Add a step that says whom it serves."
        )

    def test_a_driver_that_is_all_zero_is_named(self) -> None:
        STEPS.mend(self.year.steps.get(pool=self.desk), {"shares": []}, by=self.finn)
        self.assertIn("Service desk cannot be passed on.", self.problem())
        with self.assertRaisesMessage(DomainError, "Service desk cannot be passed on."):
            reckon(self.year).rate(self.forecast(self.server))

    def test_pools_that_serve_only_each_other_are_named(self) -> None:
        YEARS.mend(self.year, {"method": CostModel.Method.RECIPROCAL}, by=self.finn)
        self.year.refresh_from_db()
        for pool, other in ((self.building, self.desk), (self.desk, self.building)):
            shares = [("pool", other.pk, Decimal(1))]
            STEPS.mend(self.year.steps.get(pool=pool), {"shares": shares}, by=self.finn)
        self.assertEqual(self.problem(), "What Building, Service desk costs never reaches a service.")

    def test_a_driver_below_zero_is_named(self) -> None:
        self.line("5", self.desk, -999_999_99, service=self.hosting)
        STEPS.mend(self.year.steps.get(pool=self.building), {"driver": "spend", "shares": []}, by=self.finn)
        self.assertEqual(
            self.problem(), "“Building” cannot be passed on: the driver of “Hosting” is below zero."
        )


class Rates(CostsTestCase):
    def test_a_rate_is_what_is_to_be_recovered_by_units(self) -> None:
        forecast = self.forecast(self.server, "20000", carry_forward_cents=-2_666_67)
        rate = reckon(self.year).rate(forecast)
        self.assertEqual((rate.to_recover, str(rate.price)), (350_000_00, "17.500000"))

    def test_offerings_share_what_their_service_costs_to_the_cent(self) -> None:
        large = self.offering("Large server", "LRG")
        self.forecast(self.server, "10", weight=Decimal(1))
        self.forecast(large, "10", weight=Decimal(2))
        shares = reckon(self.year).of_offerings
        self.assertEqual(sorted(shares.values()), [117_555_56, 235_111_11])

    def test_a_service_without_a_forecast_is_told(self) -> None:
        self.forecast(self.server)
        self.assertEqual(reckon(self.year).unrecovered, [("Desktops", 497_333_33)])

    def test_no_units_are_refused(self) -> None:
        with self.assertRaisesMessage(DomainError, "more than zero units"):
            self.forecast(self.server, "0")

    def test_the_derivation_adds_up_and_is_json(self) -> None:
        found = derivation.of(self.forecast(self.server, "20000", carry_forward_cents=-2_666_67))
        parts = [row["cents"] for row in (*found["direct"], *found["overhead"])]
        self.assertEqual(sum(parts), found["service_cents"])
        self.assertEqual(found["overhead"][1]["weight"], "20.0000")
        self.assertEqual([row["cents"] for row in found["passed"]], [12_000_00])
        self.assertEqual((found["price"], found["units"]), ("17.500000", "20000.0000"))
        rate = self.approved("17.5", model=self.year, derivation=found)
        rate.refresh_from_db()
        self.assertEqual(rate.derivation, found)
        self.assertEqual(derivation.changed(rate.derivation, derivation.of(rate)), [])
        self.line("5", self.desk, 100, service=self.hosting)
        changes = {words: now for words, _was, now in derivation.changed(found, derivation.of(rate))}
        self.assertEqual(changes["Cost of the service"], "$352,667.67")
        self.assertEqual(changes["Service desk"], "$300,001.00")

    def test_a_rate_that_rests_on_no_forecast_has_none(self) -> None:
        self.assertEqual(derivation.of(self.approved("1", model=self.year)), {})


class Kept(CostsTestCase):
    def test_a_line_without_a_pool_comes_where_its_object_code_was_before(self) -> None:
        phones = self.pool("Phones")
        self.line("5", phones, 1, object_code="7100")
        self.assertEqual(self.line("6", None, 1, object_code="7100").pool, phones)
        for code, words in (("9", "No line with the object code 9"), ("6000", "in several pools")):
            with self.assertRaisesMessage(DomainError, words):
                self.line("7", None, 1, object_code=code)

    def test_a_pool_with_costs_cannot_be_removed_and_an_idle_one_can(self) -> None:
        with self.assertRaisesMessage(DomainError, "“Building” is still in use"):
            POOLS.drop(self.building, by=self.finn)
        idle = self.pool("Idle")
        POOLS.drop(idle, by=self.finn)
        self.assertEqual(Entry.objects.latest("pk").action, "rates.remove_costpool")

    def test_a_year_is_entered_once_and_stays(self) -> None:
        with self.assertRaisesMessage(DomainError, "FY 2027 is here already."):
            YEARS.enter({"fiscal_year": 2027, "made_by": self.finn}, by=self.finn)
        with self.assertRaisesMessage(DomainError, "so they stay"):
            YEARS.drop(self.year, by=self.finn)

    def test_a_pool_does_not_serve_itself(self) -> None:
        with self.assertRaisesMessage(DomainError, "does not serve itself"):
            self.step(self.pool("Phones"), 3)
            STEPS.mend(
                self.year.steps.get(pool=self.desk), {"shares": [("pool", self.desk.pk, 1)]}, by=self.finn
            )


class WhatIf(CostsTestCase):
    def test_a_copy_costs_the_same_and_leaves_the_year_alone(self) -> None:
        forecast = self.forecast(self.server, "20000")
        new = what_if.copy(self.year, name="Two percent less", by=self.finn)
        self.assertEqual(reckon(new).result, reckon(self.year).result)
        what_if.turn(new, percent=Decimal(-2), by=self.finn)
        self.assertEqual(reckon(new).total, 833_000_00)
        self.assertEqual(reckon(self.year).total, 850_000_00)
        self.assertEqual(new.forecasts.get().units, forecast.units)
        YEARS.drop(new, by=self.finn)
        self.assertEqual((LedgerLine.objects.count(), Step.objects.count()), (4, 2))

    def test_the_costs_of_a_year_are_not_turned(self) -> None:
        with self.assertRaisesMessage(DomainError, "what the ledger says"):
            what_if.turn(self.year, percent=Decimal(1), by=self.finn)

    def test_what_no_ledger_has_is_refused(self) -> None:
        with self.assertRaisesMessage(DomainError, "$100 billion"):
            self.line("9", self.desk, -(10**13))
        new = what_if.copy(self.year, name="Everything", by=self.finn)
        for percent in ("-100.01", "1000.01"):
            with self.assertRaisesMessage(DomainError, "from -100 to 1000"):
                what_if.turn(new, percent=Decimal(percent), by=self.finn)

    def test_each_line_is_rounded_half_up(self) -> None:
        year = CostModel.objects.create(fiscal_year=2027, name="x", copied_from=self.year, made_by=self.finn)
        chance = Random(14)
        for _round in range(20):
            year.lines.all().delete()
            amounts = [chance.randint(-(10 ** chance.randint(1, 13)), 10**13) for _line in range(20)]
            percent = Decimal(chance.randint(-10_000, 100_000)).scaleb(-2)
            LedgerLine.objects.bulk_create(
                LedgerLine(model=year, reference=str(at), pool=self.desk, amount_cents=cents)
                for at, cents in enumerate(amounts)
            )
            what_if.turn(year, percent=percent, pool=self.desk, by=self.finn)
            found = list(year.lines.order_by("pk").values_list("amount_cents", flat=True))
            self.assertEqual(found, [half_up(cents * (100 + percent) / 100) for cents in amounts])
