"""Everyone at the partners, as a list; and as a file with a row for each post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.office.services import today, words
from comity.partners import capabilities
from comity.partners.models import Membership, Person, PersonQuerySet, Position
from comity.partners.pickers import of_partner
from comity.people.access import Request
from comity.people.models import User
from comity.ui import csv
from comity.ui.components.signs import tag
from comity.ui.tables import Choice, Column, Search, Table, Toggle

# One line for each post somebody holds. The import of people knows these heads.
CSV_HEAD = (
    "id", "name", "email", "phone", "mobile", "language", "partner_code", "partner", "title", "function",
    "acting", "shared", "since", "until", "portal", "notes",
)  # fmt: skip


def people_table(request: Request) -> Table:
    """All people this person may see, each with the first of the posts they hold today."""
    day = today()
    may_edit = request.user.can(capabilities.EDIT_PEOPLE)
    return Table(
        request,
        with_first_post(Person.objects.visible_to(request.user).standing(), day).defer("notes"),
        name="people",
        columns=_columns(),
        filters=_filters(request.user, day),
        default_sort="name",
        empty=_("No people yet."),
        empty_url=reverse("partners:add_person") if may_edit else "",
        empty_action=_("Add someone") if may_edit else "",
        caption=_("People"),
        export_name=_("people"),
    )


def with_first_post(people: PersonQuerySet, day: date) -> PersonQuerySet:
    """People with `post_title`, `post_acting`, `post_partner_id`, `post_partner`, `posts` and `in_portal`."""
    held = Position.objects.current(day).filter(person=OuterRef("pk")).by_rank()
    count = held.order_by().values("person").annotate(count=Count("pk")).values("count")
    access = Membership.objects.standing().filter(person=OuterRef("pk"), user__is_active=True)
    return people.annotate(
        post_title=Subquery(held.values("title")[:1]),
        post_acting=Subquery(held.values("acting")[:1]),
        post_partner_id=Subquery(held.values("partner")[:1]),
        post_partner=Subquery(held.values("partner__name")[:1]),
        posts=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        in_portal=Exists(access),
    )


def _columns() -> list[Column]:
    return [
        Column("name", link=True),
        Column("post_title", _("Position"), value=_post),
        Column(
            "post_partner",
            words().Partner,
            link=lambda row: reverse("partner", args=[row.post_partner_id]) if row.post_partner_id else "",
        ),
        Column("email", link=True, wide=True),
        Column("phone", sort="", value=lambda row: row.phone or row.mobile, whole=True, wide=True),
        Column("in_portal", _("Portal"), value=lambda row: _("yes") if row.in_portal else "", wide=True),
    ]


def _post(row: Any) -> object:
    if row.left_on is not None and not row.posts:
        return tag(_("left"), kind="none")
    title = _("%(title)s, acting") % {"title": row.post_title} if row.post_acting else row.post_title
    if row.posts < 2:
        return title
    more = row.posts - 1
    return ngettext("%(title)s and %(count)s more", "%(title)s and %(count)s more", more) % {
        "title": title,
        "count": more,
    }


def _filters(user: User, day: date) -> list[Any]:
    access = Membership.objects.standing().filter(person__isnull=False, user__is_active=True).values("person")
    held = Position.objects.current(day).filter(person=OuterRef("pk"))

    def holding(**post: Any) -> Any:
        return Position.objects.current(day).filter(**post).values("person")

    return [
        Search("q", _("Find"), lambda rows, text: rows.search(text), hint=_("Name or email")),
        of_partner(user, lambda rows, keys: rows.filter(pk__in=holding(partner__in=keys))),
        Choice(
            "function",
            _("Function"),
            Position.Function.choices,
            lambda rows, value: rows.filter(pk__in=holding(function=value)),
        ),
        Toggle("portal", _("In the portal"), lambda rows: rows.filter(pk__in=access)),
        Toggle("without_post", _("Without a position"), lambda rows: rows.filter(~Exists(held))),
    ]


def people_csv(request: Request, people: QuerySet[Person]) -> HttpResponseBase:
    """The people as a file that the import reads back in: one line for each post, one for who holds none."""
    return csv.response(request, _("people"), CSV_HEAD, _lines(people, today()))


def _lines(people: QuerySet[Person], day: date) -> Iterator[list[object]]:
    posts = (
        Position.objects.not_over(day)
        .filter(person__in=people.order_by().values("pk"))
        .select_related("partner")
    )
    held: dict[int, list[Position]] = {}
    for post in posts.by_rank().iterator(chunk_size=2_000):
        if post.person_id is not None:
            held.setdefault(post.person_id, []).append(post)
    for person in people.iterator(chunk_size=2_000):
        who = [getattr(person, name) for name in ("pk", "name", "email", "phone", "mobile", "language")]
        end: list[object] = [getattr(person, "in_portal", False), person.notes]
        for post in held.get(person.pk, []):
            yield [
                *who, post.partner.code, post.partner.name, post.title, post.function,
                post.acting, post.shared, post.starts_on, post.ends_on, *end,
            ]  # fmt: skip
        if person.pk not in held:
            yield [*who, *[""] * 8, *end]
