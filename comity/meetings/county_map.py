"""Where we have not been: the counties of our state by the days since we last met face to face."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from comity.office.services import current_office, today
from comity.partners.models import Partner
from comity.people.models import User
from comity.ui.charts import Chart, Class, Counties, County

STEPS, LATE = (90, 180, 365), 2  # days; the first class of those whom we met too long ago
CLASSES = (
    Class(_l("Within three months"), 0),
    Class(_l("Within half a year"), 1),
    Class(_l("Within a year"), 2, "s2"),
    Class(_l("Longer ago"), 3, "s2"),
    Class(_l("Never"), 4, "s5"),
)


def visits_map(user: User) -> Chart | None:
    """The map; nothing where no state is set, or none of its counties is served."""
    rows = Partner.objects.visible_to(user).served().filter(kind=Partner.Kind.COUNTY).exclude(fips="")
    state, day = current_office().state_fips, today()
    counties: list[County] = []
    for row in rows.only("fips", "name", "last_met_on") if state else ():
        days = (day - row.last_met_on).days if row.last_met_on else None
        place = len(STEPS) + 1 if days is None else sum(days > step for step in STEPS)
        counties.append(County(row.fips, row.name, place, _ago(days), row.get_absolute_url()))
    if not counties:
        return None
    drawing = Counties(state, counties, CLASSES, (_("County"), _("Last met"), _("Days")))
    late = sum(one.of >= LATE for one in counties)
    words = ngettext(
        "%(late)s of %(count)s county was not visited within half a year",
        "%(late)s of %(count)s counties were not visited within half a year",
        len(counties),
    )
    return Chart(words % {"late": late, "count": len(counties)}, drawing, drawing.elsewhere)


def _ago(days: int | None) -> str:
    if days is None:
        return _("never")
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": f"{days:,}"}
