"""Asking for something, approving it, and following it until it came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.billing.plans import Plan, Shape, Tier, plain
from comity.files.models import Attachment
from comity.followups.models import FollowUp
from comity.notifications.models import Notice
from comity.office.services import calendar
from comity.outbox.models import Message
from comity.people.roles import Role
from comity.rates.models import RateVersion
from comity.requests import services
from comity.requests.models import Form, ServiceRequest, Stage, Threshold
from comity.requests.tests.test_forms import FormTestCase
from comity.services.models import CustomerClass
from comity.tickets.models import Ticket

ASK, PAGE, LIST, PORTAL = 11, 5, 6, 8  # queries
TIERS = Plan(Shape.GRADUATED, (Tier(Decimal(10), Decimal("12.345")), Tier(None, Decimal("9.5"))))


class RequestTestCase(FormTestCase):
    """Ben is Parks' IT lead, Eve its executive; Sol owns the service. The rate is 12.345 up to 10 and 9.50 above."""

    form: Form

    def setUp(self) -> None:
        super().setUp()
        self.form = self.published()
        self.url = reverse("requests:ask", args=[self.offering.pk])

    def rated(self, terms: Plan = TIERS, **more: Any) -> RateVersion:
        facts = {
            "offering": self.offering,
            "plan": plain(terms),
            "starts_on": self.began_on,
            "why": "It is new.",
        }
        approved = {"proposed_by": self.finn, "approved_by": self.ira, "approved_at": timezone.now()}
        return RateVersion.objects.create(**{**facts, **approved, **more})

    def threshold(self, cents: int | None = 10_000) -> None:
        Threshold.objects.create(partner=self.parks, above_cents=cents)

    def send(self, by: Any = None, **said: Any) -> Any:
        self.client.force_login(by or self.ben)
        return self.client.post(self.url, {"f1": "12", "f2": "1", "partner": self.parks.pk, **said})

    def asked(self, by: Any = None, **said: Any) -> ServiceRequest:
        answer = self.send(by, **said)
        self.assertEqual(answer.status_code, 302, answer.content.decode()[-3000:])
        return self.again()

    def again(self) -> ServiceRequest:
        found: ServiceRequest = ServiceRequest.objects.visible_to(self.ada).latest("pk")
        return found

    def do(self, act: str, by: Any, words: str = "") -> str:
        """What the page says then."""
        self.client.force_login(by)
        url = reverse("requests:do", args=[self.again().pk])
        return str(self.client.post(url, {"act": act, "words": words}, follow=True).content.decode())

    def told(self, user: Any) -> list[str]:
        return list(Notice.objects.filter(user=user).order_by("pk").values_list("text", flat=True))


class Asking(RequestTestCase):
    def test_who_asks_sees_the_form_in_their_language(self) -> None:
        self.rated()
        self.page(self.url, by=self.ben)
        with self.assertQueries(ASK):
            page = self.page(self.url)
        self.assertIn("7 working days in all", page.text)
        self.ben.language = "es"
        self.ben.save()
        self.client.force_login(self.ben)
        page = self.page(self.url)
        self.assertIn("¿Cuántas?", page.text)
        self.assertIn("Otra cosa", page.text)

    def test_without_a_threshold_it_begins_at_once_as_a_ticket_with_a_promised_day(self) -> None:
        self.rated()
        found = self.asked(f2="2", f3="A fair", seen="f3")
        self.assertEqual(found.stage, Stage.APPROVED)
        self.assertEqual(found.answers, {"f1": "12", "f2": "2", "f3": "A fair"})
        ticket = found.ticket
        self.assertEqual(
            (ticket.kind, ticket.partner, ticket.offering), ("request", self.parks, self.offering)
        )
        self.assertEqual((ticket.asked_by, ticket.order), (self.ben, None))
        self.assertIn("For what?: Other", ticket.description)
        self.assertEqual(ticket.promised_on, calendar().add_days(self.today, 7))
        self.assertEqual(found.promised_on, ticket.promised_on)
        self.assertEqual(self.told(self.sol), ["Department of Parks asks for “Line”."])

    def test_a_hidden_field_is_neither_required_nor_kept(self) -> None:
        found = self.asked(f2="1", f3="A fair", seen="f3")
        self.assertEqual(found.answers, {"f1": "12", "f2": "1"})

    def test_without_scripts_a_field_that_appears_is_shown_before_it_is_asked_for(self) -> None:
        answer = self.send(f2="2")
        self.assertContains(answer, "there is more to fill in", status_code=422)
        self.assertNotIn("f3", answer.context["form"].errors)
        self.assertNotIn('data-waits-for-values="2" hidden', answer.content.decode())
        self.assertContains(self.send(f2="2", seen="f3"), "Fill this in.", status_code=422)
        self.assertFalse(ServiceRequest.objects.exists())

    def test_it_keeps_the_version_it_was_asked_with(self) -> None:
        found = self.asked()
        self.put("text", "And why?")
        services.publish(self.offering, by=self.sol)
        self.assertEqual(self.again().form, found.form)
        self.assertIn("And why?", self.page(self.url, by=self.ben).text)
        self.assertNotIn("And why?", self.page(found.get_absolute_url()).text)

    def test_bad_input_gets_a_sentence_and_changes_nothing(self) -> None:
        self.threshold(0)
        for wrong in (
            {"f1": "many"},
            {"f1": "0"},
            {"f1": "101"},
            {"f1": "1.23456"},
            {"f1": "NaN"},
            {"f2": "3"},
        ):
            self.assertEqual(self.send(**wrong).status_code, 422, wrong)
        self.assertEqual(self.send(partner=self.roads.pk).status_code, 422)
        self.assertFalse(ServiceRequest.objects.exists() or Ticket.objects.exists())

    def test_nobody_asks_where_there_is_no_form_or_for_others(self) -> None:
        self.offering.kinds = ["county"]
        self.offering.save()
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertEqual(self.client.get(reverse("requests:ask", args=[999_999])).status_code, 404)

    def test_of_a_form_for_the_itsm_tool_the_order_is_kept(self) -> None:
        services.write(self.offering, {"item": "a1b2c3"}, by=self.sol)
        services.publish(self.offering, by=self.sol)
        found = self.asked(f2="2", f3="A fair", seen="f3")
        variables = {"quantity": "12", "f2": "Other", "f3": "A fair"}
        self.assertEqual(found.ticket.order, {"item": "a1b2c3", "variables": variables})
        self.assertIn("ordered in the ITSM tool", self.do("next", self.sol))
        Ticket.objects.update(state="closed", closed_at=timezone.now())
        self.assertEqual(self.again().stage, Stage.DONE)

    def test_what_ends_in_the_itsm_tool_is_told_once(self) -> None:
        services.write(self.offering, {"item": "a1b2c3"}, by=self.sol)
        services.publish(self.offering, by=self.sol)
        for state, words in (("closed", "is done. Did it come as promised?"), ("cancelled", "was canceled.")):
            asked = self.asked(f2="1")
            services.tell_ended_elsewhere()
            Ticket.objects.filter(request=asked).update(state=state, closed_at=timezone.now())
            self.assertTrue(services.ended_elsewhere().exists())
            services.tell_ended_elsewhere()
            self.assertFalse(services.ended_elsewhere().exists())
            services.tell_ended_elsewhere()
            self.assertEqual(self.told(self.ben)[-1], f"“Line” {words}")
        self.assertEqual(len(self.told(self.ben)), 2)

    def test_what_is_worked_here_is_told_as_it_happens_and_not_again(self) -> None:
        asked = self.asked()
        Ticket.objects.filter(request=asked).update(state="closed", closed_at=timezone.now())
        services.tell_ended_elsewhere()
        self.assertEqual(self.told(self.ben), [])


class Kinds(RequestTestCase):
    """A form with a day, a person, a cost center and a file."""

    def setUp(self) -> None:
        super().setUp()
        services.write(self.offering, {"quantity": "", "asks": []}, by=self.sol)
        for kind in ("date", "person", "cost_center", "file", "place", "long"):
            self.put(kind, f"Which {kind}?")
        services.publish(self.offering, by=self.sol)
        self.center = self.parks.cost_centers.create(code="100", name="Rangers")

    def test_each_is_kept_and_told(self) -> None:
        day = self.today + timedelta(days=3)
        paper = SimpleUploadedFile("plan.txt", b"Here and there.")
        said = {"f2": "Eve Head", "f3": self.center.pk, "f4": paper, "f5": "1 Main St", "f6": "Some\nwords"}
        found = self.asked(f1=day.isoformat(), **said)
        kept = Attachment.objects.get()
        self.assertEqual(found.answers["f1"], day.isoformat())
        self.assertEqual(found.answers["f2"]["key"], self.eve_person.pk)
        self.assertEqual(found.answers["f3"], {"key": self.center.pk, "words": "100 Rangers"})
        self.assertEqual(found.answers["f4"], {"key": kept.pk, "words": "plan.txt"})
        self.page(found.get_absolute_url(), by=self.ben)
        self.page(found.get_absolute_url(), by=self.ana)
        url = reverse("files:download", args=[kept.pk])
        self.assertEqual(self.client.get(url).status_code, 200)
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_what_is_not_theirs_or_over_or_too_big_is_refused(self) -> None:
        other = self.roads.cost_centers.create(code="9")
        yesterday = (self.today - timedelta(days=1)).isoformat()
        for wrong in ({"f1": yesterday}, {"f1": "soon"}, {"f2": "Cy Young"}, {"f3": other.pk}, {"f3": "x"}):
            self.assertEqual(self.send(**{"f1": "", "f2": "", **wrong}).status_code, 422, wrong)
        self.assertContains(self.send(f1=yesterday, f2=""), "Choose today or a later day.", status_code=422)
        with override_settings(UPLOAD_LIMIT=10):
            big = SimpleUploadedFile("plan.txt", b"Here and there and everywhere.")
            self.assertContains(self.send(f1="", f2="", f4=big), "too large", status_code=422)
        program = SimpleUploadedFile("run.exe", b"MZ\x90\x00")
        self.assertContains(self.send(f1="", f2="", f4=program), "cannot attach", status_code=422)
        self.assertFalse(ServiceRequest.objects.exists() or Attachment.objects.exists())

    def test_a_cost_center_is_of_whom_it_is_asked_for(self) -> None:
        self.assertIn("100 Rangers, Department of Parks", self.page(self.url, by=self.ben).text)
        answer = self.send(f1="", f2="", f3=self.center.pk, partner=self.trails.pk)
        self.assertContains(answer, "This is not a cost center of Division of Trails.", status_code=422)


class Estimating(RequestTestCase):
    def estimate(self, number: str) -> str:
        self.client.force_login(self.ben)
        answer = self.client.post(self.url, {"f1": number, "estimate": "1"})
        self.assertEqual(answer.status_code, 200)
        text = answer.content.decode()
        return " ".join(text[text.index('id="estimate"') :][:900].split())

    def test_it_is_exact_to_the_cent_and_follows_what_is_typed(self) -> None:
        self.rated()
        # 10 at 12.345 are 123.45; 12.5 are 10 at 12.345 and 2.5 at 9.50, which is 147.20.
        for number, amount in (("10", "$123.45"), ("12.5", "$147.20"), ("3", "$37.04"), ("0.1", "")):
            said = self.estimate(number)
            self.assertIn(amount or "Ensure this value", said)
        self.assertFalse(ServiceRequest.objects.exists())

    def test_letters_give_a_sentence(self) -> None:
        self.rated()
        for wrong in ("many", "1e5x", "", "∞", "9" * 30):
            said = self.estimate(wrong)
            self.assertNotIn("About", said)
        self.assertIn("Enter a number.", self.estimate("many"))

    def test_it_takes_the_rate_in_force_and_that_of_ones_class(self) -> None:
        self.assertIn("no rate", self.estimate("10"))
        self.rated(Plan.flat("1"), ends_on=self.today - timedelta(days=1))
        self.rated(Plan.flat("2"), starts_on=self.today)
        self.rated(Plan.flat("9"), starts_on=self.today, approved_at=None, approved_by=None)
        self.assertIn("$20.00", self.estimate("10"))
        small = CustomerClass.objects.create(name="Small", kinds=["agency"])
        self.rated(Plan.flat("0.333"), customer_class=small)
        self.assertIn("$3.33", self.estimate("10"))

    def test_a_years_amount_that_is_split_has_no_estimate(self) -> None:
        self.rated(plan=None, basis="shared", annual_cents=120_000, driver="headcount")
        self.assertIsNone(self.asked().cents)


class Approving(RequestTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.rated()

    def test_above_the_threshold_it_waits_for_somebody_else(self) -> None:
        self.threshold(14_245)  # 12 cost 142.45
        self.assertEqual(self.asked().stage, Stage.APPROVED)
        self.threshold_is(14_244)
        found = self.asked()
        self.assertEqual((found.stage, found.cents, found.ticket), (Stage.WAITING, 14_245, None))
        self.assertEqual(self.told(self.eve), ["Ben Okafor asks for “Line”. It waits for your approval."])
        self.assertTrue(Message.objects.filter(to=self.eve.email).exists())
        self.assertIn("Approve", self.page(found.get_absolute_url(), by=self.eve).text)
        self.assertNotIn("Your turn", self.page(found.get_absolute_url(), by=self.ben).text)

    def threshold_is(self, cents: int | None) -> None:
        Threshold.objects.update(above_cents=cents)

    def test_what_nobody_can_price_waits_as_well(self) -> None:
        services.write(self.offering, {"quantity": ""}, by=self.sol)
        services.publish(self.offering, by=self.sol)
        self.threshold(10**9)
        self.assertEqual(self.asked().stage, Stage.WAITING)

    def test_what_holds_for_the_whole_holds_for_its_parts(self) -> None:
        self.threshold()
        self.assertEqual(self.asked(partner=self.trails.pk).stage, Stage.WAITING)
        self.do("approve", self.eve)
        self.assertEqual((self.again().partner, self.again().stage), (self.trails, Stage.APPROVED))

    def test_approved_it_begins(self) -> None:
        self.threshold()
        self.asked()
        self.do("approve", self.eve)
        found = self.again()
        self.assertEqual(
            (found.stage, found.decided_by, found.asked_by), (Stage.APPROVED, self.eve, self.ben)
        )
        self.assertEqual(self.told(self.ben), ["“Line” is approved."])
        self.assertFalse(self.told(self.eve))
        self.assertIn("This has changed", self.do("approve", self.eve))
        self.assertEqual(Ticket.objects.count(), 1)

    def test_sent_back_with_words_it_is_mended_and_asked_again(self) -> None:
        self.threshold()
        self.asked()
        self.assertIn("Say why you send it back.", self.do("back", self.eve))
        self.do("back", self.eve, "Ten will do.")
        found = self.again()
        self.assertEqual((found.stage, found.words), (Stage.BACK, "Ten will do."))
        self.assertEqual(self.told(self.ben), ["“Line” was sent back: Ten will do."])
        url = reverse("requests:again", args=[found.pk])
        self.assertIn("Ten will do.", self.page(url, by=self.ben).text)
        self.client.post(url, {"f1": "5", "f2": "1"})
        found = self.again()
        self.assertEqual((found.stage, found.cents), (Stage.APPROVED, 6_173))
        self.assertEqual(ServiceRequest.objects.count(), 1)
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_who_asked_withdraws_what_is_not_begun(self) -> None:
        self.threshold()
        found = self.asked()
        self.assertIn("Only the one who asked can withdraw it.", self.do("withdraw", self.eve))
        self.assertNotIn("Withdraw", self.page(found.get_absolute_url(), by=self.eve).text)
        self.assertIn("Withdraw", self.page(found.get_absolute_url(), by=self.ben).text)
        self.do("withdraw", self.ben)
        self.assertEqual(self.again().stage, Stage.WITHDRAWN)
        waits = Notice.objects.filter(user=self.eve, kind=services.TO_APPROVE, read_at=None)
        self.assertFalse(waits.exists())
        self.assertIn("This has changed", self.do("approve", self.eve))
        self.assertFalse(Ticket.objects.exists())

    def test_what_was_sent_back_is_withdrawn_and_what_is_begun_is_not(self) -> None:
        self.threshold()
        self.asked()
        self.do("back", self.eve, "Ten will do.")
        self.do("withdraw", self.ben)
        self.assertEqual((self.again().stage, self.again().words), (Stage.WITHDRAWN, ""))
        self.threshold_is(None)
        self.assertEqual(self.asked().stage, Stage.APPROVED)
        self.assertIn("This has changed", self.do("withdraw", self.ben))

    def test_who_asks_never_approves_their_own(self) -> None:
        self.cast.partner_user("Una Second", self.parks, Role.PARTNER_FINANCE)
        self.threshold()
        self.asked(by=self.eve)
        self.assertIn("somebody else has to approve it", self.do("approve", self.eve))
        self.assertEqual(self.again().stage, Stage.WAITING)

    def test_nobody_else_approves_either(self) -> None:
        self.threshold()
        found = self.asked()
        for other in (self.ben, self.ana, self.ira):
            self.do("approve", other)
        self.client.force_login(self.flo)
        answer = self.client.post(reverse("requests:do", args=[found.pk]), {"act": "approve"})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.again().stage, Stage.WAITING)

    def test_where_nobody_else_can_approve_it_is_refused_with_a_sentence(self) -> None:
        self.threshold()
        answer = self.send(by=self.eve)
        self.assertContains(answer, "has to approve this, and nobody can", status_code=422)
        self.assertFalse(ServiceRequest.objects.exists())

    def test_the_threshold_is_kept_by_those_who_answer_for_the_partner(self) -> None:
        url = reverse("requests:threshold", args=[self.parks.pk])
        self.page(url, by=self.eve)
        self.client.post(url, {"above_cents": "1,000.50"})
        self.assertEqual(Threshold.objects.get().above_cents, 100_050)
        self.page(url)
        self.assertEqual(self.client.post(url, {"above_cents": "a lot"}).status_code, 422)
        self.client.post(url, {"above_cents": ""})
        self.assertIsNone(Threshold.objects.get().above_cents)
        for other, status in ((self.ben, 403), (self.flo, 404)):
            self.client.force_login(other)
            self.assertEqual(self.client.get(url).status_code, status)


class Working(RequestTestCase):
    def test_step_by_step_until_it_is_done_and_came_as_promised(self) -> None:
        found = self.asked()
        for step, state in ((1, "in_progress"), (2, "in_progress"), (3, "in_progress"), (4, "resolved")):
            self.do("next", self.sol)
            found = self.again()
            self.assertEqual((found.step, found.ticket.state), (step, state))
        self.assertEqual(found.stage, Stage.DONE)
        self.assertEqual(self.told(self.ben)[-1], "“Line” is done. Did it come as promised?")
        self.assertIn("This has changed", self.do("next", self.sol))
        self.do("yes", self.ben)
        self.assertTrue(self.again().came)
        self.assertFalse(FollowUp.objects.exists())
        self.assertIn("This has changed", self.do("no", self.ben, "After all not."))

    def test_a_no_goes_into_the_ring(self) -> None:
        self.asked()
        for _step in range(4):
            self.do("next", self.sol)
        self.assertIn("Say what was not as promised.", self.do("no", self.ben))
        self.do("no", self.ben, "Three days late.")
        raised = FollowUp.objects.get()
        self.assertEqual(
            (raised.partner, raised.owner, raised.said), (self.parks, self.sol, "Three days late.")
        )
        self.assertEqual(raised.raised_by, self.ben)
        self.assertFalse(self.again().came)
        self.page(raised.get_absolute_url(), by=self.sol)

    def test_it_is_declined_with_words(self) -> None:
        self.asked()
        self.assertIn("Say why you decline it.", self.do("decline", self.sol, " \0 "))
        self.do("decline", self.sol, "There is no cable there.")
        found = self.again()
        self.assertEqual((found.stage, found.ticket.state), (Stage.DECLINED, "cancelled"))
        self.assertEqual(self.told(self.ben), ["“Line” was declined: There is no cable there."])
        self.assertEqual(Entry.objects.about(found).latest("pk").action, services.DECLINE)
        self.assertIn("There is no cable there.", self.page(found.get_absolute_url(), by=self.ben).text)

    def test_a_partner_does_not_do_the_offices_part_nor_the_office_theirs(self) -> None:
        self.asked()
        for act, by in (
            ("next", self.ben),
            ("decline", self.eve),
            ("next", self.olu),
            ("yes", self.sol),
            ("x", self.sol),
        ):
            self.do(act, by, "Please.")
        found = self.again()
        self.assertEqual((found.stage, found.step, found.came), (Stage.APPROVED, 0, None))


class Following(RequestTestCase):
    def test_the_page_says_how_far_it_is(self) -> None:
        found = self.asked()
        self.do("next", self.sol)
        self.page(found.get_absolute_url(), by=self.ben)
        with self.assertQueries(PAGE):
            page = self.page(found.get_absolute_url())
        self.assertIn("In work", page.text)
        self.assertContains(page, f'href="{found.ticket.portal_url}"')
        ticket = found.ticket.get_absolute_url()
        self.assertContains(self.page(found.get_absolute_url(), by=self.sol), f'href="{ticket}"')
        self.assertIn("Sol Service", page.text)

    def test_others_see_nothing_of_it(self) -> None:
        found = self.asked()
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(found.get_absolute_url()).status_code, 404)
        self.assertNotIn("Line", self.page(reverse("requests:portal"), by=self.cy).text)

    def test_both_sides_have_a_list_and_csv(self) -> None:
        self.rated()
        for _each in range(3):
            self.asked()
        pages = (("requests:list", self.sol, LIST), ("requests:portal", self.ben, PORTAL))
        for name, by, queries in pages:
            url = reverse(name)
            self.page(url, by=by)
            with self.assertQueries(queries):
                self.page(url)
            self.page(f"{url}?stage=approved&late=1")
            answer: Any = self.client.get(f"{url}?format=csv")
            rows = b"".join(answer.streaming_content).decode()
            self.assertEqual(rows.count("142.45"), 3)
        self.assertEqual(
            self.page(f"{reverse('requests:list')}?stage=work", by=self.sol).text.count("Line"), 0
        )
        late = ServiceRequest.objects.first()
        assert late is not None
        ServiceRequest.objects.filter(pk=late.pk).update(promised_on=self.today - timedelta(days=1))
        self.assertIn("Line", self.page(f"{reverse('requests:list')}?late=1", by=self.sol).text)
