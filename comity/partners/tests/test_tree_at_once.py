"""Two people set parents at one moment: whichever way it goes, nothing becomes part of itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from comity.partners import services
from comity.partners.models import Partner, Position
from comity.partners.models.tree import in_circles
from comity.testing.at_once import Together, one_writer


@one_writer
class AtOnce(Together):
    """Harbor, Pier and Quay stand side by side."""

    def setUp(self) -> None:
        self.harbor, self.pier, self.quay = (
            Partner.objects.create(name=name, name_key=name.lower()) for name in ("Harbor", "Pier", "Quay")
        )

    def moves(self, partner: Partner, under: Partner) -> Callable[[], object]:
        return lambda: services.update_partner(partner.pk, {"parent": under}, by="test")

    def test_each_under_the_other_leaves_one_under_the_other(self) -> None:
        for _again in range(20):
            Partner.objects.update(parent=None)
            refused = self.together(self.moves(self.harbor, self.pier), self.moves(self.pier, self.harbor))
            self.assertEqual(len(refused), 1, refused)
            self.assertEqual(Partner.objects.exclude(parent=None).count(), 1)

    def test_three_in_a_ring_leave_two(self) -> None:
        ring = [self.harbor, self.pier, self.quay, self.harbor]
        for _again in range(10):
            Partner.objects.update(parent=None)
            acts = [self.moves(one, under) for one, under in itertools.pairwise(ring)]
            self.assertEqual(len(self.together(*acts)), 1)
            self.assertEqual(in_circles(Partner.objects.values("pk")), [])


@one_writer
class ReportingAtOnce(Together):
    def test_each_to_the_other_leaves_one_who_reports_to_the_other(self) -> None:
        partner = Partner.objects.create(name="Harbor", name_key="harbor")
        head, deputy = (Position.objects.create(partner=partner, title=title) for title in ("Head", "Deputy"))

        def reports(one: Position, to: Position) -> Callable[[], object]:
            return lambda: services.correct_position(one.pk, {"reports_to": [to]}, by="test")

        for _again in range(20):
            Position.reports_to.through.objects.all().delete()
            self.assertEqual(len(self.together(reports(head, deputy), reports(deputy, head))), 1)
            self.assertEqual(Position.reports_to.through.objects.count(), 1)
