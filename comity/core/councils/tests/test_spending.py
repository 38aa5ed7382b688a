"""Spending a budget by votes: the examples of docs/calculations/council-budget.md, what is refused, and laws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import combinations
from random import Random
from unittest import TestCase

from hypothesis import assume, given
from hypothesis import strategies as st

from comity.core.councils.ballots import Approval
from comity.core.councils.equal_shares import Completion, equal_shares
from comity.core.councils.spending import Outcome, greedy, phragmen
from comity.core.councils.tests.strategies import approvals, budgets, costs, factors, parts, weights
from comity.core.councils.weight_rules import WeightRule, under_each_rule, weights_by
from comity.core.errors import DomainError

# Ten seats and five projects, as pabulib.org/format has them.
COSTS = {"1": 600, "2": 800, "4": 1400, "5": 1000, "7": 1200}
BACKED = ("124", "12", "245", "57", "147", "17", "5", "4", "245", "45")
BALLOTS = [Approval(str(seat), str(seat), tuple(backed)) for seat, backed in enumerate(BACKED, start=1)]
Method = Callable[..., Outcome]
METHODS: tuple[Method, ...] = (
    greedy,
    phragmen,
    *(partial(equal_shares, completion=completion) for completion in Completion),
)


def backing(**backed: str) -> list[Approval]:
    return [Approval(seat, seat, tuple(items)) for seat, items in backed.items()]


class WorkedByHand(TestCase):
    def test_by_votes(self) -> None:
        found = greedy(COSTS, BALLOTS, 2500)
        self.assertEqual((found.items, found.cost, found.endowment), (("4", "5"), 2400, None))
        self.assertIsNone(found.left("1"))

    def test_by_votes_what_does_not_fit_is_passed_over(self) -> None:
        self.assertEqual(greedy(COSTS, BALLOTS, 2100).items, ("4", "1"))

    def test_by_votes_counts_weight(self) -> None:
        self.assertEqual(
            greedy({"a": 5, "b": 5}, backing(Parks="a", Roads="b"), 5, {"Parks": 1, "Roads": 2}).items, ("b",)
        )

    def test_equal_shares_before_completion(self) -> None:
        found = equal_shares(COSTS, BALLOTS, 2500, completion=Completion.NONE)
        self.assertEqual((found.items, found.cost, found.endowment), (("4",), 1400, 250))
        (step,) = found.steps
        self.assertEqual((step.votes, step.price), (6, Fraction(700, 3)))
        self.assertEqual(found.paid(step), dict.fromkeys(["1", "3", "5", "8", "9", "10"], Fraction(700, 3)))
        left = {item: found.left(item) for item in "1257"}
        self.assertEqual(left, {"1": 500 + Fraction(100, 3), "2": 300, "5": 550, "7": 500 + Fraction(50, 3)})

    def test_equal_shares_with_shares_raised(self) -> None:
        found = equal_shares(COSTS, BALLOTS, 2500)
        self.assertEqual((found.items, found.cost, found.endowment), (("4", "1"), 2000, 339))
        second = found.steps[1]
        left = 339 - Fraction(700, 3)
        price = (600 - 2 * left) / 2
        self.assertEqual((second.price, second.votes), (price, 600 / price))
        self.assertEqual(found.paid(second), {"1": left, "5": left, "2": price, "6": price})

    def test_equal_shares_completed_by_votes(self) -> None:
        found = equal_shares(COSTS, BALLOTS, 2500, completion=Completion.GREEDY)
        self.assertEqual((found.items, found.cost, found.endowment), (("4", "5"), 2400, 250))
        self.assertEqual([step.completed for step in found.steps], [False, True])
        self.assertEqual(found.paid(found.steps[1]), {})

    def test_phragmen(self) -> None:
        found = phragmen(COSTS, BALLOTS, 2500)
        self.assertEqual((found.items, found.cost), (("1", "5", "2"), 2400))
        self.assertEqual((found.endowment, found.stopped_by), (375, "4"))
        self.assertEqual(found.left("4"), 225 + 375 + 175, "of seats 5, 8 and 10; 1, 3 and 9 have just paid")
        self.assertEqual(found.paid(found.steps[2]), {"1": 225, "2": 225, "3": 175, "9": 175})

    def test_a_bare_majority_does_not_take_it_all(self) -> None:
        red, blue = [f"red {n}" for n in range(1, 11)], [f"blue {n}" for n in range(1, 11)]
        ballots = [Approval(str(n), str(n), tuple(red if n < 51 else blue)) for n in range(100)]
        prices = dict.fromkeys([*red, *blue], 100_000)
        self.assertEqual(set(greedy(prices, ballots, 1_000_000).items), set(red))
        found = equal_shares(prices, ballots, 1_000_000)
        # Red could buy a sixth from 600,000 / 51 on, which is more than 11,764.
        self.assertEqual((found.cost, found.endowment), (1_000_000, 11_764))
        self.assertEqual(sum(item.startswith("red") for item in found.items), 5)
        bare = equal_shares(prices, ballots, 1_000_000, completion=Completion.NONE)
        self.assertEqual(len(bare.items), 9, "49 seats have 490,000, which buys four")

    def test_equal_ones_go_by_backing_then_cost_then_name(self) -> None:
        ballots = backing(Parks="ab", Roads="ab", Museum="cd", Health="cd")
        found = equal_shares({"a": 9, "b": 5, "c": 5, "d": 5}, ballots, 30, completion=Completion.NONE)
        self.assertEqual(found.items, ("b", "c", "d", "a"))
        self.assertEqual([step.tied for step in found.steps], [("a", "c", "d"), ("a", "d"), ("a",), ()])

    def test_an_item_dearer_than_the_budget_cannot_win_and_is_named(self) -> None:
        for method in METHODS:
            found = method({"a": 31, "b": 30}, backing(Parks="a", Roads="a", Museum="ab"), 30)
            self.assertNotIn("a", found.items)
            self.assertEqual(found.vote.too_dear, ("a",))
            self.assertIn(found.left("a"), (0, None))

    def test_where_all_that_is_backed_fits_all_is_bought(self) -> None:
        found = equal_shares({"a": 10, "b": 10, "c": 10}, backing(Parks="a", Roads="b", Museum="b"), 30)
        self.assertEqual(set(found.items), {"a", "b"}, "nobody backs c")

    def test_amounts_and_weights_may_be_fractions(self) -> None:
        prices = {"a": Fraction("10.10"), "b": Fraction("19.90")}
        found = equal_shares(
            prices, backing(Parks="a", Roads="b"), 30, {"Parks": Fraction(1, 3), "Roads": Fraction(2, 3)}
        )
        self.assertEqual((set(found.items), found.cost), ({"a", "b"}, 30))

    def test_a_half_of_a_dollar_counts(self) -> None:
        """Of 2.50 for five, four have the two dollars that their item costs, and nothing over."""
        seats = backing(Parks="a", Roads="a", Museum="a", Health="a", Archives="")
        found = equal_shares({"a": 2}, seats, Fraction(5, 2), completion=Completion.NONE)
        self.assertEqual((found.items, found.left("a")), (("a",), 0))

    def test_a_budget_in_cents_takes_no_longer_than_one_in_dollars(self) -> None:
        """Shares are raised a million times here; only where something can change is it looked."""
        chance = Random(5)
        names = [str(n) for n in range(20)]
        dollars = {name: chance.randint(10_000, 600_000) for name in names}
        ballots = [Approval(str(n), str(n), tuple(chance.sample(names, 5))) for n in range(40)]
        cents = {name: cost * 100 for name, cost in dollars.items()}
        found = equal_shares(cents, ballots, 200_000_000)
        assert found.endowment
        self.assertGreater(found.endowment, 200_000_000 / 40 + 1_000_000)
        self.assertLessEqual(found.cost, 200_000_000)


class UnderEachRule(TestCase):
    HEADCOUNT = {"Parks": 100, "Roads": 20_000, "Museum": 2}
    SPEND = {"Parks": 1_000, "Roads": 99_000, "Museum": 0}

    def test_the_root_is_whole_and_rounded_down(self) -> None:
        found = weights_by(WeightRule.ROOT, ["Parks", "Roads", "Museum", "New"], self.HEADCOUNT, {})
        self.assertEqual(found, {"Parks": 10_000, "Roads": 141_421, "Museum": 1_414})
        self.assertEqual(weights_by(WeightRule.EQUAL, ["Parks", "New"], {}, {}), {"Parks": 1, "New": 1})
        self.assertEqual(weights_by(WeightRule.SPEND, ["Parks", "New"], {}, {"Parks": 1}), {"Parks": 1})

    def test_robust_is_what_wins_under_all_three(self) -> None:
        ballots = backing(Parks="ab", Roads="ac", Museum="b")
        found = under_each_rule(
            {"a": 20, "b": 10, "c": 10}, ballots, 30, headcount=self.HEADCOUNT, spend=self.SPEND
        )
        won = {rule: outcome.items for rule, outcome in found.outcomes.items() if outcome}
        self.assertEqual(set(won[WeightRule.EQUAL]), {"a", "b"})
        self.assertEqual(set(won[WeightRule.ROOT]), {"a", "c"})
        self.assertEqual(set(won[WeightRule.SPEND]), {"a", "c"})
        self.assertEqual((found.robust, found.depends), (("a",), ("b", "c")))
        self.assertEqual(found.left_out[WeightRule.SPEND], ("Museum",))
        self.assertEqual(found.left_out[WeightRule.ROOT], ())

    def test_the_completion_is_the_same_under_each(self) -> None:
        found = under_each_rule(
            COSTS, BALLOTS, 2500, headcount={}, spend={}, completion=Completion.GREEDY
        ).outcomes[WeightRule.EQUAL]
        assert found
        self.assertEqual(found.items, ("4", "5"))

    def test_without_any_figure_nothing_is_robust(self) -> None:
        found = under_each_rule({"a": 20}, backing(Parks="a"), 30, headcount=self.HEADCOUNT, spend={})
        self.assertIsNone(found.outcomes[WeightRule.SPEND])
        self.assertEqual((found.robust, found.depends), ((), ("a",)))


class Refused(TestCase):
    def test_each_with_a_sentence(self) -> None:
        for method in METHODS:
            for given_, sentence in (
                (({"a": 1}, backing(Parks="a"), 0), "The budget has to be more than zero."),
                (({"a": 0}, backing(Parks="a"), 5), "“a” has to cost more than zero."),
                (({"a": 1}, [], 5), "There are no ballots to count."),
                (({"a": 1}, backing(Parks="b"), 5), "“Parks” voted for “b”, which is not on the list."),
                (({"a": 1}, backing(Parks="a") * 2, 5), "“Parks” voted twice. A seat votes once."),
            ):
                with self.assertRaises(DomainError) as refused:
                    method(*given_)
                self.assertEqual(str(refused.exception), sentence)


class Laws(TestCase):
    @given(costs, approvals, budgets, weights, factors, st.randoms(), st.sampled_from(METHODS))
    def test_within_the_budget_and_whatever_the_order_and_the_scale(
        self,
        prices: dict[str, int],
        ballots: list[Approval],
        budget: int,
        weighing: dict[str, int],
        factor: Fraction,
        chance: Random,
        method: Method,
    ) -> None:
        found = method(prices, ballots, budget, weighing)
        self.assertLessEqual(found.cost, budget)
        self.assertEqual(len(set(found.items)), len(found.items))
        chance.shuffle(ballots)
        scaled = {partner: weight * factor for partner, weight in weighing.items()}
        again = method(dict(reversed(prices.items())), ballots, budget, scaled)
        self.assertEqual((again.items, again.endowment), (found.items, found.endowment))
        self.assertEqual([step.tied for step in again.steps], [step.tied for step in found.steps])

    @given(
        costs, approvals, budgets, st.integers(1, 3), st.sampled_from([Completion.NONE, Completion.GREEDY])
    )
    def test_a_weight_is_as_so_many_seats_that_vote_alike(
        self, prices: dict[str, int], ballots: list[Approval], budget: int, times: int, completion: Completion
    ) -> None:
        """Shares are raised by one for each ballot, so that completion is left out."""
        alone = [replace(ballot, partner=ballot.seat) for ballot in ballots]
        weighing = {ballot.seat: 1 + number % times for number, ballot in enumerate(alone)}
        many = [
            Approval(f"{ballot.seat} {number}", f"{ballot.seat} {number}", ballot.backed)
            for ballot in alone
            for number in range(weighing[ballot.seat])
        ]
        for method in (greedy, phragmen, partial(equal_shares, completion=completion)):
            found, again = method(prices, alone, budget, weighing), method(prices, many, budget)
            self.assertEqual(found.items, again.items)
            self.assertEqual([step.price for step in found.steps], [step.price for step in again.steps])

    @given(costs, approvals, budgets, weights)
    def test_backers_pay_exactly_and_nobody_more_than_its_share(
        self, prices: dict[str, int], ballots: list[Approval], budget: int, weighing: dict[str, int]
    ) -> None:
        for method in (phragmen, equal_shares):
            found = method(prices, ballots, budget, weighing)
            assert found.endowment is not None
            spent: dict[str, Fraction] = {}
            for step in found.steps:
                paid = found.paid(step)
                self.assertEqual(sum(paid.values()), step.cost)
                self.assertLessEqual(
                    set(paid), {ballot.partner for ballot in ballots if step.item in ballot.backed}
                )
                for partner, amount in paid.items():
                    spent[partner] = spent.get(partner, Fraction()) + amount
            each = found.endowment * len(ballots) / found.vote.weight
            self.assertTrue(all(amount <= each * weighing[partner] for partner, amount in spent.items()))

    @given(costs, approvals, budgets, weights, st.sampled_from(Completion))
    def test_a_group_is_served_in_proportion(
        self,
        prices: dict[str, int],
        ballots: list[Approval],
        budget: int,
        weighing: dict[str, int],
        completion: Completion,
    ) -> None:
        """Whoever together have the cost of a set of items that all of them back: for one of them what is bought of its
        own items costs as much as the set, or would with one more item of the set (EJR up to one item)."""
        found = equal_shares(prices, ballots, budget, weighing, completion)
        whole = found.vote.weight
        for size in range(1, len(found.vote.ballots) + 1):
            for group in combinations(found.vote.ballots, size):
                common = set.intersection(*(set(ballot.backed) for ballot, _ in group))
                share = Fraction(budget) * sum(weight for _, weight in group) / whole
                for some in (
                    set(some) for n in range(1, len(common) + 1) for some in combinations(common, n)
                ):
                    wanted = sum(prices[item] for item in some)
                    if wanted <= share:
                        self.assertTrue(
                            any(served(ballot, found, prices, some, wanted) for ballot, _ in group)
                        )

    @given(costs, approvals, budgets, weights, parts, parts)
    def test_raising_shares_is_as_if_they_were_raised_one_by_one(
        self,
        prices: dict[str, int],
        ballots: list[Approval],
        whole: int,
        weighing: dict[str, int],
        of_price: int,
        of_budget: int,
    ) -> None:
        exact, budget = (
            {item: Fraction(price, of_price) for item, price in prices.items()},
            Fraction(whole, of_budget),
        )
        found = equal_shares(exact, ballots, budget, weighing)
        assume(len(found.items) < len(found.vote.costs))
        raised, kept = 0, bought_plainly(found, 0)
        while True:
            after = bought_plainly(found, raised + 1)
            if sum(exact[item] for item in after) > budget:
                break
            raised, kept = raised + 1, after
        self.assertEqual((list(found.items), found.endowment), (kept, budget / len(ballots) + raised))


def served(ballot: Approval, found: Outcome, prices: Mapping[str, int], some: set[str], wanted: int) -> bool:
    have = sum(prices[item] for item in found.items if item in ballot.backed)
    return have >= wanted or any(have + prices[item] > wanted for item in some - set(found.items))


def bought_plainly(of: Outcome, raised: int) -> list[str]:
    """Equal Shares written down once more, in fractions and without any thought of speed."""
    vote = of.vote
    each = (vote.budget + raised * len(vote.ballots)) / vote.weight
    money = {ballot: each * weight for ballot, weight in vote.ballots}
    weight_of = dict(vote.ballots)
    left, bought = dict(vote.costs), list[str]()
    while True:
        offers = []
        for item, cost in left.items():
            backers = [ballot for ballot in money if item in ballot.backed]
            price = alike(cost, [(money[ballot], weight_of[ballot]) for ballot in backers])
            if price is not None:
                backing_ = sum(weight_of[ballot] for ballot in backers)
                offers.append((price / cost, -backing_, cost, item, price))
        if not offers:
            return bought
        *_, item, price = min(offers)
        for ballot, has in money.items():
            if item in ballot.backed:
                money[ballot] = has - min(has, price * weight_of[ballot])
        bought.append(item)
        del left[item]


def alike(cost: Fraction, purses: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """What each pays for each unit of weight if all pay alike, and who has less pays all."""
    if sum(money for money, _ in purses) < cost:
        return None
    poor: set[int] = set()
    while True:
        rich = [weight for place, (_, weight) in enumerate(purses) if place not in poor]
        price = (cost - sum(purses[place][0] for place in poor)) / sum(rich)
        more = {place for place, (money, weight) in enumerate(purses) if money < price * weight} - poor
        if not more:
            return price
        poor |= more
