"""`comity demo`: make the State of Franklin, so that there is something to look at."""

from __future__ import annotations

import gc
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comity.audit import heads
from comity.demo.staff import sign_ins
from comity.demo.state import begin_anew, make_sample_state
from comity.partners.models import Partner
from comity.people.models import User


class Command(BaseCommand):
    help = "Make the sample state: two years of the State of Franklin, ending today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="keep what is there, if anything is")
        parser.add_argument("--fresh", action="store_true", help="throw away what is there and begin anew")

    def handle(self, **options: Any) -> None:
        there = User.objects.exists() or Partner.objects.exists()
        if there and options["fresh"]:
            if not settings.DEMO:
                raise CommandError("Only a demo is thrown away: set COMITY_DEMO=1 if this is one.")
            begin_anew()
            there = False
        if there and not options["if_missing"]:
            raise CommandError("There are people or partners here already. Use --fresh to throw them away.")
        if not there:
            self._make()
        self.stdout.write(sign_ins(settings.ADDRESS))

    def _make(self) -> None:
        self.stdout.write("Making the State of Franklin ...")
        gc.set_threshold(100_000, 50, 1000)  # most of what was made stays, however often it is looked through
        began = monotonic()
        made = make_sample_state()
        self.stdout.write(
            f"{made.partners} partners, {made.people} people, {made.acts} acts of two years"
            f" in {monotonic() - began:.0f} seconds."
        )
        heads.begin("comity demo")
