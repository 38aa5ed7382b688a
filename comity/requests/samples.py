"""What the partners of the State of Franklin asked for, and how it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from comity.office.services import today
from comity.partners.models import Membership, Partner, Person
from comity.partners.services.memberships import grant_membership
from comity.people.models import User
from comity.people.roles import Role
from comity.requests import services
from comity.requests.fields import Field
from comity.requests.models import Form, ServiceRequest
from comity.services.models import Offering

Staff = Mapping[str, User]
Partners = Mapping[str, Partner]
Make = Callable[[Staff, Partners], object]
HOW_MANY = {
    "kind": "number",
    "en": "How many?",
    "es": "¿Cuántos?",
    "required": True,
    "least": "1",
    "most": "500",
}
NEEDED = {"kind": "date", "en": "When do you need it?", "es": "¿Para cuándo?", "required": True}
CENTER = {"kind": "cost_center", "en": "Which cost center pays?", "es": "¿Qué centro de costos paga?"}
# By meter code: the fields, the steps, the number that the estimate multiplies, the item in the ITSM tool.
FORMS: dict[str, tuple[list[dict[str, Any]], list[list[str]], str, str]] = {
    "HST-STD": (
        [
            HOW_MANY,
            {
                "kind": "choice",
                "en": "What runs on it?",
                "es": "¿Qué se ejecutará en él?",
                "required": True,
                "choices": [["Linux", "Linux"], ["Windows", "Windows"]],
            },
            {
                "kind": "text",
                "en": "Number of your Windows license",
                "es": "Número de su licencia de Windows",
                "hint_en": "Leave it empty if you need one.",
                "hint_es": "Déjelo en blanco si necesita una.",
                "shown": "f2:2",
            },
            {"kind": "long", "en": "What is it for?", "es": "¿Para qué es?", "required": True},
            NEEDED,
            CENTER,
        ],
        [
            ["2", "Check capacity and security", "Revisar capacidad y seguridad"],
            ["5", "Set the server up", "Instalar el servidor"],
            ["1", "Hand it over", "Entregarlo"],
        ],
        "f1",
        "",
    ),
    "BCK-30": (
        [
            {
                "kind": "number",
                "en": "How many gigabytes?",
                "es": "¿Cuántos gigabytes?",
                "hint_en": "About a tenth more than what you have today.",
                "hint_es": "Una décima parte más de lo que tiene hoy.",
                "required": True,
                "least": "1",
            },
            {"kind": "text", "en": "Which system?", "es": "¿Qué sistema?", "required": True},
        ],
        [
            ["1", "Install the agent", "Instalar el agente"],
            ["2", "Bring a first file back", "Recuperar un archivo"],
        ],
        "f1",
        "",
    ),
    "NET-LOC": (
        [
            {
                "kind": "place",
                "en": "Where?",
                "es": "¿Dónde?",
                "hint_en": "Street, number and city.",
                "hint_es": "Calle, número y ciudad.",
                "required": True,
            },
            NEEDED,
            {"kind": "file", "en": "Floor plan", "es": "Plano de la planta"},
        ],
        [
            ["10", "Look at the site", "Visitar el lugar"],
            ["20", "Lay the line", "Tender la línea"],
            ["2", "Test it with you", "Probarla con usted"],
        ],
        "",
        "",
    ),
    "MAIL": (
        [
            {**HOW_MANY, "en": "How many accounts?", "es": "¿Cuántas cuentas?", "name": "quantity"},
            {"kind": "person", "en": "Who answers for them?", "es": "¿Quién responde por ellas?"},
            CENTER,
        ],
        [["1", "Make the accounts", "Crear las cuentas"]],
        "f1",
        "",
    ),
    "SEC-SCN": (
        [
            {"kind": "text", "en": "Which application?", "es": "¿Qué aplicación?", "required": True},
            {
                "kind": "choice",
                "en": "Who can reach it?",
                "es": "¿Quién puede usarla?",
                "required": True,
                "choices": [["Only our own people", "Solo nuestro personal"], ["Everybody", "Todo el mundo"]],
            },
            {
                "kind": "text",
                "en": "At which address?",
                "es": "¿En qué dirección?",
                "required": True,
                "shown": "f2:2",
            },
            {**HOW_MANY, "en": "How many scans a month?", "es": "¿Cuántos análisis al mes?", "most": "30"},
        ],
        [
            ["3", "Agree on a night", "Acordar una noche"],
            ["5", "Scan, and write the report", "Analizar e informar"],
        ],
        "f4",
        "",
    ),
    "CLD": (
        [
            {
                "kind": "text",
                "en": "What do you want to try?",
                "es": "¿Qué quiere probar?",
                "required": True,
                "name": "purpose",
            },
            {
                "kind": "number",
                "en": "What may it cost a month, in dollars?",
                "es": "¿Cuánto puede costar al mes, en dólares?",
                "required": True,
                "least": "1",
                "name": "budget",
            },
        ],
        [["5", "Open the cloud account", "Abrir la cuenta en la nube"]],
        "f2",
        "5f1d2c3b4a5968778695a4b3c2d1e0f9",
    ),
}


def forms(staff: Staff, partners: Partners) -> None:
    """Sam writes the forms; Revenue gets a clerk who asks by them, and two say from which cost on they approve."""
    for code, (fields, steps, quantity, item) in FORMS.items():
        offering = Offering.objects.get(code=code)
        for field in fields:
            services.put(offering, Field(**{"key": "", **field}), by=staff["sam"])
        services.write(offering, {"steps": steps, "quantity": quantity, "item": item}, by=staff["sam"])
        services.publish(offering, by=staff["sam"])
    revenue = partners["DOR"]
    taken = Membership.objects.filter(partner=revenue).values("person")
    clerk = (
        Person.objects.at(revenue, today()).exclude(pk__in=taken).exclude(email="").order_by("-pk").first()
    )
    assert clerk is not None
    made = grant_membership(by=staff["carla"], person=clerk, partner=revenue, role=Role.PARTNER_MEMBER)
    made.user.password, made.user.joined_at = staff["carla"].password, timezone.now()
    made.user.save()
    executive = user_of("DOR", partners, Role.PARTNER_EXECUTIVE)
    services.THRESHOLDS.enter({"partner": revenue, "above_cents": 15_000}, by=executive)
    revenue.cost_centers.create(code="4100", name="Taxpayer services", funding="0110-4100")


def user_of(code: str, partners: Partners, role: str = "") -> User:
    """Who asks for a partner: of Revenue its clerk, unless another role is said; whoever still can, where they left."""
    rows = Membership.objects.standing().filter(partner=_partner(partners, code)).order_by("pk")
    wanted = role or (Role.PARTNER_MEMBER if code == "DOR" else "")
    found = rows.filter(role=wanted).first() or rows.first()
    assert found is not None, f"Nobody at {code} can ask on {today()}"
    return found.user


def _partner(partners: Partners, code: str) -> Partner:
    return partners[code] if code in partners else Partner.objects.get(name__contains=code)


def _ask(code: str, offering: str, said: dict[str, Any], _staff: Staff, partners: Partners) -> None:
    """Days are said as how many there are until then."""
    form = Form.objects.in_force().filter(offering__code=offering)[0]
    days = {
        key: (today() + timedelta(days=value)).isoformat()
        for key, value in said.items()
        if isinstance(value, int)
    }
    by = user_of(code, partners)
    services.ask(ServiceRequest(form=form), _partner(partners, code), {**said, **days}, by=by)


def _act(code: str, offering: str, act: str, words: str, staff: Staff, partners: Partners) -> None:
    found = ServiceRequest.objects.filter(
        partner=_partner(partners, code), form__offering__code=offering
    ).latest("pk")
    roles = {"approve": Role.PARTNER_EXECUTIVE, "back": Role.PARTNER_EXECUTIVE, "yes": "", "no": ""}
    if act == "approve" and found.ticket:
        return  # it cost less than what has to be approved
    by = user_of(code, partners, roles[act]) if act in roles else staff["sam"]
    seen = ServiceRequest.objects.visible_to(by).get(pk=found.pk)
    refused = services.refusal(seen, act, by)
    assert not refused, f"{code}, {offering}, {act}: {seen.stage}, {seen.step}. {refused}"
    services.act_on(found.pk, act, words=words, by=by)


# Who asks, for what, how many days ago, and what was filled in; then what was done, and how many days ago.
TOLD: tuple[tuple[str, str, int, dict[str, Any], tuple[tuple[int, str, str], ...]], ...] = (
    # The refund server: Revenue's clerk wants twelve, the executive says eight will do. Three days late, and it says so.
    (
        "DOR",
        "HST-STD",
        150,
        {
            "f1": "12",
            "f2": "1",
            "f4": "Refunds in the filing season. Last year the page stood still for a day.",
            "f5": 20,
        },
        ((146, "back", "Eight will do if the old ones stay until June. Ask once more."),),
    ),
    (
        "DOR",
        "BCK-30",
        128,
        {"f1": "800", "f2": "The audit archive"},
        (
            (124, "approve", ""),
            (120, "next", ""),
            (116, "next", ""),
            (112, "next", ""),
            (
                108,
                "no",
                "The first file we asked for came back empty. It took a second week until one was whole.",
            ),
        ),
    ),
    (
        "DOR",
        "MAIL",
        96,
        {"f1": "14"},
        ((92, "approve", ""), (88, "next", ""), (84, "next", ""), (80, "yes", "")),
    ),
    (
        "DOR",
        "SEC-SCN",
        40,
        {"f1": "Taxpayer Access Point", "f2": "2", "f3": "tap.dor.franklin.example", "f4": "2"},
        (),
    ),
    ("DOR", "CLD", 33, {"f1": "Reading scanned letters by machine", "f2": "400"}, ()),
    (
        "DOR",
        "HST-STD",
        3,
        {"f1": "9", "f2": "2", "f3": "WS-22-4471", "f4": "A test copy of the refund system.", "f5": 60},
        (),
    ),
    # Health: most came; one was declined, and the words say what to do instead.
    (
        "DOH",
        "HST-STD",
        140,
        {"f1": "2", "f2": "1", "f4": "The register of vaccinations moves off the old machine.", "f5": 30},
        ((136, "next", ""), (132, "next", ""), (128, "next", ""), (124, "next", ""), (120, "yes", "")),
    ),
    (
        "DOH",
        "CLD",
        110,
        {"f1": "A map of clinics for the public", "f2": "250"},
        (),
    ),
    (
        "DOH",
        "BCK-30",
        82,
        {"f1": "40", "f2": "Laptops of the field nurses"},
        (
            (
                78,
                "decline",
                "Laptops are saved with the email service, at no charge. Kit calls you to switch it on.",
            ),
        ),
    ),
    (
        "DOH",
        "SEC-SCN",
        61,
        {"f1": "Birth certificates online", "f2": "2", "f3": "vital.doh.franklin.example", "f4": "1"},
        ((57, "next", ""), (53, "next", ""), (49, "next", "")),
    ),
    ("DOH", "MAIL", 9, {"f1": "6"}, ((5, "next", ""),)),
    (
        "DOH",
        "HST-STD",
        6,
        {"f1": "1", "f2": "1", "f4": "The new laboratory sends results at night.", "f5": 25},
        ((2, "next", ""),),
    ),
    # Parks wants little, and waits for what it wants.
    (
        "PRK",
        "BCK-30",
        75,
        {"f1": "120", "f2": "Reservations of campsites"},
        ((71, "next", ""), (67, "next", ""), (63, "next", ""), (59, "yes", "")),
    ),
    (
        "PRK",
        "SEC-SCN",
        30,
        {"f1": "Campsite reservations", "f2": "2", "f3": "camp.prk.franklin.example", "f4": "1"},
        ((26, "next", ""),),
    ),
    ("PRK", "HST-STD", 2, {"f1": "1", "f2": "1", "f4": "Pictures of the wildlife cameras.", "f5": 40}, ()),
    ("PRK", "MAIL", 1, {"f1": "25"}, ()),
    # A county and a city: the line to the annex came late, the one to the library is being laid.
    (
        "47019",
        "NET-LOC",
        118,
        {"f1": "204 East Elk Avenue, Elizabethton", "f2": 50},
        (
            (112, "next", ""),
            (96, "next", ""),
            (71, "next", ""),
            (67, "next", ""),
            (63, "no", "The annex opened two days before its line. People were sent away at the counter."),
        ),
    ),
    (
        "47019",
        "HST-STD",
        24,
        {"f1": "1", "f2": "1", "f4": "The county’s map of parcels.", "f5": 30},
        ((20, "next", ""), (16, "next", "")),
    ),
    ("Larkspur", "NET-LOC", 19, {"f1": "12 Mill Street, the library", "f2": 45}, ((14, "next", ""),)),
    (
        "Larkspur",
        "SEC-SCN",
        4,
        {"f1": "Paying permits online", "f2": "2", "f3": "permits.larkspur.example", "f4": "1"},
        (),
    ),
)
STORY: tuple[tuple[int, Make], ...] = (
    (170, forms),
    *((days, partial(_ask, code, offering, said)) for code, offering, days, said, _then in TOLD),
    *(
        (days, partial(_act, code, offering, act, words))
        for code, offering, _days, _said, then in TOLD
        for days, act, words in then
    ),
)
