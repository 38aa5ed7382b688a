"""What a partner sees: that others have its problem, how many from three on, and who only if they agreed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import deactivate

from comity.followups.models import FollowUp
from comity.patterns.models import Item, Pattern
from comity.patterns.services import judging
from comity.patterns.tests.world import AlikeTestCase

PORTAL = 15  # queries


class Telling(AlikeTestCase):
    """Roads, and more where a test says so, told the same as Parks; each under a name that nobody else may read."""

    canaries: list[str]
    found: Pattern

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.found, cls.canaries = cls.pattern(), ["Department of Roads", "new inspector"]

    def others(self, count: int) -> list[FollowUp]:
        made = []
        for number in range(count):
            name = f"Canary Body {number}"
            self.canaries.append(name)
            made.append(self.heard(self.cast.partner(name, f"CB{number}"), f"Phones, says {name}"))
        judging.put_into(self.found, [each.pk for each in made], by=self.ana)
        return made

    def told(self, follow_up: FollowUp | None = None) -> str:
        url = reverse("followups:portal_detail", args=[(follow_up or self.phones).pk])
        return self.reads(self.page(url, by=self.ben))

    def test_under_three_it_hears_that_there_are_others_and_no_number(self) -> None:
        for more in (0, 1):
            self.others(more)
            said = self.told()
            self.assertIn("Others told us the same.", said)
            self.assertNotRegex(said, r"\d others? told")
            self.assertFalse([name for name in self.canaries if name in said])

    def test_from_three_on_it_hears_how_many_in_its_own_language(self) -> None:
        self.others(2)
        said = self.told()
        self.assertIn("3 others told us the same.", said)
        self.assertFalse([name for name in self.canaries if name in said])
        self.client.post("/language/", {"language": "es", "next": "/"})
        self.addCleanup(deactivate)  # or the tests that come after it begin in Spanish
        self.assertIn("3 más nos dijeron lo mismo.", self.told())

    def test_several_items_of_one_partner_count_once(self) -> None:
        again = self.heard(self.roads, "Phones again")
        judging.put_into(self.found, [again.pk], by=self.ana)
        self.assertIn("Others told us the same.", self.told())

    def test_what_stands_alone_or_was_withdrawn_says_nothing(self) -> None:
        judging.leave(self.their_phones.pk, by=self.ana)
        self.assertNotIn("Others", self.told())
        self.assertNotIn(
            "told us the same", self.told(self.heard(self.parks, "Slow", raised_by=self.ben_person))
        )

    def test_only_those_who_agreed_are_named_and_may_withdraw_it(self) -> None:
        one, other = self.others(2)
        judging.share(self.item(one), True, by=self.cy)
        said = self.told()
        self.assertIn("3 others told us the same. These agreed to be named: Canary Body 0.", said)
        self.assertFalse([name for name in self.canaries if name in said and name != "Canary Body 0"])
        FollowUp.objects.filter(pk=one.pk).update(office_only=True)
        self.assertNotIn("Canary Body 0", self.told())
        FollowUp.objects.filter(pk=one.pk).update(office_only=False)
        judging.share(self.item(one), False, by=self.cy)
        self.assertNotIn("Canary Body 0", self.told())
        self.assertFalse(self.item(other).may_name)

    def test_their_executive_or_it_lead_agrees_for_one_item_and_withdraws_it(self) -> None:
        url, back = self.at("share", self.phones), reverse("followups:portal_detail", args=[self.phones.pk])
        self.assertIn("You may tell others that we have it too", self.told())
        self.post(url, {"may": "1"}, by=self.eve, expect=back)
        self.assertTrue(self.item(self.phones).may_name)
        self.assertIn(
            "agreed to be named to others", self.reads(self.page(self.found.get_absolute_url(), by=self.ana))
        )
        self.assertIn("You agreed that they see your name.", self.told())
        self.post(url, {"may": "0"}, by=self.ben, expect=back)
        self.assertFalse(self.item(self.phones).may_name)

    def test_nobody_agrees_for_another_partner_nor_a_member_for_its_own(self) -> None:
        self.post(self.at("share", self.their_phones), {"may": "1"}, by=self.ben, expect=404)
        self.post(self.at("share", self.their_phones), {"may": "1"}, by=self.cy, expect=403)
        self.post(self.at("share", self.printer), {"may": "1"}, by=self.eve, expect=404)
        self.assertFalse(Item.objects.filter(may_name=True).exists())

    def test_out_of_the_pattern_nothing_of_it_is_agreed_anymore(self) -> None:
        judging.share(self.item(self.phones), True, by=self.ben)
        judging.leave(self.phones.pk, by=self.ana)
        self.assertNotIn("Others", self.told())
        judging.put_into(self.found, [self.phones.pk], by=self.ana)
        self.assertFalse(self.item(self.phones).may_name)

    def test_the_page_asks_so_many_questions(self) -> None:
        self.told()
        with self.assertQueries(PORTAL):
            self.client.get(reverse("followups:portal_detail", args=[self.phones.pk]))
