"""Rows of usage as they are kept and reckoned with, column by column (docs/usage.md)."""

import pyarrow as pa

ROWS = pa.schema(
    [
        ("partner", pa.int64()),
        ("offering", pa.int64()),
        ("belongs_to", pa.date32()),  # the first day of the month it was used in
        ("on_day", pa.date32()),
        ("account", pa.string()),
        ("meter", pa.string()),
        ("used", pa.decimal128(18, 4)),
        ("days", pa.int16()),  # of the month, where the quantity holds for a part of it
        ("cost", pa.decimal128(38, 11)),  # dollars, of what is passed through
        ("description", pa.string()),
        ("source", pa.string()),
        ("row_id", pa.string()),  # its own, or a hash of its content and the number of its occurrence
        ("content", pa.string()),  # a hash, by which a row is known again
        ("batch", pa.int64()),
        ("line", pa.int64()),  # of the file
    ]
)
