"""The answers to a question as the parts of one bar."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from comity.core.surveys import Scale, Share, percent
from comity.surveys.services.answer_filters import CAMPS
from comity.surveys.services.scales import NO, YES
from comity.ui.charts import Part, Tone


def parts_of(scale: Scale, distribution: Sequence[Share]) -> list[Part]:
    """The answers in the order of the scale; those of a recommendation in its three camps."""
    shares = [one.share or 0 for one in distribution]
    if scale.kind == "recommendation":
        low, middle, high = CAMPS
        return [
            _part("0–6", sum(shares[:7]), "bad", low),
            _part("7–8", sum(shares[7:9]), "middle", middle),
            _part("9–10", sum(shares[9:]), "good", high),
        ]
    if scale.kind == "yes_no":
        return [_part(_("No"), shares[0], "bad", NO), _part(_("Yes"), shares[1], "good", YES)]
    return [
        _part(str(value), part, _tone(scale, value), str(value))
        for value, part in zip(scale.values, shares, strict=True)
    ]


def _part(name: str, share: float, tone: Tone, answer: str) -> Part:
    return Part(name, share, f"{percent(share)}%", tone, key=answer)


def _tone(scale: Scale, value: int) -> Tone:
    """Good answers are green, the middle of the scale is grey; the ends of the scale are the stronger."""
    if value in scale.top:
        return "good" if value == scale.highest else "goodish"
    if 2 * value == scale.lowest + scale.highest:
        return "middle"
    return "bad" if value == scale.lowest else "badish"
