"""Follow-ups go by the office's rule: closed ones, whole, never under a hold; the trail stays."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from comity.audit.models import Entry
from comity.audit.retention import apply_rules
from comity.files.models import Attachment
from comity.files.services import attach
from comity.followups import services
from comity.followups.models import Comment, Escalation, FollowUp, HelpedLink, Step
from comity.followups.tests.world import RingTestCase
from comity.office import services as office
from comity.office.services import retaining

YEAR = timedelta(days=365)


class Destroyed(RingTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        retaining.set_rule(by=cls.ada, kind="follow_ups", keep_days=365, schedule_item="GS-12")

    def long_ago(self, follow_up: FollowUp) -> FollowUp:
        """The follow-up as if everything about it had happened two years ago."""
        then = timezone.now() - 2 * YEAR
        rows = FollowUp.objects.filter(pk=follow_up.pk)
        for name in ("told_at", "withdrawn_at", "helped_at"):
            rows.filter(**{f"{name}__isnull": False}).update(**{name: then})
        HelpedLink.objects.filter(follow_up=follow_up).update(expires_at=then)
        return follow_up

    def withdrawn(self) -> FollowUp:
        return services.withdraw(self.heard().pk, reason="Said twice.", by=self.ana)

    def left(self) -> set[int]:
        apply_rules(office.today())
        return set(FollowUp.objects.values_list("pk", flat=True))

    def test_a_closed_ring_goes_whole_and_its_trail_stays(self) -> None:
        gone = self.told()
        comment = services.comment(gone.pk, words="@Sol Service, look.", by=self.ana)
        file = attach(gone, SimpleUploadedFile("note.txt", b"A note."), by=self.ana)
        Escalation.objects.create(follow_up=gone, reason="late", to=self.ana)
        self.long_ago(gone)
        entries = Entry.objects.filter(target_id=str(gone.pk)).count()
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(self.left(), set())
        for rows in (Step, Comment, HelpedLink, Escalation, Attachment):
            self.assertFalse(rows._default_manager.exists(), rows)
        self.assertFalse(file.file.storage.exists(str(file.file.name)))
        self.assertTrue(comment.pk)
        self.assertEqual(Entry.objects.filter(target_id=str(gone.pk)).count(), entries)
        after = Entry.objects.get(action="retention.destroy").after
        assert after is not None
        self.assertEqual((after["kind"], after["count"], after["schedule_item"]), ("follow_ups", 1, "GS-12"))

    def test_what_is_open_or_too_young_or_can_still_be_answered_stays(self) -> None:
        opened, done = self.long_ago(self.owned()), self.long_ago(self.done())
        young = self.told()
        answered_lately = self.long_ago(self.told())
        FollowUp.objects.filter(pk=answered_lately.pk).update(helped="yes", helped_at=timezone.now())
        asked = self.long_ago(self.told())
        asked.helped_links.update(expires_at=timezone.now() + timedelta(days=9))
        self.long_ago(self.withdrawn())
        stay = {each.pk for each in (opened, done, young, answered_lately, asked)}
        self.assertEqual(self.left(), stay)

    def test_nothing_goes_under_a_hold_or_without_a_rule(self) -> None:
        kept = self.long_ago(self.told())
        for kind in ("follow_ups", ""):
            with self.subTest(hold=kind):
                hold = retaining.place_hold(by=self.ada, kind=kind, reason="A case")
                self.assertEqual(self.left(), {kept.pk})
                retaining.lift_hold(hold, by=self.ada, why="Settled")
        retaining.remove_rule("follow_ups", by=self.ada)
        self.assertEqual(self.left(), {kept.pk})
