"""Names as people write them, and what a letter or an address book makes of them."""

from __future__ import annotations

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from comity.core.person_names import NameParts, parts_of

READ = {
    "Keith O'Brien": NameParts("O'Brien", "Keith"),
    "Margi O’Mara": NameParts("O’Mara", "Margi"),
    "Martin Luther King Jr.": NameParts("King", "Martin", "Luther", suffixes=("Jr.",)),
    "Martin Luther King, Jr.": NameParts("King", "Martin", "Luther", suffixes=("Jr.",)),
    "King Jr., Martin Luther": NameParts("King", "Martin", "Luther", suffixes=("Jr.",)),
    "King, Martin Luther, Jr.": NameParts("King", "Martin", "Luther", suffixes=("Jr.",)),
    "John Smith III": NameParts("Smith", "John", suffixes=("III",)),
    "William Gates, III": NameParts("Gates", "William", suffixes=("III",)),
    "Tom Brown, PhD, PE": NameParts("Brown", "Tom", suffixes=("PhD", "PE")),
    "Dr. Martin Luther King Jr.": NameParts("King", "Martin", "Luther", "Dr.", ("Jr.",)),
    "Hon. Jane Doe": NameParts("Doe", "Jane", prefix="Hon."),
    "Maj. Gen. Sam Oak": NameParts("Oak", "Sam", prefix="Maj. Gen."),
    "ann de la Cruz": NameParts("de la Cruz", "ann"),
    "de la Cruz, Ann": NameParts("de la Cruz", "Ann"),
    "Cruz, Ann de la": NameParts("de la Cruz", "Ann"),
    "Maria Del Carmen Lopez": NameParts("Del Carmen Lopez", "Maria"),
    "Vincent Van der Berg": NameParts("Van der Berg", "Vincent"),
    "Jan van der Meer": NameParts("van der Meer", "Jan"),
    "Van Morrison": NameParts("Morrison", "Van"),
    "Otto von Bismarck": NameParts("von Bismarck", "Otto"),
    "Ann St. John": NameParts("St. John", "Ann"),
    "Abdul Rahman bin Faisal": NameParts("bin Faisal", "Abdul Rahman"),
    "J. R. R. Tolkien": NameParts("Tolkien", "J.", "R. R."),
    "Smith, John A.": NameParts("Smith", "John", "A."),
    "Mary-Jane Smith-Jones": NameParts("Smith-Jones", "Mary-Jane"),
    'Robert "Bob" Jones': NameParts("Jones", "Robert", nickname="Bob"),
    "José Núñez": NameParts("Núñez", "José"),
    "Kaʻiulani Keʻala": NameParts("Keʻala", "Kaʻiulani"),
    "Łukasz Żółć": NameParts("Żółć", "Łukasz"),
    "Nguyễn Thị Ánh": NameParts("Nguyễn", "Ánh", "Thị"),
    "Nguyễn, Ánh Thị": NameParts("Nguyễn", "Ánh", "Thị"),
    "Anh Nguyen": NameParts("Nguyen", "Anh"),
    "Nguyen Anh": NameParts("Anh", "Nguyen"),  # of two words either may be the family's; here it stands last
    "Yo-Yo Ma": NameParts("Ma", "Yo-Yo"),
    "Prince": NameParts("", "Prince"),
    "Jo": NameParts("", "Jo"),
    "de la Cruz": NameParts("de la Cruz", ""),
    "Dr. Smith": NameParts("Smith", "", prefix="Dr."),
    "": NameParts("", ""),
}


class ReadNames(TestCase):
    def test_each_word_is_what_people_take_it_for(self) -> None:
        for name, parts in READ.items():
            with self.subTest(name):
                self.assertEqual(parts_of(name), parts)

    @given(st.text(st.sampled_from("abÉ ,.'()-\"IV"), max_size=30))
    def test_whatever_is_written_is_read_and_nothing_is_added(self, name: str) -> None:
        read = parts_of(name)
        said = (read.family, read.given, read.additional, read.prefix, *read.suffixes, read.nickname)
        self.assertLessEqual({*"".join(said)} - {" "}, {*name})
