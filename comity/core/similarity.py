"""How alike texts are: the nearest of other owners, groups, and what to call a group. docs/calculations/likeness.md

Nothing here asks a network. numpy, scipy and the model are loaded where they are used.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # A row for each text, of length 1; one of zeros says nothing, and is like nothing.
    Vectors = NDArray[np.float32]

# Likeness is the cosine of two vectors, 1 for the same words. From SHOWN on a text is shown beside another, for a person to
# judge; from TOGETHER on, on average, texts are proposed as a group. How these were chosen: docs/calculations/likeness.md
SHOWN = 0.2
TOGETHER = 0.3
# The vectors know little Spanish: of any two Spanish texts most are alike by more than that. So they are alike from here on.
IN_SPANISH = 0.75
# What a text says stands in its beginning; and a very long one would take too much memory.
MOST_LETTERS = 2_000
BLOCK = 1_000
TERMS = 3
WORD = re.compile(r"[^\W\d_]{3,}")
# Words that tell nothing of what a text is about, in English and in Spanish.
COMMON = frozenset(
    WORD.findall("""
    about after all also and another any are because been before but can cannot comment comments could does each every
    for from get had has have her here him his how into its just more most much need never nobody none not nothing now
    off okay one only our out own she should some still take takes than thank thanks that the their them then there they
    this those too until very want was were what when where which while who why will with without would yes you your
    como con cuando del desde donde ella ellos entre esa ese esta estas este estos fue gracias hay las los más muy nada
    nadie ninguna ninguno nos nuestra nuestras nuestro nuestros para pero por porque que quien sin sobre son sus también
    tan tiene todo todos una unas unos ya
    """)
)
# Words that stand in nearly every Spanish sentence, and in an English one hardly ever.
SPANISH = frozenset(
    [
        "al",
        "como",
        "con",
        "de",
        "del",
        "el",
        "en",
        "es",
        "esta",
        "la",
        "las",
        "lo",
        "los",
        "muy",
        "para",
        "pero",
        "por",
        "que",
        "se",
        "su",
        "un",
        "una",
        "y",
        "ya",
    ]
)
A_FIFTH = 5


@cache
def _model() -> tuple[Any, Any]:
    """The words' vectors and what cuts a text into them, out of the wheel of WordLlama.

    Its own code is not loaded: it can ask the network, and takes twice the memory.
    """
    from importlib.util import find_spec
    from pathlib import Path

    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    found = find_spec("wordllama")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0])
    vectors = load_file(folder / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    return vectors, Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))


def embed(texts: Sequence[str]) -> Vectors:
    """A vector for each text: the mean of its words' vectors, at length 1.

    Of a text that has no telling word ("OK", "n/a", "No comment") it is zeros: such texts are alike, and no problem is.
    """
    import numpy as np

    vectors, tokenizer = _model()
    found = np.zeros((len(texts), vectors.shape[1]), np.float32)
    for row, text in enumerate(texts):
        if _telling(text):
            ids = tokenizer.encode(text[:MOST_LETTERS], add_special_tokens=False).ids
            found[row] = vectors[ids].astype(np.float32).mean(axis=0)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    unit: Vectors = np.divide(found, length, out=found, where=length > 0)
    return unit


@dataclass(frozen=True, slots=True)
class Alike:
    row: int
    likeness: float


def most_alike(
    vectors: Vectors,
    owners: Sequence[Hashable],
    wanted: Sequence[int],
    most: int = 5,
    at_least: float = SHOWN,
) -> list[list[Alike]]:
    """For each wanted row the rows of other owners that are most like it, the most alike first; at most so many."""
    import numpy as np

    whose = _numbered(owners)
    found: list[list[Alike]] = []
    for begin in range(0, len(wanted), BLOCK):
        rows = np.asarray(wanted[begin : begin + BLOCK])
        likeness = vectors[rows] @ vectors.T
        likeness[whose[rows][:, None] == whose] = -2
        nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :most]
        found += [
            [Alike(int(row), float(each[row])) for row in near if each[row] >= at_least]
            for each, near in zip(likeness, nearest, strict=True)
        ]
    return found


def grouped(
    vectors: Vectors, owners: Sequence[Hashable], at_least: float = TOGETHER
) -> list[tuple[int, ...]]:
    """Rows that belong together, of two owners or more; those of most owners first, then of most rows.

    Two groups become one as long as the likeness of their rows, on average over all pairs, is `at_least` (average link).
    A row of zeros is in no group. Time and memory grow with the square: 5,000 rows take 100 MB.
    """
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage

    saying = np.flatnonzero(vectors.any(axis=1))
    if len(saying) < 2:
        return []
    some = vectors[saying]
    apart = np.concatenate([1 - some[row + 1 :] @ some[row] for row in range(len(some) - 1)])
    labels = fcluster(linkage(apart.clip(0), "average"), 1 - at_least, "distance")
    groups: dict[int, list[int]] = defaultdict(list)
    for row, label in zip(saying.tolist(), labels.tolist(), strict=True):
        groups[label].append(row)
    ranked = [(len({owners[row] for row in rows}), rows) for rows in groups.values()]
    return [
        tuple(rows)
        for of, rows in sorted(ranked, key=lambda each: (-each[0], -len(each[1]), each[1]))
        if of > 1
    ]


@dataclass(frozen=True, slots=True)
class Name:
    """What a group may be called until a person names it: its words, the most telling first, and its most central row."""

    terms: tuple[str, ...]
    central: int


def named(texts: Sequence[str], vectors: Vectors, groups: Sequence[Sequence[int]]) -> list[Name]:
    """A name for each group.

    A word tells of a group by the part of the group's texts that have it, times log(1 + a / f): f texts have it of all, and
    a is the usual number of texts of a group (class TF-IDF, Grootendorst 2022, over texts). The most central text is the one
    most like all of its group.
    """
    words = [_telling(text) for text in texts]
    everywhere = Counter(word for each in words for word in each)
    usual = sum(map(len, groups)) / max(len(groups), 1)
    found = []
    for rows in groups:
        here = Counter(word for row in rows for word in words[row])
        telling = {
            word: count / len(rows) * log(1 + usual / everywhere[word]) for word, count in here.items()
        }
        terms = sorted(telling, key=lambda word: (-telling[word], word))[:TERMS]
        likeness = vectors[list(rows)] @ vectors[list(rows)].sum(axis=0)
        found.append(Name(tuple(terms), rows[int(likeness.argmax())]))
    return found


def is_spanish(text: str) -> bool:
    """Whether more than a fifth of its words are small words of Spanish."""
    words = re.findall(r"[^\W\d_]+", text[:MOST_LETTERS].lower())
    return A_FIFTH * sum(word in SPANISH for word in words) > len(words)


def _telling(text: str) -> set[str]:
    """The words of a text that say what it is about."""
    return set(WORD.findall(text[:MOST_LETTERS].lower())) - COMMON


def _numbered(owners: Sequence[Hashable]) -> NDArray[np.int64]:
    import numpy as np

    numbers = {owner: number for number, owner in enumerate(dict.fromkeys(owners))}
    return np.array([numbers[owner] for owner in owners])
