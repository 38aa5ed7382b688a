"""The stories a reader can find in the sample state; docs/start.md says where to look for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from comity.demo import belongings as papers
from comity.demo.belongings import attach as keep
from comity.demo.chance import Chance
from comity.demo.diary import Diary
from comity.demo.everyday import answer
from comity.followups import services as ring
from comity.followups.models import FollowUp, Helped, How
from comity.meetings import services as meetings
from comity.meetings.models import Meeting
from comity.partners.models import Partner, Person
from comity.people.models import User


@dataclass
class Stories:
    """Writes the stories into the diary; `people` holds the head and the IT lead of each partner by code."""

    diary: Diary
    chance: Chance
    staff: Mapping[str, User]
    partners: Mapping[str, Partner]
    people: Mapping[str, list[Person]]
    _order: int = 0

    def write(self) -> None:
        self.revenue_waits()
        self.health_is_to_be_told()
        self.labor_was_just_heard()
        self.corrections_was_helped()
        self.transportation_said_no()
        self.agriculture_lost_its_contact()
        self.carter_county_joins()
        self.larkspur_writes_in_the_portal()
        self.carter_county_asks()

    def revenue_waits(self) -> None:
        """A promise nine days late, to a partner whose IT lead's post is vacant."""
        ana, title = self.staff["ana"], "Nobody tells us when the network is down"
        found = self._raise(
            21, "DOR", title, f"{title}. We learn it from the taxpayers.", who=2, severity="high"
        )
        self._then(20, found, ring.own, by=ana, due_on=self._day(9))
        words = "Sam: can the status messages go to field offices by text as well?"
        self._then(18, found, ring.comment, words=words, by=ana, office_only=True)
        self._then(17, found, keep, "Outage notices, draft.pdf", papers.outage_notices(), self.staff["sam"])
        said = "Filing season opens January 28; no changes after January 10. They want status messages in every field office."
        self._visit(51, "DOR", "ana", "With the deputy commissioner and two field offices", said)

    def health_is_to_be_told(self) -> None:
        said = "The clinics open at seven. The desk opens at eight. At seven nobody can print a label."
        found, ana = self._raise(16, "DOH", "Second help-desk line before 8 am", said), self.staff["ana"]
        self._then(15, found, ring.own, by=ana)
        self._then(4, found, ring.finish, words="The line opens at 6:30 from Monday.", by=ana)
        self._then(4, found, keep, "Rota and numbers.pdf", papers.desk_hours(), ana)

    def labor_was_just_heard(self) -> None:
        said = "The new form has forty fields and my people fill it in on a phone at a kitchen table."
        self._raise(0, "DLW", "The new form cannot be filled in on a phone", said, severity="high")

    def corrections_was_helped(self) -> None:
        said = "The badge readers at the north gate reject every third officer. The line stands in the rain."
        found = self._raise(52, "COR", "Badge readers at the north gate", said, severity="high")
        owner = self.staff["ana"]
        self._then(51, found, ring.own, by=owner)
        done = "All six readers were replaced and watched for a week."
        self._then(12, found, ring.finish, words=done, by=owner)
        self._then(12, found, keep, "Rejected badges by day.png", papers.rejected_badges(), owner)
        told = "The six readers at the north gate are new; last week none of your officers was turned away."
        self._then(8, found, ring.tell, how=How.MAIL, words=told, by=owner)
        self._then(1, found, answer, Helped.YES, "Nobody stands in the rain any more. Thank you.")

    def transportation_said_no(self) -> None:
        """The first answer did not help; it was opened again."""
        said = "The traffic cameras go dark when it snows, which is when we need them."
        found = self._raise(70, "DOT", "Traffic cameras go dark in snow", said, severity="urgent")
        owner = self.staff["jo"]
        self._then(70, found, ring.own, by=owner)
        self._then(58, found, ring.finish, words="The heaters on the pass were repaired.", by=owner)
        told = "The heaters of the cameras on the pass work again."
        self._then(57, found, ring.tell, how=How.MAIL, words=told, by=owner)
        self._then(11, found, answer, Helped.NO, "It snowed on Tuesday. Four of nine were dark.")
        self._then(10, found, keep, "Cameras on Tuesday.log", papers.camera_log(), owner)

    def agriculture_lost_its_contact(self) -> None:
        """Its contact left; nobody followed; what it says finds no owner."""
        said = "Marcus knew every county extension office. Who is our person now?"
        self._raise(26, "AGR", "Who is our person now?", said, severity="high")
        said = "The inspection tablets lose the route when there is no signal, which is most of the county."
        self._raise(17, "AGR", "Inspection tablets lose the route without signal", said)

    def carter_county_joins(self) -> None:
        """A county that considers joining: first visits, a promise kept, then active."""
        said = "The clerk keeps the backups in her car. Really."
        self._visit(120, "47019", "priya", "First visit to the courthouse", said)
        said = "Two commissioners came. They vote in spring. They want to talk to a county that did it."
        promise = "Introduce them to the county that did this last year"
        self._visit(64, "47019", "priya", "What backup and storage would cost", said, promises=[promise])

        def promised() -> int:
            return FollowUp.objects.get(kind="promise", title=promise).pk

        done = "Called Greene County together; their mayor and ours talked for an hour."
        self._then(55, promised, ring.finish, words=done, by=self.staff["priya"])
        told = "Greene County's mayor will gladly take your calls, as we heard together on the phone today."
        self._then(55, promised, ring.tell, how=How.MAIL, words=told, by=self.staff["priya"])

    def larkspur_writes_in_the_portal(self) -> None:
        """Its town clerk writes Spanish and is answered in Spanish."""
        tom = self.staff["tom"]
        found = self._write(58, "Larkspur", "La cuenta de mi compañera nueva", ACCOUNT)
        self._then(57, found, ring.own, by=tom)
        self._then(56, found, ring.comment, words=ACCOUNT_ASKED, by=tom, office_only=False)
        self._then(
            50, found, ring.finish, words="Account is there; she signed in with me on the phone.", by=tom
        )
        self._then(49, found, ring.tell, how=How.MAIL, words=ACCOUNT_TOLD, by=tom)
        self._then(47, found, answer, Helped.YES, "Ya entró, y a la primera. Muchas gracias.")
        found = self._write(6, "Larkspur", "El recibo de agua no se puede pagar desde el teléfono", RECEIPT)
        self._then(5, found, ring.own, by=tom)
        self._then(4, found, ring.comment, words=RECEIPT_SEEN, by=tom, office_only=False)

    def carter_county_asks(self) -> None:
        """It has just joined, and writes what it did not expect."""
        priya = self.staff["priya"]
        said = "We joined three weeks ago and the first invoice says July. What happened in July?"
        found = self._write(9, "47019", "First invoice goes back to July", said)
        self._then(8, found, ring.own, by=priya)
        words = "Good catch. I have asked Ines; it looks like the fiscal year and not like you."
        self._then(7, found, ring.comment, words=words, by=priya, office_only=False)

    # --- how a story is told ---

    def _write(self, days_ago: int, code: str, title: str, said: str) -> Callable[[], int]:
        """The same, written by the first of its people in the portal."""

        def live() -> FollowUp:
            user = User.objects.get(memberships__person=self.people[code][0])
            return ring.raise_follow_up(
                kind="portal", partner=self.partners[code], title=title, said=said, raised_by=user, by=user
            )

        return self._lived(days_ago, live)

    def _raise(
        self, days_ago: int, code: str, title: str, said: str, *, who: int = 1, severity: str = "normal"
    ) -> Callable[[], int]:
        """Something said; gives a function that finds its key once it has been lived."""
        people = self.people[code]

        def live() -> FollowUp:
            return ring.raise_follow_up(
                kind="concern",
                partner=self.partners[code],
                title=title,
                said=said,
                raised_by=people[min(who, len(people) - 1)] if people else None,
                anonymous=not people,
                severity=severity,
                by=self.staff["kit"],
            )

        return self._lived(days_ago, live)

    def _lived(self, days_ago: int, live: Callable[[], FollowUp]) -> Callable[[], int]:
        made: list[int] = []
        moment = self.chance.working_moment(days_ago).replace(hour=8)
        if days_ago == 0:
            moment = self.diary.now - timedelta(minutes=40)
        self.diary.at(moment, lambda: made.append(live().pk))
        return lambda: made[0]

    def _then(
        self, days_ago: int, found: Callable[[], int], do: Callable[..., object], *what: Any, **how: Any
    ) -> None:
        """Something done about it: after what was raised that day, and after what was written down before it."""
        self._order += 1
        moment = self.chance.working_moment(days_ago).replace(hour=11, minute=self._order)
        self.diary.at(moment, lambda: do(found(), *what, **how))

    def _visit(
        self, days_ago: int, code: str, who: str, title: str, said: str, promises: list[str] | None = None
    ) -> None:
        moment = self.chance.working_moment(days_ago)
        self.diary.at(
            moment,
            lambda: meetings.log_visit(
                by=self.staff[who],
                partners=[self.partners[code]],
                title=title,
                how=Meeting.How.IN_PERSON,
                held_on=moment.date(),
                ours=[self.staff[who]],
                theirs=self.people[code][:1],
                said=said,
                promises=[meetings.Promised(words) for words in promises or []],
                office_only=False,
            ),
        )

    def _day(self, days_ago: int) -> date:
        return self.chance.today - timedelta(days=days_ago)


ACCOUNT = (
    "Mi compañera entró a trabajar hace nueve días y todavía no tiene cuenta. Atiende la ventanilla con mi usuario,"
    " y ya sé que eso no se debe."
)
ACCOUNT_ASKED = "Gracias por avisarnos, y por decirlo así de claro. ¿Me confirma cómo se escribe su segundo apellido? Con eso la pido hoy."
ACCOUNT_TOLD = (
    "La cuenta de su compañera ya está lista; entramos con ella por teléfono para probarla. Por favor cambie usted su"
    " propia contraseña, y listo."
)
RECEIPT = (
    "En la computadora sí se puede, pero en el teléfono el botón de pagar queda debajo del anuncio. Casi todos pagan desde el"
    " teléfono, y luego vienen a la ventanilla enojados."
)
RECEIPT_SEEN = (
    "Lo vimos hoy en dos teléfonos y es tal como lo cuenta. El que hace la página lo corrige esta semana."
)
