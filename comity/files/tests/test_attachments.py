"""Attaching, reading, removing and bringing back; who may do which."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Template, engines
from django.test import RequestFactory, override_settings
from django.urls import include, path, reverse
from django.utils import timezone

from comity.audit.models import Entry
from comity.core.errors import DomainError
from comity.files import scanning, services
from comity.files.models import Attachment
from comity.files.services import Owner
from comity.files.tests import samples
from comity.people.access import Request, signed_in
from comity.people.models import User
from comity.testing.cast import CastTestCase
from comity.testing.declaring import declaring


def upload(content: bytes = samples.PDF, name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def partners_seen_by(user: User) -> Any:
    """Asked through the registry of apps: this room may not know the one of the partners."""
    return apps.get_model("partners.Partner").objects.visible_to(user)


def not_olu(user: User, pk: int) -> bool:
    return not user.name.startswith("Olu")


class AttachmentTestCase(CastTestCase):
    """In these tests files hang on partners; everybody who sees one may add, but for Olu."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(declaring(Owner("partners.Partner", not_olu)))
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.enterContext(override_settings(MEDIA_ROOT=folder))

    def attached(self, by: User | None = None) -> Attachment:
        return services.attach(self.parks, upload(), by=by or self.ben)

    def url(self, name: str, attachment: Attachment) -> str:
        return reverse(f"files:{name}", args=[attachment.pk])


class Attaching(AttachmentTestCase):
    def test_it_is_kept_under_a_name_of_our_own_and_is_in_the_trail(self) -> None:
        attachment = self.attached()
        self.assertRegex(str(attachment.file.name), r"^attachments/\d{4}/\d\d/[0-9a-f]{32}$")
        with attachment.file.open() as kept:
            self.assertEqual(kept.read(), samples.PDF)
        entry = Entry.objects.get(action=services.ATTACH)
        after = entry.after or {}
        self.assertEqual(after["name"], "report.pdf")
        self.assertEqual(after["owner"], f"partners.Partner:{self.parks.pk}")

    def test_what_is_refused_leaves_nothing_behind(self) -> None:
        for file, sentence in [
            (upload(samples.HTML, "a.html"), "cannot attach this type"),
            (upload(b""), "empty"),
        ]:
            with self.assertRaisesRegex(DomainError, sentence):
                services.attach(self.parks, file, by=self.ben)
        with override_settings(UPLOAD_LIMIT=10), self.assertRaisesRegex(DomainError, "too large"):
            services.attach(self.parks, upload(), by=self.ben)
        self.assertEqual(Attachment.objects.count(), 0)
        self.assertFalse(default_storage.exists("attachments"))

    def test_a_file_does_not_stay_when_its_row_could_not_be_written(self) -> None:
        with patch.object(services, "record", side_effect=RuntimeError), self.assertRaises(RuntimeError):
            self.attached()
        month = default_storage.listdir(f"attachments/{timezone.now():%Y/%m}")
        self.assertEqual(month, ([], []))

    def test_there_is_an_end_to_how_many(self) -> None:
        with patch.object(services, "MOST_PER_OWNER", 1):
            first = self.attached()
            with self.assertRaisesRegex(DomainError, "There are already 1 files here"):
                self.attached()
            services.remove(first, by=self.ben)
            self.attached()
            with self.assertRaisesRegex(DomainError, "already"):
                services.restore(first, by=self.ben)

    def test_a_scanner_may_refuse(self) -> None:
        def refuse(content: bytes) -> None:
            raise DomainError("This file carries a virus.")

        with patch.object(scanning, "_scanners", []):
            scanning.register(refuse)
            with self.assertRaisesRegex(DomainError, "virus"):
                self.attached()

    def test_rows_of_a_kind_nobody_declared_have_no_files(self) -> None:
        with self.assertRaisesRegex(ValueError, "office.Office"):
            services.attach(self.office, upload(), by=self.ana)


class Reading(AttachmentTestCase):
    def test_it_is_handed_over_to_be_saved_and_never_shown(self) -> None:
        attachment = services.attach(self.parks, upload(samples.PDF, "Año 2026.pdf"), by=self.ben)
        self.client.force_login(self.eve)
        answer = self.client.get(self.url("download", attachment))
        self.assertEqual(answer.getvalue(), samples.PDF)
        self.assertEqual(answer["Content-Type"], "application/pdf")
        self.assertEqual(answer["Content-Disposition"], "attachment; filename*=utf-8''A%C3%B1o%202026.pdf")
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", answer["Cache-Control"])
        self.assertIn("sandbox", answer["Content-Security-Policy"])
        self.assertIn("default-src 'none'", answer["Content-Security-Policy"])

    def test_a_part_of_it_is_handed_over_to_whoever_asks_for_one(self) -> None:
        self.client.force_login(self.ben)
        url, size = self.url("download", self.attached()), len(samples.PDF)
        for asked, first, last in [
            ("bytes=0-0", 0, 0),
            ("bytes=5-9", 5, 9),
            ("bytes=5-", 5, size - 1),
            ("bytes=-4", size - 4, size - 1),
            ("bytes=-9999", 0, size - 1),
            ("bytes=5-9999", 5, size - 1),
        ]:
            with self.subTest(asked):
                answer = self.client.get(url, headers={"Range": asked})
                self.assertEqual(answer.status_code, 206)
                self.assertEqual(answer.getvalue(), samples.PDF[first : last + 1])
                self.assertEqual(answer["Content-Range"], f"bytes {first}-{last}/{size}")
                self.assertEqual(answer["Content-Length"], str(last + 1 - first))
                self.assertTrue(answer["Content-Disposition"].startswith("attachment"))
                self.assertIn("sandbox", answer["Content-Security-Policy"])
        for none_such in (f"bytes={size}-", "bytes=9-5", "bytes=-0"):
            answer = self.client.get(url, headers={"Range": none_such})
            self.assertEqual((answer.status_code, answer["Content-Range"]), (416, f"bytes */{size}"))
        for ignored in ("bytes=0-1,3-4", "bytes=-", "pages=1-2", "bytes=a-b", ""):
            answer = self.client.get(url, headers={"Range": ignored})
            self.assertEqual((answer.status_code, answer.getvalue()), (200, samples.PDF))
            self.assertEqual(answer["Accept-Ranges"], "bytes")
        self.client.force_login(self.cy)
        self.assertEqual(self.client.get(url, headers={"Range": "bytes=0-0"}).status_code, 404)

    def test_whoever_does_not_see_the_row_cannot_tell_that_it_exists(self) -> None:
        attachment = self.attached()
        self.client.force_login(self.cy)
        for name, method in [("download", "GET"), ("remove", "POST"), ("restore", "POST")]:
            answer = self.client.generic(method, self.url(name, attachment))
            self.assertEqual(answer.status_code, 404)

    def test_a_removed_one_is_gone_until_it_is_back(self) -> None:
        attachment = self.attached()
        services.remove(attachment, by=self.ben)
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(self.url("download", attachment)).status_code, 404)
        services.restore(attachment, by=self.ben)
        answer = self.client.get(self.url("download", attachment))
        self.assertEqual(answer.getvalue(), samples.PDF)

    def test_once_its_kind_is_no_longer_declared_nobody_sees_it(self) -> None:
        attachment = self.attached()
        self.client.force_login(self.ana)
        with declaring(alone=True):
            self.assertEqual(self.client.get(self.url("download", attachment)).status_code, 404)


PAGE = """{% extends "ui/page.html" %}{% load files %}
{% block title %}{{ partner }}{% endblock %}{% block heading %}{{ partner }}{% endblock %}
{% block content %}{% attachments partner %}{% endblock %}"""


@signed_in()
def partner_page(request: Request, pk: int) -> HttpResponse:
    partner = get_object_or_404(partners_seen_by(request.user), pk=pk)
    return HttpResponse(engines["django"].from_string(PAGE).render({"partner": partner}, request))


urlpatterns = [
    path("partners/<int:pk>/", partner_page, name="partner"),
    path("", include("comity.site.urls")),
]


@override_settings(ROOT_URLCONF=__name__)
class OnThePageOfItsRow(AttachmentTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.parks_page = self.parks.get_absolute_url()

    def add_url(self, partner: Model, kind: str = "partners.Partner") -> str:
        return reverse("files:add", args=[kind, partner.pk])

    def test_a_file_is_attached_and_said_so_and_can_be_taken_back(self) -> None:
        self.post(self.add_url(self.parks), {"file": upload()}, by=self.ben, expect=self.parks_page)
        page = self.reads(self.page(self.parks_page))
        self.assertIn("“report.pdf” attached. Undo", page)
        attachment = Attachment.objects.get()
        self.post(self.url("remove", attachment), expect=self.parks_page)
        self.assertIn("“report.pdf” removed. Undo", self.reads(self.page(self.parks_page)))
        self.post(self.url("restore", attachment), expect=self.parks_page)
        self.assertIn("“report.pdf” restored.", self.reads(self.page(self.parks_page)))

    def test_a_file_that_is_refused_and_a_missing_one_are_explained_there(self) -> None:
        self.post(self.add_url(self.parks), {"file": upload(samples.HTML, "a.html")}, by=self.ben)
        self.assertIn("cannot attach this type", self.reads(self.page(self.parks_page)))
        self.post(self.add_url(self.parks), {})
        self.assertIn("Choose a file first.", self.reads(self.page(self.parks_page)))

    def test_rows_out_of_reach_do_not_exist_and_who_may_only_look_is_told_so(self) -> None:
        self.post(self.add_url(self.roads), {"file": upload()}, by=self.ben, expect=404)
        self.post(self.add_url(self.parks, "office.Office"), {"file": upload()}, by=self.ana, expect=404)
        self.post(self.add_url(self.parks), {"file": upload()}, by=self.olu, expect=403)
        self.assertEqual(Attachment.objects.count(), 0)

    def test_a_partners_people_remove_their_own_files_and_the_office_any(self) -> None:
        attachment = self.attached(by=self.ben)
        self.post(self.url("remove", attachment), by=self.eve, expect=403)
        self.assertNotIn("Remove report.pdf", self.page(self.parks_page, by=self.eve).content.decode())
        self.assertIn("Remove report.pdf", self.page(self.parks_page, by=self.ben).content.decode())
        self.post(self.url("remove", attachment), by=self.ana, expect=self.parks_page)

    def test_removing_twice_is_one_act(self) -> None:
        attachment = self.attached()
        for _time in range(2):
            self.post(self.url("remove", attachment), by=self.ben)
        self.assertEqual(Entry.objects.filter(action=services.REMOVE).count(), 1)

    def test_who_may_not_add_sees_no_form(self) -> None:
        page = self.reads(self.page(self.parks_page, by=self.olu))
        self.assertIn("No files attached.", page)
        self.assertNotIn("Attach a file", page)

    def test_many_files_cost_no_more_queries_than_one(self) -> None:
        request = RequestFactory().get("/")
        request.user = self.ben
        for _time in range(5):
            self.attached()
        with self.assertQueries(
            3
        ):  # the date at the office, whether Ben sees Parks, and the files with those who attached them
            Template("{% load files %}{% attachments partner %}").render(
                Context({"request": request, "partner": self.parks})
            )


class Destroying(AttachmentTestCase):
    def test_what_was_removed_long_ago_goes_with_its_bytes_and_nothing_else(self) -> None:
        old, fresh, present = self.attached(), self.attached(), self.attached()
        services.remove(old, by=self.ben)
        services.remove(fresh, by=self.ben)
        Attachment.objects.filter(pk=old.pk).update(removed_at=timezone.now() - timedelta(days=31))
        with self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(services.destroy_removed(timezone.now() - timedelta(days=30)), 1)
        self.assertEqual(set(Attachment.objects.all()), {fresh, present})
        self.assertFalse(default_storage.exists(str(old.file.name)))
        self.assertTrue(default_storage.exists(str(fresh.file.name)))
