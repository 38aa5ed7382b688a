"""The office's settings: set up once, changed by administrators, by two at once, and read by everyone."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from PIL import Image

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.office import services
from comity.office.models import Closure, Office, VisitTier
from comity.people.models import RoleGrant, User
from comity.people.roles import Role
from comity.testing.cast import CastTestCase
from comity.testing.pages import PageTestCase

NEW = {
    "office_name": "Office of IT",
    "state_fips": "37",
    "name": "Ada Admin",
    "email": "Ada@oit.example.gov",
    "password": "three quiet rivers",
}


class SettingUp(PageTestCase):
    url = "/set-up/"

    def test_an_empty_install_asks_once_and_signs_in(self) -> None:
        self.page(self.url)
        self.post(self.url, NEW, expect="/")
        office = Office.objects.get(pk=1)
        self.assertEqual(
            (office.name, office.state_name, office.state_holidays), ("Office of IT", "North Carolina", "NC")
        )
        user = User.objects.get()
        self.assertEqual((user.email, user.roles), ("ada@oit.example.gov", {Role.ADMINISTRATOR}))
        self.page("/office/")
        self.assertEqual(Entry.objects.get(action="office.set_up").actor_label, "Ada Admin")

    def test_afterwards_the_page_is_gone_for_ever(self) -> None:
        self.post(self.url, NEW)
        RoleGrant.objects.all().delete()
        for ask in (self.client.get, self.client.post):
            self.assertEqual(ask(self.url, NEW).status_code, 404)

    def test_an_administrator_made_on_the_command_line_closes_it_as_well(self) -> None:
        user = User.objects.create_user("root@oit.example.gov", name="Root")
        RoleGrant.objects.create(user=user, role=Role.ADMINISTRATOR)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        with self.assertRaises(services.AlreadySetUpError):
            services.set_up(**NEW)

    def test_a_weak_password_sets_nothing_up(self) -> None:
        self.post_refused(self.url, {**NEW, "password": "short"}, "too short")
        self.assertFalse(User.objects.exists())
        self.assertEqual(self.client.get(self.url).status_code, 200)


class Settings(CastTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.ada)

    def fields(self, url: str, **changed: Any) -> dict[str, Any]:
        """What the form on a page would send, with something changed."""
        form = self.page(url).context["form"]
        sent = {name: form[name].value() for name in form.fields}
        return {**{name: "" if value is None else value for name, value in sent.items()}, **changed}

    def test_all_is_seen_at_a_glance(self) -> None:
        shown = self.reads(self.page("/office/"))
        self.assertIn("Office of IT serves its partners.", shown)
        self.assertIn("every 60 days", shown)

    def test_only_administrators_come_here(self) -> None:
        for user in (self.ira, self.ana, self.ben):
            self.client.force_login(user)
            self.assertEqual(self.client.get("/office/").status_code, 403)

    def test_a_word_changed_is_seen_at_once(self) -> None:
        url = "/office/words/"
        self.post(url, self.fields(url, partner_word="customer", partner_words="customers"), expect=url)
        self.assertIn("serves its customers.", self.reads(self.page("/office/")))
        entry = Entry.objects.get(action="office.update")
        self.assertEqual(entry.before, {"partner_word": "partner", "partner_words": "partners"})
        self.assertEqual(entry.after, {"partner_word": "customer", "partner_words": "customers"})

    def test_two_who_change_different_things_do_not_disturb_each_other(self) -> None:
        url = "/office/words/"
        theirs, yours = self.fields(url, partner_word="customer"), self.fields(url, partner_word_es="cliente")
        self.post(url, theirs, expect=url)
        self.post(url, yours, expect=url)
        office = Office.objects.get()
        self.assertEqual((office.partner_word, office.partner_word_es), ("customer", "cliente"))

    def test_two_who_change_the_same_are_shown_yours_theirs_and_the_original(self) -> None:
        url = "/office/words/"
        theirs, yours = self.fields(url, partner_word="customer"), self.fields(url, partner_word="client")
        self.post(url, theirs, expect=url)
        answer = self.post(url, yours, expect=409)
        self.assertIn("When you started: partner Theirs: customer Yours: client", self.reads(answer))
        self.assertEqual(Office.objects.get().partner_word, "customer")
        self.post(url, self.chosen(answer, partner_word="theirs"), expect=url)
        self.assertEqual(Office.objects.get().partner_word, "customer")
        self.post(url, self.chosen(answer), expect=url)
        self.assertEqual(Office.objects.get().partner_word, "client")

    def test_what_was_seen_cannot_be_made_up(self) -> None:
        url = "/office/words/"
        answer = self.post(url, self.fields(url, partner_word="client", seen_before="made up"), expect=409)
        self.assertIn("When you started: nothing Theirs: partner Yours: client", self.reads(answer))
        self.assertEqual(Office.objects.get().partner_word, "partner")

    def test_the_state_brings_its_holidays(self) -> None:
        url = "/office/general/"
        self.post(url, self.fields(url, state_fips="22"), expect=url)
        office = Office.objects.get()
        self.assertEqual((office.state_name, office.state_holidays), ("Louisiana", "LA"))
        self.assertIn(
            "Mardi Gras", [day.name for day in services.closed_days(date(2027, 1, 1), date(2027, 12, 31))]
        )

    def test_languages_narrow_what_is_offered(self) -> None:
        url = "/office/general/"
        self.post(url, self.fields(url, languages=["en"]), expect=url)
        self.assertEqual(services.languages(), ["en"])
        User.objects.filter(pk=self.ada.pk).update(language="es")
        self.assertContains(self.client.get("/office/"), '<html lang="en"')

    def test_due_days_are_promised_within_reason(self) -> None:
        url = "/office/promises/"
        self.post(url, self.fields(url, due_days_urgent=0), expect=422)
        self.post(url, self.fields(url, due_days_urgent=1), expect=url)
        self.assertEqual(services.due_on("urgent", date(2026, 11, 23)), date(2026, 11, 24))

    def test_the_fiscal_year_starts_when_it_is_said_to(self) -> None:
        url = "/office/calendar/"
        self.post(url, self.fields(url, fiscal_year_start=10), expect=url)
        self.assertEqual(str(services.fiscal_year(date(2026, 10, 1))), "FY 2027")

    def test_a_closure_is_written_down_once_and_taken_back(self) -> None:
        day = services.today() + timedelta(days=40)
        self.page("/office/calendar/closures/add/")
        self.post(
            "/office/calendar/closures/add/", {"day": day, "name": "Moving"}, expect="/office/calendar/"
        )
        self.assertIn("Moving", self.reads(self.page("/office/calendar/")))
        self.assertFalse(services.calendar().is_open(day))
        answer = self.post("/office/calendar/closures/add/", {"day": day, "name": "Again"}, expect=422)
        self.assertContains(answer, "already closed that day", status_code=422)
        self.post(f"/office/calendar/closures/{Closure.objects.get().pk}/remove/", expect="/office/calendar/")
        self.assertFalse(Closure.objects.exists())

    def test_tiers_are_added_changed_and_kept_while_in_use(self) -> None:
        self.page("/office/tiers/add/")
        self.post("/office/tiers/add/", {"name": "Tier 2", "every_days": 90}, expect="/office/tiers/")
        self.post("/office/tiers/add/", {"name": "Tier 2", "every_days": 30}, expect=422)
        new = VisitTier.objects.get(name="Tier 2")
        self.page(f"/office/tiers/{new.pk}/edit/")
        self.post(
            f"/office/tiers/{new.pk}/edit/", {"name": "Tier 2", "every_days": 120}, expect="/office/tiers/"
        )
        self.page("/office/tiers/")
        self.post(f"/office/tiers/{new.pk}/remove/", expect="/office/tiers/")
        self.assertFalse(VisitTier.objects.filter(name="Tier 2").exists())
        with self.assertRaisesRegex(DomainError, "still in use"):
            services.remove_tier(self.tier, by=self.ada)

    def test_a_logo_is_written_anew_and_shown_to_everyone(self) -> None:
        target = BytesIO()
        Image.new("RGBA", (900, 300), (0, 90, 90, 128)).save(target, "PNG")
        self.page("/office/logo/change/")
        self.post(
            "/office/logo/change/",
            {"logo": SimpleUploadedFile("logo.svg", target.getvalue())},
            expect="/office/",
        )
        self.client.logout()
        self.assertContains(self.page("/sign-in/"), "/office/logo/?v=")
        answer = self.client.get("/office/logo/")
        shown = Image.open(BytesIO(answer.content))
        self.assertEqual((shown.format, shown.size), ("PNG", (256, 85)))
        self.client.force_login(self.ada)
        self.page("/office/")
        self.post("/office/logo/remove/", expect="/office/")
        self.assertEqual(self.client.get("/office/logo/").status_code, 404)

    def test_a_drawing_with_scripts_is_no_logo(self) -> None:
        svg = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
        self.assertContains(
            self.post("/office/logo/change/", {"logo": svg}, expect=422),
            "cannot read this picture",
            status_code=422,
        )


class NoOffice(TestCase):
    def test_settings_can_be_changed_before_there_is_a_row(self) -> None:
        services.update_office({"name": "Bureau of IT"}, by="command line")
        self.assertEqual(Office.objects.get(pk=1).name, "Bureau of IT")
