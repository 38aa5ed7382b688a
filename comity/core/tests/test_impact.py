"""What falls when something goes down, and where one failure is enough: the examples by hand, and the definition itself."""

from __future__ import annotations

from itertools import combinations
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import DomainError
from comity.core.impact import Need, Needs

NAMES = [
    "refund",
    "portal",
    "app",
    "lb",
    "web1",
    "web2",
    "web3",
    "vm",
    "db",
    "san",
    "esx1",
    "esx2",
    "esx3",
    "a",
    "b",
]
ID = {name: at for at, name in enumerate(NAMES)}
# The example of the reference: refunds go through an app on a vm; any of three hosts carries it; two of three web servers.
EXAMPLE = Needs(
    [
        (ID[one], ID[other])
        for one, other in (
            ("refund", "app"),
            ("app", "vm"),
            ("app", "db"),
            ("db", "san"),
            ("portal", "lb"),
            ("portal", "app"),
            ("a", "b"),
            ("b", "a"),
        )
    ],
    [
        Need(ID["vm"], (ID["esx1"], ID["esx2"], ID["esx3"]), 1),
        Need(ID["lb"], (ID["web1"], ID["web2"], ID["web3"]), 2),
    ],
)


def fallen(*down: str) -> set[str]:
    return {NAMES[at] for at in EXAMPLE.fall([ID[name] for name in down]).because} - set(down)


def single(name: str) -> list[str]:
    return [NAMES[at] for at in EXAMPLE.single_points(ID[name])]


class Impact(TestCase):
    """The sets of the reference, exactly."""

    def test_a_host_of_three_takes_nothing_down(self) -> None:
        self.assertEqual(fallen("esx1"), set())
        self.assertEqual(fallen("esx1", "esx2"), set())

    def test_all_three_take_the_vm_and_what_is_on_it(self) -> None:
        self.assertEqual(fallen("esx1", "esx2", "esx3"), {"vm", "app", "portal", "refund"})

    def test_two_of_three_web_servers_must_run(self) -> None:
        self.assertEqual(fallen("web1"), set())
        self.assertEqual(fallen("web1", "web2"), {"lb", "portal"})
        self.assertEqual(fallen("web3", "web1"), {"lb", "portal"})

    def test_the_single_points_of_failure_of_refunds(self) -> None:
        self.assertEqual(single("refund"), ["app", "vm", "db", "san"])

    def test_two_that_need_each_other_fall_together_and_run_until_then(self) -> None:
        self.assertEqual(fallen("a"), {"b"})
        self.assertEqual(fallen("b"), {"a"})
        self.assertEqual(fallen("esx1"), set())
        self.assertEqual(single("a"), ["b"])

    def test_each_that_falls_says_why(self) -> None:
        fall = EXAMPLE.fall([ID["esx1"], ID["esx2"], ID["esx3"]])
        self.assertEqual([NAMES[at] for at in fall.because[ID["vm"]]], ["esx1", "esx2", "esx3"])
        self.assertEqual([NAMES[at] for at in fall.chain(ID["refund"])], ["esx1", "vm", "app", "refund"])
        self.assertEqual(fall.chain(ID["esx2"]), [ID["esx2"]])

    def test_what_something_stands_on(self) -> None:
        under = [NAMES[at] for at in EXAMPLE.under(ID["refund"])]
        self.assertEqual(under, ["app", "vm", "db", "esx1", "esx2", "esx3", "san"])
        needs = EXAMPLE.directly_under(ID["portal"])
        self.assertEqual([(NAMES[need.on[0]], need.min_up) for need in needs], [("app", 1), ("lb", 1)])

    def test_a_group_behind_a_bottleneck_has_that_alone_as_a_single_point(self) -> None:
        """0 needs 1 or 2, and both of them 3; 3 runs on 4 or 5."""
        needs = Needs([(1, 3), (2, 3)], [Need(0, (1, 2), 1), Need(3, (4, 5), 1)])
        self.assertEqual(needs.single_points(0), [3])

    def test_what_cannot_be_is_refused(self) -> None:
        for alone, groups in (
            ([(1, 1)], []),
            ([], [Need(1, (1, 2), 1)]),
            ([], [Need(1, (2, 3), 3)]),
            ([], [Need(1, (2, 3), 0)]),
            ([], [Need(1, (2, 2), 1)]),
        ):
            with self.assertRaises(DomainError):
                Needs(alone, groups)

    def test_a_long_chain_takes_no_long_time(self) -> None:
        """Under a fork of two: each of ten thousand is tried against what is known, not against all."""
        alone = [(at, at + 1) for at in range(10, 10_000)]
        self.assertEqual(Needs([*alone, (1, 10)], [Need(0, (1, 2), 1)]).single_points(0), [])
        both = Needs([*alone, (1, 10), (2, 10)], [Need(0, (1, 2), 1)])
        self.assertEqual(both.single_points(0), list(range(10, 10_001)))


SIZE = 7
node = st.integers(0, SIZE - 1)


@st.composite
def needs(draw: st.DrawFn) -> list[Need]:
    """A few needs among seven items, with cycles as they come."""
    found = []
    for _each in range(draw(st.integers(0, 10))):
        item = draw(node)
        others = [at for at in range(SIZE) if at != item]
        on = tuple(draw(st.lists(st.sampled_from(others), min_size=1, max_size=4, unique=True)))
        found.append(Need(item, on, draw(st.integers(1, len(on)))))
    return found


def by_definition(all_needs: list[Need], down: set[int]) -> set[int]:
    """The least set that holds what is down, and each item of which a need has too few outside of it."""
    every = range(SIZE)
    for size in range(SIZE + 1):
        for chosen in combinations(every, size):
            fallen_ones = set(chosen)
            if down <= fallen_ones and all(
                need.item in fallen_ones or len(set(need.on) - fallen_ones) >= need.min_up
                for need in all_needs
            ):
                return fallen_ones
    raise AssertionError


def made_of(all_needs: list[Need]) -> Needs:
    alone = [(need.item, need.on[0]) for need in all_needs if len(need.on) == 1]
    return Needs(alone, [need for need in all_needs if len(need.on) > 1])


class Laws(TestCase):
    @given(needs(), st.sets(node, max_size=3))
    def test_what_falls_is_what_the_definition_says(self, all_needs: list[Need], down: set[int]) -> None:
        self.assertEqual(set(made_of(all_needs).fall(down).because), by_definition(all_needs, down))

    @given(needs(), node)
    def test_the_single_points_are_those_of_which_each_alone_fells_it(
        self, all_needs: list[Need], item: int
    ) -> None:
        expected = {at for at in range(SIZE) if at != item and item in by_definition(all_needs, {at})}
        self.assertEqual(set(made_of(all_needs).single_points(item)), expected)

    @given(needs(), st.sets(node, min_size=1, max_size=3))
    def test_each_reason_is_enough_without_what_fell_later(
        self, all_needs: list[Need], down: set[int]
    ) -> None:
        because = made_of(all_needs).fall(down).because
        order = list(because)
        for item, failed in because.items():
            if failed:
                self.assertTrue(all(order.index(one) < order.index(item) for one in failed))
                self.assertIn(item, by_definition(all_needs, set(failed)))
