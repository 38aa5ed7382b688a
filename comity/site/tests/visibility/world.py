"""Who sees what, worked out a second time: plain sets and dictionaries, no query, after docs/decisions/visibility.md.

The machine in `test_visibility.py` tells a World what it did; the World says what each person must see then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Pk = int


@dataclass
class Post:
    partner: Pk
    person: Pk | None
    ends_on: date | None = None

    def is_held(self, day: date) -> bool:
        return self.ends_on is None or self.ends_on > day


@dataclass
class Access:
    """A membership: a user acts for a partner."""

    user: Pk
    person: Pk
    partner: Pk
    role: str
    starts_on: date
    ends_on: date | None = None

    def is_over(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on <= day


@dataclass
class Said:
    """Something kept about partners (or none): a follow-up, a meeting."""

    partners: set[Pk]
    office_only: bool
    withdrawn: bool = False


@dataclass
class Merged:
    """What has to be known to take a merge back."""

    survivor: Pk
    tombstone: Pk
    parent_before: Pk | None
    parent_after: Pk | None
    children: list[Pk]
    posts: list[Pk]
    accesses: list[Pk]
    ended: list[Pk]
    assignments: list[Pk]
    follow_ups: list[Pk]
    meetings: list[Pk]


@dataclass
class World:
    """All that decides who sees what. Keys are the primary keys of the rows."""

    today: date
    office: set[Pk]
    active: set[Pk]
    sees_mail: set[Pk]
    sees_work: set[Pk]
    imports: dict[str, set[Pk]]  # kind of list -> who may import it
    sees_names: set[Pk]  # behind confidential answers
    sees_sensitive: set[Pk]  # stakeholders that are marked so
    users: set[Pk]
    parent: dict[Pk, Pk | None]
    people: set[Pk]
    posts: dict[Pk, Post] = field(default_factory=dict)
    accesses: dict[Pk, Access] = field(default_factory=dict)
    assignments: dict[Pk, Pk] = field(default_factory=dict)
    follow_ups: dict[Pk, Said] = field(default_factory=dict)
    meetings: dict[Pk, Said] = field(default_factory=dict)
    merges: dict[Pk, Merged] = field(default_factory=dict)
    tombstones: set[Pk] = field(default_factory=set)

    # --- what is asked of it ---

    def sees_whole_office(self, user: Pk) -> bool:
        return user in self.office

    def partners_of(self, user: Pk) -> set[Pk]:
        """The office sees all; others what they have access to today, and all below."""
        if user in self.office:
            return set(self.parent)
        own = {row.partner for row in self.accesses.values() if row.user == user and self.gives_access(row)}
        return {partner for partner in self.parent if own & self.with_all_above(partner)}

    def gives_access(self, row: Access) -> bool:
        """Not ended, begun, and the person still holds a post there."""
        return (
            row.starts_on <= self.today
            and not row.is_over(self.today)
            and self.holds_post(row.person, row.partner)
        )

    def holds_post(self, person: Pk, partner: Pk) -> bool:
        return any(
            (post.person, post.partner) == (person, partner) and post.is_held(self.today)
            for post in self.posts.values()
        )

    def with_all_above(self, partner: Pk | None) -> set[Pk]:
        above: set[Pk] = set()
        while partner is not None and partner not in above:
            above.add(partner)
            partner = self.parent[partner]
        return above

    def posts_seen(self, user: Pk) -> set[Pk]:
        seen = self.partners_of(user)
        return {pk for pk, post in self.posts.items() if post.partner in seen}

    def people_seen(self, user: Pk) -> set[Pk]:
        """Who holds, or held, a post at a partner one sees; and oneself."""
        if user in self.office:
            return set(self.people)
        held = {self.posts[pk].person for pk in self.posts_seen(user)} - {None}
        return {pk for pk in held if pk} | {row.person for row in self.accesses.values() if row.user == user}

    def accesses_seen(self, user: Pk) -> set[Pk]:
        seen = self.partners_of(user)
        return {pk for pk, row in self.accesses.items() if row.partner in seen}

    def assignments_seen(self, user: Pk) -> set[Pk]:
        seen = self.partners_of(user)
        return {pk for pk, partner in self.assignments.items() if partner in seen}

    def follow_ups_seen(self, user: Pk) -> set[Pk]:
        """A withdrawn follow-up stays to be read, by whoever could read it before."""
        return self._said(self.follow_ups, user)

    def meetings_seen(self, user: Pk) -> set[Pk]:
        """A withdrawn meeting did not take place, as far as a partner is concerned."""
        seen = self._said(self.meetings, user)
        return seen if user in self.office else {pk for pk in seen if not self.meetings[pk].withdrawn}

    def _said(self, rows: dict[Pk, Said], user: Pk) -> set[Pk]:
        if user in self.office:
            return set(rows)
        seen = self.partners_of(user)
        return {pk for pk, said in rows.items() if said.partners & seen and not said.office_only}

    def users_seen(self, user: Pk) -> set[Pk]:
        return set(self.users) if user in self.office else (self.office & self.active) | {user}

    # --- what it is told ---

    def access_ended(self, pk: Pk, day: date) -> None:
        """With the last access of someone the sign-in closes."""
        row = self.accesses[pk]
        row.ends_on = max(day, row.starts_on)
        self.close_if_last(row.user)

    def close_if_last(self, user: Pk) -> None:
        if all(row.is_over(self.today) for row in self.accesses.values() if row.user == user):
            self.active.discard(user)

    def post_ended(self, pk: Pk) -> None:
        """With someone's last post at a partner the access there ends."""
        post = self.posts[pk]
        post.ends_on = self.today
        if post.person is not None and not self.holds_post(post.person, post.partner):
            for key, row in self.accesses.items():
                if (row.person, row.partner) == (post.person, post.partner) and not row.is_over(self.today):
                    self.access_ended(key, self.today)

    def night(self) -> None:
        """What the turn of the day closes: access whose post is over, sign-ins of those whose last access is over."""
        for key, row in self.accesses.items():
            if not row.is_over(self.today) and not self.holds_post(row.person, row.partner):
                self.access_ended(key, self.today)
        for user in {row.user for row in self.accesses.values()}:
            self.close_if_last(user)

    def may_go_under(self, partner: Pk, parent: Pk | None) -> bool:
        return parent is None or partner not in self.with_all_above(parent)

    def merged(self, pk: Pk, survivor: Pk, tombstone: Pk) -> None:
        """All that hangs on the tombstone goes over; of two accesses that may not stand side by side one ends."""
        before = self.parent[survivor]
        after = self.parent[tombstone] if before == tombstone else before
        done = Merged(
            survivor,
            tombstone,
            before,
            after,
            children=[each for each, above in self.parent.items() if above == tombstone and each != survivor],
            posts=[key for key, post in self.posts.items() if post.partner == tombstone],
            accesses=[key for key, row in self.accesses.items() if row.partner == tombstone],
            ended=[
                key
                for key, row in self.accesses.items()
                if row.partner == tombstone and self._twice(row, survivor)
            ],
            assignments=[key for key, partner in self.assignments.items() if partner == tombstone],
            follow_ups=[key for key, said in self.follow_ups.items() if tombstone in said.partners],
            meetings=[
                key
                for key, said in self.meetings.items()
                if tombstone in said.partners and survivor not in said.partners
            ],
        )
        self.parent[survivor] = after
        self._move(done, tombstone, survivor)
        for key in done.ended:
            self.accesses[key].ends_on = max(self.today, self.accesses[key].starts_on)
        self.tombstones.add(tombstone)
        self.merges[pk] = done

    def _twice(self, row: Access, survivor: Pk) -> bool:
        return row.ends_on is None and any(
            (other.user, other.role, other.partner, other.ends_on) == (row.user, row.role, survivor, None)
            for other in self.accesses.values()
        )

    def unmerged(self, pk: Pk) -> None:
        """What is still where the merge put it goes back."""
        done = self.merges.pop(pk)
        if self.parent[done.survivor] == done.parent_after:
            self.parent[done.survivor] = done.parent_before
        self._move(done, done.survivor, done.tombstone)
        for key in done.ended:
            self.accesses[key].ends_on = None
        self.tombstones.discard(done.tombstone)

    def _move(self, done: Merged, source: Pk, target: Pk) -> None:
        for each in done.children:
            if self.parent[each] == source:
                self.parent[each] = target
        for key in done.posts:
            self.posts[key].partner = target
        for key in done.accesses:
            self.accesses[key].partner = target
        for key in done.assignments:
            self.assignments[key] = target
        for rows, keys in ((self.follow_ups, done.follow_ups), (self.meetings, done.meetings)):
            for key in keys:
                rows[key].partners = rows[key].partners - {source} | {target}
