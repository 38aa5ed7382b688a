"""What was promised of a service, and whether it was kept: opening hours, the clock of a ticket, availability, credits.

Plain values in, plain values out. Worked by hand: docs/calculations/service-levels.md.
"""

from comity.core.service_levels.clock import MISSED, SETTLED, Level, Step, Target, Verdict, history, measure
from comity.core.service_levels.hours import Hours, Openings, Span
from comity.core.service_levels.terms import Up, availability, credit, seconds_of
