"""What a file of responses answers: the wave, its questions, and how a cell answers one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.core.errors import DomainError
from comity.core.surveys import NUMBER_SCALES
from comity.imports.columns import normal
from comity.imports.models import Import
from comity.imports.parsing import CellError, text, yes_no
from comity.imports.profiles import Field
from comity.partners.importing.fields import PARTNER
from comity.surveys.models import Question, Survey, Version, Wave
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.answers import KIND, LONGEST_TEXT, offered, scale_of

KEY = re.compile(r"[a-z0-9_-]{1,60}")
KINDS = {
    "rating": KIND.RATING,
    "recommendation": KIND.RECOMMEND,
    "effort": KIND.EFFORT,
    "yes_no": KIND.YES_NO,
}
# Of whom a file says that they were asked and did not answer.
SILENT = frozenset({
    "no response", "no answer", "not answered", "did not answer", "did not respond", "not responded", "non respondent",
    "nonrespondent", "nonresponse", "unanswered", "invited", "asked", "sent", "email sent", "opened", "email opened",
    "not started", "pending", "reminded", "bounced", "undeliverable", "opted out", "declined", "refused", "no", "0", "false",
})  # fmt: skip


def is_silent(cell: str) -> bool:
    """Whether a status says so: “No response”, “Invited / not started”. Whatever else it says is no matter."""
    parts = [normal(part) for part in re.split(r"[/,;:()]|\s[-–]\s", cell)]
    return normal(cell) in SILENT or (any(parts) and all(part in SILENT for part in parts if part))


# Every file of responses may say these; a question with such a key cannot be imported.
FIXED = (
    Field(
        "partner",
        gettext_lazy("For whom they answer"),
        gettext_lazy("By code, FIPS code or name."),
        synonyms=["agency", "organization", "organisation", "department", "body", "entity"],
        names=PARTNER,
        strict=True,
    ),
    Field(
        "respondent",
        gettext_lazy("The respondent’s ID"),
        gettext_lazy("With it, a corrected response is met again, also when the file was saved otherwise."),
        synonyms=["id", "respondent id", "response id", "responseid"],
        strict=True,
    ),
    Field(
        "response_status",
        gettext_lazy("Whether they answered"),
        gettext_lazy(
            "A row that says “No response” or “Invited”, or has an ID and no answers, counts as somebody who was asked."
        ),
        parse=is_silent,
        synonyms=["status", "survey status", "completion status", "disposition", "responded", "answered"],
    ),
)
OTHER = {field.key for field in FIXED}


@dataclass(frozen=True)
class Asking:
    """The wave of a file and its questions. Those that are to be made have no version yet."""

    about: Mapping[str, Any]
    wave: Wave | None
    version: Version | None
    questions: Sequence[Question]

    def field(self, question: Question, column: str = "") -> Field:
        """What a row may say to a question."""
        own_words = question.kind == KIND.TEXT
        codes = {plain(code) for code in re.split(r"[,\n]", self.about["na"]) if code.strip()}
        return Field(
            key=question.key,
            label=question.ask_en,
            parse=text(LONGEST_TEXT),
            synonyms=[question.ask_es],
            lines=own_words,
            choices=None if own_words else partial(_choices, question),
            reads=None if own_words else partial(_read, question, codes),
            assumed=False,
            column=column,
            strict=True,
        )

    def check(self, mapping: Mapping[str, str]) -> None:
        """Raises DomainError: no question is answered, one cannot be made, or what was said of the file is none of its."""
        mapped = [one for one in self.questions if one.key in mapping.values()]
        if not mapped:
            raise DomainError(_("Choose which column answers which question."))
        headers = {normal(header) for header in mapping}
        for column, _driver in drivers(self.about):
            if normal(column) not in headers and column not in mapping.values():
                raise DomainError(_("There is no column “%(column)s” in the file.") % {"column": column})
        for question in mapped:
            self._check(question)

    def _check(self, question: Question) -> None:
        said = {"key": question.key[:80], "question": question.ask_en}
        scale = scale_of(question)
        if not KEY.fullmatch(question.key):
            raise DomainError(
                _("“%(key)s” cannot be a question's key: use small letters, digits and hyphens, up to 60.")
                % said
            )
        for code in map(plain, re.split(r"[,\n]", self.about["na"])):
            if scale is not None and question.is_numeric and code.isdigit() and int(code) in scale:
                raise DomainError(
                    _("%(code)s is an answer to “%(question)s”, so it cannot mean “I don’t know”.")
                    % {**said, "code": code}
                )


def asking_of(batch: Import) -> Asking:
    """What a file answers, as it is now."""
    about = batch.about
    wave = Wave.objects.select_related("version").filter(key=about["wave"]).first()
    version = wave.version if wave else _version(about["survey"])
    questions = list(version.questions.all()) if version else list(_made(about, batch.mapping))
    return Asking(about, wave, version, [one for one in questions if one.key not in OTHER])


def _version(key: str) -> Version | None:
    survey = Survey.objects.filter(key=key).first()
    return None if survey is None else survey.latest_frozen() or survey.draft()


def fields_of(batch: Import, asking: Asking) -> list[Field]:
    """What a row may say. Where questions are to be made, each column may have one of its own."""
    if asking.version is not None:
        return [*FIXED, *map(asking.field, asking.questions)]
    by_key = {key: header for header, key in batch.columns.items()}
    found = [*FIXED, *(asking.field(one, by_key.get(one.key, "")) for one in asking.questions)]
    taken = {field.key for field in found}
    for place, header in enumerate(batch.headers, start=1):
        key = slugify(header)[:60] or f"column-{place}"
        if not batch.mapping.get(header) and header:
            key = key if key not in taken else f"{key[:50]}-{place}"
            taken.add(key)
            found.append(asking.field(_question(asking.about, key, header), header))
    return found


def drivers(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Which column, by its header or the key of its question, may drive what."""
    said = [line.rpartition("=") for line in about["drivers"].split("\n") if line]
    return [(column.strip(), slugify(driver)[:40]) for column, _sign, driver in said]


def _made(about: Mapping[str, Any], mapping: Mapping[str, str]) -> Iterator[Question]:
    """The questions that the mapped columns are to become. The first that drives nothing is what the drivers explain."""
    keys = {header: key for header, key in mapping.items() if key and key not in OTHER}
    said = drivers(about)
    for column, driver in said:
        if column not in keys.values() and normal(column) not in map(normal, keys):
            keys[column] = driver
    explained = not said
    for order, (header, key) in enumerate(keys.items()):
        question = _question(about, key, header)
        known = (driver for column, driver in said if column == key or normal(column) == normal(header))
        question.order, question.driver = order, next(known, "")
        question.outcome = not explained and not question.driver
        explained = explained or question.outcome
        yield question


def _question(about: Mapping[str, Any], key: str, header: str) -> Question:
    kind = KINDS[NUMBER_SCALES[about["scale"]].kind]
    return Question(key=key, kind=kind, ask_en=header[:500], core=True)


def plain(code: str) -> str:
    """A code as spreadsheets may write it: 9 and 9.0 are one."""
    return code.strip().casefold().removesuffix(".0")


def _choices(question: Question) -> dict[str, str]:
    return dict(offered(question)) | ({DONT_KNOW: _("I don’t know")} if question.dont_know else {})


def _read(question: Question, codes: set[str], cell: str) -> Any:
    """A cell as an answer. Raises CellError, with the reason."""
    if plain(cell) in {DONT_KNOW, *codes}:
        return DONT_KNOW
    try:
        if question.is_numeric:
            return Question.SCALES[question.kind].read(cell)
    except DomainError as error:
        raise CellError(str(error)) from error
    if question.kind == KIND.YES_NO:
        return yes_no(cell)
    if question.kind == KIND.MANY:
        parts = [part for part in cell.replace("\n", ";").split(";") if part.strip()]
        return list(dict.fromkeys(_choice(question, part) for part in parts))
    return _choice(question, cell)


def _choice(question: Question, said: str) -> str:
    """The key of a choice, said by its key or by its words in either language."""
    for language in ("en", "es"):
        for key, words in offered(question, language):
            if normal(said) in (normal(key), normal(words)):
                return key
    words = ", ".join(words for _key, words in offered(question, "en"))
    raise CellError(
        _("“%(text)s” is not one of: %(choices)s.") % {"text": said.strip()[:80], "choices": words}
    )
