"""The questions of a draft: added, changed, hung on another's answer, moved, removed, and put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comity.audit import services as audit
from comity.core.errors import DomainError
from comity.editing.changing import change
from comity.editing.values import Values
from comity.surveys.models import Question, Version
from comity.surveys.models.answers import DONT_KNOW
from comity.surveys.services.building import checks
from comity.surveys.services.building.drafts import FACTS, editable
from comity.surveys.services.building.question_keys import in_one_line, key_from

ADD = "surveys.add_question"
CHANGE = "surveys.change_question"
HANG = "surveys.hang_question"
MOVE = "surveys.move_question"
REMOVE = "surveys.remove_question"
RESTORE = "surveys.restore_question"


@transaction.atomic
def add_question(
    version_id: int, *, by: audit.Actor, after: str | None = None, key: str = "", **said: Any
) -> Question:
    """One more question of a draft.

    after  the key of the question it follows; "" for the first place; the end, unless given
    key    its identity; made from its English words, unless given
    said   kind, ask_en and whatever else it is

    Raises FrozenError, DomainError.
    """
    version = editable(version_id)
    (question,) = write(version, [{**said, "key": key}], after=after)
    audit.record(by=by, action=ADD, target=question, after=audit.values(question, FACTS))
    return question


def write(
    version: Version, facts: Iterable[Mapping[str, Any]], *, after: str | None = None
) -> list[Question]:
    """Add questions to a locked draft without a word to the trail; the caller says what it did."""
    present = list(version.questions.all())
    taken = set(Question.objects.filter(version__survey=version.survey_id).values_list("key", flat=True))
    standing = {each.key for each in present}
    made = []
    for fact in facts:
        question = Question(version=version, **fact)
        _tidy(question)
        question.key = _key(question, str(fact.get("key") or ""), taken, standing)
        taken.add(question.key)
        standing.add(question.key)
        made.append(question)
    place = _place(present, after)
    questions = [*present[:place], *made, *present[place:]]
    checks.refuse(questions)
    checks.refuse_other_kinds(version, made)
    _number(questions)
    Question.objects.bulk_create(made)
    return made


def _key(question: Question, asked: str, taken: Collection[str], standing: Collection[str]) -> str:
    """An identity that is asked for may be one of an earlier version: then it is the same question, asked again."""
    if not asked:
        return key_from(question.ask_en, taken, otherwise="question")
    key = key_from(asked, (), otherwise="question")
    if key in standing:
        raise DomainError(_("There is already a question with the key “%(key)s”.") % {"key": key})
    return key


def _place(questions: Sequence[Question], after: str | None) -> int:
    if after is None:
        return len(questions)
    return next((place + 1 for place, each in enumerate(questions) if each.key == after), 0)


def _tidy(question: Question, known: Mapping[str, str] | None = None) -> None:
    """What was said of a question, in the form it is kept in.

    known  the words of the choices there were, by key
    """
    if question.kind not in Question.Kind.values:
        raise DomainError(_("That kind of question does not exist."))
    for name in ("ask_en", "ask_es", "help_en", "help_es", "driver"):
        setattr(question, name, in_one_line(getattr(question, name)))
    choosing = question.kind in checks.CHOOSING
    question.choices = _kept_choices(question.choices, known or {}) if choosing else []
    if question.kind == Question.Kind.TEXT:
        question.dont_know = False


def _kept_choices(choices: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> list[dict[str, str]]:
    """Choices as they are kept. One that is known keeps its key, however it is worded now.

    known  the words of those there were, by key; where lines have changed places by being typed anew, keys go with words
    """
    made: list[dict[str, str]] = []
    by_words = {words: key for key, words in known.items()}
    given = [
        (str(each.get("key") or ""), in_one_line(each.get("en")), in_one_line(each.get("es")))
        for each in choices
    ]
    given = [(by_words.get(en, key) if key in known else key, en, es) for key, en, es in given]
    # Keys are short words of their own, also those a library or an import brings.
    standing = {key for key, _en, _es in given if key in known}
    for key, english, spanish in given:
        # "N/A" would be kept as "I don't know", and be counted as such.
        used = {DONT_KNOW, *(choice["key"] for choice in made)}
        own = key
        if key not in known or key in used:
            own = key_from(key or english, standing | used, otherwise="choice")
        made.append({"key": own, "en": english, "es": spanish})
    return made


@transaction.atomic
def change_question(
    question_id: int, values: Values, *, by: audit.Actor, seen: Values | None = None
) -> Question:
    """Say a question otherwise. Its key stays, so that years compare.

    Raises FrozenError, ConflictError, DomainError.
    """
    was, questions = _of_a_draft(question_id)
    known = {choice["key"]: in_one_line(choice["en"]) for choice in was.choices}

    def check(question: Question) -> None:
        _tidy(question, known)
        _refuse_with(question, questions)
        checks.refuse_other_kinds(was.version, [question])

    rows = Question.objects.all()
    return change(rows, question_id, values, by=by, action=CHANGE, seen=seen, check=check).row


def _refuse_with(question: Question, questions: Sequence[Question]) -> None:
    """Raises DomainError with what is wrong once this question takes its place among them."""
    checks.refuse([question if each.pk == question.pk else each for each in questions])


@transaction.atomic
def hang_question(question_id: int, *, on: str, values: Iterable[Any] = (), by: audit.Actor) -> Question:
    """Ask a question only after some answers to an earlier one; with an empty `on`, ask it always.

    Raises FrozenError, DomainError.
    """
    questions = _of_a_draft(question_id)[1]
    facts = {"show_if_question": on, "show_if_values": list(values) if on else []}

    def check(question: Question) -> None:
        _refuse_with(question, questions)

    return change(Question.objects.all(), question_id, facts, by=by, action=HANG, check=check).row


@transaction.atomic
def move_question(question_id: int, *, up: bool, by: audit.Actor) -> Question:
    """Ask a question one place earlier, or later. At the end already, nothing is done.

    Raises FrozenError; DomainError if a question would come before the one it hangs on.
    """
    question, questions = _of_a_draft(question_id)
    place = questions.index(question)
    to = place - 1 if up else place + 1
    if not 0 <= to < len(questions):
        return question
    questions[place], questions[to] = questions[to], questions[place]
    checks.refuse(questions)
    _number(questions)
    audit.record(by=by, action=MOVE, target=question, before={"order": place}, after={"order": to})
    return question


@transaction.atomic
def remove_question(question_id: int, *, by: audit.Actor) -> dict[str, Any]:
    """Ask a question no more in this draft; what it was, so that it can be put back.

    Raises FrozenError; DomainError if another question hangs on its answer.
    """
    question, questions = _of_a_draft(question_id)
    hanging = next((each for each in questions if each.show_if_question == question.key), None)
    if hanging is not None:
        raise DomainError(
            _("“%(other)s” depends on the answer to “%(question)s”. Always ask it, or remove it first.")
            % {"other": checks.short(hanging), "question": checks.short(question)}
        )
    facts = audit.values(question, FACTS)
    audit.record(by=by, action=REMOVE, target=question, before=facts)
    questions.remove(question)
    question.delete()
    _number(questions)
    return facts


@transaction.atomic
def restore_question(version_id: int, facts: Mapping[str, Any], *, by: audit.Actor) -> Question:
    """Put back what `remove_question` took away, in its place. Raises FrozenError, DomainError."""
    version = editable(version_id)
    before = version.questions.order_by("order", "pk")[: int(facts["order"])]
    last = [each.key for each in before]
    (question,) = write(version, [facts], after=last[-1] if last else "")
    audit.record(by=by, action=RESTORE, target=question, after=audit.values(question, FACTS))
    return question


def _of_a_draft(question_id: int) -> tuple[Question, list[Question]]:
    """A question, as one of all those of its draft in their order; the draft is locked."""
    version_id = Question.objects.values_list("version_id", flat=True).filter(pk=question_id).first()
    questions = list(editable(version_id).questions.all()) if version_id else []
    question = next((each for each in questions if each.pk == question_id), None)
    if question is None:
        raise DomainError(_("This question has been removed."))
    return question, questions


def _number(questions: Sequence[Question]) -> None:
    """Write down the order of questions; those that are new get theirs with the rest of them."""
    moved = []
    for order, question in enumerate(questions):
        if question.order != order:
            question.order = order
            if question.pk:
                moved.append(question)
    Question.objects.bulk_update(moved, ["order"])
