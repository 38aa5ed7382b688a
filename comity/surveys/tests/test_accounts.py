"""*What you told us, what we did*: written, published, read by link, told by mail."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from comity.core.errors import DomainError
from comity.followups.models import FollowUp
from comity.jobs.models import Work
from comity.outbox.models import Message
from comity.partners.models import Partner
from comity.surveys.models import Account, Deed, Mode, Participant, Wave
from comity.surveys.services import accounts, counting, daily
from comity.surveys.services.accounts import page_behind, path_for, token_for
from comity.surveys.tests import world
from comity.surveys.tests.test_closed_loop import LoopTestCase


class Watching:
    def say(self, done: int, total: int, message: str = "") -> None:
        """Nobody watches here."""


class AccountTestCase(LoopTestCase):
    """Autumn is closed; Ben of Parks rated low and was told, Cy of Roads rated low."""

    def setUp(self) -> None:
        super().setUp()
        counting.refresh(self.autumn)
        Wave.objects.filter(pk=self.autumn.pk).update(
            state=Wave.State.CLOSED, closed_at=self.autumn.opened_at
        )
        self.autumn.refresh_from_db()

    def said(self, **changed: Any) -> Deed:
        told: dict[str, Any] = {"heard_en": "Calls take too long.", "done_en": "Four people pick up now."}
        return accounts.say(self.autumn, {**told, **changed}, by=self.cora)

    def published(self, **changed: Any) -> Account:
        self.said(**changed)
        return accounts.publish(self.autumn, by=self.cora)


class Writing(AccountTestCase):
    def test_nothing_is_published_before_something_is_said_and_the_wave_is_closed(self) -> None:
        with self.assertRaisesMessage(DomainError, "at least one thing"):
            accounts.publish(self.autumn, by=self.cora)
        self.said()
        Wave.objects.filter(pk=self.autumn.pk).update(state=Wave.State.OPEN)
        self.autumn.refresh_from_db()
        with self.assertRaisesMessage(DomainError, "Close the wave first"):
            accounts.publish(self.autumn, by=self.cora)

    def test_both_halves_are_needed_and_nothing_is_kept_of_one(self) -> None:
        for missing, sentence in (("heard_en", "what they told you"), ("done_en", "what you did")):
            with self.subTest(missing), self.assertRaisesMessage(DomainError, sentence):
                self.said(**{missing: "  "})
        self.assertFalse(Deed.objects.exists())

    def test_the_last_of_what_is_published_is_not_removed_before_it_is_taken_back(self) -> None:
        self.published()
        deed = Deed.objects.get()
        with self.assertRaisesMessage(DomainError, "Unpublish it first"):
            accounts.remove(deed.pk, by=self.cora)
        accounts.take_back(self.autumn, by=self.cora)
        accounts.remove(deed.pk, by=self.cora)
        self.assertFalse(Deed.objects.exists())

    def test_two_who_write_at_once_see_what_the_other_wrote(self) -> None:
        deed = self.said()
        url = reverse("surveys:deed_change", args=[deed.pk])
        texts = {"heard_en": "Theirs", "done_en": "Theirs.", **self.seen(url, by=self.cora)}
        self.post(url, texts)
        answer = self.post(url, {**texts, "heard_en": "Yours"}, expect=409)
        self.assertContains(answer, "Theirs", status_code=409)
        self.post(url, self.chosen(answer))
        deed.refresh_from_db()
        self.assertEqual(deed.heard_en, "Yours")

    def test_what_was_told_to_one_is_offered_as_a_beginning_and_their_own_words_are_not(self) -> None:
        FollowUp.objects.filter(pk=self.told.pk).update(said="My chief shouts at me")
        url = f"{reverse('surveys:deed_new', args=[self.autumn.pk])}?follow_up={self.told.pk}"
        page = self.page(url, by=self.cora)
        self.assertContains(page, "It is mended")
        self.assertNotContains(page, "shouts")
        self.post(url, {"heard_en": "It broke", "done_en": "Mended", "follow_ups": [self.told.pk]})
        self.assertEqual(list(Deed.objects.get().follow_ups.all()), [self.told])
        page = self.page(reverse("surveys:account", args=[self.autumn.pk]))
        self.assertNotContains(page, "?follow_up=")

    def test_a_follow_up_of_another_wave_cannot_be_said_here(self) -> None:
        other = self.rated(world.wave(key="winter"), self.flo_person, self.roads, 1).follow_up
        assert other is not None
        self.assertNotIn(other, accounts.follow_ups_of(self.autumn, self.cora))
        self.assertEqual(accounts.follow_ups_of(self.autumn, self.cora).count(), 2)

    def test_who_does_not_run_surveys_reads_it_and_changes_nothing(self) -> None:
        deed = self.said()
        page = self.page(reverse("surveys:account", args=[self.autumn.pk]), by=self.ana)
        self.assertContains(page, "Calls take too long.")
        self.assertNotContains(page, reverse("surveys:deed_change", args=[deed.pk]))
        self.post(reverse("surveys:account_publish", args=[self.autumn.pk]), by=self.ana, expect=403)


class Reading(AccountTestCase):
    def test_a_partners_link_shows_what_is_said_to_all_and_to_its_own_people_alone(self) -> None:
        self.said(partner=self.parks, heard_en="Only of Parks")
        self.said(partner=self.roads, heard_en="Only of Roads")
        self.published()
        self.client.logout()
        page = self.reads(self.page(path_for(self.autumn, self.parks.pk)))
        self.assertIn("Calls take too long.", page)
        self.assertIn("Only of Parks", page)
        self.assertNotIn("Only of Roads", page)
        page = self.reads(self.page(path_for(self.autumn)))
        self.assertNotIn("Only of", page)

    def test_a_link_made_up_turned_to_another_partner_or_of_what_is_taken_back_leads_nowhere(self) -> None:
        self.published()
        token = token_for(self.autumn, self.parks.pk)
        turned = token.replace(f"{self.autumn.pk}.{self.parks.pk}-", f"{self.autumn.pk}.{self.roads.pk}-")
        self.assertNotEqual(turned, token)
        self.client.logout()
        for wrong in (turned, token[:-2], "made-up", "1.2", ""):
            with self.subTest(wrong):
                self.assertIsNone(page_behind(wrong))
        self.assertEqual(self.client.get(f"/told/{turned}/").status_code, 404)
        self.assertEqual(self.client.get(f"/told/{token}/").status_code, 200)
        accounts.take_back(self.autumn, by=self.cora)
        self.assertEqual(self.client.get(f"/told/{token}/").status_code, 404)

    def test_a_link_of_a_partner_that_was_merged_since_opens_the_page_of_what_took_its_place(self) -> None:
        self.published(partner=self.parks)
        link = token_for(self.autumn, self.trails.pk)
        Partner.objects.filter(pk=self.trails.pk).update(merged_into=self.parks)
        found = page_behind(link)
        assert found is not None
        self.assertEqual(found.partner, self.parks)

    def test_it_is_spanish_where_spanish_was_written_and_english_where_not(self) -> None:
        self.said(heard_es="Las llamadas tardan.", done_es="Ahora contestan cuatro.")
        self.published(heard_en="In English alone")
        page = self.page(f"{path_for(self.autumn)}?language=es")
        for words in ("Lo que nos contó y lo que hicimos", "Las llamadas tardan.", "In English alone"):
            self.assertContains(page, words)
        self.assertEqual(page["Content-Language"], "es")
        by_browser = self.client.get(path_for(self.autumn), headers={"Accept-Language": "es-US,es;q=0.9"})
        self.assertEqual(by_browser["Content-Language"], "es")

    def test_how_many_answered_is_said_only_of_enough(self) -> None:
        self.published()
        self.assertNotContains(self.page(path_for(self.autumn)), "people answered")
        Wave.objects.filter(pk=self.autumn.pk).update(smallest_group=2)
        self.assertContains(self.page(path_for(self.autumn)), "3 people answered.")

    def test_what_somebody_wrote_does_nothing_on_the_page(self) -> None:
        self.published(heard_en="<script>alert(1)</script>")
        self.assertContains(self.page(path_for(self.autumn)), "&lt;script&gt;alert(1)")

    def test_it_costs_the_same_however_much_is_said(self) -> None:
        for _each in range(20):
            self.said()
        self.published()
        url = path_for(self.autumn, self.parks.pk)
        self.client.logout()
        with self.assertQueries(READ):
            self.client.get(url)
        self.page(reverse("surveys:account", args=[self.autumn.pk]), by=self.cora)
        with self.assertQueries(WRITE):
            self.client.get(reverse("surveys:account", args=[self.autumn.pk]))


class Telling(AccountTestCase):
    def told_by_mail(self) -> list[str]:
        rows = Message.objects.filter(key__startswith="surveys.told:").order_by("to")
        return [row.to for row in rows]

    def tell(self) -> None:
        accounts.tell_all(self.autumn, by=self.cora)
        accounts.send(Watching(), wave_id=self.autumn.pk)

    def test_of_a_named_wave_who_answered_is_told_once_with_their_partners_link(self) -> None:
        world.invited(self.autumn, self.flo_person, self.roads)
        self.published()
        self.tell()
        self.assertEqual(
            self.told_by_mail(),
            sorted([self.ben_person.email, self.cy_person.email, self.eve_person.email]),
        )
        mail = Message.objects.get(key__startswith="surveys.told:", to=self.ben_person.email)
        self.assertIn(path_for(self.autumn, self.parks.pk), mail.text)
        with self.assertRaisesMessage(DomainError, "already"):
            accounts.tell_all(self.autumn, by=self.cora)

    def test_where_names_are_kept_back_all_who_were_reached_are_told_alike(self) -> None:
        world.invited(self.autumn, self.flo_person, self.roads)
        for mode in (Mode.CONFIDENTIAL, Mode.ANONYMOUS):
            Wave.objects.filter(pk=self.autumn.pk).update(mode=mode)
            wave = Wave.objects.get(pk=self.autumn.pk)
            with self.subTest(mode):
                self.assertEqual(accounts.readers_of(wave).count(), 4)
        self.published()
        self.tell()
        texts = {
            re.sub(r"\S+/mail/stop/\S+", "", row.text.replace(row.to_name, "N"))
            for row in Message.objects.filter(key__startswith="surveys.told:")
        }
        self.assertEqual(
            len(texts), 2, "one text for each partner, and nothing in it of the person but the name"
        )

    def test_who_answered_though_their_mail_came_back_is_not_told_by_it(self) -> None:
        Wave.objects.filter(pk=self.autumn.pk).update(mode=Mode.ANONYMOUS)
        wave = Wave.objects.get(pk=self.autumn.pk)
        Participant.objects.filter(person=self.ben_person).update(state=Participant.State.BOUNCED)
        self.assertEqual(accounts.readers_of(wave).count(), 2)

    def test_killed_and_begun_anew_it_writes_to_nobody_twice(self) -> None:
        self.published()
        self.tell()
        accounts.send(Watching(), wave_id=self.autumn.pk)
        self.assertEqual(len(self.told_by_mail()), 3)

    def test_telling_that_was_given_up_halfway_is_taken_up_again(self) -> None:
        self.published()
        accounts.tell_all(self.autumn, by=self.cora)
        Work.objects.update(state=Work.State.FAILED)
        self.assertTrue(daily.something_unfinished())
        self.assertEqual(daily.go_on(), 1)
        self.assertEqual(daily.go_on(), 0, "it is being worked on")
        accounts.send(Watching(), wave_id=self.autumn.pk)
        Work.objects.update(state=Work.State.DONE)
        self.assertEqual(daily.go_on(), 0)

    def test_nobody_is_told_of_what_is_not_published_or_where_nobody_is_known(self) -> None:
        self.said()
        with self.assertRaisesMessage(DomainError, "Publish it first"):
            accounts.tell_all(self.autumn, by=self.cora)
        accounts.publish(self.autumn, by=self.cora)
        Participant.objects.update(email="")
        with self.assertRaisesMessage(DomainError, "nobody to tell"):
            accounts.tell_all(self.autumn, by=self.cora)

    def test_by_its_buttons_it_is_published_told_and_taken_back(self) -> None:
        self.said()
        url = reverse("surveys:account", args=[self.autumn.pk])
        self.assertContains(self.page(url, by=self.cora), "not published yet")
        for name in ("account_publish", "account_tell", "account_take_back"):
            self.post(reverse(f"surveys:{name}", args=[self.autumn.pk]), expect=url)
        account = Account.objects.get()
        self.assertEqual((account.published_at, account.mailed_at is None), (None, False))

    def test_what_stands_above_it_is_kept(self) -> None:
        self.published()
        url = reverse("surveys:account_intro", args=[self.autumn.pk])
        version = Account.objects.get().version
        self.page(url, by=self.cora)
        self.post(url, {"version": version, "intro_en": "Thank you.", "intro_es": "Gracias."})
        self.assertContains(self.page(f"{path_for(self.autumn)}?language=es"), "Gracias.")


READ, WRITE = 6, 10
