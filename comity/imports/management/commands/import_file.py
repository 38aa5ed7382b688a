"""`comity import LIST FILE`: import a list, or rehearse it."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from django import forms
from django.core.files import File
from django.core.management import BaseCommand, CommandError

from comity.core.errors import DomainError
from comity.imports import columns, profiles, services, staging
from comity.imports.models import Import, ImportRow
from comity.imports.preview import left_out_rows, said_of_reading, set_aside_head, set_aside_rows
from comity.imports.profiles import Profile
from comity.jobs.progress import TakenOver, Unwatched
from comity.nouns import all_of
from comity.people.management.acting import COMMAND_LINE, actor, add_actor
from comity.people.models import User
from comity.ui.csv import lines

Rows: TypeAlias = Sequence[Mapping[str, Any]]  # each with its line, its column and the reason
REFUSED = "refused"  # the code of an error in a form that is no wrong usage


def _pair(text: str) -> tuple[str, str]:
    """ "Column=field" as its two sides, either of which may be empty; the last equals sign parts them."""
    left, sign, right = text.rpartition("=")
    if not sign:
        raise ArgumentTypeError(f"{text!r} has no equals sign")
    return left.strip(), right.strip()


def _value(text: str) -> tuple[str, str, str]:
    field, sign, rest = text.partition(":")
    if not sign:
        raise ArgumentTypeError(f"{text!r} does not start with a field and a colon")
    return (field.strip(), *_pair(rest))


class Command(BaseCommand):
    help = (
        "Import partners, people or another list from a CSV or XLSX file. Rows that cannot be "
        "imported are set aside with the reason; all others are applied together. Importing the "
        "same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "profile", choices=[one.key for one in all_of(Profile)], help="the list to import"
        )
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--map",
            dest="mapping",
            action="append",
            default=[],
            type=_pair,
            metavar="COLUMN=FIELD",
            help="the field a column holds; an empty FIELD leaves the column out. Other columns are "
            "mapped automatically",
        )
        parser.add_argument(
            "--value",
            dest="values",
            action="append",
            default=[],
            type=_value,
            metavar="FIELD:FROM=TO",
            help="what a cell means; an empty FROM is for empty cells, a TO of - sets such rows aside",
        )
        reading = parser.add_argument_group("how the file is read")
        reading.add_argument(
            "--sheet", metavar="NAME", help="the sheet of a workbook; else the first with a table"
        )
        reading.add_argument(
            "--header-row", type=int, metavar="LINE", help="the line with the headers; else we look for them"
        )
        reading.add_argument(
            "--without-hidden", action="store_true", help="set rows aside that are hidden in the sheet"
        )
        reading.add_argument(
            "--decimal",
            choices=[".", ","],
            help="the decimal mark of numbers; without it a number that may be two, like 1.200, is not read",
        )
        asked: set[Any] = set()  # one form may be about the files of several lists
        for profile in all_of(Profile):
            if profile.about is not None and profile.about not in asked:
                asked.add(profile.about)
                _add_about(parser.add_argument_group(f"about a file of {profile.key}"), profile.about)
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would happen to the rows, and change nothing"
        )
        parser.add_argument(
            "--set-aside", type=Path, metavar="OUT.csv", help="write the rows that were set aside to a file"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        add_actor(parser)

    def handle(
        self,
        *,
        profile: str,
        file: Path,
        mapping: list[tuple[str, str]],
        values: list[tuple[str, str, str]],
        dry_run: bool,
        set_aside: Path | None,
        as_json: bool,
        email: str | None,
        **options: Any,
    ) -> None:
        _refuse_twice(mapping)
        meant: dict[str, dict[str, str]] = {}
        for field, text, to in values:
            meant.setdefault(field, {})[text] = to
        about = _about(profiles.profile(profile), options)
        _check_fields(Import(profile=profile, about=about, mapping=dict(mapping), values=meant))
        by = actor(email)
        said = {"mapping": dict(mapping), "values": meant, "about": about, "manner": _manner(options)}
        batch = _receive(file, by, profile=profile, rehearse=dry_run, **said)
        try:
            staging.read(Unwatched(), import_id=batch.pk)
            batch.refresh_from_db()
            if batch.state != Import.State.PREVIEW:
                if not as_json and batch.mapping:
                    self.stdout.write(_mapped(batch))
                raise CommandError(batch.note)
            problems, partly = _left_out(batch)
            if set_aside:
                with set_aside.open("w", encoding="utf-8", newline="") as out:
                    out.writelines(lines(set_aside_head(batch), set_aside_rows(batch)))
            if not dry_run:
                _apply(batch, by)
            self._tell(batch, problems, partly, dry_run=dry_run, as_json=as_json)
        finally:
            if dry_run:
                batch.file.delete(save=False)
                batch.delete()

    def _tell(self, batch: Import, problems: Rows, partly: Rows, *, dry_run: bool, as_json: bool) -> None:
        """What became of the rows: those set aside or kept in part with their reasons, and how many came in."""
        if as_json:
            said = {
                **batch.counts,
                "columns": batch.columns,
                "problems": problems,
                "left_out": batch.found["left_out"],
                "partly": partly,
                **batch.made,
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        self.stdout.write(f"{batch.read_as}. {_mapped(batch)}")
        for sentence in said_of_reading(batch):
            self.stdout.write(sentence)
        for one in sorted([*problems, *partly], key=itemgetter("line")):
            self.stderr.write(f"line {one['line']}{one['column'] and ', '}{one['column']}: {one['reason']}")
        verb = "would be" if dry_run else "are"
        self.stdout.write(
            f"{batch.rows_total:,} {'row' if batch.rows_total == 1 else 'rows'}: {batch.rows_new:,} {verb} new, {batch.rows_changed:,} changed, "
            f"{batch.rows_same:,} the same, {batch.rows_set_aside:,} set aside."
        )


def _receive(file: Path, by: User | None, **said: Any) -> Import:
    """The file, taken in as it was said. Raises CommandError where it cannot be."""
    try:
        with file.open("rb") as opened:
            whole = File(opened, name=file.name)
            return services.receive(whole, by=by, actor=COMMAND_LINE, in_background=False, **said)
    except DomainError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error


def _left_out(batch: Import) -> tuple[Rows, Rows]:
    """Rows that were set aside, and those kept in part; to be asked before a list is applied, which may keep no rows."""
    rows = left_out_rows(batch)
    aside = rows.filter(outcome=ImportRow.Outcome.SET_ASIDE)
    partly = rows.exclude(pk__in=aside.values("pk"))
    told = "line", "column", "reason"
    return list(aside.values(*told)), list(partly.values(*told))


def _manner(options: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of how the file is read."""
    said = {"sheet": options["sheet"], "header": options["header_row"], "mark": options["decimal"]}
    hidden = {"hidden": False} if options["without_hidden"] else {}
    return {key: value for key, value in said.items() if value} | hidden


def _mapped(batch: Import) -> str:
    """Which column was taken for what."""
    taken = ", ".join(f"{header} = {key}" for header, key in batch.columns.items() if key)
    others = ", ".join(header for header, key in batch.columns.items() if header and not key)
    return f"Columns: {taken}." + (f" Left out: {others}." if others else "")


def _add_about(parser: Any, form: type[forms.Form]) -> None:
    """An option for each field of a form about the file; what is said several times is several lines."""
    for name, field in form.base_fields.items():
        hint = str(field.help_text or field.label or "").replace("%", "%%")
        more: dict[str, Any] = {"action": "append", "metavar": name.upper()}
        if isinstance(field, forms.BooleanField):
            more = {"action": "store_true"}
        elif isinstance(
            choices := getattr(field, "choices", None), list
        ):  # any other is asked of the database
            hint = f"{hint.rstrip('.')}. One of: {', '.join(key for key, _name in choices)}"
        parser.add_argument(_option(name), dest=f"about_{name}", help=hint, **more)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _about(profile: Profile, options: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of the file. Raises CommandError: exit code 2, and 1 where the form refuses what is well said."""
    given = {
        key.removeprefix("about_"): said for key, said in options.items() if key.startswith("about_") and said
    }
    asked = profile.about.base_fields if profile.about else {}
    for name in given.keys() - asked.keys():
        raise CommandError(f"{_option(name)} does not apply to {profile.key}.", returncode=2)
    if profile.about is None:
        return {}
    usual = {name: field.initial for name, field in asked.items() if field.initial is not None}
    typed = {name: said if said is True else "\n".join(said) for name, said in given.items()}
    form = profile.about(usual | typed)
    if not form.is_valid():
        errors = [(name, error) for name, each in form.errors.as_data().items() for error in each]
        said = " ".join(
            f"{_option(name) if name in form.fields else 'about it'}: {' '.join(error.messages)}"
            for name, error in errors
        )
        raise CommandError(said, returncode=1 if all(one.code == REFUSED for _name, one in errors) else 2)
    return form.cleaned_data


def _refuse_twice(mapping: list[tuple[str, str]]) -> None:
    for column, times in Counter(column for column, _field in mapping).items():
        if times > 1:
            raise CommandError(f"The column {column!r} is mapped twice.", returncode=2)


def _check_fields(wanted: Import) -> None:
    """Raises CommandError, exit code 2, for a field there is not or a value it does not have."""
    known = profiles.profile_of(wanted)
    for name in [*filter(None, wanted.mapping.values()), *wanted.values]:
        if not known.has(name):
            keys = ", ".join(field.key for field in known.fields)
            raise CommandError(f"There is no field {name!r}. The fields are: {keys}.", returncode=2)
    try:
        columns.check_values(known, wanted.values)
    except DomainError as error:
        raise CommandError(str(error), returncode=2) from error


def _apply(batch: Import, by: User | None) -> None:
    if not batch.rows_new + batch.rows_changed + batch.rows_same:
        return
    try:
        services.apply(batch.pk, by=by, here=True)
    except TakenOver:
        raise CommandError("Another process has taken this import over. Its page says how it ends.") from None
    batch.refresh_from_db()
    if batch.state != Import.State.APPLIED:
        raise CommandError(batch.note)
