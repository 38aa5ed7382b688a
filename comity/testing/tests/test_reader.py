"""Who asks is looked up once, and nobody reads what another request did to its copy."""

from __future__ import annotations

from django.contrib.auth import get_user

from comity.people.backends import Backend
from comity.testing.cast import CastTestCase
from comity.testing.matrix import looked_up_once


class LookedUpOnce(CastTestCase):
    def test_is_who_they_are_with_their_roles(self) -> None:
        with looked_up_once():
            for _time in range(2):
                for user in (self.ana, self.ben):
                    self.client.force_login(user)
                    request = self.client.get("/").wsgi_request
                    self.assertEqual(get_user(request), user)
                    self.assertEqual(getattr(Backend().get_user(user.pk), "roles", None), user.roles)

    def test_everyone_has_a_copy_of_their_own(self) -> None:
        with looked_up_once():
            first, second, third = (Backend().get_user(self.ana.pk) for _time in range(3))
            assert second is not None
            second.name = "Someone else"
        self.assertEqual(first, third)
        self.assertEqual([user.name for user in (first, third) if user], ["Ana Ruiz", "Ana Ruiz"])

    def test_costs_no_query_the_second_time(self) -> None:
        with looked_up_once():
            for queries in (3, 0):  # the user, which day it is in the office, and the memberships
                with self.assertQueries(queries):
                    user = Backend().get_user(self.ben.pk)
                    assert user is not None
                    self.assertEqual(user.roles, {"partner_it_lead"})

    def test_afterwards_it_is_looked_up_again(self) -> None:
        with looked_up_once():
            Backend().get_user(self.ana.pk)
        with self.assertQueries(1):
            Backend().get_user(self.ana.pk)
