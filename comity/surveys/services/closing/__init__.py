"""Closing a wave: answers are counted, frozen, and, where nobody may know whose they are, parted from their authors."""

from comity.surveys.services.closing.acts import CLOSE, CLOSING, close_wave
from comity.surveys.services.closing.automatic import go_on, something_to_close
from comity.surveys.services.closing.work import FROZEN, finish, forget
