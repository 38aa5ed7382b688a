"""Whether two names may be one body's: every word of the one has to be found in the other, spelled alike at least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from comity.core.places import STATES
from comity.partners import names
from comity.partners.duplicates.reading import COUNTIES, Reading, Words, known_words, stem

SPELLING, CORE, ACRONYM, ALIKE = 95, 90, 84, 84
_LESS = 5  # for a form or type that only one of them says, and for every further slip
# Words by which neighbours of one place and domain are told apart.
_TASKS = frozenset({
    "airport", "attorney", "clerk", "coroner", "court", "election", "fire", "hospital", "housing", "jail",
    "library", "police", "school", "sewer", "sheriff", "transit", "water",
})  # fmt: skip
_DIRECTIONS = frozenset({
    "central", "east", "eastern", "lower", "new", "north", "northern", "old", "south", "southern", "upper",
    "west", "western",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two names say of each other.

    points  of 100; 0: nothing
    apart   they are two, whatever else they share
    """

    points: int = 0
    why: str = ""
    apart: bool = False


APART, NOTHING = Likeness(apart=True), Likeness()
Places = tuple[frozenset[str], frozenset[str]]


def compare(
    one: Reading, two: Reading, *, here: bool = False, places: Places = (frozenset(), frozenset())
) -> Likeness:
    """What the names say.

    here    both are known to be in one place, so more is a slip
    places  the words of both places: "Franklin Township" in Warren County is "Franklin Township, Warren County"
    """
    other_state = one.state and two.state and one.state != two.state
    if other_state or one.numbers != two.numbers or _other_types(one, two):
        return APART
    if one.spelled == two.spelled:
        return Likeness(SPELLING, "spelling")
    if _is_short(one, two) or _is_short(two, one):
        return Likeness(ACRONYM, "acronym")
    if _is_one_slip(one.plain, two.plain, here):
        return Likeness(ALIKE, "alike")
    return _by_words(one, two, here, places)


def _by_words(one: Reading, two: Reading, here: bool, places: Places) -> Likeness:
    matched = _Match(one, two, here)
    rest = [
        [word for word in words if stem(word) not in elsewhere]
        for words, elsewhere in ((matched.left, places[1]), (matched.right, places[0]))
    ]
    if rest[0] or rest[1]:
        return _two_names(one, two, rest)
    if _is_council_of(one, two):
        return APART
    other_form = one.forms and two.forms and not one.forms & two.forms
    town_and_city = one.types and two.types and not one.types & two.types
    if not matched.same or other_form or town_and_city:
        return NOTHING
    differs = int(one.types != two.types) + int(one.forms != two.forms)
    if matched.slips:
        return Likeness(ALIKE - _LESS * (matched.slips - 1 + differs), "alike")
    return Likeness(CORE - _LESS * differs, "core")


def _other_types(one: Reading, two: Reading) -> bool:
    """Whether one is a county and the other a city, or a township and anything else."""
    if not one.types or not two.types:
        return False
    if "township" in one.types ^ two.types:
        return True
    return not one.types & two.types and bool((one.types | two.types) & COUNTIES)


def _is_council_of(one: Reading, two: Reading) -> bool:
    """Whether one is the place itself, and the other a council, board or association of it."""
    forms = (one.forms ^ two.forms) - {"administration"}
    return bool(forms and (one.types or two.types)) and not _TASKS & set(map(stem, one.subject))


def _two_names(one: Reading, two: Reading, rest: list[list[str]]) -> Likeness:
    """Two cities are two, a part is not its whole, nor is the police the fire department.

    Of others a former name may be another altogether.
    """
    words = set(map(stem, rest[0] + rest[1]))
    return APART if one.types or two.types or words & _TASKS or words <= _DIRECTIONS else NOTHING


def _is_short(short: Reading, full: Reading) -> bool:
    """NCDOT, TxDOT, DOT: the initials, behind letters of a state or not."""
    if not short.short or not full.initials:
        return False
    return any(letters in full.initials for letters in without_state(short.short))


def without_state(letters: str) -> Iterator[str]:
    """An acronym, and what is left of it without the state that may stand before it."""
    yield letters
    for start in _STATE_LETTERS:
        if letters.startswith(start) and len(letters) - len(start) >= 3:
            yield letters[len(start) :]


def _state_letters() -> frozenset[str]:
    said: set[str] = set()
    for state in STATES:
        words = names.plain_words(state.name)
        initials = "".join(word[0] for word in words)
        said |= {initials, initials + "s", state.code.lower(), state.code.lower() + "s"}
        said |= {"".join(words)[:length] for length in (3, 4, 5)}
    return frozenset(said)


_STATE_LETTERS = _state_letters()


class _Match:
    """Words of two subjects joined in pairs; `left` and `right` are what nobody answers."""

    def __init__(self, one: Reading, two: Reading, here: bool) -> None:
        mine, theirs = Counter(map(stem, one.subject)), Counter(map(stem, two.subject))
        self.left, self.right = _less(one.subject, theirs), _less(two.subject, mine)
        both = mine & theirs
        self.same = bool(both)
        self.slips = 0
        if not self.left and not self.right:
            return
        if "".join(one.subject) == "".join(two.subject):
            self.left, self.right, self.same = [], [], True
            return
        self._join(one, two)
        letters = sum(len(word) * times for word, times in both.items())
        self._pair(here, letters)
        self._shorten(two.words, self.left, self.right)
        self._shorten(one.words, self.right, self.left)

    def _join(self, one: Reading, two: Reading) -> None:
        """De Kalb is DeKalb."""
        for words, mine, theirs in ((one.words, self.left, self.right), (two.words, self.right, self.left)):
            for first, second in pairwise(words):
                if first + second in theirs and {first, second} & set(mine):
                    theirs.remove(first + second)
                    for word in (first, second):
                        if word in mine:
                            mine.remove(word)
                    self.same = True

    def _pair(self, here: bool, letters: int) -> None:
        """Slips of the pen and shortened words."""
        for mine in list(self.left):
            for theirs in list(self.right):
                short, full = sorted((mine, theirs), key=len)
                slip = is_slip(mine, theirs, here=here, letters=letters)
                if slip or (letters and _is_shortened(short, full)):
                    self.left.remove(mine)
                    self.right.remove(theirs)
                    self.slips += int(slip)
                    self.same = True
                    break

    def _shorten(self, words: Words, mine: list[str], theirs: list[str]) -> None:
        """ISD within a name is "Independent School District"."""
        for short in [word for word in mine if 2 < len(word) < 7]:
            for at in range(len(words) - len(short) + 1):
                run = words[at : at + len(short)]
                if "".join(word[0] for word in run) == short and set(run) & set(theirs):
                    mine.remove(short)
                    theirs[:] = [word for word in theirs if word not in run]
                    self.same = True
                    break


def _less(words: Words, others: Counter[str]) -> list[str]:
    left, unused = [], Counter(others)
    for word in words:
        if unused[stem(word)]:
            unused[stem(word)] -= 1
        elif word not in {"de", "el", "la"}:
            left.append(word)
    return left


def is_slip(one: str, two: str, *, here: bool, letters: int) -> bool:
    """Whether one word is the other with a slip of the pen.

    here     both bodies are in one place
    letters  how many letters the two names share beside these words: a slip in a long name is surer
    """
    known = known_words()
    if one in known and two in known:
        return False
    distance = OSA.distance(one, two, score_cutoff=2)
    least, sure = min(len(one), len(two)), here or letters >= 8
    if distance == 1:
        if _odd(one, two) < 2:  # a letter lost, doubled or swapped
            return least >= (3 if sure else 5)
        return one[0] == two[0] and least >= (5 if sure else 7)
    return distance == 2 and _odd(one, two) <= 2 and one[0] == two[0] and least >= (7 if sure else 9)


def _is_one_slip(one: Words, two: Words, here: bool) -> bool:
    """Whether two whole names differ by one slip, be it in a word for their state, their form or between words."""
    mine, theirs = Counter(one) - Counter(two), Counter(two) - Counter(one)
    if {*mine, *theirs} <= known_words() or not all(word.isalpha() for word in (*mine, *theirs)):
        return False
    others = sum(map(len, one)) - sum(map(len, mine))
    left, right = " ".join(one), " ".join(two)
    return (here or others >= 12) and _odd(left, right) < 2 and OSA.distance(left, right, score_cutoff=1) == 1


def _odd(one: str, two: str) -> int:
    """How many letters the one has that the other lacks."""
    return (Counter(one) - Counter(two)).total() + (Counter(two) - Counter(one)).total()


def _is_shortened(short: str, full: str) -> bool:
    """Mgmt for management, emerg for emergency: no word by itself, its letters in the order of the other's."""
    if len(short) < 3 or len(full) < len(short) + 2 or short[0] != full[0] or short in known_words():
        return False
    if full.startswith(short):
        return True
    rest = iter(full)
    return not set(short[1:]) & set("aeiou") and all(letter in rest for letter in short)
