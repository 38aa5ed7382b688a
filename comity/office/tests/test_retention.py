"""How long what is kept, said by an administrator; and holds, under which nothing goes."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from comity import jobs
from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.office import services
from comity.office.models import LegalHold, RetentionRule
from comity.outbox.models import Message
from comity.testing.cast import CastTestCase

OVERVIEW = "/office/retention/"
MAIL = "/office/retention/mail/"


class Rules(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ada)

    def test_every_kind_a_room_keeps_is_listed_with_how_long(self) -> None:
        said = self.reads(self.page(OVERVIEW))
        self.assertIn("Sent email Kept for good until you set a rule.", said)
        self.assertIn("Finished background work Kept for 90 days. You have not set a rule.", said)
        self.assertIn("No holds.", said)

    def test_a_rule_is_set_changed_and_removed_and_the_trail_tells(self) -> None:
        self.page(MAIL)
        self.post(MAIL, {"keep_days": 1826, "schedule_item": "GS-01023"}, expect=OVERVIEW)
        self.assertIn("Kept for 1826 days. Your rule, GS-01023.", self.reads(self.page(OVERVIEW)))
        self.page(MAIL)
        self.post(MAIL, {"keep_days": 365}, expect=OVERVIEW)
        self.post(MAIL, {"keep_days": 365}, expect=OVERVIEW)  # nothing new: nothing written
        self.post(f"{MAIL}remove/", expect=OVERVIEW)
        self.assertFalse(RetentionRule.objects.exists())
        acts = list(Entry.objects.filter(action__contains="retention_rule").order_by("pk"))
        self.assertEqual(
            [entry.action for entry in acts],
            ["office.set_retention_rule", "office.set_retention_rule", "office.remove_retention_rule"],
        )
        self.assertEqual(acts[1].before, {"kind": "mail", "keep_days": 1826, "schedule_item": "GS-01023"})

    def test_a_rule_without_days_or_for_no_kind_is_refused(self) -> None:
        for days in ("", "0", "-1", "999999999999", "x"):
            self.post(MAIL, {"keep_days": days}, expect=422)
        self.assertEqual(self.client.get("/office/retention/no-such-kind/").status_code, 404)
        with self.assertRaises(DomainError):
            services.set_rule(by=self.ada, kind="no-such-kind", keep_days=3)
        self.assertFalse(RetentionRule.objects.exists())

    def test_the_settings_lead_there_and_say_what_stands(self) -> None:
        services.set_rule(by=self.ada, kind="mail", keep_days=30)
        services.place_hold(by=self.ada, kind="mail", reason="A case")
        answer = self.page("/office/")
        self.assertContains(answer, f'href="{OVERVIEW}"')
        self.assertIn("1 legal hold is in force. 1 kind of record follows your own rule.", self.reads(answer))


class Holds(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ada)

    def test_a_hold_is_placed_and_lifted_with_its_reasons(self) -> None:
        self.page("/office/holds/place/")
        self.post("/office/holds/place/", {"kind": "", "reason": ""}, expect=422)
        self.post("/office/holds/place/", {"kind": "no-such", "reason": "A case"}, expect=422)
        self.post("/office/holds/place/", {"kind": "", "reason": "Doe v. State"}, expect=OVERVIEW)
        said = self.reads(self.page(OVERVIEW))
        self.assertIn("Nothing is destroyed: a legal hold covers all records.", said)
        self.assertIn("Doe v. State Placed by Ada", said)
        hold = LegalHold.objects.get()
        lift = f"/office/holds/{hold.pk}/lift/"
        self.page(lift)
        self.post(lift, {"why": ""}, expect=422)
        self.post(lift, {"why": "Settled"}, expect=OVERVIEW)
        self.assertIn("No holds.", self.reads(self.page(OVERVIEW)))
        self.assertEqual(Entry.objects.get(action="office.lift_hold").after, {"why": "Settled"})

    def test_a_hold_is_lifted_once(self) -> None:
        hold = services.place_hold(by=self.ada, kind="mail", reason="A case")
        services.lift_hold(hold, by=self.ada, why="Settled")
        with self.assertRaisesRegex(DomainError, "already been lifted"):
            services.lift_hold(hold, by=self.ada, why="Settled again")
        self.assertEqual(Entry.objects.filter(action="office.lift_hold").count(), 1)

    def test_the_rule_of_a_kind_on_hold_says_that_it_is(self) -> None:
        services.place_hold(by=self.ada, kind="mail", reason="A case")
        self.assertContains(self.page(MAIL), "These records are under a legal hold")
        self.assertNotContains(self.page("/office/retention/finished_work/"), "A legal hold stands")
        said = self.reads(self.page(OVERVIEW))
        self.assertIn("Sent email on hold", said)
        self.assertNotIn("Finished background work on hold", said)


class TheNightlyJob(CastTestCase):
    """Mail that left 400 days ago, a rule that keeps mail for a year."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.old = cls.mail(400)
        cls.new = cls.mail(300)
        services.set_rule(by=cls.ada, kind="mail", keep_days=365, schedule_item="GS-7")

    old: Message
    new: Message

    @classmethod
    def mail(cls, days: int) -> Message:
        message = Message.objects.create(
            to="ben@parks.example.gov",
            message_id=f"<{days}@x>",
            state=Message.State.SENT,
            send_after=timezone.now(),
        )
        Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=days))
        return message

    def test_destroys_what_the_rule_says_and_certifies_it(self) -> None:
        jobs.run_now("audit.apply_retention_rules")
        self.assertEqual(list(Message.objects.all()), [self.new])
        after = Entry.objects.get(action="retention.destroy").after
        assert after is not None
        self.assertEqual(
            (after["kind"], after["count"], after["kept_days"], after["schedule_item"]),
            ("mail", 1, 365, "GS-7"),
        )

    def test_destroys_nothing_under_a_hold_on_the_kind_or_on_everything(self) -> None:
        for kind in ("mail", ""):
            with self.subTest(kind=kind):
                hold = services.place_hold(by=self.ada, kind=kind, reason="A case")
                jobs.run_now("audit.apply_retention_rules")
                self.assertTrue(Message.objects.filter(pk=self.old.pk).exists())
                services.lift_hold(hold, by=self.ada, why="Settled")
        services.place_hold(by=self.ada, kind="finished_work", reason="Another case")
        jobs.run_now("audit.apply_retention_rules")
        self.assertFalse(Message.objects.filter(pk=self.old.pk).exists())

    def test_keeps_mail_once_the_rule_is_removed(self) -> None:
        services.remove_rule("mail", by=self.ada)
        jobs.run_now("audit.apply_retention_rules")
        self.assertEqual(Message.objects.count(), 2)
