"""The page of a vote: what is asked, who voted, what came of it and how, and what became of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.councils.capabilities import DECIDE, PORTAL, RUN
from comity.councils.models import Vote
from comity.councils.services import ballots, publishing, votes
from comity.councils.services.publishing import Listed
from comity.office.services import today
from comity.partners.bands import Size
from comity.partners.pickers import PARTNER_WORD, PARTNERS_WORD
from comity.people.access import Request, row_or_404, signed_in
from comity.people.models import User
from comity.ui.charts import Figures
from comity.ui.money import money, units

RULES: dict[str, Promise] = {
    "equal": gettext_lazy("One share each"),
    "root": gettext_lazy("By the square root of headcount"),
    "spend": gettext_lazy("By IT spend"),
}
Traces = list[tuple[str, Figures]]


@signed_in("GET")
def vote(request: Request, pk: int) -> HttpResponse:
    """One vote, for the office and for the members of its council."""
    found = row_or_404(request, Vote, pk, "council", "meeting")
    listed = publishing.the_list(found)
    own = ballots.seats_of(request.user, found) if request.user.can(PORTAL) else []
    result = Result(found, listed, office=request.user.is_office) if listed else None
    context = {
        "vote": found,
        "items": found.items.select_related("topic"),
        "too_dear": votes.too_dear(found) if found.is_budget else [],
        "turnout": turnout(found),
        "acts": list(_acts(found, request.user, bool(own), bool(listed))),
        "may_decide": request.user.can(DECIDE),
        "listed": listed,
        "result": result,
        "cast": list(result.cast({str(seat.pk) for seat in own})) if result else [],
    }
    return render(request, "councils/vote.html", context)


def _acts(vote: Vote, user: User, may_vote: bool, listed: bool) -> Iterator[tuple[str, str, bool]]:
    """What can be done now: words, address, and whether it is the lesser act."""
    runs, draft = user.can(RUN), vote.opened_at is None
    for holds, words, name, quiet in (
        (may_vote and vote.is_open, _("Vote"), "ballot", False),
        (runs and draft, _("Open it"), "open_vote", False),
        (runs and draft, _("Choose items"), "vote_items", True),
        (runs and draft, _("Edit"), "edit_vote", True),
        (runs and vote.is_open, _("Close it"), "close_vote", False),
        (runs and listed and not vote.published_at, _("Publish the list"), "publish_vote", False),
        (runs and vote.published_at, _("Report back"), "report_vote", False),
        (user.is_office and listed and vote.is_budget, _("Ballots (.pb)"), "vote_file", True),
    ):
        if holds:
            yield words, reverse(f"councils:{name}", args=[vote.pk]), quiet


def turnout(vote: Vote) -> Figures:
    """Who voted, by partner: a partner with several seats counts once, whichever of them vote."""
    voted = set(vote.ballots.values_list("seat", flat=True))
    found: dict[str, list[bool]] = {}
    day = vote.closed_at.date() if vote.closed_at else today()
    for seat in vote.seats(day).select_related("partner"):
        found.setdefault(str(seat.partner), []).append(seat.pk in voted)
    rows = [
        (name, _("%(count)s of %(all)s") % {"count": sum(each), "all": len(each)})
        for name, each in found.items()
    ]
    return Figures((str(PARTNER_WORD), _("Seats that voted")), rows)


class Result:
    """What came of a vote, as tables: the order, then how it came about."""

    def __init__(self, vote: Vote, listed: list[Listed], *, office: bool) -> None:
        self.vote, self.listed, self.office = vote, listed, office
        self.asked, self.found = vote.frozen["asked"], vote.frozen["found"]
        self.keys = [str(one.topic.pk) for one in listed]
        self.number = {key: str(place) for place, key in enumerate(self.keys, 1)}
        self.title = {key: item["title"] for key, item in self.asked["items"].items()}
        self.budget: Mapping[str, Any] | None = self.found["budget"]

    @property
    def merged(self) -> list[tuple[str, str]]:
        """Items that were merged while the vote was open, each with that as which it was counted."""
        return [(title, self.title[key]) for title, key in self.asked["merged"].items()]

    def named(self, key: str) -> str:
        """An item with its number in the list."""
        return f"{self.number[key]}. {self.title[key]}"

    @property
    def order(self) -> Figures:
        """Place and support of each item, in all and by size of partner."""
        bands = self.found["bands"]
        standing = {each["item"]: each for each in self.found["standings"]}
        head = [_("Item"), _("Marks"), _("Place"), _("Support")]
        rows = [
            [self.named(key), self._marks(key), str(standing[key]["place"]), _support(standing[key])]
            + [percent(of[key]) for of in bands.values()]
            for key in self.keys
        ]
        return Figures([*head, *map(band_name, bands)], rows, words=2)

    def _marks(self, key: str) -> str:
        money_ = self.budget or {}
        marks = [
            (key in self.found["won"] and not self.budget, _("among the first")),
            (key in self.found["every"], _("backed in every band")),
            (key in money_.get("robust", ()), _("robust: wins under every rule")),
            (key in money_.get("depends", ()), _("depends on the rule")),
            (key in money_.get("too_dear", ()), _("costs more than the budget")),
        ]
        return "; ".join(words for holds, words in marks if holds)

    @property
    def rules(self) -> Figures | None:
        """Of a budget: what wins under each rule."""
        if not self.budget:
            return None
        outcomes = self.budget["rules"]
        head = [_("Item"), _("Cost"), *(str(RULES[rule]) for rule in RULES)]
        won = {rule: {step["item"] for step in (outcomes[rule] or {"steps": []})["steps"]} for rule in RULES}
        rows = [
            [self.named(key), money(self.asked["items"][key]["cost"])]
            + [_("wins") if key in won[rule] else "–" for rule in RULES]
            for key in self.keys
        ]
        spent = [_dollars(outcomes[rule]["cost"]) if outcomes[rule] else _("nobody counts") for rule in RULES]
        return Figures(head, rows, [_("Spent"), money(self.asked["budget"]), *spent])

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Partners that voted and do not count under a rule."""
        out = self.budget["left_out"] if self.budget else {}
        names = {rule: ", ".join(self.asked["partners"][key]["name"] for key in out[rule]) for rule in out}
        return [(str(RULES[rule]), names[rule]) for rule in RULES if names.get(rule)]

    @property
    def traces(self) -> Traces:
        """How it came about. Who backed what, and who paid, is the office's."""
        if self.budget:
            return [
                (str(RULES[rule]), self._rounds(out)) for rule, out in self.budget["rules"].items() if out
            ]
        if "pairs" in self.found:
            return self._matrix()
        if self.office and "backers" in self.found:
            rows = [(self.named(key), self._partners(self.found["backers"][key], units)) for key in self.keys]
            table = Figures((_("Item"), str(PARTNERS_WORD)), rows, words=2)
            return [(_("Who backs it, and with which weight"), table)]
        if self.asked["method"] != Vote.Method.PAIRWISE:
            return []
        head = (_("Item"), _("Held more important"), _("Less important"), _("Votes"))
        told = [
            (self.named(each["item"]), units(each["won"]), units(each["lost"]), str(each["votes"]))
            for each in self.found["standings"]
        ]
        return [(_("Votes on pairs"), Figures(head, told))]

    def _matrix(self) -> Traces:
        def cell(one: str, other: str) -> str:
            if one == other:
                return ""
            above, path, strength = self.found["pairs"][f"{one}>{other}"]
            through = ", ".join(self.number[each] for each in path[1:-1])
            return f"{units(above)} → {units(strength)}{f' ({through})' if through else ''}"

        rows = [[self.named(one), *(cell(one, other) for other in self.keys)] for one in self.keys]
        ties = [(self.named(one), self.named(other)) for one, other in self.found["ties"]]
        name = _("The weight that puts the row above the column → the strongest path there (through which)")
        traces = [(name, Figures([_("Item"), *self.number.values()], rows))]
        if ties:
            table = Figures((_("Item"), _("Item")), ties, words=2)
            traces.append((_("Pairs of which neither comes first"), table))
        return traces

    def _rounds(self, out: Mapping[str, Any]) -> Figures:
        rows = [
            (self.named(step["item"]), self._note(step), _dollars(step["cost"]), percent(step["backing"]))
            for step in out["steps"]
        ]
        told = _("not bought: its backers have %(left)s left")
        rows += [
            (self.named(key), told % {"left": _dollars(left)}, "", "") for key, left in out["left"].items()
        ]
        last = (_("Share of a ballot"), "", _dollars(out["endowment"]), "")
        return Figures((_("Item"), _("Note"), _("Cost"), _("Backing")), rows, last, words=2)

    def _note(self, step: Mapping[str, Any]) -> str:
        said = [_("by completion")] if step["completed"] else []
        if self.office and step["pays"]:
            said.append(_("paid by %(partners)s") % {"partners": self._partners(step["pays"], _dollars)})
        if step["tied"]:
            said.append(_("tied with %(items)s") % {"items": ", ".join(map(self.named, step["tied"]))})
        return "; ".join(said)

    def _partners(self, parts: Mapping[str, str], words: Any) -> str:
        return ", ".join(
            f"{self.asked['partners'][key]['name']} {words(part)}" for key, part in parts.items()
        )

    def cast(self, own: set[str]) -> Iterator[tuple[str, str]]:
        """Ballots as they were counted: the office's are all, a member's their own."""
        for each in self.asked["ballots"]:
            if self.office or each["seat"] in own:
                said = each["said"]
                groups = said.get("groups") or [[key] for key in said.get("backed", ())]
                words = " > ".join(" = ".join(map(self.title.__getitem__, group)) for group in groups)
                if "backed" in said:
                    words = ", ".join(map(self.title.__getitem__, said["backed"]))
                if "better" in said:
                    words = f"{self.title[said['better']]} > {self.title[said['worse']]}"
                yield each["name"], words or _("nothing")


def band_name(band: str) -> str:
    """A size band in a word."""
    return str(Size(band).label).partition(":")[0] if band else _("Size unknown")


def percent(support: str | float) -> str:
    return f"{round(float(Fraction(support)) * 100)}%"


def _support(standing: Mapping[str, Any]) -> str:
    said = percent(standing["support"])
    if "low" not in standing:
        return said
    between = f"{said} ({percent(standing['low'])} – {percent(standing['high'])})"
    return _("%(support)s, too few votes to tell") % {"support": between} if standing["unsure"] else between


def _dollars(amount: str) -> str:
    return money(round(Fraction(amount) * 100))
