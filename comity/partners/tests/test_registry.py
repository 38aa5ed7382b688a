"""Entering, changing and retiring partners: what is kept, what is refused, what the trail says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.editing.conflict import ConflictError
from comity.imports.parsing import CellError
from comity.office.models import Office
from comity.partners import actions, obligations, services
from comity.partners.importing.fields import a_county
from comity.partners.models import Assignment, Membership, Partner
from comity.partners.services.registry import domain_of
from comity.testing.cast import CastTestCase


class CreatePartner(CastTestCase):
    """Cora enters new partners."""

    def create(self, **facts: Any) -> Partner:
        return services.create_partner(by=self.cora, **{"name": "Board of Nursing", **facts})

    def refused(self, sentence: str, **facts: Any) -> None:
        before = Partner.objects.count()
        with self.assertRaisesRegex(DomainError, sentence):
            self.create(**facts)
        self.assertEqual(Partner.objects.count(), before)

    def test_it_is_kept_with_its_other_names_and_domains_and_in_the_trail(self) -> None:
        partner = self.create(
            code="NURS",
            aliases=["Nursing Board", "nursing  BOARD"],
            domains=["https://Nursing.Example.gov/a"],
        )
        self.assertEqual([alias.name for alias in partner.aliases.all()], ["nursing BOARD"])
        self.assertEqual([domain.name for domain in partner.domains.all()], ["nursing.example.gov"])
        entry = Entry.objects.about(partner).get()
        self.assertEqual((entry.action, entry.actor_label), (actions.CREATE_PARTNER, "Cora Customer"))
        self.assertEqual(entry.partner_id, partner.pk)
        assert entry.after is not None
        self.assertEqual(entry.after["code"], "NURS")

    def test_it_has_nobody_to_call_from_the_first_day(self) -> None:
        self.assertEqual(self.create().lead_gap_since, self.today)
        self.assertIn("Board of Nursing", [each.name for each in Partner.objects.without_lead()])

    def test_it_is_found_by_name_code_other_name_and_domain(self) -> None:
        partner = self.create(code="NURS", aliases=["Midwives’ Council"], domains=["rn.example.gov"])
        for text in ("board nurs", "NURS", "midwives", "rn.example"):
            self.assertEqual(list(Partner.objects.search(text)), [partner], text)

    def test_a_county_of_another_state_is_refused_where_our_state_is_known(self) -> None:
        Office.objects.update_or_create(pk=1, defaults={"state_fips": "47", "state_name": "Franklin"})
        sentence = "37183 is not the code of a county of Franklin"
        self.refused(sentence, kind=Partner.Kind.COUNTY, fips="37183")
        self.refused(sentence, kind=Partner.Kind.CITY, lies_in="37183")
        city = self.create(name="City of Elm", kind=Partner.Kind.CITY, lies_in="47019")
        self.assertEqual(city.county_name, "Carter")

    def test_a_list_names_the_county_by_its_code_or_its_name(self) -> None:
        Office.objects.update_or_create(pk=1, defaults={"state_fips": "47"})
        self.assertEqual([a_county(cell) for cell in ("47019", "Carter County", "carter")], ["47019"] * 3)
        for cell in ("37183", "Wake"):
            with self.assertRaisesRegex(CellError, "is no county of our state"):
                a_county(cell)

    def test_a_name_is_needed(self) -> None:
        self.refused("Enter a name", name=" \u200b ")

    def test_ten_thousand_characters_are_no_name(self) -> None:
        self.refused("10,000 characters", name="x" * 10_000)

    def test_emoji_and_right_to_left_names_stay_as_written(self) -> None:
        for name in ("🏞️ Board of Parks 👩🏽‍🌾", "وزارة المالية", "Ünïcödé Bøard"):
            self.assertEqual(self.create(name=name).name, name)

    def test_a_code_belongs_to_one(self) -> None:
        self.refused("The code PARKS belongs to Department of Parks", code="parks")

    def test_a_fips_code_belongs_to_one_and_is_made_of_digits(self) -> None:
        self.create(name="Wake County", fips="37183")
        self.refused("belongs to Wake County", fips="37183")
        self.refused("two to ten digits", fips="3718E")

    def test_a_name_belongs_to_one_whatever_its_case_and_space(self) -> None:
        self.refused("“Department of Parks” already exists", name="department  of PARKS")

    def test_an_other_name_of_one_is_no_name_for_another(self) -> None:
        services.update_partner(self.roads.pk, {"aliases": ["DOR"]}, by=self.cora)
        self.refused("“Department of Roads” already exists", name="dor")

    def test_two_of_one_name_are_told_apart_by_their_codes(self) -> None:
        self.create(name="Springfield", fips="4770500")
        self.assertEqual(self.create(name="Springfield", fips="4770501").name, "Springfield")

    def test_a_parent_that_does_not_exist_is_refused(self) -> None:
        self.refused("does not exist", parent=Partner(pk=999_999))

    def test_what_is_no_domain_is_refused(self) -> None:
        self.refused("not an internet domain", domains=["not a domain"])

    def test_numbers_that_cannot_be_right_are_refused(self) -> None:
        self.refused("cannot be right", headcount=10**12)
        self.refused("cannot be right", population=-1)
        self.refused("annual budget", budget_cents=-1)

    def test_unknown_kinds_and_statuses_are_refused(self) -> None:
        self.refused("no kind “club”", kind="club")
        self.refused("no status “gone”", status="gone")

    def test_a_web_site_is_one_that_a_browser_opens(self) -> None:
        self.refused("starts with http", website="javascript:alert(1)")

    def test_a_domain_is_read_from_whatever_was_pasted(self) -> None:
        for text in (
            "DOR.Franklin.gov",
            "http://dor.franklin.gov:80/x?y",
            "ana@dor.franklin.gov",
            "dor.franklin.gov.",
        ):
            self.assertEqual(domain_of(text), "dor.franklin.gov")


class UpdatePartner(CastTestCase):
    """Parks is changed."""

    def update(self, seen: dict[str, Any] | None = None, **values: Any) -> Partner:
        return services.update_partner(self.parks.pk, values, by=self.cora, seen=seen)

    def test_what_changed_is_in_the_trail_before_and_after(self) -> None:
        self.update(headcount=120, place="Franklin City")
        entry = Entry.objects.about(self.parks).get()
        self.assertEqual(entry.before, {"headcount": None, "place": ""})
        self.assertEqual(entry.after, {"headcount": 120, "place": "Franklin City"})

    def test_nothing_changed_writes_nothing(self) -> None:
        self.assertEqual(self.update(name="Department of Parks").version, 1)
        self.assertFalse(Entry.objects.exists())

    def test_a_former_name_becomes_another_name(self) -> None:
        partner = self.update(name="Department of Parks and Wildlife")
        self.assertEqual([alias.name for alias in partner.aliases.all()], ["Department of Parks"])
        self.assertEqual(list(Partner.objects.search("department of parks")), [partner])

    def test_a_former_name_stays_beside_the_other_names_that_are_given(self) -> None:
        partner = self.update(name="Parks and Wildlife", aliases=["DPW"])
        self.assertEqual([alias.name for alias in partner.aliases.all()], ["DPW", "Department of Parks"])

    def test_the_second_of_two_people_is_told(self) -> None:
        self.update(headcount=120)
        with self.assertRaises(ConflictError):
            self.update({"headcount": None}, headcount=130)
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.headcount, 120)

    def test_it_cannot_be_part_of_itself(self) -> None:
        with self.assertRaisesRegex(DomainError, "cannot be part of itself"):
            self.update(parent=self.parks)

    def test_it_cannot_be_part_of_what_is_part_of_it(self) -> None:
        deep = self.cast.partner("Rangers", "RANG", parent=self.trails)
        with self.assertRaisesRegex(DomainError, "because Rangers is part of Department of Parks"):
            self.update(parent=deep)

    def test_it_is_not_retired_by_the_way(self) -> None:
        with self.assertRaisesRegex(DomainError, "Retire it instead"):
            self.update(status="former")

    def test_a_fact_that_is_none_is_a_mistake_of_ours(self) -> None:
        with self.assertRaisesRegex(TypeError, "no colour"):
            self.update(colour="green")

    def test_a_partner_that_is_gone_is_said_to_be(self) -> None:
        with self.assertRaisesRegex(DomainError, "no longer exists"):
            services.update_partner(999_999, {}, by=self.cora)


class SetOnMany(CastTestCase):
    """A tier, a kind or a status is set on many at once."""

    def test_each_change_is_in_the_trail_of_its_partner(self) -> None:
        changed = services.set_on_many(Partner.objects.all(), kind="commission", by=self.cora)
        self.assertEqual(changed, 3)
        self.assertEqual(Entry.objects.filter(partner_id=self.roads.pk).get().after, {"kind": "commission"})

    def test_those_that_have_it_are_left_alone(self) -> None:
        self.assertEqual(services.set_on_many(Partner.objects.all(), tier=self.tier, by=self.cora), 0)
        self.assertFalse(Entry.objects.exists())

    def test_nobody_is_retired_in_bulk(self) -> None:
        with self.assertRaisesRegex(DomainError, "Retire each partner on its own page"):
            services.set_on_many(Partner.objects.all(), status="former", by=self.cora)


class RetirePartner(CastTestCase):
    """Parks has a part, two sign-ins and a lead contact."""

    def retire(self, **how: Any) -> Partner:
        return services.retire_partner(self.parks.pk, by=self.cora, **{"reason": "Closed by law", **how})

    def test_what_is_open_is_asked_not_lost(self) -> None:
        with self.assertRaisesMessage(DomainError, "Still open: "):
            self.retire()
        self.assertEqual(
            [(each.key, each.count) for each in obligations.open_with(self.parks)],
            [("partners.parts", 1), ("partners.memberships", 2)],
        )
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.status, Partner.Status.ACTIVE)

    def test_with_a_decision_it_is_former_and_the_decision_is_kept(self) -> None:
        self.retire(decision="Trails moves to Roads next month.")
        self.parks.refresh_from_db()
        self.assertEqual(self.parks.status, Partner.Status.FORMER)
        entry = Entry.objects.filter(action=actions.RETIRE_PARTNER).get()
        assert entry.after is not None
        self.assertEqual(entry.after["decision"], "Trails moves to Roads next month.")
        self.assertEqual(entry.after["open"], {"partners.parts": 1, "partners.memberships": 2})

    def test_its_people_lose_the_portal_and_nobody_looks_after_it(self) -> None:
        self.retire(decision="As agreed.")
        self.ben.refresh_from_db()
        self.assertFalse(self.ben.is_active)
        self.assertFalse(Membership.objects.standing().filter(partner=self.parks).exists())
        self.assertFalse(Assignment.objects.not_over(self.today).filter(partner=self.parks).exists())

    def test_its_people_may_stay_until_they_are_told(self) -> None:
        self.retire(decision="They see it to the end.", end_access=False, end_assignments=False)
        self.ben.refresh_from_db()
        self.assertTrue(self.ben.is_active)
        self.assertEqual(self.parks.lead_on(self.today), self.ana)

    def test_it_is_not_missed_on_the_coverage_page(self) -> None:
        self.retire(decision="As agreed.")
        self.assertNotIn(self.parks, Partner.objects.without_lead())

    def test_a_reason_is_needed(self) -> None:
        with self.assertRaisesRegex(DomainError, "Say why"):
            self.retire(reason=" ", decision="x")

    def test_it_is_retired_once(self) -> None:
        self.retire(decision="As agreed.")
        with self.assertRaisesRegex(DomainError, "already retired"):
            self.retire(decision="Again.")

    def test_nothing_open_needs_no_decision(self) -> None:
        lone = self.cast.partner("Board of Kites", "KITES")
        services.retire_partner(lone.pk, by=self.cora, reason="Merged")
        lone.refresh_from_db()
        self.assertEqual(lone.status, Partner.Status.FORMER)
        self.assertEqual(lone.updated_at.date() >= self.today - timedelta(days=1), True)
