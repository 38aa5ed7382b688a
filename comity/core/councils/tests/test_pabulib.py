"""Pabulib's files: what is read, what is written, what is said, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.councils.ballots import Approval
from comity.core.councils.pabulib import MOST_BYTES, Votes, read, write
from comity.core.errors import DomainError

# The example of pabulib.org/format, with its spaces.
EXAMPLE = """META
key; value
description; Municipal PB in Wieliczka
num_projects; 5
num_votes; 10
budget; 2500
vote_type; approval
PROJECTS
project_id; cost; category
1; 600; culture, education
2; 800; sport
4; 1400; culture
5; 1000; health, sport
7; 1200; education
VOTES
voter_id; age; sex; vote
1; 34; f; 1,2,4
2; 51; m; 1,2
3; 23; m; 2,4,5
4; 19; f; 5,7
5; 62; f; 1,4,7
6; 54; m; 1,7
7; 49; m; 5
8; 27; f; 4
9; 39; f; 2,4,5
10; 44; m; 4,5
"""
SMALL = "META\nkey;value\nbudget;{budget}\nvote_type;{kind}\nPROJECTS\n{projects}\nVOTES\n{votes}\n"


def small(
    budget: str = "10",
    kind: str = "approval",
    projects: str = "project_id;cost\na;1\nb;2",
    votes: str = "voter_id;vote\n1;a,b",
) -> bytes:
    return SMALL.format(budget=budget, kind=kind, projects=projects, votes=votes).encode()


class Read(TestCase):
    def test_the_example(self) -> None:
        found = read(EXAMPLE.encode())
        self.assertEqual((found.budget, found.meta["vote_type"], found.notes), (2500, "approval", ()))
        self.assertEqual(found.costs, {"1": 600, "2": 800, "4": 1400, "5": 1000, "7": 1200})
        self.assertEqual(found.projects["1"], {"category": "culture, education"})
        self.assertEqual(found.voters["1"], {"age": "34", "sex": "f", "vote": "1,2,4"})
        self.assertEqual(found.ballots[6], Approval("7", "7", ("5",)))

    def test_what_spreadsheets_make_of_one(self) -> None:
        """A byte order mark, lines that end in CR LF, empty lines, separators after a title, capital letters, quotes."""
        text = (
            "\ufeffMETA;;\r\nKey;Value;\r\nBudget;1000,50\r\nvote_type;Approval\r\n\r\nProjects;;\r\nPROJECT_ID;Cost;name\r\n"
            '18;1 000;"Bridge; second part"\r\n499;3.5;"""Pond"" - a place"\r\n;;\r\nvotes;;\r\nvoter_id;vote\r\n1;18\r\n2;\r\n3;none\r\n'
        )
        found = read(text.encode())
        self.assertEqual(
            (found.budget, found.costs), (Fraction(2001, 2), {"18": 1000, "499": Fraction(7, 2)})
        )
        self.assertEqual(found.projects["18"], {"name": "Bridge; second part"})
        self.assertEqual(found.projects["499"], {"name": '"Pond" - a place'})
        self.assertEqual([ballot.backed for ballot in found.ballots], [("18",), (), ()])

    def test_meta_may_lack_the_line_of_its_columns(self) -> None:
        """As 29 of 805 files of Polish cities do."""
        self.assertEqual(read(EXAMPLE.replace("key; value\n", "").encode()), read(EXAMPLE.encode()))

    def test_points_above_zero_back_an_item_and_it_is_said_so(self) -> None:
        for kind in ("cumulative", "scoring"):
            found = read(small(kind=kind, votes="voter_id;vote;points\n1;a,b;0,3\n2;b;2.5"))
            self.assertEqual(found.voters["1"]["points"], "0,3")
            self.assertEqual([ballot.backed for ballot in found.ballots], [("b",), ("b",)])
            self.assertIn("how", found.notes[0])

    def test_of_ranked_ballots_the_rank_is_not_used_and_it_is_said_so(self) -> None:
        found = read(small(kind="ordinal", votes="voter_id;vote\n1;b,a"))
        self.assertEqual(found.ballots[0].backed, ("b", "a"))
        self.assertIn("rank is not used", found.notes[0])

    def test_counts_that_do_not_agree_are_said(self) -> None:
        found = read(EXAMPLE.replace("num_votes; 10", "num_votes; 11").encode())
        self.assertEqual(found.notes, ("META says 11 votes; the file has 10, and these are counted.",))


class Refused(TestCase):
    def refusal(self, data: bytes) -> str:
        with self.assertRaises(DomainError) as refused:
            read(data)
        return str(refused.exception)

    def test_what_is_no_such_file(self) -> None:
        self.assertEqual(self.refusal(b"x" * (MOST_BYTES + 1)), "The file is larger than 16 MB.")
        self.assertEqual(
            self.refusal(b"\xff\xfe\x00"), "This is no .pb file: it is not text that can be read."
        )
        self.assertEqual(
            self.refusal(b"a" * 200_000), "This is no .pb file: it is not text that can be read."
        )
        self.assertEqual(self.refusal(b"PK\x03\x04 nonsense"), "This is no .pb file: it has no section META.")
        self.assertEqual(self.refusal(b""), "This is no .pb file: it has no section META.")
        self.assertEqual(
            self.refusal(b"META\nkey;value\n"), "This is no .pb file: it has no section PROJECTS."
        )

    def test_what_does_not_fit_together(self) -> None:
        for data, sentence in (
            (small(budget="0"), "The budget in META has to be more than zero."),
            (small(budget="-5"), "The budget in META is not a number of zero or more."),
            (small(budget="1e999999999"), "The budget in META is not a number of zero or more."),
            (
                small(kind="guess"),
                "META has to give a vote_type that is one of: approval, choose-1, ordinal, cumulative, scoring.",
            ),
            (small(projects="project_id;cost\na;1\na;2"), "Line 8: project_id a stands on line 7 already."),
            (small(projects="project_id;cost\n;1"), "Line 7: project_id is missing."),
            (small(projects="project_id\na"), "The cost of project a is not a number of zero or more."),
            (small(votes="voter_id;vote\n1;a\n1;b"), "Line 12: voter_id 1 stands on line 11 already."),
            (small(votes="voter_id;vote\n1;a,z"), "Line 11: there is no project “z”."),
            (
                small(kind="scoring", votes="voter_id;vote;points\n1;a,b;3"),
                "Line 11: there have to be as many points as projects.",
            ),
            (
                small(kind="scoring", votes="voter_id;vote;points\n1;a;x"),
                "Line 11: “x” is not a number of zero or more.",
            ),
        ):
            self.assertEqual(self.refusal(data), sentence)


names = (
    st.text("abcñ12 ;\"'.", min_size=1).map(str.strip).filter(lambda name: name.lower() not in {"", "none"})
)
amounts = st.decimals(0, 10**12, places=3).map(Fraction)


@st.composite
def files(draw: st.DrawFn) -> Votes:
    costs = draw(st.dictionaries(names, amounts, min_size=1, max_size=5))
    backed = st.lists(st.sampled_from(sorted(costs)), unique=True).map(tuple)
    votes = draw(st.dictionaries(names, backed, max_size=5))
    named = {project: {"name": draw(names), "category": draw(names)} for project in costs}
    ballots = [Approval(voter, voter, of) for voter, of in votes.items()]
    return Votes(draw(amounts.filter(bool)), costs, ballots, {"unit": draw(names)}, named)


class Written(TestCase):
    def test_a_file_of_ones_own(self) -> None:
        ballots = [Approval("1", "Parks", ("a", "b")), Approval("2", "Roads", ())]
        found = Votes(
            Fraction(10),
            {"a": Fraction(1), "b": Fraction(5, 2)},
            ballots,
            projects={"a": {"name": "Scans; fast"}},
            voters={"2": {"partner": "Roads"}},
        )
        self.assertEqual(
            write(found),
            "META\nkey;value\nvote_type;approval\nnum_projects;2\nnum_votes;2\nbudget;10\n"
            'PROJECTS\nproject_id;cost;name\na;1;"Scans; fast"\nb;2.5;\n'
            "VOTES\nvoter_id;vote;partner\n1;a,b;\n2;;Roads\n",
        )


class Laws(TestCase):
    @given(files())
    def test_what_is_written_is_read_again(self, found: Votes) -> None:
        again = read(write(found).encode())
        self.assertEqual(
            (again.budget, again.costs, again.ballots, again.projects),
            (found.budget, found.costs, found.ballots, found.projects),
        )
        self.assertEqual(
            (again.meta["unit"], again.meta["vote_type"], again.notes), (found.meta["unit"], "approval", ())
        )
        self.assertEqual(read(write(again).encode()), again)

    def test_points_are_written_as_they_were_read(self) -> None:
        found = read(small(kind="scoring", votes="voter_id;vote;points\n1;a,b;0,3"))
        self.assertEqual(read(write(found).encode()).ballots, found.ballots)

    @given(st.binary(max_size=300))
    def test_whatever_comes_is_read_or_refused_with_a_sentence(self, data: bytes) -> None:
        for tried in (data, EXAMPLE.encode() + data, data + EXAMPLE.encode()):
            try:
                read(tried)
            except DomainError as refused:
                self.assertTrue(str(refused).endswith("."))
