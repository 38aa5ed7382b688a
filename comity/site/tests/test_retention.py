"""From a rule of the office through the nightly job to the rows and files of the rooms; and a hold, under which none goes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from comity import jobs
from comity.audit.models import Entry
from comity.audit.words import action_words
from comity.files import services as files
from comity.files.models import Attachment
from comity.followups.services import raise_follow_up
from comity.notifications.models import Notice
from comity.office import services as office
from comity.outbox.kinds import kind_of
from comity.testing.cast import CastTestCase

JOB = "audit.apply_retention_rules"
KINDS = ("notices", "removed_attachments")


class RuleToRow(CastTestCase):
    """A notice and a removed file, both of 20 days ago; their rooms would keep them longer."""

    def setUp(self) -> None:
        then = timezone.now() - timedelta(days=20)
        follow_up = raise_follow_up(kind="concern", partner=self.parks, title="Slow network", by=self.olu)
        self.attachment = files.attach(follow_up, SimpleUploadedFile("note.txt", b"A note."), by=self.olu)
        files.remove(self.attachment, by=self.olu)
        Attachment.objects.filter(pk=self.attachment.pk).update(removed_at=then)
        self.notice = Notice.objects.filter(user=self.ana).latest("pk")
        Notice.objects.filter(pk=self.notice.pk).update(created_at=then)

    def run_the_job(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            jobs.run_now(JOB)

    def are_there(self) -> tuple[bool, bool, bool]:
        return (
            Notice.objects.filter(pk=self.notice.pk).exists(),
            Attachment.objects.filter(pk=self.attachment.pk).exists(),
            Path(self.attachment.file.path).exists(),
        )

    def test_without_a_rule_they_are_kept_as_long_as_their_rooms_say(self) -> None:
        self.run_the_job()
        self.assertEqual(self.are_there(), (True, True, True))
        self.assertFalse(Entry.objects.filter(action="retention.destroy").exists())

    def test_a_rule_destroys_rows_and_bytes_and_the_trail_certifies_both(self) -> None:
        for kind in KINDS:
            office.set_rule(by=self.ada, kind=kind, keep_days=10, schedule_item="GS-5")
        self.run_the_job()
        self.assertEqual(self.are_there(), (False, False, False))
        certificates = [entry.after or {} for entry in Entry.objects.filter(action="retention.destroy")]
        self.assertEqual(
            sorted((each["kind"], each["count"], each["schedule_item"]) for each in certificates),
            [("notices", 1, "GS-5"), ("removed_attachments", 1, "GS-5")],
        )

    def test_under_a_hold_nothing_goes_until_it_is_lifted(self) -> None:
        for kind in KINDS:
            office.set_rule(by=self.ada, kind=kind, keep_days=10)
        hold = office.place_hold(by=self.ada, kind="", reason="Doe v. State")
        self.run_the_job()
        self.assertEqual(self.are_there(), (True, True, True))
        self.assertFalse(Entry.objects.filter(action="retention.destroy").exists())
        office.lift_hold(hold, by=self.ada, why="Settled")
        office.place_hold(by=self.ada, kind="notices", reason="A request for records")
        self.run_the_job()
        self.assertEqual(self.are_there(), (True, False, False))

    def test_every_room_that_keeps_records_is_listed(self) -> None:
        self.assertLessEqual(
            {"mail", "finished_work", "import_rows", *KINDS}, {each.key for each in office.keepings()}
        )


class InWords(CastTestCase):
    """What the trail and the outbox are read as."""

    def test_every_kind_of_mail_that_is_put_has_a_name_and_only_summaries_can_be_stopped(self) -> None:
        stoppable = {
            "people.invitation": False,
            "people.password": False,
            "people.security": False,
            "partners.hand_over": False,
            "followups.told": False,
            "briefing.digest": True,
            "notice": True,
        }
        for key, may_stop in stoppable.items():
            with self.subTest(key):
                self.assertNotEqual(str(kind_of(key).label), key)
                self.assertEqual(kind_of(key).may_stop, may_stop)

    def test_acts_are_called_as_people_would(self) -> None:
        self.assertEqual(action_words("followups.own"), "took on")
        self.assertEqual(action_words("office.place_hold"), "placed a legal hold")
        self.assertEqual(action_words("people.webauthn_added"), "added a passkey")
