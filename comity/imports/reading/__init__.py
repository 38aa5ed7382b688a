"""Reading what people bring: a table out of CSV or XLSX, safely and row by row.

`open_table` looks at the bytes, not at the file's name, and refuses with a sentence what is no table.
Nothing here knows the database.
"""

from comity.imports.reading.opening import open_table
from comity.imports.reading.table import LIMITS, Limits, Line, Table, UnreadableError

__all__ = ["LIMITS", "Limits", "Line", "Table", "UnreadableError", "open_table"]
