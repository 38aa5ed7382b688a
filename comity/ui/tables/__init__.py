"""Lists of rows: columns, filters in the query string, sort, paging, bulk acts, CSV out.

table = Table(request, Partner.objects.visible_to(request.user), name="partners",
              columns=[Column("name", link=True), Column("kind"), Column("lead", _("Lead contact"))],
              filters=[Search("q", _("Find"), lambda rows, text: rows.search(text))],
              default_sort="name")
return table.respond("partners/list.html")
"""

from comity.ui.tables.columns import Bulk, Column, cents_column, month_column, only_csv
from comity.ui.tables.filters import Choice, DateRange, Filter, Picked, Search, Toggle
from comity.ui.tables.table import Table
