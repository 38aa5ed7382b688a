"""Likeness of texts: the examples of docs/calculations/likeness.md, what is set aside, and laws."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING
from unittest import TestCase, mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core import similarity
from comity.core.similarity import IN_SPANISH, embed, grouped, is_spanish, most_alike, named
from comity.core.tests.gripes import GRIPES as LABELLED

if TYPE_CHECKING:
    from comity.core.similarity import Vectors

GRIPES = (
    "The VPN drops every few minutes when our people work from home",
    "Staff at home lose the VPN connection several times a day",
    "Our mailboxes are too small",
    "We keep running out of mailbox storage",
    "Need larger mailboxes for archives",
    "n/a",
)
OWNERS = ("Parks", "Roads", "Parks", "Roads", "Health", "Health")


def at(*degrees: float) -> Vectors:
    """Vectors in a plane, by where they point."""
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


class Embedding(TestCase):
    def test_each_text_has_a_vector_of_length_1_and_one_without_words_zeros(self) -> None:
        found = embed(GRIPES)
        self.assertEqual(found.shape, (6, 256))
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 1, 1, 1, 1, 0], atol=1e-6)

    def test_it_is_what_the_library_itself_gives(self) -> None:
        from wordllama import WordLlama

        spec = find_spec("wordllama")
        assert spec
        assert spec.submodule_search_locations
        folder = Path(spec.submodule_search_locations[0])
        library = WordLlama.load(cache_dir=folder, disable_download=True)
        np.testing.assert_allclose(embed(GRIPES[:5]), library.embed(list(GRIPES[:5]), norm=True), atol=1e-5)

    def test_it_asks_no_network(self) -> None:
        similarity._model.cache_clear()
        with mock.patch("socket.socket", side_effect=AssertionError("the network was asked")):
            self.assertTrue(embed(["VPN"]).any())

    def test_of_a_very_long_text_the_beginning_counts(self) -> None:
        long = "The network is slow. " * 1_000
        np.testing.assert_allclose(embed([long]), embed([long[: similarity.MOST_LETTERS]]))

    def test_what_needs_none_of_it_does_not_wait_for_it(self) -> None:
        ask = "import comity.core.similarity, sys; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
        self.assertEqual({"numpy", "scipy", "tokenizers", "safetensors"} & set(loaded.stdout.split()), set())
        ask = "from comity.core.similarity import embed; embed(['VPN']); import sys; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
        self.assertEqual(
            {"wordllama", "requests", "huggingface_hub", "scipy"} & set(loaded.stdout.split()), set()
        )


class Spanish(TestCase):
    def test_it_is_known_by_its_small_words(self) -> None:
        for text, spanish in (
            ("Los jueves se queda sola la ventanilla de placas", True),
            ("la de", True),
            ("uno dos tres cuatro la", False),  # a fifth, and no more
            ("La Grange and Los Alamos wait for a new line", False),
            ("Nobody told us", False),
            ("", False),
        ):
            with self.subTest(text):
                self.assertEqual(is_spanish(text), spanish)

    def test_two_that_tell_of_different_things_are_less_alike_than_its_bound(self) -> None:
        texts = [
            "La línea del anexo se cae cuando llueve",
            "Me llegan facturas de dos teléfonos que no existen",
        ]
        one, other = embed([*texts, *texts])[:2]
        self.assertLess(float(one @ other), IN_SPANISH)
        self.assertGreater(float(one @ other), 0.2)


class WorkedByHand(TestCase):
    def test_the_same_problem_elsewhere(self) -> None:
        vectors = embed(GRIPES)
        (vpn,), mailboxes = ([each.row for each in found] for found in most_alike(vectors, OWNERS, [0, 2]))
        self.assertEqual(vpn, 1)
        self.assertEqual(set(mailboxes), {3, 4})

    def test_the_most_alike_come_first_and_never_ones_own(self) -> None:
        found = most_alike(at(0, 10, 20, 50, 80), ["a", "a", "b", "c", "c"], [0, 4], most=2)
        self.assertEqual([[each.row for each in near] for near in found], [[2, 3], [2, 1]])
        self.assertAlmostEqual(found[0][0].likeness, 0.9397, 4)
        self.assertEqual(most_alike(at(0, 90), ["a", "b"], [0]), [[]], "nothing is alike enough")

    def test_a_text_without_words_is_like_nothing(self) -> None:
        self.assertEqual(most_alike(embed(GRIPES), OWNERS, [5]), [[]])

    def test_average_link(self) -> None:
        """0° and 30° are alike by .866; 65° is so to 30° by .819 and to 0° by .423: on average .621."""
        three = at(0, 30, 65)
        self.assertEqual(grouped(three, "abc", at_least=0.63), [(0, 1)])
        self.assertEqual(grouped(three, "abc", at_least=0.62), [(0, 1, 2)])

    def test_groups_of_more_owners_come_first_and_those_of_one_owner_not(self) -> None:
        vectors = at(0, 1, 2, 90, 91, 92, 180, 181)
        owners = ["a", "a", "b", "a", "b", "c", "d", "d"]
        self.assertEqual(grouped(vectors, owners, at_least=0.9), [(3, 4, 5), (0, 1, 2)])

    def test_what_says_nothing_is_set_aside(self) -> None:
        self.assertEqual(grouped(np.zeros((3, 2), np.float32), "abc"), [])
        self.assertEqual(grouped(np.vstack([at(0, 5), np.zeros((2, 2), np.float32)]), "abcd"), [(0, 1)])
        self.assertEqual(grouped(at(0), "a"), [])

    def test_names(self) -> None:
        groups = grouped(embed(GRIPES), OWNERS)
        self.assertEqual(groups, [(2, 3, 4), (0, 1)])
        mailboxes, vpn = named(GRIPES, embed(GRIPES), groups)
        self.assertEqual(mailboxes.terms[0], "mailboxes")
        self.assertEqual(vpn.terms[:2], ("home", "vpn"))
        self.assertIn(vpn.central, (0, 1))

    def test_a_word_that_all_groups_have_tells_of_none(self) -> None:
        texts = [
            "printer broken",
            "printer jammed",
            "printer slow",
            "phone slow",
            "phone broken",
            "phone broken",
        ]
        first, second = named(texts, at(0, 0, 0, 90, 90, 90), [(0, 1, 2), (3, 4, 5)])
        self.assertEqual((first.terms[0], second.terms[0]), ("printer", "phone"))


class Laws(TestCase):
    @given(st.lists(st.integers(0, 359), min_size=2, max_size=9), st.floats(0.05, 0.95))
    def test_groups_are_those_of_average_link_done_plainly(self, degrees: list[int], at_least: float) -> None:
        vectors = at(*degrees).astype(np.float64)
        groups: list[tuple[int, ...]] = [(row,) for row in range(len(degrees))]

        def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
            return float(np.mean(vectors[list(one)] @ vectors[list(other)].T))

        while len(groups) > 1:
            ranked = sorted((likeness(*pair) for pair in combinations(groups, 2)), reverse=True)
            if abs(ranked[0] - at_least) < 1e-4 or (len(ranked) > 1 and ranked[0] - ranked[1] < 1e-4):
                return  # a tie, or the very edge: either is right
            if ranked[0] < at_least:
                break
            one, other = max(combinations(groups, 2), key=lambda pair: likeness(*pair))
            groups = [group for group in groups if group not in (one, other)] + [tuple(sorted(one + other))]
        found = grouped(vectors.astype(np.float32), range(len(degrees)), at_least)
        self.assertEqual(sorted(found), sorted(group for group in groups if len(group) > 1))

    @given(st.lists(st.integers(0, 359), min_size=1, max_size=12), st.data())
    def test_what_is_shown_is_of_others_alike_enough_and_nothing_nearer_is_missing(
        self, degrees: list[int], data: st.DataObject
    ) -> None:
        owners = data.draw(st.lists(st.sampled_from("abc"), min_size=len(degrees), max_size=len(degrees)))
        vectors = at(*degrees)
        for row, near in enumerate(most_alike(vectors, owners, range(len(degrees)), most=3)):
            likeness = [each.likeness for each in near]
            self.assertEqual(likeness, sorted(likeness, reverse=True))
            self.assertTrue(all(owners[each.row] != owners[row] for each in near))
            others = [
                float(vectors[row] @ vectors[other])
                for other in range(len(degrees))
                if owners[other] != owners[row]
            ]
            able = sorted((each for each in others if each >= similarity.SHOWN + 1e-6), reverse=True)[:3]
            np.testing.assert_allclose(likeness[: len(able)], able, atol=1e-5)


class HowGood(TestCase):
    """The figures of the page, on seventy gripes of fourteen kinds, each by an owner of its own."""

    def setUp(self) -> None:
        self.kinds = [kind for kind, texts in LABELLED.items() for _ in texts]
        self.vectors = embed([text for texts in LABELLED.values() for text in texts])

    def test_among_the_five_most_alike_there_is_nearly_always_one_of_the_kind(self) -> None:
        shown = most_alike(self.vectors, range(70), range(70))
        hits = [
            any(self.kinds[each.row] == kind for each in near)
            for kind, near in zip(self.kinds, shown, strict=True)
        ]
        first = [
            bool(near) and self.kinds[near[0].row] == kind
            for kind, near in zip(self.kinds, shown, strict=True)
        ]
        self.assertGreaterEqual((sum(hits), sum(first)), (66, 47))

    def test_most_pairs_that_are_grouped_are_of_one_kind(self) -> None:
        pairs = [pair for rows in grouped(self.vectors, range(70)) for pair in combinations(rows, 2)]
        right = [self.kinds[one] == self.kinds[other] for one, other in pairs]
        self.assertGreater(len(pairs), 50)
        self.assertGreater(sum(right), 0.87 * len(pairs))


@pytest.mark.slow
class AtScale(TestCase):
    def test_5000_texts_are_grouped_anew_within_20_seconds(self) -> None:
        chance = np.random.default_rng(1)
        words = [word for text in GRIPES for word in text.split()]
        texts = [" ".join(chance.choice(words, 6)) + f" {number}" for number in range(5_000)]
        owners = [number % 40 for number in range(5_000)]
        before = process_time()
        vectors = embed(texts)
        groups = grouped(vectors, owners)
        named(texts, vectors, groups)
        self.assertLess(process_time() - before, 20)
