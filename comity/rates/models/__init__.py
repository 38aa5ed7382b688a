"""Costs and how they become rates; rates and the days they hold."""

from comity.rates.models.costs import CostModel, CostPool, Forecast, LedgerLine, Step, StepShare
from comity.rates.models.rates import Driver, DriverSnapshot, DriverValue, RateVersion, RateVersionQuerySet
