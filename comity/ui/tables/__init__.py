"""Lists of rows: columns, filters in the query string, sort, paging, bulk acts, CSV out.

table = Table(request, Partner.objects.visible_to(request.user), name="partners",
              columns=[Column("name", _("Name"), sort="name", link=lambda p: p.get_absolute_url())],
              filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
              default_sort="name")
return table.respond("partners/list.html")
"""

from comity.ui.tables.columns import Bulk, Column
from comity.ui.tables.filters import Choice, DateRange, Filter, Search, Toggle
from comity.ui.tables.picked import Picked
from comity.ui.tables.table import Table

__all__ = [
    "Bulk",
    "Choice",
    "Column",
    "DateRange",
    "Filter",
    "Picked",
    "Search",
    "Table",
    "Toggle",
]
