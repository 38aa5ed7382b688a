"""The counties of our state on a map: who uses a service or is in talks, who has no contact, and when we last met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext_lazy

from comity.adoption.forms import MapForm
from comity.adoption.models import Stage, Step
from comity.core.adoption import standing, users
from comity.core.fiscal import month_after
from comity.meetings.county_map import visits_map
from comity.office.services import current_office, today
from comity.partners.models import Partner
from comity.people.models import User
from comity.ui.charts import Chart, Class, Counties, County, Plot, Series
from comity.ui.components.days import day, month

POINTS, NAMED = 17, 12  # of the curve; counties named in a sentence
# Each class of counties with the stages that are in it; where there are several services, the last counts.
LADDER: tuple[tuple[Class, tuple[str, ...]], ...] = (
    (Class(_l("Nothing yet"), 0), ()),
    (Class(_l("No, or left"), 3, "s5"), (Stage.NO, Stage.LEFT)),
    (Class(_l("Interested"), 1, "s2"), (Stage.CONSIDERING, Stage.INTERESTED)),
    (Class(_l("In talks"), 2, "s2"), (Stage.TALKS,)),
    (Class(_l("A request or an offer"), 3, "s2"), (Stage.REQUESTED, Stage.ANALYZED, Stage.OFFERED)),
    (Class(_l("Agreed"), 4, "s2"), (Stage.AGREED, Stage.MOVING)),
    (Class(_l("Uses it"), 4), (Stage.USING,)),
)
PLACE = {stage: place for place, (_class, stages) in enumerate(LADDER) for stage in stages}
CONTACT = (Class(_l("Has a contact"), 0), Class(_l("Has no contact"), 4, "s5"))
USE_IT = ngettext_lazy(
    "%(count)s of %(all)s counties uses %(what)s", "%(count)s of %(all)s counties use %(what)s", "count"
)
NO_CONTACT = ngettext_lazy(
    "%(count)s of %(all)s counties has no contact in our office",
    "%(count)s of %(all)s counties have no contact in our office",
    "count",
)


def serial(day: date) -> int:
    """The month of a day as a slider says it."""
    return day.year * 12 + day.month - 1


class CountyMap:
    """What the page shows of what was asked; one question for the counties, and one for their steps."""

    def __init__(self, user: User, said: Mapping[str, str]) -> None:
        self.user, self.today = user, today()
        first = Step.objects.order_by("on").values_list("on", flat=True).first() or self.today
        self.first = min(first, month_after(self.today, -12)).replace(day=1)
        self.form = MapForm(said, first=serial(self.first), last=serial(self.today))
        asked = self.form.cleaned_data
        self.show, self.service = asked.get("show", "use"), asked.get("service")
        at = asked.get("at", serial(self.today))
        self.month = date(at // 12, at % 12 + 1, 1)
        self.until = min(month_after(self.month) - timedelta(days=1), self.today)

    @cached_property
    def counties(self) -> list[Partner]:
        rows = Partner.objects.visible_to(self.user).not_former().filter(kind=Partner.Kind.COUNTY)
        rows = rows.exclude(fips="")
        return list(rows.only("name", "fips", "sort_name", "lead_gap_since"))

    @cached_property
    def steps(self) -> list[tuple[tuple[int, int], str, date]]:
        rows = Step.objects.filter(adoption__partner__kind=Partner.Kind.COUNTY)
        rows = rows.filter(adoption__service=self.service) if self.service else rows
        told = rows.order_by("on", "pk").values_list("adoption__partner", "adoption__service", "stage", "on")
        known = {row.pk for row in self.counties}
        return [((who, what), stage, on) for who, what, stage, on in told if who in known]

    @cached_property
    def uses(self) -> list[tuple[tuple[int, int], str, date]]:
        return [step for step in self.steps if step[1] in {Stage.USING, Stage.LEFT}]

    def chart(self) -> Chart | None:
        """The map; nothing where there is no county, or no state."""
        if self.show == "met":
            return visits_map(self.user)
        state = current_office().state_fips
        if not (state and self.counties):
            return None
        contact = self.show == "contact"
        classes = CONTACT if contact else [one for one, _stages in LADDER]
        drawn = self._contacts() if contact else self._stands()
        drawing = Counties(state, list(drawn), classes, (_("County"), _("Stands"), _("Since")))
        when = _("Today") if contact else _("At the end of %(month)s") % {"month": month(self.month)}
        return Chart(when, drawing, drawing.elsewhere)

    @property
    def heading(self) -> str:
        """83 of 95 counties use Backup."""
        if self.show == "met":
            return _("When did we last meet?")
        if self.show == "contact":
            words, count = NO_CONTACT, sum(row.lead_gap_since is not None for row in self.counties)
        else:
            words, count = USE_IT, len(users(self.uses, [self.until])[0])
        said = {"count": count, "all": len(self.counties), "what": self.service or _("one of our services")}
        return words % said

    def _contacts(self) -> Iterable[County]:
        for row in self.counties:
            since = row.lead_gap_since
            words = _("nobody since %(day)s") % {"day": day(since)} if since else _("has a contact")
            yield County(row.fips, row.name, int(since is not None), words, _page(row))

    def _stands(self) -> Iterable[County]:
        """Of several services with the one that is furthest."""
        stands = sorted(standing(self.steps, self.until).items(), key=lambda one: PLACE[one[1][0]])
        furthest = {who: said for (who, _what), said in stands}
        for row in self.counties:
            stage, on = furthest.get(row.pk, ("", None))
            words = f"{Stage(stage).label}, {day(on)}" if stage else _("nothing yet")
            yield County(row.fips, row.name, PLACE.get(stage, 0), words, _page(row))

    def changed(self) -> str:
        """What the month changed, and what came since, in words."""
        days = [self.month - timedelta(days=1), self.until, self.today]
        before, then, now = users(self.uses, days)
        said = {"month": month(self.month), **self._moves(before, then)}
        words = _("%(month)s: %(joined)s joined, %(left)s left.") % said
        if now == then:
            return words
        return f"{words} {_('Since then %(joined)s joined, %(left)s left.') % self._moves(then, now)}"

    def _moves(self, before: frozenset[int], after: frozenset[int]) -> dict[str, str]:
        return {"joined": self._named(after - before), "left": self._named(before - after)}

    def _named(self, keys: frozenset[int]) -> str:
        names = [row.name for row in self.counties if row.pk in keys]
        more = len(names) - NAMED
        if more > 0:
            return _("%(names)s and %(count)s more") % {"names": ", ".join(names[:NAMED]), "count": more}
        return ", ".join(names) or _("nobody")

    def curve(self) -> Chart | None:
        """How many counties used it over the years; nothing where none ever did."""
        if self.show != "use" or not self.uses:
            return None
        count = serial(self.today) - serial(self.first)
        pace = -(-count // (POINTS - 1))
        this = self.today.replace(day=1)
        months = [month_after(this, -back) for back in range(count - count % pace, -1, -pace)]
        ends = [min(month_after(first) - timedelta(days=1), self.today) for first in months]
        counted = [len(there) for there in users(self.uses, ends)]
        plot = Plot("line", [date_format(first, "M Y") for first in months], [Series(_("Counties"), counted)])
        said = {"now": counted[-1], "then": counted[0], "month": month(months[0])}
        return Chart(_("%(now)s counties today, %(then)s in %(month)s") % said, plot)


def _page(row: Partner) -> str:
    return f"{row.get_absolute_url()}adoption/"
