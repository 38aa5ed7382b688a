"""Funds, cost centers and customer classes: kept by those who keep the catalogue, the office's alone."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.audit.models import Entry
from comity.imports.models import Import
from comity.partners.models import Partner
from comity.services.models import CostCenter, CustomerClass, Fund
from comity.services.tests.test_services import CatalogueTestCase

MEMBERS = 10  # queries


class Keeping(CatalogueTestCase):
    fund: Fund

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.fund = Fund.objects.create(code="4100", name="Internal service fund")

    def test_a_fund_and_a_cost_center_are_entered_and_a_service_is_booked_there(self) -> None:
        self.page(self.at("add_fund"), by=self.finn)
        self.post(self.at("add_fund"), {"code": " 4200 ", "name": "Telecom  fund"})
        self.post(self.at("add_cost_center"), {"code": "HOST", "name": "Hosting", "fund": self.fund.pk})
        center = CostCenter.objects.get()
        self.assertEqual(Entry.objects.about(center).get().action, "services.add_costcenter")
        self.assertEqual(str(Fund.objects.get(code="4200")), "4200 Telecom fund")
        url = self.at("edit", self.hosting)
        said = {"name": "Hosting", "promise": "It runs.", "owner": "Sol Service", "status": "offered"}
        self.post(url, {**said, **self.seen(url), "cost_center": center.pk})
        self.assertIn("Cost center HOST Hosting", self.reads(self.page(self.hosting.get_absolute_url())))

    def test_what_is_in_use_stays_and_anything_else_is_removed(self) -> None:
        CostCenter.objects.create(code="HOST", name="Hosting", fund=self.fund)
        self.page(self.at("edit_fund", self.fund), by=self.finn)
        self.post_refused(self.at("remove_fund", self.fund), {}, "is still in use, so it stays.")
        self.post(self.at("remove_cost_center", CostCenter.objects.get()), {})
        self.post(self.at("remove_fund", self.fund), {})
        self.assertFalse(Fund.objects.exists())

    def test_a_code_twice_is_refused_and_those_who_only_read_cannot_keep(self) -> None:
        said = {"code": "4100", "name": "Again"}
        self.post_refused(self.at("add_fund"), said, "already exists", by=self.finn)
        self.page(self.at("funds"), by=self.olu)
        self.page(self.at("edit_fund", self.fund), status=403)
        self.page(self.at("funds"), by=self.ben, status=403)

    def test_each_list_goes_out_as_csv_and_comes_in_again_without_a_change(self) -> None:
        CostCenter.objects.create(code="HOST", name="Hosting", fund=self.fund)
        CustomerClass.objects.create(name="Local", kinds=["city", "county"], headcount_max=50)
        for profile in ("funds", "cost-centers", "customer-classes"):
            with self.subTest(profile):
                self.client.force_login(self.finn)
                answer: Any = self.client.get(self.at(profile.replace("-", "_")), {"format": "csv"})
                file = SimpleUploadedFile("list.csv", b"".join(answer.streaming_content))
                self.post(reverse("imports:new"), {"profile": profile, "file": file}, by=self.finn)
                self.run_jobs()
                batch = Import.objects.latest("pk")
                self.assertEqual((batch.rows_same, batch.rows_changed, batch.rows_set_aside), (1, 0, 0))


class Classes(CatalogueTestCase):
    def test_a_class_takes_kinds_sizes_and_whom_it_names(self) -> None:
        Partner.objects.filter(pk=self.roads.pk).update(kind="county", headcount=40)
        said = {"name": "Local", "order": "1", "kinds": ["city", "county"], "headcount_max": "50"}
        self.post(self.at("add_customer_class"), {**said, "also": "Division of Trails"}, by=self.finn)
        found = CustomerClass.objects.get()
        page = self.page(found.get_absolute_url(), by=self.olu)
        self.assertEqual(
            [row.name for row in page.context["table"].page], ["Department of Roads", "Division of Trails"]
        )
        self.assertIn("City, County", self.reads(page))
        with self.assertQueries(MEMBERS):
            self.client.get(found.get_absolute_url())

    def test_whom_it_names_is_taken_out_again(self) -> None:
        found = CustomerClass.objects.create(name="Pilot")
        found.partners.add(self.parks, self.trails)
        url = self.at("edit_customer_class", found)
        seen = self.seen(url, by=self.finn)
        self.post(url, {"name": "Pilot", "order": "1", "named": [self.parks.pk], **seen})
        self.assertEqual([*found.partners.all()], [self.parks])

    def test_one_that_two_fit_is_in_the_first_in_order(self) -> None:
        for order, name in ((2, "Agencies"), (1, "Executive branch")):
            CustomerClass.objects.create(name=name, order=order, kinds=["agency"])
        page = self.page(CustomerClass.objects.get(order=2).get_absolute_url(), by=self.olu)
        self.assertIn("Nobody is in it today.", self.reads(page))
        self.assertIn("Executive branch Agency", self.reads(self.page(self.at("customer_classes"))))
