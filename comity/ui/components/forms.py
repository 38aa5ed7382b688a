"""Forms in USWDS markup: labels, hints, errors tied to their fields, a summary that takes the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import (
    BaseForm,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    Field,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from comity.ui.components.acts import button, csrf_field
from comity.ui.components.markup import is_a, joined, one_of
from comity.ui.components.signs import icon

# The class a widget gets, by the first kind it belongs to.
_CLASSES: tuple[tuple[type[Widget], str], ...] = (
    (Textarea, "usa-textarea"),
    (FileInput, "file"),
    (Select, "usa-select"),
)


_DJANGO_ROWS = "10"


def form(
    context: Context,
    form: BaseForm,
    *,
    submit: object = "",
    cancel: str = "",
    action: str = "",
    draft: str = "",
    danger: bool = False,
    method: str = "post",
    carried: Iterable[tuple[str, str]] = (),
) -> SafeString:
    """{% form form submit="Save" cancel=url draft="follow-up-7" %}: a whole form

    action  where it goes; this page, if empty
    draft   a name under which the browser keeps what was typed until it is sent
    carried  names and values that are sent along, unseen
    """
    is_a("form", "form", form, BaseForm)
    one_of("form", "method", method, ("post", "get"))
    fields = [field(bound) for bound in form.visible_fields()]
    hidden = [mark_safe(str(bound)) for bound in form.hidden_fields()]  # rendered by Django
    hidden += [format_html('<input type="hidden" name="{}" value="{}">', *pair) for pair in carried]
    return format_html(
        '<form class="form" method="{}"{}{}{} novalidate>{}{}{}{}{}</form>',
        method,
        format_html(' action="{}"', action) if action else "",
        SafeString(' enctype="multipart/form-data"') if form.is_multipart() else "",
        format_html(' data-draft="{}"', draft) if draft else "",
        csrf_field(context) if method == "post" else "",
        errors(form),
        joined(hidden),
        joined(fields),
        submit_row(submit or _("Save"), cancel=cancel, danger=danger),
    )


def submit_row(label: object, *, cancel: str = "", danger: bool = False) -> SafeString:
    """{% submit "Save" cancel=url %}: the last line of a form"""
    words = pgettext("form", "Cancel")
    way_out = format_html('<a class="cancel" href="{}">{}</a>', cancel, words) if cancel else ""
    return format_html('<div class="form-end">{}{}</div>', button(label, danger=danger), way_out)


def errors(form: BaseForm) -> SafeString:
    """{% errors form %}: what is wrong, each line a link to its field; nothing when all is well. Takes the focus."""
    is_a("errors", "form", form, BaseForm)
    lines = list(_problems(form)) if form.is_bound else []
    if not lines:
        return SafeString("")
    count = len(lines)
    heading = ngettext("There is a problem", "There are %(count)s problems", count) % {"count": count}
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html(
        '<div class="usa-alert usa-alert--error errors" role="alert" tabindex="-1" autofocus data-errors>{}'
        '<div class="usa-alert__body"><p class="usa-alert__heading">{}</p><ul class="usa-alert__text">{}</ul></div></div>',
        icon("error", 22),
        heading,
        items,
    )


def _problems(form: BaseForm) -> Iterator[SafeString | str]:
    yield from (str(error) for error in form.non_field_errors())
    for bound in form:
        for error in messages_of(bound):
            if bound.is_hidden:
                yield error
            else:
                yield format_html(
                    '<a href="#{}">{} {}</a>', _first_id(bound), _as_lead(label_of(bound)), error
                )


def _as_lead(label: str) -> str:
    """A label before what is wrong with it: "Name:", but "What did they say?"."""
    return label if label.endswith(("?", ".", "!", ":")) else f"{label}:"


# How to mend an empty field, by the first kind of widget it belongs to.
_MISSING: tuple[tuple[type[Widget], Callable[[], str]], ...] = (
    (CheckboxSelectMultiple, lambda: _("Choose at least one.")),
    (RadioSelect, lambda: _("Choose one.")),
    (Select, lambda: _("Choose one.")),
    (FileInput, lambda: _("Choose a file.")),
    (CheckboxInput, lambda: _("Check this box to continue.")),
    (DateInput, lambda: _("Enter a date.")),
    (Widget, lambda: _("Fill this in.")),
)


def messages_of(bound: BoundField) -> list[str]:
    """What is wrong with a field, each as a sentence; for one left empty, what to do instead of "is required"."""
    plain = str(Field.default_error_messages["required"])
    missing = next(words for kind, words in _MISSING if isinstance(bound.field.widget, kind))
    return [missing() if error == plain else error for error in map(str, bound.errors)]


def _first_id(bound: BoundField) -> str:
    """Where the error summary leads: the field, or its first choice."""
    first = f"{bound.auto_id}_0" if is_group(bound) else bound.id_for_label or bound.auto_id
    return str(first)


def label_of(bound: BoundField) -> str:
    """The field's label as a person reads it."""
    return str(capfirst(bound.label))


def is_group(bound: BoundField) -> bool:
    """Whether the field is several radios or boxes under one legend."""
    return isinstance(bound.field.widget, RadioSelect)


def field(
    bound: BoundField, *, label: object = "", hint: object = "", hide_label: bool = False
) -> SafeString:
    """{% field form.name %}; label and hint stand for the field's own words where a page says it better"""
    is_a("field", "field", bound, BoundField)
    if bound.is_hidden:
        return mark_safe(str(bound))  # rendered by Django
    words = str(label or label_of(bound))
    told = hint or bound.help_text
    wrong = format_html_join(mark_safe("<br>"), "{}", ((error,) for error in messages_of(bound)))
    notes = [
        (name, format_html('<div class="{}" id="{}_{}">{}</div>', look, bound.auto_id, name, said))
        for name, look, said in (("hint", "usa-hint", told), ("error", "usa-error-message", wrong))
        if said
    ]
    about = " ".join(f"{bound.auto_id}_{name}" for name, _note in notes)
    parts = dict(notes)
    if is_group(bound):
        inner = _group(bound, words, parts, about)
    else:
        inner = _single(bound, words, parts, about, hide_label=hide_label)
    return format_html(
        '<div class="usa-form-group{}">{}</div>', " usa-form-group--error" if bound.errors else "", inner
    )


def _optional(bound: BoundField) -> SafeString:
    if bound.field.required:
        return SafeString("")
    return format_html(' <span class="optional">{}</span>', pgettext("form field", "optional"))


def _attributes(bound: BoundField, about: str) -> dict[str, str | bool]:
    """aria-describedby for what is there, aria-invalid, and the class the widget is drawn with."""
    widget = bound.field.widget
    found = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "usa-input")
    names = (found, str(widget.attrs.get("class", "")), "usa-input--error" if bound.errors else "")
    attributes: dict[str, str | bool] = {"class": " ".join(filter(None, names))}
    if isinstance(widget, Textarea) and str(widget.attrs.get("rows")) == _DJANGO_ROWS:
        attributes["rows"] = "5"
    if about:
        attributes["aria-describedby"] = about
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return attributes


def _single(
    bound: BoundField, words: str, parts: dict[str, SafeString], about: str, *, hide_label: bool
) -> SafeString:
    attributes = _attributes(bound, about)
    target = bound.id_for_label or bound.auto_id
    if hide_label:
        attributes["aria-labelledby"] = f"label-{target}"  # some pass over a label that is not seen
    if isinstance(bound.field.widget, CheckboxInput):
        attributes["class"] = "usa-checkbox__input"
        return format_html(
            '{}<div class="usa-checkbox">{}<label class="usa-checkbox__label" for="{}">{}</label></div>{}',
            parts.get("error", ""),
            bound.as_widget(attrs=attributes),
            target,
            words,
            parts.get("hint", ""),
        )
    return format_html(
        '<label class="usa-label{}" for="{}">{}{}</label>{}{}',
        format_html(' usa-sr-only" id="label-{}', target) if hide_label else "",
        target,
        words,
        _optional(bound),
        joined(parts.values()),
        _drawn(bound, attributes),
    )


def _drawn(bound: BoundField, attributes: dict[str, str | bool]) -> SafeString:
    """The widget, with words for "no choice" in place of Django's row of dashes."""
    drawn = bound.as_widget(attrs=attributes)
    if not isinstance(bound.field.widget, Select):
        return drawn
    none = pgettext("choice", "Choose one") if bound.field.required else pgettext("choice", "None")
    dashes = f">{BLANK_CHOICE_DASH[0][1]}</option>"
    return mark_safe(drawn.replace(dashes, format_html(">{}</option>", none)))  # rendered by Django


def _group(bound: BoundField, words: str, parts: dict[str, SafeString], about: str) -> SafeString:
    # Django's CheckboxSelectMultiple is a RadioSelect too.
    kind = "checkbox" if isinstance(bound.field.widget, CheckboxSelectMultiple) else "radio"
    lines = []
    for choice in bound.subwidgets:
        choice.data["attrs"]["class"] = f"usa-{kind}__input"
        lines.append((kind, choice.tag(), choice.id_for_label, choice.choice_label))
    return format_html(
        '<fieldset class="usa-fieldset"{}><legend class="usa-legend">{}{}</legend>{}{}</fieldset>',
        format_html(' aria-describedby="{}"', about) if about else "",
        words,
        _optional(bound),
        joined(parts.values()),
        format_html_join(
            "", '<div class="usa-{0}">{1}<label class="usa-{0}__label" for="{2}">{3}</label></div>', lines
        ),
    )


def title_prefix(context: Context) -> str:
    """{% title_prefix %}: "Error: " before the page's title while a form on it has errors."""
    given: Iterable[Any] = context.flatten().values()
    return _("Error: ") if any(_is_wrong(value) for value in given) else ""


def _is_wrong(value: Any) -> bool:
    if isinstance(value, BaseFormSet):
        return value.is_bound and value.total_error_count() > 0
    return isinstance(value, BaseForm) and value.is_bound and bool(value.errors)
