"""The office's own people are found as people type their names, in lists, in pickers, and where they are mentioned."""

from __future__ import annotations

from comity.people.models import User
from comity.people.pickers import COLLEAGUE
from comity.testing.cast import CastTestCase

TYPED = {
    "Keith O'Brien": ("obrien", "O’Brien", "keith o'brien", "brien"),
    "Łukasz Błaszczyk": ("lukasz", "BLASZ", "Łukasz"),
    "Đặng Thị Hoa": ("dang hoa", "Đặng"),
    "Østen Åberg": ("osten", "åberg"),
    "Ann Smith-Jones": ("smith-jones", "smith jones", "jones ann"),
    "Jörg Strauß": ("strauss", "jorg", "JÖRG"),
}


class OurPeople(CastTestCase):
    def test_they_are_found_as_people_type_them(self) -> None:
        for at, name in enumerate(TYPED):
            User.objects.create(name=name, email=f"one{at}@oit.example.gov", kind=User.Kind.OFFICE)
        office = User.objects.office()
        for name, texts in TYPED.items():
            for text in texts:
                with self.subTest(text):
                    self.assertEqual([one.name for one in office.named(text)], [name])
                    self.assertEqual([one.name for one in COLLEAGUE.find(office, text)], [name])
        self.assertEqual([one.name for one in office.named("one3@oit.example")], ["Østen Åberg"])
        self.assertFalse(office.named("?!").exists())
        self.assertEqual(office.named(" ").count(), office.count())
