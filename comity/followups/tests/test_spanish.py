"""What partners read is in Spanish too: their pages, the mail, the page behind its link."""

from __future__ import annotations

import re
from pathlib import Path

import polib
from django.urls import reverse
from django.utils.translation import deactivate, override

from comity import followups
from comity.followups.models import FollowUp
from comity.followups.tests.world import RingTestCase
from comity.office.services import today
from comity.outbox.models import Message

ROOM = Path(followups.__file__).parent
READ_BY_PARTNERS = (
    "portal/list.html",
    "portal/detail.html",
    "portal/new.html",
    "portal/_said.html",
    "portal/_came_of_it.html",
    "portal/_title_cell.html",
)
READ_BY_ALL = ("_story.html", "helped.html", "thanks.html")


def told_mail(follow_up: FollowUp) -> Message:
    return Message.objects.get(kind="followups.told", about_id=str(follow_up.pk))


class Spanish(RingTestCase):
    def setUp(self) -> None:
        for each in (self.ben, self.ben_person):
            each.language = "es"
            each.save()

    def test_the_mail_and_the_page_behind_its_link(self) -> None:
        mail = told_mail(self.told())
        self.assertIn("En qué quedó", mail.subject)
        self.assertIn("El enlace funciona durante 60 días.", mail.text)
        found = re.search(r"/helped/\S+", mail.text)
        assert found
        self.assertContains(self.client.get(found[0]), "¿Le ayudó?")
        answer = self.client.post(found[0], {"answer": "no"}, follow=True)
        self.assertContains(answer, "Lo hemos reabierto.")

    def test_where_it_stands(self) -> None:
        late = self.aged(self.owned(), due_on=9)
        with override("es"):
            self.assertEqual(late.ring(today()).title, "Responde Ana Ruiz, 9 días de retraso")
            self.assertIn("lo asumió", late.steps.get(what="owned").sentence)

    def test_every_string_of_the_partners_pages_is_translated(self) -> None:
        catalogue = polib.pofile(str(ROOM / "locale/es/LC_MESSAGES/django.po"))
        known = {entry.msgid for entry in catalogue if entry.translated()}
        pages = [ROOM / "templates/followups" / name for name in (*READ_BY_PARTNERS, *READ_BY_ALL)]
        for page in (*pages, *(ROOM / name for name in ("views/portal.py", "views/story.py", "to_them.py"))):
            text = page.read_text()
            said = (
                r"""_(?:lazy)?\("([^"]+)"\)|{% translate "([^"]+)" %}|{% blocktranslate trimmed %}([^{]+){%"""
            )
            for string in re.findall(said, text):
                with self.subTest(page=page.name, string=string):
                    self.assertIn("".join(string), known)

    def test_the_portal_speaks_it(self) -> None:
        follow_up = self.told(raised_by=self.ben)
        client = self.client_of(self.ben)
        client.post("/language/", {"language": "es", "next": "/"})
        self.addCleanup(deactivate)  # or the tests that come after it begin in Spanish
        for url, words in [
            (reverse("followups:portal_list"), "Lo que nos contó y lo que le prometimos"),
            (reverse("followups:portal_new"), "¿Qué debemos saber?"),
            (reverse("followups:portal_detail", args=[follow_up.pk]), "En qué quedó"),
        ]:
            with self.subTest(url):
                self.assertContains(client.get(url), words)
