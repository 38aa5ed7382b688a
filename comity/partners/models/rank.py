"""Who is called first at a partner: the head before the IT lead, and both before the clerks."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Case, IntegerField, Q, Value, When

# Lists often give a title and no function. Of who heads a body it is all there is to say; of who leads a part, a word of it.
HEADS = (
    *("director", "executive director", "state director", "commissioner", "secretary", "superintendent"),
    *(
        "chief executive officer",
        "county executive",
        "county administrator",
        "county manager",
        "county mayor",
    ),
    *("city manager", "city administrator", "town manager", "mayor", "sheriff", "president", "chancellor"),
)
LEADS = ("director", "commissioner", "chief", "deputy", "manager", "superintendent", "supervisor")


def rank(functions: list[str], other: str) -> Case:
    """The place of a post among those of its partner, for `order_by`: by its function, without one by its title.

    functions  from the first to call to the last; `other` says nothing
    """
    return Case(
        When(Q(function=other) & _title("iexact", HEADS), then=Value(0)),
        *(When(function=each, then=Value(place)) for place, each in enumerate(functions) if each != other),
        When(_title("icontains", LEADS), then=Value(len(functions))),
        default=Value(len(functions) + 1),
        output_field=IntegerField(),
    )


def _title(how: str, words: tuple[str, ...]) -> Q:
    return reduce(or_, (Q((f"title__{how}", word)) for word in words))
