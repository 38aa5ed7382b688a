"""The base pages: what stands around every page, what went wrong, theme, language, saved views."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from comity.core.errors import DomainError
from comity.testing import html
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring
from comity.ui import saved_views
from comity.ui.gallery import SHEETS

ERRORS = ("400", "403", "403_csrf", "404", "413", "500", "503")


@override_settings(ROOT_URLCONF="comity.ui.tests.urls")
class StylePage(CastTestCase):
    def test_every_sheet_is_a_sound_page_for_visitors_and_for_those_signed_in(self) -> None:
        for name in SHEETS:
            for who in (None, self.ana, self.ben):
                with self.subTest(name, who=str(who)):
                    self.page(f"/ui/{name}/", by=who)

    def test_a_form_with_errors_is_a_sound_page_whose_title_says_so(self) -> None:
        answer = self.post("/ui/forms/", {}, expect=200)
        self.assertContains(answer, "<title>Error: Forms - ")

    def test_there_is_no_other_sheet(self) -> None:
        self.page("/ui/nothing/", status=404)

    def test_the_list_is_sorted_found_and_taken_along(self) -> None:
        self.assertContains(self.page("/ui/table/?sort=-people&q=agri"), "Agriculture")
        self.fragment("/ui/table/?kind=county&seen_from=2026-01-01&late=1")
        answer = self.client.get("/ui/table/?format=csv")
        self.assertEqual(len(b"".join(answer).splitlines()), 185)

    def test_the_style_page_is_not_part_of_a_real_installation(self) -> None:
        with override_settings(ROOT_URLCONF="comity.site.urls"):
            self.assertEqual(self.client.get("/ui/table/").status_code, 404)


@override_settings(ROOT_URLCONF="comity.ui.tests.urls")
class FrameOfEveryPage(CastTestCase):
    def test_one_can_skip_to_the_content_and_sees_where_one_is(self) -> None:
        answer = self.page("/ui/forms/", by=self.ana)
        self.assertContains(answer, '<a class="usa-skipnav" href="#main">')
        self.assertContains(answer, 'aria-label="Breadcrumbs"')

    def test_what_a_page_leaves_out_leaves_no_empty_frame(self) -> None:
        answer = self.page("/ui/bare/")
        self.assertNotContains(answer, "<aside")
        self.assertNotContains(answer, 'class="page-actions"')
        self.assertNotContains(answer, "usa-breadcrumb__list")

    def test_the_account_menu_signs_out_by_post_and_only_for_those_signed_in(self) -> None:
        signed_in = self.page("/ui/boxes/", by=self.ana)
        self.assertContains(signed_in, "data-sign-out")
        self.assertContains(signed_in, "Ana Ruiz")
        self.client.logout()
        self.assertNotContains(self.page("/ui/boxes/"), "data-sign-out")

    def test_each_form_of_the_header_has_a_name_of_its_own(self) -> None:
        shown = self.page("/ui/boxes/", by=self.ana).content.decode().partition("</header>")[0]
        names = re.findall(r'<form[^>]* aria-label="([^"]*)"', shown)
        self.assertEqual(len(names), shown.count("<form"))
        self.assertEqual(len(names), len(set(names)))

    def test_the_name_of_the_office_and_of_its_state_stand_in_the_header_once(self) -> None:
        named = "<small>Franklin<span> · </span>Office of IT</small>"
        self.assertContains(self.page("/ui/boxes/", by=self.ana), named, html=True)
        self.office.name = "Franklin Office of Information Technology"
        self.office.save()
        self.assertContains(self.page("/ui/boxes/"), f"<small>{self.office.name}</small>")

    def test_single_keys_work_for_those_who_have_not_switched_them_off(self) -> None:
        shown = self.page("/ui/boxes/", by=self.ana)
        self.assertNotContains(shown, 'data-keys="off"')
        self.assertContains(shown, "<kbd>G</kbd> <kbd>P</kbd>")
        self.post("/me/edit/", {"name": "Ana Ruiz", "language": "en"}, expect="/me/")
        shown = self.page("/ui/boxes/")
        self.assertContains(shown, 'data-keys="off"')
        self.assertContains(shown, "Single-key shortcuts are off.")
        self.assertNotContains(shown, "<kbd>G</kbd>")

    def test_the_idle_limit_is_told_to_those_signed_in_only(self) -> None:
        with override_settings(IDLE_MINUTES=30):
            self.assertNotContains(self.page("/ui/boxes/"), "data-idle-seconds")
            self.assertContains(self.page("/ui/boxes/", by=self.ana), 'data-idle-seconds="1800"')

    def test_htmx_may_not_evaluate_and_asks_only_us(self) -> None:
        answer = self.page("/ui/boxes/", by=self.ana)
        self.assertContains(answer, '"allowEval":false')
        self.assertContains(answer, '"selfRequestsOnly":true')

    def test_a_hostile_name_is_only_a_name(self) -> None:
        self.ana.name = "<script>alert(1)</script>"
        self.ana.save()
        self.assertNotContains(self.page("/ui/boxes/", by=self.ana), "<script>alert")


@override_settings(ROOT_URLCONF="comity.ui.tests.urls")
class ThemeOfAPage(CastTestCase):
    def test_the_choice_is_kept_in_a_cookie_and_drawn_by_the_server(self) -> None:
        self.post("/theme/", {"theme": "dark", "next": "/ui/forms/"}, expect="/ui/forms/")
        self.assertContains(self.page("/ui/forms/"), 'data-theme="dark"')
        self.post("/theme/", {"theme": "", "next": "/ui/forms/"})
        self.assertNotContains(self.page("/ui/forms/"), "data-theme=")

    def test_an_unknown_theme_is_none(self) -> None:
        self.client.cookies["theme"] = '"><script>'
        self.assertNotContains(self.page("/ui/forms/"), "data-theme=")
        self.post("/theme/", {"theme": "pink"})
        self.assertEqual(self.client.cookies["theme"].value, "")

    def test_a_choice_leads_nowhere_else(self) -> None:
        for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "", "home", "nowhere"):
            with self.subTest(away):
                self.post("/theme/", {"theme": "dark", "next": away}, expect="/")

    def test_looking_changes_nothing(self) -> None:
        self.assertEqual(self.client.get("/theme/").status_code, 405)


@override_settings(ROOT_URLCONF="comity.ui.tests.urls")
class LanguageOfAPage(CastTestCase):
    def test_a_visitor_chooses_spanish_and_keeps_it(self) -> None:
        self.post("/language/", {"language": "es", "next": "/ui/bare/"}, expect="/ui/bare/")
        answer = self.page("/ui/bare/")
        self.assertContains(answer, '<html lang="es">')
        self.assertContains(answer, "Ir al contenido principal")


class WhatWentWrong(CastTestCase):
    def test_every_error_page_is_sound_in_both_languages(self) -> None:
        for language in ("en", "es"):
            for name in ERRORS:
                with self.subTest(name, language=language), translation.override(language):
                    made = render_to_string(f"{name}.html", {}, RequestFactory().get("/"))
                    self.assertEqual(html.problems_of_page(made), [])

    def test_the_page_for_our_mistakes_needs_nothing_but_its_number(self) -> None:
        with self.assertNumQueries(0):
            made = render_to_string("500.html", {"error_id": "k3w9mzqa"})
        self.assertIn("k3w9mzqa", made)
        self.assertEqual(html.problems_of_page(made), [])

    def test_a_file_too_large_is_told_the_limit(self) -> None:
        self.assertIn("25 MB", render_to_string("413.html", {"limit": 25}))

    def test_what_is_not_there_says_so_kindly(self) -> None:
        answer = self.page("/nowhere/at/all/", by=self.ana, status=404)
        self.assertContains(answer, "There is nothing here that you can see.", status_code=404)


class Keeper:
    """Keeps views in memory; refuses one name."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, str]] = []
        self.shared: list[str] = []

    def views_of(self, user: Any, table: str) -> Sequence[saved_views.View]:
        return []

    def may_share(self, user: Any) -> bool:
        return bool(user.is_office)

    def change(self, user: Any, *, pk: int, name: str, shared: bool) -> saved_views.View:
        if pk != 1:
            raise LookupError
        if shared:
            self.shared.append(name)
        return saved_views.View(pk, name, "", shared=shared)

    def save(self, user: Any, *, table: str, name: str, query: str, shared: bool) -> saved_views.View:
        if name == "taken":
            raise DomainError("This name is taken.")
        self.kept.append((table, name, query))
        if shared:
            self.shared.append(name)
        return saved_views.View(1, name, query)

    def delete(self, user: Any, *, pk: int) -> None:
        if pk != 1:
            raise LookupError
        self.kept.clear()


@override_settings(ROOT_URLCONF="comity.ui.tests.urls")
class SavingViews(CastTestCase):
    def setUp(self) -> None:
        self.keeper = Keeper()
        self.enterContext(declaring(saved_views.Keeper(self.keeper), alone=True))
        self.client.force_login(self.ana)
        self.given = {"table": "partners", "name": "Late", "query": "late=1", "next": "/ui/table/?late=1"}

    def test_a_view_is_handed_to_its_keeper_and_one_stays_where_one_was(self) -> None:
        self.post("/saved-views/save/", self.given, expect="/ui/table/?late=1")
        self.assertEqual(self.keeper.kept, [("partners", "Late", "late=1")])
        self.assertContains(self.page("/ui/table/"), "Saved as “Late”.")

    def test_a_view_needs_a_name_that_can_be_read(self) -> None:
        for name in ("", "  ", "x" * 81):
            self.post("/saved-views/save/", {**self.given, "name": name})
        self.assertEqual(self.keeper.kept, [])
        self.assertContains(self.page("/ui/table/"), "Give the view a name")

    def test_a_refusal_is_said_in_its_own_words(self) -> None:
        self.post("/saved-views/save/", {**self.given, "name": "taken"})
        self.assertContains(self.page("/ui/table/"), "This name is taken.")

    def test_a_view_is_forgotten_and_a_foreign_one_is_not_there(self) -> None:
        self.post("/saved-views/save/", self.given)
        self.post("/saved-views/delete/", {"view": "1", "next": "/ui/table/"}, expect="/ui/table/")
        self.assertEqual(self.keeper.kept, [])
        for view in ("2", "", "x", "9" * 40):
            with self.subTest(view):
                self.post("/saved-views/delete/", {"view": view}, expect=404)

    def test_it_is_shared_only_if_the_box_is_ticked(self) -> None:
        self.post("/saved-views/save/", self.given)
        self.assertEqual(self.keeper.shared, [])
        self.post("/saved-views/save/", {**self.given, "name": "Ours", "shared": "1"})
        self.assertEqual(self.keeper.shared, ["Ours"])

    def test_a_view_is_renamed_and_shared_and_a_foreign_one_is_not_there(self) -> None:
        self.post(
            "/saved-views/change/", {**self.given, "view": "1", "shared": "1"}, expect="/ui/table/?late=1"
        )
        self.assertEqual(self.keeper.shared, ["Late"])
        self.post("/saved-views/change/", {**self.given, "view": "1", "name": " "})
        self.assertEqual(self.keeper.shared, ["Late"])
        for view in ("2", "", "x"):
            with self.subTest(view):
                self.post("/saved-views/change/", {**self.given, "view": view}, expect=404)

    def test_a_visitor_saves_nothing(self) -> None:
        self.client.logout()
        answer = self.client.post("/saved-views/save/", self.given)
        self.assertEqual(answer.status_code, 302)
        self.assertTrue(answer["Location"].startswith("/sign-in/"))
        self.assertEqual(self.keeper.kept, [])

    def test_without_a_keeper_there_is_nothing_to_save_to(self) -> None:
        with declaring(alone=True):
            for act in ("save", "change", "delete"):
                self.post(f"/saved-views/{act}/", {**self.given, "view": "1"}, expect=404)
        self.assertEqual(self.keeper.kept, [])
