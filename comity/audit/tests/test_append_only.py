"""The database itself refuses to change the trail."""

from __future__ import annotations

from django.db import DatabaseError, connection, models, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity.audit import chain, guards
from comity.audit.chain import verify
from comity.audit.models import Block, Entry
from comity.audit.services import record, record_many


class Refusing(TestCase):
    def setUp(self) -> None:
        self.entry = record(by="command line", action="test.acted")
        chain.seal()

    def refuses(self, sql: str) -> None:
        with (
            self.assertRaisesMessage(DatabaseError, "append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)

    def test_edits_are_refused(self) -> None:
        self.refuses("UPDATE audit_entry SET actor = 'nobody'")
        self.refuses("UPDATE audit_block SET digest = 'x'")
        with self.assertRaises(DatabaseError), transaction.atomic():
            Entry.objects.update(actor="nobody")
        with self.assertRaises(DatabaseError), transaction.atomic():
            self.entry.save()

    def test_deletes_are_refused(self) -> None:
        self.refuses("DELETE FROM audit_entry")
        self.refuses("DELETE FROM audit_block")
        with self.assertRaises(DatabaseError), transaction.atomic():
            Entry.objects.all().delete()

    def test_writing_over_is_refused(self) -> None:
        names = [field.name for field in Entry._meta.concrete_fields if field.name != "id"]
        with self.assertRaises(DatabaseError), transaction.atomic():
            Entry.objects.bulk_create(
                [Entry(pk=self.entry.pk, at=timezone.now(), actor="x", actor_label="x", action="x")],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=names,
            )
        if connection.vendor == "sqlite":
            self.refuses("REPLACE INTO audit_entry SELECT * FROM audit_entry")

    def test_truncating_is_refused(self) -> None:
        """SQLite has no TRUNCATE; a DELETE of everything, which it would do the same way, stands for it there."""
        self.refuses("DELETE FROM audit_entry WHERE true")
        if connection.vendor == "postgresql":
            self.refuses("TRUNCATE audit_entry")
            self.refuses("TRUNCATE audit_block")
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                if cursor.fetchone()[0]:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                    self.refuses("DELETE FROM audit_entry")

    def test_writing_goes_on(self) -> None:
        before = Entry.objects.count()
        record(by="command line", action="test.acted")
        self.assertEqual(Entry.objects.count(), before + 1)

    def test_one_act_is_one_insert_and_many_are_few(self) -> None:
        with self.assertNumQueries(1):
            record(by="command line", action="test.acted", target=self.entry, before={"a": 1}, after={"a": 2})
        acts = ({"action": "test.acted", "target_id": str(i), "after": {"n": i}} for i in range(2_500))
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(record_many(by="command line", acts=acts), 2_500)
        self.assertLess(len(asked), 30)


class Guarding(TestCase):
    def test_a_guard_that_was_taken_down_is_missed_and_put_back(self) -> None:
        self.assertEqual(guards.missing(connection), [])
        with guards.lifted(connection):
            self.assertEqual(guards.missing(connection), ["audit_entry", "audit_block"])
            found = verify()
            self.assertFalse(found.ok)
            self.assertIn("no longer protects audit_entry", found.problems[0])
        self.assertEqual(guards.missing(connection), [])
        self.assertEqual(guards.put_up(connection), [], "what is guarded is left alone")

    def do(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def test_a_guard_that_stands_there_and_guards_nothing_is_missed_and_put_right(self) -> None:
        always = "ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only"
        update = "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION"
        delete = "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
        on_sqlite = (
            ("DROP TRIGGER audit_entry_no_delete", f"{delete} BEGIN SELECT 1; END"),
            (
                "DROP TRIGGER audit_entry_no_delete",
                f"{delete} WHEN OLD.id > 9 BEGIN SELECT RAISE(ABORT, ''); END",
            ),
        )
        on_postgresql: tuple[tuple[str, ...], ...] = (
            ("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only",),
            ("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",),
            (
                "DROP TRIGGER audit_entry_append_only ON audit_entry",
                f"{update} comity_trail_is_append_only()",
                always,
            ),
        )
        for statements in on_sqlite if connection.vendor == "sqlite" else on_postgresql:
            with self.subTest(statements[-1]):
                self.do(*statements)
                self.assertEqual(guards.missing(connection), ["audit_entry"])
                self.assertEqual(guards.put_up(connection), ["audit_entry"])
                self.assertEqual(guards.missing(connection), [])

    def test_the_function_that_refuses_is_read_too(self) -> None:
        if connection.vendor != "postgresql":
            self.skipTest("SQLite's triggers refuse by themselves")
        self.do(guards.REFUSE.replace("RAISE EXCEPTION", "RAISE NOTICE"))
        self.assertEqual(guards.missing(connection), ["audit_entry", "audit_block"])
        guards.put_up(connection)
        self.assertEqual(guards.missing(connection), [])

    def test_what_swallows_entries_is_a_fault_and_is_not_put_away_in_silence(self) -> None:
        if connection.vendor == "sqlite":
            self.do("CREATE TRIGGER quiet BEFORE INSERT ON Audit_Entry BEGIN SELECT RAISE(IGNORE); END")
        else:
            self.do("CREATE RULE quiet AS ON INSERT TO audit_entry DO INSTEAD NOTHING")
        self.assertEqual(guards.missing(connection), [])
        self.assertEqual(guards.foreign(connection), [("audit_entry", "quiet")])
        self.assertIn("quiet acts on audit_entry and is none of ours", verify().problems[0])
        guards.put_up(connection)
        self.assertFalse(verify().ok)


class Rebuilding(TransactionTestCase):
    def test_a_migration_that_builds_the_table_anew_leaves_it_guarded(self) -> None:
        if connection.vendor != "sqlite":
            self.skipTest("only SQLite builds a table anew to change it")
        from comity.audit.apps import put_up_guards

        old = Block._meta.get_field("digest")
        new = models.CharField(max_length=70)
        new.set_attributes_from_name("digest")
        new.model = Block
        with connection.schema_editor() as editor:
            editor.alter_field(Block, old, new)
        self.assertEqual(guards.missing(connection), ["audit_block"])
        put_up_guards(using="default")
        self.assertEqual(guards.missing(connection), [])
        with connection.schema_editor() as editor:
            editor.alter_field(Block, new, old)
        put_up_guards(using="default")

    def test_a_test_that_commits_can_be_cleaned_up_after(self) -> None:
        record(by="command line", action="test.acted")
        self.assertTrue(Entry.objects.filter(action="test.acted").exists())

    def test_and_its_entries_are_gone_for_the_next(self) -> None:
        self.assertFalse(Entry.objects.exists())
