"""What a file is, whatever it calls itself; what is kept, and under which name."""

from __future__ import annotations

from io import BytesIO
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from comity.core.errors import DomainError
from comity.files import kinds
from comity.files.kinds import harmless_name, recognise
from comity.files.tests import samples


class Recognising(TestCase):
    def test_the_bytes_decide_and_not_the_name(self) -> None:
        for content, content_type in [
            (samples.PDF, "application/pdf"),
            (samples.WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (samples.CALC, "application/vnd.oasis.opendocument.spreadsheet"),
            (samples.picture("PNG"), "image/png"),
            (samples.picture("JPEG"), "image/jpeg"),
            (samples.picture("WEBP"), "image/webp"),
            (samples.picture("GIF"), "image/gif"),
        ]:
            self.assertEqual(recognise(content, "list.csv").content_type, content_type)

    def test_of_a_text_only_the_name_can_say_which_kind_it_is(self) -> None:
        self.assertEqual(recognise(b"a;b\n1;2\n", "list.CSV").content_type, "text/csv")
        self.assertEqual(recognise(samples.MAIL, "said.eml").content_type, "message/rfc822")
        self.assertEqual(
            recognise("Año, in old letters".encode("cp1252"), "a.txt").content_type, "text/plain"
        )
        self.assertEqual(recognise("From Windows".encode("utf-16"), "a.txt").content_type, "text/plain")

    def test_what_could_act_or_show_itself_is_not_kept(self) -> None:
        for content, name in [
            (samples.HTML, "page.html"),
            (samples.SVG, "picture.svg"),
            (samples.PROGRAM, "setup.exe"),
            (samples.PROGRAM, "letter.txt"),
            (samples.zipped("a.txt"), "files.zip"),
            (b"PK\x03\x04 cut short", "a.docx"),
            (samples.PDF[1:], "a.pdf"),
        ]:
            with self.subTest(name), self.assertRaisesRegex(DomainError, "cannot attach this type"):
                recognise(content, name)

    def test_a_page_that_calls_itself_a_text_stays_a_text(self) -> None:
        self.assertEqual(recognise(samples.HTML, "page.txt").content_type, "text/plain")

    def test_old_formats_macros_and_empty_files_are_refused_with_what_to_do(self) -> None:
        for content, sentence in [
            (samples.OLD_WORD, "old format. Save it as"),
            *((macros, "contains macros. Save a copy without") for macros in samples.MACROS.values()),
            (b"", "This file is empty"),
        ]:
            with self.assertRaisesRegex(DomainError, sentence):
                recognise(content, "a.docx")


class Pictures(TestCase):
    def test_where_and_with_what_it_was_taken_is_taken_out_and_it_stands_upright(self) -> None:
        sent = samples.picture(place=True)
        self.assertIn(b"Camera of Ben", sent)
        kept = recognise(sent, "a.jpg").content
        for told in (b"Camera of Ben", b"Taken at home", b"Exif"):
            self.assertNotIn(told, kept)
        self.assertEqual(Image.open(BytesIO(kept)).size, (1, 2))

    def test_a_moving_picture_goes_on_moving(self) -> None:
        out = BytesIO()
        frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue", "green")]
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
        self.assertEqual(
            getattr(Image.open(BytesIO(recognise(out.getvalue(), "a.gif").content)), "n_frames", 1), 3
        )

    def test_a_damaged_one_and_one_of_too_many_pixels_are_refused(self) -> None:
        with self.assertRaisesRegex(DomainError, "damaged"):
            recognise(samples.picture("PNG")[:45], "a.png")
        with self.assertRaisesRegex(DomainError, "too many pixels"):
            recognise(samples.moving(1, 8000), "a.gif")


class Names(TestCase):
    def test_a_name_loses_its_path_and_what_deceives_and_gets_its_ending(self) -> None:
        for sent, kept in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\Ben\\Report 1.PDF", "Report 1.PDF"),
            ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
            ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
            ("  ..  ", "file.pdf"),
            ("Año 2026 – résumé 🎉.pdf", "Año 2026 – résumé 🎉.pdf"),
        ]:
            self.assertEqual(harmless_name(sent, ".pdf"), kept)
        self.assertEqual(harmless_name("photo.jpeg", ".jpg"), "photo.jpeg")

    @given(st.text(max_size=400), st.sampled_from([".pdf", ".csv", ".jpg"]))
    def test_any_name_becomes_a_short_one_without_path_or_control_characters(
        self, sent: str, ending: str
    ) -> None:
        name = harmless_name(sent, ending)
        self.assertLessEqual(len(name), kinds.LONGEST_NAME)
        self.assertNotRegex(name, r"[\\/\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
        self.assertTrue(
            name.lower().endswith(ending) or (ending == ".jpg" and name.lower().endswith(".jpeg"))
        )
        self.assertEqual(harmless_name(name, ending), name)
