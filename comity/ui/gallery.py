"""The style page: every component in every state, for those who build pages and for the tests that look at them.

Mounted where DEBUG or the demo is on. What it shows are samples and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from comity.access import public
from comity.core.ring import Ring
from comity.ui.charts import (
    Chart,
    Figures,
    Interval,
    Lane,
    Part,
    Plot,
    Point,
    Points,
    Row,
    Rows,
    Series,
    Shares,
    Strip,
    Waterfall,
)
from comity.ui.components.page import tell
from comity.ui.components.signs import ICONS, tag
from comity.ui.components.timeline import Item
from comity.ui.tables import Bulk, Choice, Column, DateRange, Search, Table, Toggle
from comity.ui.widgets import CheckboxList, ComboBox, DateInput, FileInput, Radios

LONG_NAME = "Department of Environmental Protection, Natural Resources and Intergovernmental Relations, Western Region"
RTL_NAME = "مكتب الشؤون البلدية والمحلية"
UNBROKEN_NAME = "Bürgerversammlungs-und-Verwaltungsangelegenheitenkoordinierungsstelle"
SHEETS = {
    "boxes": "Boxes and signs",
    "forms": "Forms",
    "table": "Tables",
    "empty": "An empty list",
    "bare": "Bare page",
}

_RINGS = {
    "heard": Ring("now", "off", "off", "off", "Just heard"),
    "owned": Ring("on", "now", "off", "off", "Heard, waits for an owner"),
    "bad": Ring("on", "on", "bad", "off", "Owned by Ana Ruiz, 9 days late"),
    "done": Ring("on", "on", "on", "now", "Done, not told yet"),
    "told": Ring("on", "on", "on", "on", "Told, and it helped"),
}
_WORKS: list[dict[str, Any]] = [
    {"pk": 1, "state": "waiting", "done": 0, "total": 0, "message": ""},
    {"pk": 2, "state": "running", "done": 12_400, "total": 100_000, "message": "Line 12,400"},
    {"pk": 3, "state": "done", "done": 100, "total": 100, "message": "98 new, 2 set aside.", "url": "#"},
    {"pk": 4, "state": "failed", "done": 3, "total": 100, "message": "Line 4 cannot be read.", "url": ""},
]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")


@dataclass(frozen=True)
class Sample:
    """One row of the sample list."""

    pk: int
    name: str
    kind: str
    contact: str
    people: int | None
    seen_on: date | None
    late: bool = False

    def __str__(self) -> str:
        return self.name


class Samples(list[Sample]):
    """A list that answers as much of a QuerySet as a Table asks."""

    ordered, model = True, None

    def only(self, wanted: Any) -> Samples:
        return Samples(row for row in self if wanted(row))

    def order_by(self, *names: str) -> Samples:
        rows = Samples(self)
        for name in reversed(names):
            rows.sort(key=_sorted_by(name.removeprefix("-")), reverse=name.startswith("-"))
        return rows

    def filter(self, **wanted: Any) -> Samples:
        ((name, value),) = wanted.items()
        return self.only(lambda row: row in value if name == "pk__in" else getattr(row, name) == value)

    def values(self, name: str) -> Samples:
        """Each row stands for its key."""
        return self

    def count(self) -> int:  # type: ignore[override]  # as of a QuerySet
        return len(self)

    def iterator(self, chunk_size: int = 1) -> Iterator[Sample]:
        return iter(self)


def _sorted_by(name: str) -> Callable[[Sample], tuple[bool, Any]]:
    return lambda row: (getattr(row, name) is None, getattr(row, name))


def samples() -> Samples:
    """Names as states have them: short, long, without a break, from right to left; and gaps."""
    short = ("Board of Nursing", "Carter County", "Labor 🦺", "Revenue")
    names = ("Agriculture", LONG_NAME, RTL_NAME, UNBROKEN_NAME, *short)
    contacts = ("Ana Ruiz", "Ben Okafor", "", "Maximiliana Featherstonehaugh-Cholmondeley")
    today = timezone.localdate()
    return Samples(
        Sample(
            pk=number + 1,
            name=f"{names[number % 8]}{f' {number // 8 + 1}' if number >= 8 else ''}",
            kind=("agency", "board", "county")[number % 3],
            contact=contacts[number % 4],
            people=None if number % 7 == 3 else 37 * (number + 1) ** 2 % 4_211,
            seen_on=None if number % 5 == 4 else today - timedelta(days=number * 3 % 150),
            late=number % 6 == 1,
        )
        for number in range(184)
    )


def sample_table(request: HttpRequest, rows: Any) -> Table:
    """The list of the sheet, with one of everything."""
    return Table(
        request,
        rows,
        name="samples",
        caption="Sample partners",
        columns=[
            Column("name", "Name", sort="name", link=lambda row: f"#{row.pk}"),
            Column("kind", "Kind", sort="kind", value=lambda row: row.kind.capitalize(), wide=True),
            Column("contact", "Lead contact", sort="contact"),
            Column("people", "People", sort="people", numeric=True, wide=True),
            Column("seen_on", "Last seen", sort="seen_on"),
            Column("late", "Promises", value=lambda row: tag("1 late", kind="bad") if row.late else ""),
        ],
        filters=[
            Search("q", "Find", lambda found, text: found.only(lambda row: text.lower() in row.name.lower())),
            Choice("kind", "Kind", [("agency", "Agency"), ("board", "Board"), ("county", "County")], "kind"),
            DateRange("seen", "Seen", _seen),
            Toggle("late", "Late only", lambda found: found.only(lambda row: row.late)),
        ],
        views=[("All", ""), ("Late", "late=1"), ("Counties", "kind=county")],
        default_sort="name",
        per_page=20,
        bulk=[Bulk("Assign a contact", "#"), Bulk("Retire", "#")],
        empty="No partners yet.",
        empty_url="#",
        empty_action="Import your list",
    )


def _seen(rows: Any, first: date | None, last: date | None) -> Any:
    return rows.only(
        lambda row: row.seen_on and (not first or row.seen_on >= first) and (not last or row.seen_on <= last)
    )


class SampleForm(forms.Form):
    """A form with one of each field."""

    said = forms.CharField(
        label="What did they say?", widget=forms.Textarea, help_text="In their words, as short as they were."
    )
    partner = forms.CharField(
        label="Who said it?", widget=ComboBox(url=lambda: reverse("ui:gallery-choices"))
    )
    severity = forms.ChoiceField(
        label="How bad is it?",
        choices=[("small", "A nuisance"), ("work", "It costs work"), ("stop", "It stops their work")],
        widget=Radios,
        help_text="As they see it, not as we do.",
    )
    heard_on = forms.DateField(label="When?", widget=DateInput)
    channel = forms.ChoiceField(
        label="How did you hear it?",
        choices=[("", "Choose one"), ("visit", "On a visit"), ("mail", "By email")],
    )
    topics = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[("network", "Network"), ("cost", "Cost"), ("people", "People")],
        widget=CheckboxList,
        required=False,
    )
    hours = forms.IntegerField(label="Hours lost", min_value=0, required=False)
    accepted = FileInput(accept=".pdf,.png")
    file = forms.FileField(
        label="Attach", widget=accepted, required=False, help_text="PDF or PNG, at most 25 MB."
    )
    private = forms.BooleanField(
        label="Office only", required=False, help_text="The partner does not see it in the portal."
    )


class SignInForm(forms.Form):
    """What a sign-in asks."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


@public("The style page shows samples only, and only where DEBUG or the demo is on.")
def sheet(request: HttpRequest, name: str = "boxes") -> HttpResponseBase:
    """One sheet of the style page."""
    if name not in SHEETS:
        raise Http404
    context: dict[str, Any] = {
        "sheets": [
            (label, reverse("ui:gallery-sheet", args=[key]), key == name) for key, label in SHEETS.items()
        ]
    }
    if name in ("table", "empty"):
        rows = samples() if name == "table" else Samples()
        return sample_table(request, rows).respond("ui/gallery/table.html", context)
    if name == "boxes":
        return render(request, "ui/gallery/boxes.html", context | _boxes())
    kind = SignInForm if name == "bare" else SampleForm
    form = kind(request.POST, request.FILES) if request.method == "POST" else kind()
    if form.is_bound and form.is_valid():
        tell(request, "Sent. Nothing is kept: this is the style page.", undo=request.path)
        return redirect(request.path)
    context["form"] = form
    return render(request, f"ui/gallery/{name}.html", context)


@public("It answers with the names of samples only.")
def choices(request: HttpRequest) -> HttpResponse:
    """What the sample ComboBox asks."""
    text = request.GET.get("q", "").lower()
    found = samples().only(lambda row: text in row.name.lower())[:8]
    return JsonResponse({"items": [{"value": row.pk, "label": row.name, "hint": row.kind} for row in found]})


def _boxes() -> dict[str, Any]:
    kinds = ("Everything", "Meetings", "Ratings", "Follow-ups")
    return {
        "rings": _RINGS,
        "long_name": LONG_NAME,
        "rtl_name": RTL_NAME,
        "icons": sorted(ICONS),
        "kinds": [(name, "#", name == "Everything") for name in kinds],
        "events": _events(timezone.now()),
        "charts": _charts(),
        "works": [SimpleNamespace(label="Importing partners.csv", **work) for work in _WORKS],
    }


def _charts() -> list[Chart]:
    wait = Series(
        "Median wait", [9, 8, 8.5, None, 5, 4], between=[(7, 11), (7, 9), (7, 10), None, (4, 6), (3, 5)]
    )
    told = [
        Series("On time", [14, 15, 18, 20, 22, 24], tone="good"),
        Series("Late", [6, 5, 5, 3, 2, 2], tone="bad"),
    ]
    heard = [Series("Heard", [20, 23, 6, 11, 7, 45]), Series("Done on time", [17, 16, 5, 8, 6, 29])]
    parts = [Part("1", 0.05, "5%", "bad"), Part("3", 0.25, "25%", "middle"), Part("5", 0.7, "70%", "good")]
    spread = Rows([Row(name, Shares(parts), "70%") for name in ("Was it quick?", UNBROKEN_NAME)])
    changed = Rows(
        [
            Row("Was it quick?", Interval(0.2, (0.1, 0.3), 0.3, "+20 (+10 to +30)", "good"), "+20"),
            Row(LONG_NAME, Interval(-0.05, (-0.3, 0.2), 0.3, "−5 (−30 to +20)"), "−5"),
        ]
    )
    points = [Point("Time it takes", 0.6, 0.3, "bad"), Point("Ease", 0.69, 0.1), Point("Clarity", 0.7, 0.1)]
    said = Figures(("Question", "Figure"), [("Was it quick?", "70%")])
    return [
        Chart(
            "Waiting fell from nine days to four once every concern had an owner",
            Plot("line", _MONTHS, [wait, Series("Slowest tenth", [21, 19, 20, 18, 12, 9])], unit="days"),
            note="April is left out: the office moved.",
        ),
        Chart("Four of five concerns were told back in time", Plot("bar", _MONTHS, told, ["#told"] * 6)),
        Chart(
            "June brought more than it took", Plot("nested", _MONTHS, heard, ["#heard"] * 6, x_name="Month")
        ),
        Chart("Most are satisfied", spread, figures=said),
        Chart("It got quicker", changed, figures=said),
        Chart("Staff grew by 46, most of them new", _grown(), note="The columns of the years begin at 900."),
        Chart("Hearings begin next month", _year()),
        Chart("Fix the wait first", Points(points, ("Fix", "Keep", "Wait", "Enough")), figures=said),
    ]


def _grown() -> Waterfall:
    steps = [("New", 60), ("Moved here", 11), ("Retired", -20), ("Left", -5)]
    return Waterfall(("Last year", 1000), steps, ("This year", 1046), head=("Why", "People"))


def _year() -> Strip:
    axis = [(month / 12, f"Mo{month + 1}") for month in range(12)]
    lanes = [
        Lane("Hearings", [(0.1, 0.14)], 1, "in 9 days"),
        Lane("A season over the turn of the year", [(0, 0.05), (0.9, 1)], 0, "now"),
        Lane("Taxes are due", [(0.999, 1)], 2, "in a year"),
    ]
    table = Figures(("What", "When"), [(lane.name, lane.said) for lane in lanes], words=2)
    return Strip(lanes, axis, 0.02, ("Busy", "Legislative", "Deadline"), table)


def _events(now: datetime) -> list[Item]:
    long_ago, yesterday, lately = (now - timedelta(hours=hours) for hours in (9_600, 24, 1))
    return [
        Item(now, "Visit", "with the deputy commissioner", "#", body="Two field offices."),
        Item(
            lately,
            "Note",
            "New commissioner from June",
            body="Knows the field offices well.",
            office_only=True,
        ),
        Item(
            yesterday,
            "Rating",
            "2 of 5, field office lead",
            "#",
            ring=_RINGS["bad"],
            quote="“Nobody tells us when the network is down. We learn it from the taxpayers.”",
            body="Owned by Ana Ruiz",
        ),
        Item(long_ago, "Bill", LONG_NAME, "#"),
    ]
