"""Tables: sort, filters, pages, CSV, many rows at once; how many queries, how much markup, how long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.http import HttpRequest
from django.template import Context
from django.test import RequestFactory, SimpleTestCase, TestCase
from django.test.utils import isolate_apps
from django.utils import timezone

from comity.testing import html
from comity.testing.declaring import declaring
from comity.ui import saved_views
from comity.ui.components.days import near_day
from comity.ui.components.tables import paging, table_rows
from comity.ui.components.tables import table as table_tag
from comity.ui.tables import Bulk, Choice, Column, DateRange, Search, Table, Toggle
from comity.ui.tables.columns import said
from comity.ui.tables.table import described
from comity.ui.tests.hostile import HOSTILE, LONG

PER_PAGE = 50
MOST_HTML = 60_000
MOST_CPU_SECONDS = 0.025


def request(query: str = "", **headers: str) -> HttpRequest:
    made = RequestFactory().get(f"/groups/{query}", headers=headers)
    made.user = AnonymousUser()
    return made


def groups(query: str = "", made: HttpRequest | None = None, **given: Any) -> Table:
    """A table of groups: name, number, code."""
    return Table(
        made or request(query),
        Group.objects.all(),
        **{
            "name": "groups",
            "columns": [
                Column("name", "Name", sort="name", link=lambda group: f"/groups/{group.pk}/"),
                Column("pk", "Number", sort="pk", numeric=True, csv="id"),
                Column("code", "Code", value=lambda group: group.name[:2], csv_only=True),
            ],
            "filters": [
                Search("q", "Find", lambda rows, text: rows.filter(name__icontains=text)),
                Choice("name", "Name", [("Roads", "Roads"), ("Parks", "Parks")], "name"),
                Toggle("long", "Long only", lambda rows: rows.filter(name__gt="Q")),
                DateRange(
                    "seen", "Seen", lambda rows, first, last: rows.filter(pk__gte=first.year if first else 0)
                ),
            ],
            "default_sort": "name",
            "export_name": "groups",
            **given,
        },
    )


def names(table: Table) -> list[str]:
    return [group.name for group in table.page]


def drawn(table: Table) -> str:
    return table_tag(Context({"request": table.request}), table)


class ListOfRows(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Group.objects.bulk_create([Group(name=name) for name in ("Roads", "Parks", "Trails")])

    def test_it_is_sorted_as_asked_and_by_default(self) -> None:
        self.assertEqual(names(groups()), ["Parks", "Roads", "Trails"])
        self.assertEqual(names(groups("?sort=-name")), ["Trails", "Roads", "Parks"])

    def test_an_unknown_sort_is_the_default_one(self) -> None:
        for sort in ("password", "-", "name__x", "code"):
            with self.subTest(sort):
                self.assertEqual(names(groups(f"?sort={sort}")), ["Parks", "Roads", "Trails"])

    def test_a_sort_may_be_an_expression_and_turns_around(self) -> None:
        column = Column("name", "Name", sort=(F("name").asc(nulls_last=True), "-pk"))
        self.assertEqual(names(groups("?sort=-name", columns=[column]))[0], "Trails")
        self.assertEqual(names(groups("?sort=name", columns=[column]))[0], "Parks")

    def test_filters_narrow_it_together(self) -> None:
        self.assertEqual(names(groups("?q=r&long=1")), ["Roads", "Trails"])
        self.assertEqual(names(groups("?name=Roads")), ["Roads"])

    def test_choices_may_stand_under_headings_and_some_of_them_alone(self) -> None:
        choices = [("Parks", "Parks"), ("<Ways>", [("", "None"), ("Roads", "Roads"), ("Trails", "Trails")])]
        table = groups("?name=Trails", filters=[Choice("name", "Name", choices, "name")])
        self.assertEqual(names(table), ["Trails"])
        self.assertInHTML(
            '<option value="">All</option><option value="Parks">Parks</option><optgroup label="&lt;Ways&gt;">'
            '<option value="Roads">Roads</option><option value="Trails" selected>Trails</option></optgroup>',
            drawn(table),
        )
        self.assertEqual(html.problems_of_fragment(drawn(table)), [])

    def test_a_filter_that_cannot_be_read_is_left_out_and_said(self) -> None:
        for query, words in (
            ("?name=<b>Nope", "no choice “&lt;b&gt;Nope”"),
            ("?seen_from=yesterday", "is not a date"),
        ):
            with self.subTest(query):
                made = drawn(groups(query))
                self.assertIn(words, made)
                self.assertIn("Trails", made)

    def test_a_null_byte_and_endless_words_are_only_words(self) -> None:
        self.assertEqual(names(groups("?q=%00Roads")), ["Roads"])
        self.assertEqual(names(groups(f"?q={LONG}")), [])

    def test_each_head_turns_the_order_around_and_says_which_is_on(self) -> None:
        made = drawn(groups())
        self.assertIn('aria-sort="ascending"><a id="groups-by-name" href="/groups/?sort=-name">', made)
        self.assertIn('href="/groups/?sort=pk"', made)
        self.assertNotIn(">Code<", made)

    def test_nothing_found_leads_back_to_all_and_nothing_at_all_says_what_to_do(self) -> None:
        self.assertIn("Nothing matches these filters.", drawn(groups("?q=zzz")))
        Group.objects.all().delete()
        made = drawn(groups(empty="No groups yet.", empty_url="/groups/new/", empty_action="Add one"))
        self.assertIn("No groups yet.", made)
        self.assertIn('href="/groups/new/"', made)

    def test_each_filter_that_is_on_is_a_chip_with_its_words_and_a_way_to_take_it_off(self) -> None:
        made = drawn(groups("?q=a&name=Parks&long=1&seen_from=2026-03-01&sort=-name"))
        for href, words in (
            ("q=a&amp;long=1&amp;seen_from=2026-03-01&amp;sort=-name", "Name: <b>Parks</b>"),
            ("q=a&amp;name=Parks&amp;seen_from=2026-03-01&amp;sort=-name", "Long only"),
            ("q=a&amp;name=Parks&amp;long=1&amp;sort=-name", "Seen: <b>from Mar 1, 2026</b>"),
        ):
            with self.subTest(words):
                self.assertRegex(made, f'href="/groups/\\?{href}" data-clear="[^"]+">.*?{words}<svg')
        self.assertIn('<a class="clear" href="/groups/?sort=-name"', made)
        self.assertNotIn("Find:", made)

    def test_what_cannot_be_read_or_narrows_nothing_is_no_chip(self) -> None:
        self.assertNotIn('class="chip"', drawn(groups("?name=Nope&seen_to=never&long=2")))
        self.assertNotIn("Active filters", drawn(groups()))

    def test_days_are_said_as_from_until_or_one(self) -> None:
        day = DateRange("seen", "Seen", "seen_on")
        for params, words in (
            ({"seen_from": "2026-03-01", "seen_to": "2026-03-04"}, "Mar 1, 2026 to Mar 4, 2026"),
            ({"seen_from": "2026-03-01", "seen_to": "2026-03-01"}, "Mar 1, 2026"),
            ({"seen_to": "2026-03-04"}, "until Mar 4, 2026"),
        ):
            with self.subTest(words):
                self.assertEqual(day.words(params), words)

    def test_an_address_with_empty_fields_is_made_tidy(self) -> None:
        answer = groups("?q=&name=Parks&seen_from=&seen_to=&sort=-name&page=2").respond("400.html")
        self.assertEqual(
            (answer.status_code, answer["Location"]), (302, "/groups/?name=Parks&sort=-name&page=2")
        )
        self.assertEqual(groups("?name=Parks").respond("400.html").status_code, 200)
        headers = {"HX-Request": "true", "HX-Target": "table-groups"}
        part = groups(made=request("?q=&name=Parks", **headers)).respond("400.html")
        self.assertEqual(part["HX-Push-Url"], "/groups/?name=Parks")

    def test_what_htmx_swaps_brings_the_views_and_the_menu_along(self) -> None:
        given = groups("?sort=-name&q=r", views=[("All", ""), ("Long", "long=1")])
        part = table_rows(Context({"request": given.request}), given)
        for piece in ("views", "kept", "menu"):
            self.assertRegex(part, f'id="groups-{piece}"[^>]* hx-swap-oob="true"')
        self.assertIn('<input type="hidden" name="sort" value="-name">', part)

    def test_it_is_sound_markup_with_filters_boxes_and_pages(self) -> None:
        made = drawn(groups("?q=a", per_page=1, bulk=[Bulk("Assign", "/assign/")]))
        self.assertEqual(html.problems_of_fragment(made), [])

    def test_the_filter_form_carries_the_sort_and_what_belongs_to_others(self) -> None:
        made = drawn(groups("?sort=-name&tab=2&q=a&page=2"))
        self.assertIn('<input type="hidden" name="sort" value="-name">', made)
        self.assertIn('<input type="hidden" name="tab" value="2">', made)
        self.assertNotIn('<input type="hidden" name="page"', made)

    def test_a_wrong_table_fails_when_it_is_written(self) -> None:
        name = Column("name", "Name")
        for given, words in (
            ({"columns": [name, name]}, "two columns of one key"),
            ({"columns": [Column("code")]}, "a column without a head: 'code'"),
            ({"per_page": 0}, "nothing per page"),
            ({"default_sort": "color"}, "cannot be sorted by 'color'"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                groups(**given)

    def test_htmx_gets_the_changing_part_only_and_caches_are_told(self) -> None:
        part = groups(made=request(**{"HX-Request": "true", "HX-Target": "table-groups"})).respond("400.html")
        self.assertIn(b'<div id="table-groups"', part.getvalue())
        self.assertNotIn(b"<html", part.getvalue())
        self.assertIn("HX-Request", part["Vary"])

    def test_htmx_going_back_or_asking_for_another_part_gets_the_page(self) -> None:
        for headers in (
            {"HX-Request": "true", "HX-History-Restore-Request": "true"},
            {"HX-Request": "true", "HX-Target": "work-3"},
            {"HX-Request": "true", "HX-Boosted": "true"},
            {},
        ):
            with self.subTest(headers):
                whole = groups(made=request(**headers)).respond("400.html")
                self.assertIn(b"<html", whole.getvalue())


class PagesOfRows(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Group.objects.bulk_create([Group(name=f"Group {number:03}") for number in range(120)])

    def test_one_page_counts_by_itself_and_more_ask_once(self) -> None:
        small = groups(per_page=200)
        with self.assertNumQueries(1):
            self.assertEqual((len(small.page), small.total, small.pages), (120, 120, 1))
        first = groups()
        with self.assertNumQueries(2):
            self.assertEqual((len(first.page), first.total, first.pages), (50, 120, 3))
        last = groups("?page=3")
        with self.assertNumQueries(1):
            self.assertEqual((len(last.page), described(last)), (20, "101 to 120 of 120"))

    def test_the_whole_tag_asks_two_queries(self) -> None:
        with self.assertNumQueries(2):
            drawn(groups("?q=group", bulk=[Bulk("Assign", "/assign/")]))

    def test_a_page_beyond_the_end_is_the_last_and_nonsense_is_the_first(self) -> None:
        self.assertEqual(groups("?page=99").number, 3)
        for page in ("0", "-1", "x", "²", "9" * 30, ""):
            with self.subTest(page):
                self.assertEqual(groups(f"?page={page}").number, 1)

    def test_rows_never_repeat_from_page_to_page_even_when_equal(self) -> None:
        seen = [
            group.pk
            for page in (1, 2, 3)
            for group in groups(
                f"?page={page}", columns=[Column("name", "Name", sort="id")], default_sort=""
            ).page
        ]
        self.assertEqual(len(set(seen)), 120)

    def test_paging_keeps_the_filters_and_names_where_one_is(self) -> None:
        made = paging(groups("?q=group&page=2"))
        self.assertIn('href="/groups/?q=group&amp;page=3"', made)
        self.assertIn('href="/groups/?q=group"', made)
        self.assertIn('aria-current="page">2<', made)

    def test_many_pages_show_the_first_the_last_and_those_around(self) -> None:
        made = paging(groups("?page=10", per_page=6))
        self.assertEqual(
            [page for page in range(1, 21) if f'aria-label="Page {page}"' in made], [1, 9, 10, 11, 20]
        )
        self.assertEqual(made.count("usa-pagination__overflow"), 2)

    def test_one_page_has_no_paging(self) -> None:
        self.assertEqual(paging(groups(per_page=200)), "")

    def test_a_filter_begins_at_the_first_page(self) -> None:
        self.assertEqual(groups("?page=3").url(q="a"), "/groups/?q=a")

    def test_the_csv_has_every_row_of_the_filtered_list_and_more_columns(self) -> None:
        answer = groups("?q=Group 01&format=csv&page=2").respond("400.html")
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
        self.assertEqual(lines[0], "name,id,code")
        self.assertEqual(len(lines), 11)
        self.assertRegex(lines[1], r"^Group 010,\d+,Gr$")

    def test_a_list_without_an_export_offers_and_answers_none(self) -> None:
        closed = groups("?format=csv", export_name="")
        self.assertIn(b"<html", closed.respond("400.html").getvalue())
        self.assertNotIn("Download", drawn(groups(export_name="")))


class ManyRowsAtOnce(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Group.objects.bulk_create([Group(name=f"Group {number:03}") for number in range(60)])

    def chosen(self, **data: Any) -> list[str]:
        made = RequestFactory().post("/assign/", data)
        made.user = AnonymousUser()
        return sorted(group.name for group in groups(made=made).chosen())

    def test_the_ticked_rows_are_chosen(self) -> None:
        keys = list(Group.objects.order_by("name").values_list("pk", flat=True))
        self.assertEqual(self.chosen(ids=keys[:2], query=""), ["Group 000", "Group 001"])

    def test_all_that_was_found_is_chosen_by_the_posted_query(self) -> None:
        self.assertEqual(len(self.chosen(all="1", query="q=Group+01&sort=-name")), 10)
        self.assertEqual(len(self.chosen(all="1", query="")), 60)

    def test_nothing_ticked_is_nothing_and_nonsense_is_nothing(self) -> None:
        self.assertEqual(self.chosen(query=""), [])
        self.assertEqual(self.chosen(ids=["x", "-1", "1 or 1=1", "9" * 40], query=""), [])

    def test_a_row_the_person_may_not_see_cannot_be_ticked(self) -> None:
        hidden = Group.objects.get(name="Group 000")
        made = RequestFactory().post("/assign/", {"ids": [hidden.pk], "query": ""})
        table = Table(
            made, Group.objects.exclude(pk=hidden.pk), name="groups", columns=[Column("name", "Name")]
        )
        self.assertEqual(list(table.chosen()), [])

    def test_each_row_has_a_box_with_its_name_and_all_found_can_be_chosen(self) -> None:
        made = drawn(groups(bulk=[Bulk("Assign", "/assign/"), Bulk("Retire", "/retire/")]))
        self.assertEqual(made.count('name="ids"'), 50)
        self.assertIn('aria-label="Select Group 000"', made)
        self.assertIn("Select all 60 found", made)
        self.assertIn('formaction="/retire/"', made)


class CellsOfATable(TestCase):
    def test_no_cell_label_or_name_becomes_markup(self) -> None:
        for text in HOSTILE:
            Group.objects.all().delete()
            Group.objects.create(name=text[:150])
            with self.subTest(text):
                column = Column("name", text, sort="name", link=lambda group: group.name)
                made = drawn(groups(columns=[column], default_sort="", caption=text, bulk=[Bulk(text, text)]))
                self.assertNotIn("<script>alert", made)
                self.assertNotIn("<img", made)

    def test_a_component_in_a_cell_stays_one(self) -> None:
        from comity.ui.components.signs import tag

        Group.objects.create(name="Parks")
        made = drawn(
            groups(
                columns=[Column("name", "Name", value=lambda group: tag(group.name, kind="good"))],
                default_sort="",
            )
        )
        self.assertIn('<span class="tag good">Parks</span>', made)

    def test_a_cell_may_have_a_template_of_its_own(self) -> None:
        Group.objects.create(name="<Parks>")
        column = Column("name", "Name", template="ui/gallery/_cell.html")
        self.assertIn("<b>&lt;Parks&gt;</b>", drawn(groups(columns=[column], default_sort="")))

    def test_attributes_are_followed_and_end_at_nothing(self) -> None:
        column = Column("lead.name", "Lead")
        self.assertEqual(column.read(type("Row", (), {"lead": type("Lead", (), {"name": "Ana"})})), "Ana")
        self.assertIsNone(column.read(type("Row", (), {"lead": None})))


@isolate_apps("comity.ui")
class ColumnsOfFields(SimpleTestCase):
    """A column named after a field of the model need not say what the model has said."""

    def setUp(self) -> None:
        class Town(models.Model):
            name = models.CharField("name of the town", max_length=9)

            class Meta:
                app_label, ordering = "ui", ["name"]

            def get_absolute_url(self) -> str:
                return f"/towns/{self.name}/"

        class House(models.Model):
            town = models.ForeignKey(Town, models.CASCADE, null=True)
            roof = models.CharField(max_length=1, choices=[("t", "Tiles"), ("s", "Slate")])
            rooms = models.IntegerField()
            email = models.EmailField()
            story = models.TextField()

            class Meta:
                app_label = "ui"

            def get_absolute_url(self) -> str:
                return "/houses/1/"

        self.house: Any = House(roof="t", rooms=3, email="ana@example.gov", town=Town(name="Alder"))
        self.model = House

    def of(self, *given: Any, **more: Any) -> Any:
        return Column(*given, **more).of(self.model)

    def test_head_and_order_are_the_fields(self) -> None:
        town = self.of("town.name")
        self.assertEqual([town.label, town.order(descending=True)], ["Name of the town", ["-town__name"]])

    def test_what_points_to_rows_is_sorted_as_they_are_and_long_text_is_not(self) -> None:
        self.assertEqual(self.of("town").order(descending=False), ["town__name"])
        self.assertFalse(self.of("story").sort)

    def test_a_choice_is_said_in_words_and_kept_as_it_is_in_the_file(self) -> None:
        roof = self.of("roof")
        self.assertEqual([roof.read(self.house), roof.read_csv(self.house)], ["Tiles", "t"])
        self.assertEqual(self.of("roof", value=lambda row: "Red").read_csv(self.house), "t")

    def test_numbers_stand_right_unless_the_column_says_something_else_of_them(self) -> None:
        self.assertTrue(self.of("rooms").numeric)
        self.assertFalse(self.of("rooms", value=lambda row: "many").numeric)

    def test_a_link_leads_to_what_is_named(self) -> None:
        links = {key: self.of(key, link=True).link(self.house) for key in ("roof", "town", "email")}
        self.assertEqual(
            links, {"roof": "/houses/1/", "town": "/towns/Alder/", "email": "mailto:ana@example.gov"}
        )
        self.house.town = None
        self.assertEqual(self.of("town", link=True).link(self.house), "")

    def test_what_a_column_says_itself_holds(self) -> None:
        column = self.of("rooms", "Size", sort="", csv_value=lambda row: "x", value=lambda row: "y")
        said = [column.label, column.order(descending=False), column.read_csv(self.house)]
        self.assertEqual(said, ["Size", [], "x"])


class WordsOfValues(SimpleTestCase):
    def test_values_are_said_as_people_read_them(self) -> None:
        self.assertEqual(
            [said(value) for value in (None, "", True, False, 1240, date(2026, 3, 1))],
            ["", "", "yes", "no", "1,240", "Mar 1, 2026"],
        )

    def test_a_moment_keeps_its_hour_and_half_of_the_day_together(self) -> None:
        self.assertEqual(
            said(datetime(2026, 3, 1, 14, 5, tzinfo=timezone.get_current_timezone())),
            "Mar 1, 2026, 2:05\N{NO-BREAK SPACE}p.m.",
        )

    def test_a_day_of_another_year_says_its_year(self) -> None:
        today = timezone.localdate()
        self.assertNotIn(str(today.year), near_day(today))
        self.assertEqual(near_day(date(2024, 11, 6)), "Nov 6, 2024")


class KeptViews:
    """A keeper of saved views, in memory."""

    def __init__(self, *views: saved_views.View) -> None:
        self.views = views

    def views_of(self, user: Any, table: str) -> Sequence[saved_views.View]:
        return self.views if table == "groups" else ()

    def may_share(self, user: Any) -> bool:
        return True

    def change(self, user: Any, *, pk: int, name: str, shared: bool) -> saved_views.View:
        raise AssertionError

    def save(self, user: Any, *, table: str, name: str, query: str, shared: bool) -> saved_views.View:
        raise NotImplementedError

    def delete(self, user: Any, *, pk: int) -> None:
        raise NotImplementedError


class ViewsOfAList(TestCase):
    VIEWS = (("Mine", ""), ("Open", "view=open"), ("Late and long", "view=late&long=1"))

    def on(self, query: str, **given: Any) -> list[str]:
        return [str(tab.label) for tab in groups(query, **{"views": self.VIEWS, **given}).tabs if tab.on]

    def test_the_one_of_which_most_is_in_force_is_on(self) -> None:
        for query, label in (
            ("", "Mine"),
            ("?view=open", "Open"),
            ("?q=roads&view=open&sort=-name&page=2", "Open"),
            ("?long=1&view=late", "Late and long"),
            ("?view=late", "Mine"),
        ):
            with self.subTest(query):
                self.assertEqual(self.on(query), [label])

    def test_a_list_without_views_has_no_tabs(self) -> None:
        self.assertEqual(groups(views=[]).tabs, [])

    def test_those_for_which_there_is_no_room_stand_behind_more_and_the_one_in_force_never_does(self) -> None:
        views = [(f"A view of some length {number}", f"v={number}") for number in range(9)]
        made = drawn(groups("?v=8", views=views, filters=[]))
        row, more = made.split("<summary>More", 1)
        self.assertIn("length 0</a>", row)
        self.assertIn('aria-current="true">A view of some length 8</a>', row)
        self.assertIn("length 7</a>", more)


class SomeUser:
    is_authenticated = True
    pk = 1


class SavedViewsOfATable(SimpleTestCase):
    def keep(self, *views: saved_views.View) -> None:
        self.enterContext(declaring(saved_views.Keeper(KeptViews(*views)), alone=True))

    def table(self, query: str) -> str:
        from comity.ui.gallery import Samples, sample_table

        made = RequestFactory().get(f"/groups/{query}")
        vars(made)["user"] = SomeUser()
        table = sample_table(made, Samples())
        table.name = "groups"
        return drawn(table)

    def test_each_is_a_link_and_the_one_in_use_says_so_and_can_be_forgotten(self) -> None:
        self.keep(saved_views.View(3, "My <counties>", "kind=county"), saved_views.View(4, "Late", "late=1"))
        made = self.table("?kind=county")
        self.assertIn('href="/groups/?kind=county" aria-current="true">My &lt;counties&gt;</a>', made)
        self.assertIn('href="/groups/?late=1">Late</a>', made)
        self.assertEqual(made.count('aria-current="true">'), 2, "one view, and one order")
        self.assertIn("Delete the view “My &lt;counties&gt;”", made)
        self.assertNotIn("Delete the view “Late”", made)

    def test_the_list_says_which_are_whose(self) -> None:
        self.keep(
            saved_views.View(3, "Counties", "kind=county", shared=True),
            saved_views.View(4, "Boards", "kind=board", mine=False, shared=True, owner="Olu <Staff>"),
            saved_views.View(5, "Late", "late=1"),
        )
        made = self.table("?kind=county")
        self.assertIn("· shared", made)
        self.assertIn("· Olu &lt;Staff&gt;", made)
        self.assertNotIn("Late <span", made)

    def test_ones_own_is_renamed_and_shared_and_a_colleagues_is_left_alone(self) -> None:
        self.keep(
            saved_views.View(3, "Counties", "kind=county", shared=True),
            saved_views.View(4, "Boards", "kind=board", mine=False, owner="Olu Staff"),
        )
        made = self.table("?kind=county")
        self.assertIn("Rename or share this view", made)
        self.assertIn('name="shared" value="1" checked', made)
        self.assertNotIn("Rename or share this view", self.table("?kind=board"))

    def test_a_new_set_of_filters_can_be_saved_and_a_known_one_not_again(self) -> None:
        self.keep(saved_views.View(3, "Counties", "kind=county"))
        self.assertIn("Save this view", self.table("?kind=board"))
        self.assertNotIn("Save this view", self.table("?kind=county"))
        self.assertNotIn("Save this view", self.table(""))

    def test_without_a_keeper_nothing_is_offered(self) -> None:
        with declaring(alone=True):
            self.assertNotIn("Save this view", self.table("?kind=board"))


class CostOfATable(TestCase):
    """50 rows of 7 columns: what the design allows a list page, minus what the page around it needs."""

    @classmethod
    def setUpTestData(cls) -> None:
        kind = ContentType.objects.first()
        assert kind is not None
        Permission.objects.bulk_create(
            [
                Permission(name=f"Department of something {number}", codename=f"d{number}", content_type=kind)
                for number in range(120)
            ]
        )

    def make(self) -> Table:
        return Table(
            request("?q=department&sort=-codename"),
            Permission.objects.select_related("content_type"),
            name="permissions",
            columns=[
                Column("name", "Name", sort="name", link=lambda row: f"/permissions/{row.pk}/"),
                Column("codename", "Code", sort="codename"),
                Column("content_type.model", "Model", sort="content_type__model"),
                Column("pk", "Number", sort="pk", numeric=True),
                Column("app", "App", value=lambda row: row.content_type.app_label),
                Column("day", "Last seen", value=lambda row: date(2026, 11, 22)),
                Column("late", "Promises", value=lambda row: 3),
            ],
            filters=[Search("q", "Find", lambda rows, text: rows.filter(name__icontains=text))],
            bulk=[Bulk("Assign", "/assign/")],
            export_name="permissions",
            per_page=PER_PAGE,
        )

    def test_it_stays_small(self) -> None:
        made = drawn(self.make())
        self.assertEqual(made.count('<th scope="row"'), PER_PAGE)
        self.assertLess(len(made.encode()), MOST_HTML)

    def test_it_is_drawn_quickly(self) -> None:
        best = 1.0
        for _attempt in range(5):
            table = self.make()
            _ = table.page, table.total
            started = time.process_time()
            table_rows(Context(), table)
            best = min(best, time.process_time() - started)
        self.assertLess(best, MOST_CPU_SECONDS)
