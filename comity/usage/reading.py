"""What the columns of a file of usage hold: our fields, those of FOCUS, and how a file's own headers are taken for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.imports import columns
from comity.imports.profiles import Field, Handler, Profile
from comity.imports.reading import UnreadableError
from comity.usage.capabilities import LOAD
from comity.usage.models import Source

KEYS = ("line", "problem", "row_id", "content")  # of a row, beside its cells
# Each of our fields, what people call it in headers, and what FOCUS does, 1.0 to 1.2. (1.1 adds SkuMeter, which a source may
# map as its meter.)
_SAID = (
    ("account", _("Account"),
     _("What of a partner’s it is: a server, a phone. Alone, also whose: a partner’s code or name, or an account you map."),
     "account number, subscription, host, asset", "SubAccountId"),
    ("partner", _("Partner"), _("Whose it is, where a column of its own says so."),
     "customer, customer code, agency, agency code, partner code", ""),
    ("meter", _("Meter"), _("What was used: an offering’s meter code, or a name that you map to it."),
     "meter code, sku, product, service, offering, item", "ServiceName"),
    ("quantity", _("Quantity"), _("How much, with at most four decimals."),
     "used, usage, units, qty, usage quantity, consumed quantity", ""),
    ("day", _("Day"), _("When. Of a date with a time, the day counts as it is written."),
     "date, usage date, service date, on, first day, from", "ChargePeriodStart"),
    ("until", _("Last day"), _("Only if a quantity is a month’s and holds for a part of it: up to this day."),
     "last day", ""),
    ("cost", _("Cost in dollars"), _("What is passed through, with at most eleven decimals."),
     "cost, billed cost, dollars", "BilledCost"),
    ("currency", _("Currency"), "", "billing currency", "BillingCurrency"),
    ("correction", _("Correction"), _("“Yes” allows a row below zero."), "is correction, adjustment", "ChargeClass"),
    ("description", _("Description"), "", "details, note, memo", "ChargeDescription"),
    ("id", _("The row’s own id"), _("By which it is known again. Without it, it is known by its content."),
     "row id, record id, event id, usage id", ""),
)  # fmt: skip
FIELDS = [Field(key, label, words, synonyms=also.split(", ")) for key, label, words, also, _focus in _SAID]
FOCUS = {key: focus for key, *_others, focus in _SAID if focus}
# Columns the mapping is guessed with; what was said is kept with its source, and no import knows this list.
GUESSED = Profile("usage", _("Usage"), LOAD, FIELDS, Handler, lambda _row: "")


def mapping_of(
    source: Source, headers: Sequence[str], told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Our field -> header: as was said now, as was said of this source, as FOCUS has it, or as the headers look.

    What was said of the source stays where this file lacks it, for a person to correct; only words may be lacking.
    Raises UnreadableError for a header that was said now and is not in the file.
    """
    now, there = dict(told or {}), set(map(columns.normal, headers))
    gone = {
        field for field, header in source.mapping.items() if columns.normal(header) not in there
    } - now.keys()
    known = {field: header for field, header in {**source.mapping, **now}.items() if field not in gone}
    found = columns.with_told(GUESSED, headers, {header: field for field, header in known.items()})
    mapping = {field: header for header, field in found.items() if field}
    if source.layout == Source.Layout.FOCUS:
        of_focus = {field: header for field, header in FOCUS.items() if header in headers}
        mapping = of_focus | {field: header for field, header in mapping.items() if field in known}
    return mapping | {field: source.mapping[field] for field in gone - {"description", "currency"}}


def check_mapping(mapping: Mapping[str, str], headers: Iterable[str]) -> None:
    """Raises UnreadableError where something is lacking that every row of usage needs, or that was said of its source."""
    if gone := sorted(set(mapping.values()) - set(headers)):
        raise UnreadableError(
            gettext("The file has no column “%(column)s”. Say which it is, or that there is none.")
            % {"column": gone[0]}
        )
    labels = {field.key: str(field.label) for field in FIELDS}
    lacking = [labels[field] for field in ("meter", "day") if field not in mapping]
    if not {"account", "partner"} & mapping.keys():
        lacking.insert(0, labels["account"])
    if not {"quantity", "cost"} & mapping.keys():
        lacking.append(gettext("Quantity or cost"))
    if lacking:
        raise UnreadableError(
            gettext("We do not know which column holds: %(lacking)s. Say which it is.")
            % {"lacking": ", ".join(lacking)}
        )
