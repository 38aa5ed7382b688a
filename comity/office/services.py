"""The office's settings, for everyone who has to speak in its name."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from comity.office.models import Office


@dataclass(frozen=True)
class Words:
    """The office's own word for those it serves, in the language in force."""

    partner: str
    partners: str

    @property
    def Partner(self) -> str:  # noqa: N802  (a capital where a sentence begins)
        return self.partner[:1].upper() + self.partner[1:]

    @property
    def Partners(self) -> str:  # noqa: N802
        return self.partners[:1].upper() + self.partners[1:]


def current_office() -> Office:
    """The one office; made with its defaults when there is none yet."""
    return Office.objects.filter(pk=1).first() or Office(pk=1)


def words() -> Words:
    """The office's word for a partner, in the language in force."""
    office = current_office()
    if (get_language() or "en").startswith("es"):
        return Words(office.partner_word_es, office.partner_words_es)
    return Words(office.partner_word, office.partner_words)
