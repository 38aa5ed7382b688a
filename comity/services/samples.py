"""What the office of the State of Franklin offers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from comity.office.services import today
from comity.partners.models import Partner
from comity.people.models import User
from comity.services import services
from comity.services.models import DataClass, Service

TEXTS = tomllib.loads(Path(__file__).with_name("franklin.toml").read_text())

STATE, LOCAL = ["agency", "board", "court", "university"], ["city", "county", "district"]
# name, promise, status
SERVICES = (
    ("Server hosting", "Your applications run in our data center, monitored day and night.", "offered"),
    ("Backup", "What you lose on Monday is back on Tuesday.", "offered"),
    ("State network", "One line connects each of your offices to the state and to the internet.", "offered"),
    ("Email and office software", "Email, calendar and documents, on every device you use.", "offered"),
    ("Security scans", "We find the weak spots in your applications before others do.", "offered"),
    ("Help desk", "Someone answers within a minute, and calls you back when it is fixed.", "offered"),
    ("Telephones", "A phone number for every desk.", "retiring"),
    ("Cloud brokerage", "We buy cloud for you at the state’s price.", "pilot"),
)
# service, name, meter code, unit, funding, kinds
OFFERINGS: tuple[tuple[str, str, str, str, str, list[str]], ...] = (
    ("Server hosting", "Standard server", "HST-STD", "device-month", "billed", []),
    ("Server hosting", "Large server", "HST-LRG", "device-month", "billed", []),
    ("Server hosting", "Disk space", "HST-DSK", "gb-month", "billed", []),
    ("Backup", "Kept for 30 days", "BCK-30", "gb-month", "billed", []),
    ("State network", "Line for a state office", "NET-STA", "instalment", "allocated", STATE),
    ("State network", "Line for a local government", "NET-LOC", "instalment", "billed", LOCAL),
    ("Email and office software", "Account", "MAIL", "user-month", "pass-through", STATE),
    ("Security scans", "Scan of one application", "SEC-SCN", "scan", "billed", []),
    ("Help desk", "Share of the help desk", "HLP", "fte", "allocated", STATE),
    ("Telephones", "Long distance", "TEL-LD", "minute", "billed", STATE),
    ("Cloud brokerage", "Cloud at cost", "CLD", "at-cost", "pass-through", []),
)


def catalogue(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    owner, by = staff["sam"], staff["carla"]
    made = {
        name: services.add_service({"name": name, "promise": said, "owner": owner, "status": status}, by=by)
        for name, said, status in SERVICES
    }
    for service, *facts in OFFERINGS:
        values = dict(zip(("name", "code", "unit", "funding", "kinds"), facts, strict=True))
        services.add_offering({"service": made[service], **values}, by=by)


WRITTEN = 45  # days ago
LISTS = ("subjects", "needs", "data_classes")


def entries(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """Their owner writes what the catalog says of each, and publishes all but one; everybody may read it."""
    sam = staff["sam"]
    known = {row.name: row for row in Service.objects.all()}
    for said in TEXTS["entry"]:
        if "status" in said:
            facts = {name: said[name] for name in ("promise", "status")}
            new = services.add_service({"name": said["service"], "owner": sam, **facts}, by=sam)
            known[new.name] = new
            _offer(new, said.get("offering"), sam)
    kinds = {row.name: row.pk for row in DataClass.objects.all()}
    subjects: dict[str, list[int]] = {}
    for order, said in enumerate(TEXTS["subject"], 1):
        name, name_es = said["names"]
        row = services.SUBJECTS.enter({"name": name, "name_es": name_es, "order": order}, by=sam)
        for service in said["services"]:
            subjects.setdefault(service, []).append(row.pk)
    for said in TEXTS["entry"]:
        service = known[said["service"]]
        chosen: dict[str, Any] = {
            "subjects": subjects.get(service.name, []),
            "needs": [known[name].pk for name in said.get("needs", ())],
            "data_classes": [kinds[name] for name in said.get("data_classes", ())],
            "followed_by": known.get(said.get("followed_by", "")),
        }
        if "retiring" in said:
            chosen["retiring_on"] = today() + timedelta(days=said["retiring"])
        _publish(service, said, chosen, sam)


def _offer(service: Service, facts: list[str] | None, by: User) -> None:
    if facts:
        values = dict(zip(("name", "code", "unit", "funding"), facts, strict=True))
        services.add_offering({"service": service, **values, "kinds": []}, by=by)


def _publish(service: Service, said: Mapping[str, Any], chosen: Mapping[str, Any], by: User) -> None:
    names = {field.name for field in Service._meta.fields}
    written = {name: value for name, value in said.items() if name in names and name not in LISTS}
    service = services.change_service(service.pk, {**written, **chosen}, by=by)
    if not said.get("draft"):
        review_on = today() + timedelta(days=said["review"] + WRITTEN)
        services.publish(service.pk, version=service.version, review_on=review_on, by=by)


def longer_hours(staff: Mapping[str, User], _partners: Mapping[str, Partner]) -> None:
    """The help desk opens on Saturdays to four, and its owner says so."""
    sam, desk = staff["sam"], Service.objects.get(name="Help desk")
    values = {
        "hours": "Monday to Friday from 6:30 in the morning to 8 at night, Saturday from 8 to 4.",
        "hours_es": "De lunes a viernes de 6:30 a 20, sábados de 8 a 16.",
    }
    desk = services.change_service(desk.pk, values, by=sam)
    review_on = desk.review_on or today() + timedelta(days=1)
    services.publish(desk.pk, version=desk.version, review_on=review_on, by=sam)
