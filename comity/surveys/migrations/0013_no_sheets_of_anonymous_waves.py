"""Of anonymous waves that are closed nothing is kept but what was counted, and remarks.

Their tables and figures were frozen when they closed; each person's answers were kept beside them, together and without a
name, and who had answered was marked. From all three, whose answers they were could be worked out. See
docs/decisions/anonymity.md.
"""

from typing import Any

from django.db import migrations

DIGITS = 4


def shortened(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    return [shortened(one) for one in value] if isinstance(value, list) else value


def keep_what_was_counted(apps: Any, _editor: Any) -> None:
    wave_model, response, participant, tally = (
        apps.get_model("surveys", name) for name in ("Wave", "Response", "Participant", "Tally")
    )
    for wave in wave_model.objects.filter(mode="anonymous", state="closed"):
        sheets = response.objects.filter(wave=wave)
        frozen = {"answered": sheets.count(), **wave.figures}
        wave.figures = {**frozen, **{name: shortened(frozen.get(name)) for name in ("drivers", "alpha")}}
        wave.save(update_fields=["figures"])
        hide_what_waits(wave, tally)
        sheets.delete()
        participant.objects.filter(wave=wave).update(answered=False, token_hash=None)


def hide_what_waits(wave: Any, tally: Any) -> None:
    """How many were asked what waits for another's answer tells that answer: hidden with it, also where nobody was."""
    for question in wave.version.questions.exclude(show_if_question="").order_by("order", "pk"):
        rows = tally.objects.filter(wave=wave, question=question.key).exclude(table="all")
        shown = {
            (table, group)
            for table, group in tally.objects.filter(
                wave=wave, question=question.show_if_question, n__isnull=False
            ).values_list("table", "group")
        }
        for row in rows:
            if (row.table, row.group) in shown:
                continue
            if row.table == "partner":  # has no rows for what is hidden
                row.delete()
            else:
                row.n, row.counts = None, None
                row.save(update_fields=["n", "counts"])


def forget(_apps: Any, editor: Any) -> None:
    """What was deleted goes from the files as well."""
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM FULL surveys_response")


class Migration(migrations.Migration):
    atomic = False  # a vacuum cannot be part of a transaction

    dependencies = [("surveys", "0012_words")]

    operations = [
        migrations.RunPython(keep_what_was_counted, migrations.RunPython.noop, atomic=True),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
