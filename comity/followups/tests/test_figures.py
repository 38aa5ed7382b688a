"""The ring's figures: each counts exactly the rows its link opens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from comity.followups import services
from comity.followups.models import FollowUp
from comity.followups.services import figures
from comity.followups.tests.world import RingTestCase
from comity.office import services as office


class WorkedExample(RingTestCase):
    """The example of docs/calculations/ring.md, by hand."""

    def test_the_counts_of_one_month(self) -> None:
        day = date(2026, 3, 10)
        common = {"heard_on": day, "own_by": day + timedelta(days=1), "promised_on": day + timedelta(days=10)}
        kept = self.told()
        late = self.told()
        slow = self.owned()
        FollowUp.objects.filter(pk=kept.pk).update(
            **common, owned_on=day, done_on=day + timedelta(days=10), helped="yes"
        )
        FollowUp.objects.filter(pk=late.pk).update(
            **common, owned_on=day + timedelta(days=1), done_on=day + timedelta(days=11), helped="partly"
        )
        FollowUp.objects.filter(pk=slow.pk).update(**common, owned_on=day + timedelta(days=2))
        dropped = services.withdraw(self.heard().pk, reason="Said twice.", by=self.ana)
        FollowUp.objects.filter(pk=dropped.pk).update(heard_on=day)
        march, _kinds = figures.by_month_and_kind(FollowUp.objects.all(), date(2026, 3, 1), date(2026, 3, 31))
        self.assertEqual(
            march[0].counts,
            {"heard": 3, "owned_in_time": 2, "done_in_time": 1, "told": 2, "helped": 1, "withdrawn": 1},
        )

        some = figures.by_month(self.ana, date(2026, 3, 1), date(2026, 4, 1), "heard", "helped")
        drawn = [(line.key, line.counts["heard"], line.counts["helped"]) for line in some]
        self.assertEqual(drawn, [(date(2026, 3, 1), 3, 1), (date(2026, 4, 1), 0, 0)])

    def test_a_moved_day_and_a_second_round_mend_no_figure(self) -> None:
        follow_up = self.owned()
        services.move_due(
            follow_up.pk, due_on=follow_up.due_on + timedelta(days=30), words="The part is late.", by=self.ana
        )
        services.finish(follow_up.pk, words="Done.", by=self.ana)
        assert follow_up.promised_on is not None
        FollowUp.objects.update(done_on=follow_up.promised_on + timedelta(days=1))
        self.assertEqual(figures.in_all(FollowUp.objects.all()).counts["done_in_time"], 0)
        services.tell(follow_up.pk, how="phone", words="Done.", by=self.ana)
        services.reopen(follow_up.pk, words="It is not.", by=self.ana)
        counts = figures.in_all(FollowUp.objects.all()).counts
        self.assertEqual((counts["owned_in_time"], counts["done_in_time"], counts["told"]), (1, 0, 0))


class EveryFigure(RingTestCase):
    def setUp(self) -> None:
        self.heard(partner=None, raised_by=None)
        self.heard(kind="compliment")
        self.owned(partner=self.roads, raised_by=None, kind="portal")
        self.done()
        self.told()
        services.answer_helped(self.told(raised_by=self.ben).pk, answer="yes", by=self.ben)
        services.withdraw(self.heard(partner=self.trails).pk, reason="Said twice.", by=self.ana)
        months = office.today() - timedelta(days=70)
        self.aged(self.owned(), heard_on=70)
        self.assertLess(months, office.today())

    def links(self, query: str = "") -> list[tuple[str, int]]:
        page = self.page(f"{reverse('followups:figures')}{query}", by=self.cora).content.decode()
        found = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a>', page)
        return [(unescape(url), int(count)) for url, count in found]

    def check(self, query: str = "") -> None:
        links = self.links(query)
        self.assertGreater(len(links), 20)
        self.assertTrue(any(count for _url, count in links))
        for url, count in sorted(set(links)):
            with self.subTest(url):
                answer = self.client_of(self.cora).get(url)
                self.assertEqual(answer.context["table"].total, count)
                self.assertEqual(answer.context["table"].problems, [])

    @pytest.mark.slow
    def test_counts_exactly_the_rows_its_link_opens(self) -> None:
        self.check()

    @pytest.mark.slow
    def test_also_for_one_partner_or_kind_alone(self) -> None:
        self.check(f"?partner={self.parks.pk}")
        self.check("?kind=concern")

    def test_the_page_costs_the_same_however_many_rows_there_are(self) -> None:
        self.client.force_login(self.cora)
        self.client.get(reverse("followups:figures"))  # signs the session as used
        with self.assertQueries(7):
            self.client.get(reverse("followups:figures"))

    def test_nonsense_in_the_address_shows_the_last_year(self) -> None:
        last_year = self.page(reverse("followups:figures"), by=self.cora).context["asked"]
        for month in ("2026-99", "0001-01", "9999-12", f"{10**20}-1"):
            with self.subTest(month):
                url = f"{reverse('followups:figures')}?to={month}&partner=x&kind=none"
                self.assertEqual(self.page(url, by=self.cora).context["asked"], last_year)
