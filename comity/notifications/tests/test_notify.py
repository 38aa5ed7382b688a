"""Giving notice: who is told, in which language, by which way."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from comity.audit.models import Entry
from comity.notifications import services
from comity.notifications.kinds import NoticeKind
from comity.notifications.models import Mail, Notice
from comity.nouns import Noun
from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring
from comity.testing.matrix import Partner

MENTION = NoticeKind("test.mention", gettext_lazy("Someone mentions me"), addressed=True)
NEWS = NoticeKind("test.news", gettext_lazy("Something new"))
INTERNAL = NoticeKind("test.internal", gettext_lazy("Our own affairs"), office_only=True)


class NoticeTestCase(CastTestCase):
    """Three kinds, and partners as what notice may be about."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(declaring(MENTION, NEWS, INTERNAL, Noun(Partner), alone=True))

    def told(self) -> list[User]:
        return [notice.user for notice in Notice.objects.select_related("user").order_by("pk")]


class GivingNotice(NoticeTestCase):
    def test_each_is_told_once_but_not_who_did_it(self) -> None:
        services.notify([self.ana, self.ben, self.ana], kind=NEWS.key, text="It is done.", but_not=self.ben)
        self.assertEqual(self.told(), [self.ana])

    def test_nobody_is_told_of_what_they_may_not_see(self) -> None:
        services.notify([self.ana, self.ben, self.cy], kind=NEWS.key, text="Parks moved.", about=self.parks)
        self.assertEqual(self.told(), [self.ana, self.ben])

    def test_those_who_may_no_longer_sign_in_are_not_told(self) -> None:
        self.ana.is_active = False
        services.notify([self.ana], kind=NEWS.key, text="It is done.")
        self.assertEqual(self.told(), [])

    def test_the_offices_own_affairs_stay_in_the_office(self) -> None:
        services.notify([self.olu, self.eve], kind=INTERNAL.key, text="The import is done.")
        self.assertEqual(self.told(), [self.olu])

    def test_it_is_said_in_the_language_of_each(self) -> None:
        self.ben.language = "es"
        services.notify([self.ana, self.ben], kind=NEWS.key, text=lambda: gettext("Yes"))
        self.assertEqual([notice.text for notice in Notice.objects.order_by("pk")], ["Yes", "Sí"])

    def test_a_sentence_is_one_line_and_fits(self) -> None:
        (notice,) = services.notify([self.ana], kind=NEWS.key, text="one\n\n two " + "x" * 600)
        self.assertTrue(notice.text.startswith("one two xxx"))
        self.assertEqual(len(notice.text), 500)

    def test_a_kind_nobody_declared_and_an_address_elsewhere_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "test.unknown"):
            services.notify([self.ana], kind="test.unknown", text="?")
        for url in ("https://elsewhere.example/", "//elsewhere.example/"):
            with self.assertRaisesRegex(ValueError, "path of this site"):
                services.notify([self.ana], kind=NEWS.key, text="?", url=url)
        with self.assertRaisesRegex(ValueError, "office.Office"):
            services.notify([self.ana], kind=NEWS.key, text="?", about=self.office)

    def test_many_are_told_in_few_queries(self) -> None:
        everybody = [self.ana, self.ira, self.cora, self.sol, self.finn, self.olu, self.ada]
        with self.assertQueries(4):  # a savepoint around the wishes and one insert
            services.notify(everybody, kind=NEWS.key, text="It is done.")


class LeavingByMail(NoticeTestCase):
    def test_what_is_meant_for_someone_is_mailed_at_once(self) -> None:
        services.notify([self.ana], kind=MENTION.key, text="Cora & Ira ask you", url="/notices/")
        (mail,) = self.sent_mail("ana@oit.example.gov")
        self.assertEqual(mail.subject, "Cora & Ira ask you")
        self.assertIn("/notices/\n", mail.text)
        self.assertIn("/notices/preferences/", mail.text)

    def test_other_things_wait_for_the_daily_summary(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="It is done.")
        self.assertEqual(self.sent_mail(), [])
        self.assertEqual(
            [(digest.user, [str(each) for each in digest.notices]) for digest in services.undigested()],
            [(self.ana, ["It is done."])],
        )

    def test_each_hears_of_a_kind_as_they_wished(self) -> None:
        services.choose(self.ana, {NEWS.key: Mail.AT_ONCE})
        services.choose(self.ira, {NEWS.key: Mail.NEVER})
        services.choose(self.cora, {NEWS.key: Mail.OFF})
        services.notify([self.ana, self.ira, self.cora, self.olu], kind=NEWS.key, text="It is done.")
        self.assertEqual(self.told(), [self.ana, self.ira, self.olu])
        self.assertEqual([mail.to for mail in self.sent_mail()], ["ana@oit.example.gov"])
        self.assertEqual([digest.user for digest in services.undigested()], [self.olu])

    def test_a_spanish_reader_gets_the_mail_in_spanish(self) -> None:
        self.ben.language = "es"
        services.notify([self.ben], kind=MENTION.key, text="Hola")
        self.assertIn("porque le concierne", self.sent_mail()[0].text)


class TheDailySummary(NoticeTestCase):
    def test_what_went_out_or_was_read_is_not_told_again(self) -> None:
        first, second = (services.notify([self.ana], kind=NEWS.key, text=text)[0] for text in ("One", "Two"))
        services.mark_digested([first])
        self.assertEqual([digest.notices for digest in services.undigested()], [[second]])
        services.read(Notice.objects.filter(pk=second.pk))
        self.assertEqual(services.undigested(), [])

    def test_what_someone_may_no_longer_see_is_left_out(self) -> None:
        services.notify([self.ben], kind=NEWS.key, text="Parks moved.", about=self.parks)
        self.ben.memberships.update(ends_on=self.today - timedelta(days=1))
        self.assertEqual(services.undigested(), [])

    def test_a_wish_for_quiet_holds_for_what_already_waits(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="It is done.")
        services.choose(self.ana, {NEWS.key: Mail.NEVER})
        self.assertEqual(services.undigested(), [])

    def test_those_who_left_get_none(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="It is done.")
        User.objects.filter(pk=self.ana.pk).update(is_active=False)
        self.assertEqual(services.undigested(), [])

    def test_many_notices_about_many_rows_are_asked_for_together(self) -> None:
        for partner in (self.parks, self.trails, self.roads):
            services.notify([self.ana], kind=NEWS.key, text=f"{partner} moved.", about=partner)
        with self.assertQueries(2):
            self.assertEqual(len(services.undigested()[0].notices), 3)


class Wishes(NoticeTestCase):
    def test_a_choice_is_in_the_trail_and_the_same_again_is_not(self) -> None:
        services.choose(self.ana, {NEWS.key: Mail.OFF, MENTION.key: Mail.AT_ONCE})
        services.choose(self.ana, {NEWS.key: Mail.OFF})
        entry = Entry.objects.get(action=services.CHOOSE_MAIL)
        self.assertEqual((entry.before, entry.after), ({NEWS.key: "digest"}, {NEWS.key: "off"}))

    def test_a_partners_people_are_not_asked_about_the_offices_affairs(self) -> None:
        self.assertEqual(set(services.wishes_of(self.ben)), {MENTION.key, NEWS.key})
        self.assertEqual(set(services.wishes_of(self.ana)), {MENTION.key, NEWS.key, INTERNAL.key})


class Forgetting(NoticeTestCase):
    def test_only_what_is_older_goes(self) -> None:
        services.notify([self.ana], kind=NEWS.key, text="Long ago")
        Notice.objects.update(created_at=timezone.now() - timedelta(days=400))
        services.notify([self.ana], kind=NEWS.key, text="Today")
        self.assertEqual(services.forget(timezone.now() - timedelta(days=365)), 1)
        self.assertEqual([str(notice) for notice in Notice.objects.all()], ["Today"])
