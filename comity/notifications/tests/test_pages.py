"""One's notices, opening and reading them, and how one wants to hear of things."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from comity.notifications import services
from comity.notifications.models import Mail, Notice, Preference
from comity.notifications.tests.test_notify import INTERNAL, MENTION, NEWS, NoticeTestCase
from comity.people.models import User

LIST = reverse("notifications:list")
PREFERENCES = reverse("notifications:preferences")


class TheList(NoticeTestCase):
    def test_it_says_how_much_is_unread_and_shows_that_first(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="Read long ago")
        services.read(Notice.objects.all())
        services.notify([self.ana], kind=NEWS.key, text="Still to read")
        page = self.reads(self.page(LIST, by=self.ana))
        self.assertIn("One thing you have not read yet.", page)
        self.assertLess(page.index("Still to read"), page.index("Read long ago"))

    def test_an_empty_list_says_so(self) -> None:
        page = self.reads(self.page(LIST, by=self.ana))
        self.assertIn("You have read everything.", page)
        self.assertIn("Nothing new to tell you yet", page)

    def test_nobody_sees_anothers(self) -> None:
        services.notify([self.cora], kind=NEWS.key, text="For Cora alone")
        self.assertNotIn("For Cora alone", self.reads(self.page(LIST, by=self.ana)))

    def test_what_is_out_of_reach_by_now_loses_its_words(self) -> None:
        services.notify([self.ben], kind=NEWS.key, text="Parks has a new head", about=self.parks)
        self.ben.memberships.update(ends_on=self.today - timedelta(days=1))
        page = self.reads(self.page(LIST, by=self.ben))
        self.assertNotIn("Parks has a new head", page)
        self.assertIn("no longer see", page)

    def test_the_header_of_every_page_counts_what_is_unread(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="It is done.")
        self.assertIn("1 unread notice", self.reads(self.page(PREFERENCES, by=self.ana)))

    def test_it_costs_the_same_however_many_there_are(self) -> None:
        for partner in (self.parks, self.trails, self.roads) * 5:
            services.notify([self.ana], kind=NEWS.key, text=f"{partner} moved.", about=partner)
        self.client.force_login(self.ana)
        self.client.get(LIST)
        with self.assertQueries(LIST_QUERIES):
            self.client.get(LIST)


# The office, the session, who is signed in with their roles; then the rows, which of the partners they are about may
# be seen, how many are unread, and the saved views.
LIST_QUERIES = 6


class OpeningOne(NoticeTestCase):
    def setUp(self) -> None:
        super().setUp()
        (self.notice,) = services.notify(
            [self.ben], kind=NEWS.key, text="Parks moved.", url=PREFERENCES, about=self.parks
        )
        self.url = reverse("notifications:open", args=[self.notice.pk])

    def test_it_is_read_then_and_leads_on(self) -> None:
        self.post(self.url, by=self.ben, expect=PREFERENCES)
        self.notice.refresh_from_db()
        self.assertIsNotNone(self.notice.read_at)

    def test_looking_at_its_address_changes_nothing(self) -> None:
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(self.url).status_code, 405)
        self.assertEqual(Notice.objects.unread().count(), 1)

    def test_it_leads_nowhere_once_what_it_is_about_is_out_of_reach(self) -> None:
        self.ben.memberships.update(ends_on=self.today - timedelta(days=1))
        self.post(self.url, by=self.ben, expect=LIST)

    def test_anothers_does_not_exist(self) -> None:
        self.post(self.url, by=self.eve, expect=404)
        self.assertEqual(Notice.objects.unread().count(), 1)


class ReadingMany(NoticeTestCase):
    def setUp(self) -> None:
        super().setUp()
        for text in ("One", "Two", "Three"):
            services.notify([self.ana, self.cora], kind=NEWS.key, text=text)

    def unread(self) -> list[str]:
        return [f"{notice.user.name}: {notice}" for notice in Notice.objects.unread().order_by("pk")]

    def test_those_ticked_are_read_and_no_others(self) -> None:
        ids = list(Notice.objects.filter(text__in=["One", "Two"]).values_list("pk", flat=True))
        self.post(reverse("notifications:read"), {"ids": ids}, by=self.ana, expect=LIST)
        self.assertEqual(
            self.unread(),
            ["Cora Customer: One", "Cora Customer: Two", "Ana Ruiz: Three", "Cora Customer: Three"],
        )

    def test_all_of_mine_can_be_read_at_once(self) -> None:
        self.post(reverse("notifications:read"), {"all": "1"}, by=self.ana, expect=LIST)
        self.assertEqual(len(self.unread()), 3)
        self.assertIn("3 notices marked as read.", self.reads(self.page(LIST)))


class Preferences(NoticeTestCase):
    def test_each_kind_starts_with_what_it_does_by_itself(self) -> None:
        page = self.page(PREFERENCES, by=self.ana)
        chosen = {name: field.initial for name, field in page.context["form"].fields.items()}
        self.assertEqual(
            chosen, {MENTION.key: Mail.AT_ONCE, NEWS.key: Mail.DIGEST, INTERNAL.key: Mail.DIGEST}
        )

    def test_what_is_chosen_is_kept(self) -> None:
        wishes = {MENTION.key: "never", NEWS.key: "off", INTERNAL.key: "digest"}
        self.post(PREFERENCES, wishes, by=self.ana, expect=PREFERENCES)
        self.assertEqual({key: str(mail) for key, mail in services.wishes_of(self.ana).items()}, wishes)
        self.assertIn("apply from now on", self.reads(self.page(PREFERENCES)))

    def test_a_way_that_is_not_offered_is_refused(self) -> None:
        wishes = {MENTION.key: "by pigeon", NEWS.key: "off", INTERNAL.key: "digest"}
        answer = self.post(PREFERENCES, wishes, by=self.ana, expect=422)
        self.assertIn("by pigeon", self.reads(answer))
        self.assertEqual(Preference.objects.count(), 0)

    def test_a_partners_person_reads_them_in_spanish(self) -> None:
        User.objects.filter(pk=self.ben.pk).update(language="es")
        page = self.reads(self.page(PREFERENCES, by=self.ben))
        self.assertIn("¿De qué quiere enterarse, y cómo?", page)
        self.assertNotIn("Our own affairs", page)
