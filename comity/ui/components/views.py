"""Saved views beside their list: chips to choose from, and the form that keeps one."""

from __future__ import annotations

from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comity.ui.components.acts import csrf_field
from comity.ui.components.icons import icon
from comity.ui.saved_views import View
from comity.ui.tables import Table


def views(context: Context, table: Table) -> SafeString:
    """Those that are kept, and the form that keeps or changes one; nothing where there is neither."""
    saving = _keep_view(context, table)
    if not table.views and not saving:
        return SafeString("")
    items = format_html_join(
        "",
        '<li><a class="chip" href="{}"{}>{}{}</a>{}</li>',
        (
            (
                f"{table.request.path}?{view.query}",
                SafeString(' aria-current="true"') if view.query == table.query else "",
                view.name,
                _whose(view),
                _forget_view(context, table, view.pk, view.name)
                if view.mine and view.query == table.query
                else "",
            )
            for view in table.views
        ),
    )
    chips = format_html('<ul class="chips" aria-label="{}">{}</ul>', _("Saved views"), items) if items else ""
    return format_html('<div class="views">{}{}</div>', chips, saving)


def _whose(view: View) -> SafeString:
    """Who shares it, or that it is shared; nothing for what is one's own alone."""
    words = view.owner or (pgettext("view", "shared") if view.shared else "")
    return format_html(' <span class="soft small">· {}</span>', words) if words else SafeString("")


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _keep_view(context: Context, table: Table) -> SafeString:
    """The form under the list's filters: save what is set, or change the view that is shown."""
    if not table.query or not table.keeps_views:
        return SafeString("")
    shown = [view for view in table.views if view.query == table.query]
    own = next((view for view in shown if view.mine), None)
    if own is not None:
        return _view_form(context, table, "ui:change-view", _("Rename or share this view"), own)
    if shown:
        return SafeString("")
    return _view_form(context, table, "ui:save-view", _("Save this view"), None)


def _view_form(context: Context, table: Table, name: str, words: str, view: View | None) -> SafeString:
    url = _address(name)
    if not url:
        return SafeString("")
    about = [("view", view.pk)] if view else [("table", table.name), ("query", table.query)]
    return format_html(
        '<details class="save-view"><summary>{0}</summary><form method="post" action="{1}">{2}{3}'
        '<label class="usa-label" for="{4}-view">{5}</label><input class="usa-input" id="{4}-view" name="name" '
        'value="{6}" maxlength="80" required autocomplete="off">{7}'
        '<button class="usa-button" type="submit">{8}</button></form></details>',
        words,
        url,
        csrf_field(context),
        format_html_join("", '<input type="hidden" name="{}" value="{}">', [*about, ("next", table.url())]),
        table.name,
        _("Name of the view"),
        view.name if view else "",
        _share_box(table, shared=bool(view and view.shared)),
        pgettext("view", "Save"),
    )


def _share_box(table: Table, *, shared: bool) -> SafeString:
    if not table.shares_views:
        return SafeString("")
    return format_html(
        '<div class="usa-checkbox"><input class="usa-checkbox__input" type="checkbox" id="{0}-share" name="shared" '
        'value="1"{1}><label class="usa-checkbox__label" for="{0}-share">{2}</label></div>',
        table.name,
        SafeString(" checked") if shared else "",
        _("Share it with everyone in our office"),
    )


def _forget_view(context: Context, table: Table, pk: int, name: str) -> SafeString:
    url = _address("ui:delete-view")
    if not url:
        return SafeString("")
    return format_html(
        '<form class="post" method="post" action="{}">{}<input type="hidden" name="view" value="{}">'
        '<input type="hidden" name="next" value="{}"><button class="icon-button" type="submit" aria-label="{}">{}</button></form>',
        url,
        csrf_field(context),
        pk,
        table.plain_url,
        _("Forget the view “%(name)s”") % {"name": name},
        icon("close", 16),
    )
