"""Recording an outage from the map, telling those it hits, saying that it is over; and who reads what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comity.applications.models import Item, Relation, RelationType, Reliance
from comity.business.models import Process
from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.outages import services
from comity.outages.models import LEAD, Outage
from comity.outbox.models import Message
from comity.partners.models import Person, Position
from comity.services.models import Service
from comity.testing.cast import CastTestCase


class OutageTestCase(CastTestCase):
    """The storage is under the application of Parks; Sol owns the service."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.san = Item.objects.create(name="Storage A", external_id="san", kind="storage")
        app = Item.objects.create(name="Permits", external_id="permits", partner=cls.cast.parks)
        Relation.objects.create(type=RelationType.objects.get(name="Runs on"), from_item=app, to_item=cls.san)
        process = Process.objects.create(partner=cls.cast.parks, name="Issuing permits")
        Reliance.objects.create(process=process, item=app)
        cls.service = Service.objects.create(
            name="Hosting", promise="It runs.", owner=cls.cast.sol, status="offered"
        )

    san: Item
    service: Service

    def made(self, **more: Any) -> Outage:
        values = {"what": "Storage A is down", "service": self.service, "began_at": timezone.now(), **more}
        return services.record({"partners": [self.parks], **values}, by=self.ada)

    def written_to(self) -> set[str]:
        return set(Message.objects.filter(kind=services.TOLD).values_list("to", flat=True))


class Recording(OutageTestCase):
    def test_from_the_map_it_takes_two_clicks(self) -> None:
        self.client.force_login(self.ada)
        page = self.page(reverse("applications:down", args=[self.san.pk]))
        at = reverse("outages:record") + f"?item={self.san.pk}"
        self.assertContains(page, at)
        page = self.page(at)
        form = page.context["form"]
        self.assertEqual(form.fields["named"].initial, [self.parks.pk])
        self.assertEqual(form.initial["what"], "Storage A is down")
        began = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        said = {"what": "Storage A is down", "began_at": began, "named": [self.parks.pk]}
        self.assertContains(self.client.post(at, said, follow=True), "Those it hits are told.")
        made = Outage.objects.get()
        self.assertEqual((made.item, list(made.partners.all())), (self.san, [self.parks]))

    def test_those_it_hits_are_told_once_each_with_or_without_a_sign_in(self) -> None:
        head = Person.objects.create(name="Hale", email="hale@parks.example.gov", language="es")
        Position.objects.create(partner=self.parks, person=head, title="Head", function="head")
        self.made()
        self.assertEqual(
            self.written_to(), {self.ben.email, self.eve.email, self.ana.email, "hale@parks.example.gov"}
        )
        self.assertEqual(Message.objects.get(to=self.ben.email).subject, "Down: Storage A is down")
        self.assertEqual(Message.objects.get(to=head.email).subject, "Interrumpido: Storage A is down")
        self.assertEqual(self.ben.notices.get().text, "Down: Storage A is down")
        self.assertFalse(self.cy.notices.exists())

    def test_what_cannot_be_is_refused_and_nobody_is_told(self) -> None:
        now = timezone.now()
        for wrong, sentence in (
            ({"partners": []}, "Choose at least one whom it hits."),
            (
                {"began_at": now + timedelta(hours=2)},
                "An outage that has not begun is planned maintenance: say so.",
            ),
            ({"planned": True}, "Say until when the maintenance is planned."),
            ({"ends_at": now - timedelta(hours=1)}, "It cannot end before it begins."),
        ):
            with self.assertRaisesMessage(DomainError, sentence):
                self.made(**wrong)
        self.assertFalse(Outage.objects.exists() or self.written_to())

    def test_a_form_without_anybody_hit_says_so(self) -> None:
        self.client.force_login(self.ada)
        page = self.client.post(reverse("outages:record"), {"what": "X", "began_at": "2026-01-01T10:00"})
        self.assertContains(page, "Choose at least one whom it hits.", status_code=422)


class Ending(OutageTestCase):
    def test_its_end_is_told_and_asks_the_owner_what_keeps_it_from_happening_again(self) -> None:
        made = self.made(began_at=timezone.now() - timedelta(hours=3))
        self.client.force_login(self.ada)
        self.client.post(
            reverse("outages:tell", args=[made.pk]), {"text": "A disk was replaced.", "over": "on"}
        )
        made.refresh_from_db()
        self.assertEqual(made.updates[0]["text"], "A disk was replaced.")
        assert made.ended_at is not None
        self.assertAlmostEqual(made.ended_at, timezone.now(), delta=timedelta(seconds=9))
        follow_up = FollowUp.objects.get()
        self.assertEqual((follow_up.owner, follow_up.kind), (self.sol, "outage"))
        self.assertEqual(follow_up.title, "So that it does not happen again: Storage A is down")
        mail = Message.objects.get(to=self.ben.email, subject__startswith="Over")
        self.assertIn("A disk was replaced.", mail.text)

    def test_news_alone_ends_nothing(self) -> None:
        first = self.made()
        services.tell(first, "We are on it.", by=self.ada)
        made = services.tell(first, "A part is on its way.", by=self.ada)
        self.assertEqual([each["text"] for each in made.updates], ["We are on it.", "A part is on its way."])
        self.assertIsNone(made.ended_at)
        self.assertFalse(FollowUp.objects.exists())

    def test_it_ends_once_and_after_it_began(self) -> None:
        made = self.made()
        for at, sentence in (
            (timezone.now() - timedelta(hours=1), "It cannot end before it began."),
            (timezone.now() + timedelta(hours=1), "It cannot be over in the future."),
        ):
            with self.assertRaisesMessage(DomainError, sentence):
                services.tell(made, "Over.", by=self.ada, over=True, ended_at=at)
        services.tell(made, "Over.", by=self.ada, over=True)
        with self.assertRaises(DomainError):
            services.tell(made, "Over again.", by=self.ada, over=True)
        self.assertEqual(FollowUp.objects.count(), 1)

    def test_maintenance_is_no_fault_and_counts_only_if_it_was_told_late(self) -> None:
        now = timezone.now()
        said = {"planned": True, "ends_at": now + LEAD + timedelta(hours=4)}
        early = self.made(began_at=now + LEAD + timedelta(minutes=1), **said)
        late = self.made(began_at=now + LEAD - timedelta(minutes=1), **said)
        self.assertEqual([early], list(Outage.objects.excused()))
        self.client.force_login(self.ada)
        self.assertContains(self.page(late.get_absolute_url()), "It was announced too late")
        self.assertNotContains(self.page(early.get_absolute_url()), "It was announced too late")

    def test_what_is_called_off_counts_nowhere_and_is_told(self) -> None:
        made = self.made()
        services.withdraw(made, by=self.ada)
        self.assertFalse(Outage.objects.counted().exists())
        self.assertTrue(Message.objects.filter(subject="Called off: Storage A is down").exists())


class Reading(OutageTestCase):
    def test_the_status_tells_now_planned_and_recent(self) -> None:
        now = timezone.now()
        self.made()
        self.made(
            what="New disks", planned=True, began_at=now + LEAD, ends_at=now + LEAD + timedelta(hours=2)
        )
        services.tell(self.made(what="Mail was slow"), "Over.", by=self.ada, over=True)
        self.client.force_login(self.ben)
        with self.assertNumQueries(7):
            page = self.page(reverse("outages:portal"))
        self.assertContains(page, "One outage hits you now")
        names = [[row.what for row in rows] for _heading, rows, _kind in page.context["sections"]]
        self.assertEqual(names, [["Storage A is down"], ["New disks"], ["Mail was slow"]])
        self.client.force_login(self.cy)
        self.assertContains(self.page(reverse("outages:portal")), "Nothing of yours is down")

    def test_another_partners_outage_is_as_if_absent(self) -> None:
        made = self.made()
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(made.get_absolute_url()).status_code, 404)
        self.client.force_login(self.ben)
        page = self.page(made.get_absolute_url())
        self.assertNotContains(page, "Whom it hits")
        self.assertNotContains(page, "Storage A</a>")

    def test_the_status_is_there_in_spanish(self) -> None:
        self.ben.language = "es"
        self.ben.save()
        self.client.force_login(self.ben)
        self.assertContains(self.page(reverse("outages:portal")), "Nada de lo suyo está interrumpido")

    def test_the_list_takes_few_queries_and_says_where_each_stands(self) -> None:
        self.made()
        self.client.force_login(self.ana)
        with self.assertNumQueries(6):
            page = self.page(reverse("outages:list"))
        self.assertContains(page, "Now")
