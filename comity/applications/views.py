"""The map: its lists, the page of an item, and what falls if it goes down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from comity.applications import answers, services, tables
from comity.applications.capabilities import CORRECT, EDIT, PORTAL, READ
from comity.applications.forms import THEIRS, ItemForm, RelationForm, RelianceForm, TypeForm
from comity.applications.models import Item, Relation, Reliance
from comity.applications.picture import picture
from comity.editing.answering import FormPage, act, drop, keep
from comity.editing.row_pages import Crumbs, RowPages
from comity.imports.pages import list_page
from comity.nouns import Act, all_of
from comity.people.access import Request, requires, row_or_404, signed_in

SHOWN = 50  # partners on the page of what falls; scripts and the list have all
FALL = _l("Items that fall with it: %(down)s. Applications down: %(applications)s. Processes: %(processes)s.")


@requires(READ, "GET")
def listing(request: Request) -> HttpResponseBase:
    acts = [(_("Relations"), reverse("applications:relations"), READ)]
    add = _("Add an item"), reverse("applications:add"), EDIT
    lead = _("What people work with, and what it stands on.")
    table = tables.items_table(request)
    return list_page(request, table, _("Applications"), lead=lead, add=add, acts=acts, profile="applications")


@requires(READ, "GET")
def relations(request: Request) -> HttpResponseBase:
    acts = [(_("Types of relations"), reverse("applications:types"), READ)]
    table, crumbs = tables.relations_table(request), _crumbs(request)
    return list_page(request, table, _("Relations"), crumbs=crumbs, acts=acts, profile="relations")


@requires(READ, "GET")
def types(request: Request) -> HttpResponseBase:
    """Which end suffers, by type."""
    add, crumbs = (_("Add a type"), reverse("applications:add_type"), EDIT), _crumbs(request)
    table, lead = tables.types_table(request), _("Who suffers when the other end fails.")
    return list_page(request, table, _("Types of relations"), lead=lead, crumbs=crumbs, add=add)


@requires(PORTAL, "GET")
def portal(request: Request) -> HttpResponseBase:
    lead = _("What we know of them. Correct what is wrong, and confirm what is right.")
    return list_page(request, tables.items_table(request), _("Your applications"), lead=lead)


@signed_in("GET")
def item(request: Request, pk: int) -> HttpResponse:
    """One, for the office and for whose it is."""
    found = row_or_404(request, Item, pk, "partner", "owner", "confirmed_by")
    relations = Relation.objects.visible_to(request.user).standing()
    relations = relations.select_related("type", "from_item", "to_item")
    stands = answers.standing(found, request.user)
    weak = "" if request.user.is_office else _("what it stands on")
    context = {
        "item": found,
        "slow": [(row.process, row.waits_hours, weak or under, hours) for row, under, hours in stands.slow],
        "facts": [
            (getattr(Item._meta.get_field(name), "verbose_name", name), value)
            for name in THEIRS[1:]
            if (value := getattr(found, name)) not in (None, "")
        ],
        "sign": tables.criticality_sign(found),
        "reliances": found.reliances.visible_to(request.user).select_related("process__partner"),
        "relations_from": relations.filter(from_item=found)[:SHOWN],
        "relations_to": relations.filter(to_item=found)[:SHOWN],
        "standing": stands,
        "may_edit": request.user.can(EDIT),
        "may_correct": services.may_correct(request.user, found),
        "crumbs": _crumbs(request),
        "read": request.user.can(READ),
    }
    return render(request, "applications/item.html", context)


@requires(READ, "GET")
def down(request: Request, pk: int) -> HttpResponse:
    """If it goes down."""
    found = row_or_404(request, Item, pk)
    answer = answers.if_down(found)
    words = _("If %(name)s goes down, it hits %(count)s of those we serve")
    if not answer.hits:
        words = _("If %(name)s goes down, nobody’s work is known to stop")
    count = {name: len(getattr(answer, name)) for name in ("down", "applications", "processes")}
    hits, fallen = answer.hits[:SHOWN], sorted(answer.down, key=lambda row: row.kind != "application")[:100]
    context = {
        "item": found,
        "answer": answer,
        "heading": words % {"name": found, "count": len(answer.hits)},
        "lead": FALL % count,
        "hits": [(hit, [(row, answer.why(row.item_id)) for row in hit.processes[:SHOWN]]) for hit in hits],
        "more": max(0, len(answer.hits) - SHOWN),
        "busy": sum(bool(hit.busy) for hit in answer.hits),
        "fallen": [(row, answer.why(row.pk)) for row in fallen],
        "unknown": Item.objects.visible_to(request.user).on_nothing().count(),
        "picture": picture(answer),
        "acts": [
            (act.label, f"{reverse(act.url_name)}?item={pk}")
            for act in all_of(Act)
            if act.about == Item._meta.label and request.user.can(act.to)
        ],
        "crumbs": _crumbs(request, found),
    }
    return render(request, "applications/down.html", context)


@requires(EDIT)
def add(request: Request) -> HttpResponse:
    form = ItemForm(request.POST or None, user=request.user)
    page = FormPage(_("Add an item"), crumbs=_crumbs(request), draft="item-new")
    return keep(request, services.ITEMS, form, page, to=lambda row: row)


@requires(CORRECT)
def edit(request: Request, pk: int) -> HttpResponse:
    found = _own(request, row_or_404(request, Item, pk, "partner"))
    form = ItemForm(request.POST or None, instance=found, user=request.user)
    gone = "applications:remove" if request.user.can(EDIT) else ""
    page = FormPage.of(found, "", crumbs=_crumbs(request, found), remove=gone)
    return keep(request, services.ITEMS, form, page)


@requires(EDIT)
def remove(request: Request, pk: int) -> HttpResponse:
    found = row_or_404(request, Item, pk)
    return drop(request, services.ITEMS, found, crumbs=_crumbs(request), lead=_("Its relations go with it."))


@requires(CORRECT, "POST")
def confirm(request: Request, pk: int) -> HttpResponse:
    found = _own(request, row_or_404(request, Item, pk, "partner"))
    told = _("Thank you. It is confirmed as of today.")
    return act(request, lambda: services.confirm(found, by=request.user), told=told, to=found)


@requires(EDIT)
def relation(request: Request, pk: int, *, new: bool = False) -> HttpResponse:
    """Change a relation; or add one, of the item with this key."""
    row = None if new else row_or_404(request, Relation, pk, "from_item", "to_item", "type")
    found = row.from_item if row else row_or_404(request, Item, pk)
    form = RelationForm(request.POST or None, instance=row, user=request.user)
    asked, crumbs = _("How does %(name)s stand to another?") % {"name": found}, _crumbs(request, found)
    page = FormPage.of(row, asked, crumbs=crumbs, remove="applications:remove_relation")
    return keep(request, services.RELATIONS, form, page, from_item=found)


@requires(EDIT)
def remove_relation(request: Request, pk: int) -> HttpResponse:
    row = row_or_404(request, Relation, pk, "from_item", "to_item")
    return drop(request, services.RELATIONS, row, crumbs=_crumbs(request, row.from_item))


@requires(CORRECT)
def reliance(request: Request, pk: int, *, new: bool = False) -> HttpResponse:
    """Change what a process needs; or add one that needs the item with this key."""
    row = None if new else row_or_404(request, Reliance, pk, "item__partner", "process__partner")
    found = _own(request, row.item if row else row_or_404(request, Item, pk, "partner"))
    form = RelianceForm(request.POST or None, instance=row, user=request.user)
    asked, crumbs = _("Which process needs %(name)s?") % {"name": found}, _crumbs(request, found)
    page = FormPage.of(row, asked, crumbs=crumbs, remove="applications:remove_reliance")
    return keep(request, services.RELIANCES, form, page, item=found)


@requires(CORRECT)
def remove_reliance(request: Request, pk: int) -> HttpResponse:
    row = row_or_404(request, Reliance, pk, "item__partner", "process__partner")
    return drop(request, services.RELIANCES, row, crumbs=_crumbs(request, _own(request, row.item)))


@dataclass(frozen=True)
class Types(RowPages):
    """Types of relations."""

    def crumbs(self, row: Any) -> Crumbs:
        return [(_("Applications"), reverse("applications:list")), *super().crumbs(row)]


TYPE = Types(
    services.TYPES, TypeForm, EDIT, "type", _l("Add a type"), _l("Types of relations"), "applications:types"
)


def _own(request: Request, found: Item) -> Item:
    """The item, for those who may correct it."""
    if not services.may_correct(request.user, found):
        raise PermissionDenied
    return found


def _crumbs(request: Request, *of: Item) -> list[tuple[Any, str]]:
    name = "list" if request.user.is_office else "portal"
    top = _("Applications"), reverse(f"applications:{name}")
    return [top, *((str(item), item.get_absolute_url()) for item in of)]
