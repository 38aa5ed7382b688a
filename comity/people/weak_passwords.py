"""Passwords that are long, and yet among the first that anyone would try."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_CHARACTERS = 6
# Ways along the keyboard, the alphabet and the digits, there and back, round and round.
WAYS = (
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)


class NotObvious:
    """Refuses repetitions, ways along the keyboard, and a common password with figures around it.

    No kind of character is asked for or forbidden: only what is guessed first is refused.
    """

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        text = password.lower()
        if len(set(text)) < FEWEST_CHARACTERS or _repeats(text) or _is_a_way(text) or self._is_padded(text):
            raise ValidationError(_("This password is too easy to guess."), code="password_too_obvious")

    def get_help_text(self) -> str:
        return _("Avoid repeated text, rows of keys, and common passwords with numbers added.")

    def _is_padded(self, text: str) -> bool:
        core = text.strip("0123456789!@#$%^&*()-_=+.,?/ ")
        return core != text and core in self.common


def _repeats(text: str) -> bool:
    """Whether it is one piece over and over: it then occurs in itself, doubled, before its own end."""
    return 0 < (text + text).find(text, 1) < len(text)


def _is_a_way(text: str) -> bool:
    rounds = 2 + len(text) // 10
    return any(text in way * rounds or text in way[::-1] * rounds for way in WAYS)
