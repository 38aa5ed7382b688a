"""Who reports to whom at a partner: as nested lines, and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.core.layers import without_circles
from comity.partners.models import Partner, Position
from comity.ui.charts import Chart, Layers, Node


@dataclass(frozen=True)
class Line:
    """A post with those that report to it; one with several managers stands under the first, and names the others."""

    post: Position
    others: list[Position] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class OrgChart:
    """The posts of a partner on a day, those first in rank first, and who of them reports (second) to whom (first)."""

    posts: Sequence[Position]
    pairs: Sequence[tuple[int, int]]

    @property
    def top(self) -> list[Line]:
        """Those who report to nobody here, each with all below."""
        lines = {post.pk: Line(post) for post in self.posts}
        below = set()
        for manager, report in without_circles(self.pairs):
            if report in below:
                lines[report].others.append(lines[manager].post)
            else:
                lines[manager].below.append(lines[report])
                below.add(report)
        return [line for key, line in lines.items() if key not in below]

    @property
    def picture(self) -> Chart | None:
        """Those posts between which there is a line; nothing where there is none."""
        drawn = [post for post in self.posts if any(post.pk in pair for pair in self.pairs)]
        at = {post.pk: place for place, post in enumerate(drawn)}
        edges = [(at[manager], at[report]) for manager, report in self.pairs]
        head = (_("Manager"), _("Reports to them"))
        return Chart(self.sentence, Layers([_node(post) for post in drawn], edges, head)) if edges else None

    @property
    def sentence(self) -> str:
        """How many posts there are, and how many nobody holds for good."""
        vacant, acting = sum(post.is_vacant for post in self.posts), sum(post.acting for post in self.posts)
        count = len(self.posts)
        said = [ngettext("%(n)s position", "%(n)s positions", count) % {"n": count}]
        said += [_("%(n)s vacant") % {"n": vacant}] if vacant else []
        said += [_("%(n)s acting") % {"n": acting}] if acting else []
        return ", ".join(said)


def org_chart(partner: Partner, day: date) -> OrgChart:
    """Of a partner, on a day; two queries."""
    posts = list(Position.objects.current(day).filter(partner=partner).select_related("person").by_rank())
    rank = {post.pk: place for place, post in enumerate(posts)}
    rows = Position.reports_to.through.objects.filter(from_position__partner=partner)
    known = [pair for pair in rows.values_list("to_position", "from_position") if rank.keys() >= {*pair}]
    return OrgChart(posts, sorted(known, key=lambda pair: (rank[pair[0]], rank[pair[1]])))


def _node(post: Position) -> Node:
    if post.person is None:
        return Node(post.title, below=_("vacant"), tone="bad")
    said = _("%(name)s, acting") % {"name": post.person} if post.acting else str(post.person)
    return Node(post.title, post.person.get_absolute_url(), said, "warn" if post.acting else "good")
