"""The help page: what the ring means, and how to get about."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.core.ring import Ring
from comity.people.access import Request, signed_in


@dataclass(frozen=True)
class Part:
    title: str
    words: str
    ring: Ring


@signed_in
@require_safe
def page(request: Request) -> HttpResponse:
    return render(request, "site/help.html", {"ring": _parts()})


def _parts() -> list[Part]:
    return [
        Part(
            _("Heard"),
            _("Someone wrote it down. Nobody owns it yet."),
            Ring("on", "now", "off", "off", _("Heard")),
        ),
        Part(
            _("Owned"),
            _("A named person is looking after it and has promised a day."),
            Ring("on", "on", "now", "off", _("Owned")),
        ),
        Part(
            _("Late"),
            _("The promised day has passed. The owner and their supervisor know."),
            Ring("on", "on", "bad", "off", _("Late")),
        ),
        Part(
            _("Done"),
            _("It is done. The person who said it has not been told yet."),
            Ring("on", "on", "on", "now", _("Done")),
        ),
        Part(
            _("Told"),
            _(
                "The person who said it was told what came of it, and asked whether it helped. “No” reopens it."
            ),
            Ring("on", "on", "on", "on", _("Told")),
        ),
    ]
