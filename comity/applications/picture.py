"""The picture of what falls: from the left to the right, those of one class and one distance as one box where they are many."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from comity.applications.answers import Answer
from comity.applications.models import Item
from comity.ui.charts import Chart, Layers, Node, Tone

MOST = 60  # boxes: more nobody can read
FEW = 3  # of one class and distance, that stand for themselves all the same

TONES: dict[str, Tone] = {"vital": "bad", "high": "warn"}


def picture(answer: Answer) -> Chart | None:
    """With its table; None where nothing falls."""
    if len(answer.items) < 2:
        return None
    depth: dict[int, int] = {}
    for pk in answer.items:
        depth[pk] = 1 + max((depth[one] for one in answer.fall.because[pk]), default=-1)
    alike: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for pk, item in answer.items.items():
        alike[depth[pk], item.kind].append(item)
    box: dict[int, int] = {}
    nodes: list[Node] = []
    for (_distance, kind), items in sorted(alike.items()):
        label = str(Item.Kind(kind).label)
        if len(answer.items) > MOST and len(items) > FEW:
            box.update((item.pk, len(nodes)) for item in items)
            nodes.append(Node(f"{len(items):,} × {label}", "#down"))
            continue
        for item in items:
            box[item.pk] = len(nodes)
            tone = TONES.get(item.criticality, "none")
            nodes.append(Node(str(item), item.get_absolute_url(), label, tone))
    pairs = ((box[one], box[pk]) for pk in answer.items for one in answer.fall.because[pk])
    drawn = [pair for pair in dict.fromkeys(pairs) if max(pair) < MOST]
    head = (_("What fails"), _("What falls with it"))
    return Chart(_("How it falls, from left to right"), Layers(nodes[:MOST], drawn, head))
