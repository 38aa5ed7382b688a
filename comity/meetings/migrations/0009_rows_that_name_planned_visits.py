"""Rows of other rooms that name a planned visit by its model, or its list, name it as it is called now.

The trail is append-only and keeps the old name; `Noun.formerly` tells it which noun that is.
"""

from typing import Any

from django.db import migrations

OLD, NEW = "meetings.Plan", "meetings.PlannedVisit"
OLD_LIST, NEW_LIST = "plans", "planned-visits"


def rename(apps: Any, _schema: Any) -> None:
    change(apps, OLD, NEW, OLD_LIST, NEW_LIST)


def rename_back(apps: Any, _schema: Any) -> None:
    change(apps, NEW, OLD, NEW_LIST, OLD_LIST)


def change(apps: Any, old: str, new: str, old_list: str, new_list: str) -> None:
    apps.get_model("notifications", "Notice").objects.filter(about_kind=old).update(about_kind=new)
    apps.get_model("outbox", "Message").objects.filter(about_kind=old).update(about_kind=new)
    apps.get_model("people", "SavedView").objects.filter(list_name=old_list).update(list_name=new_list)
    for merge in apps.get_model("partners", "Merge").objects.exclude(moved={}):
        moved = {label(key, old, new): pks for key, pks in merge.moved.items()}
        if moved != merge.moved:
            merge.moved = moved
            merge.save(update_fields=["moved"])


def label(key: str, old: str, new: str) -> str:
    """The model, or a table between it and another ("meetings.Plan_partners.partner"), by its other name."""
    model, _dot, field = key.rpartition(".")
    if model == old or model.startswith(f"{old}_"):
        return f"{new}{model[len(old) :]}.{field}"
    return key


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0008_planned_visit"),
        ("notifications", "0002_words"),
        ("outbox", "0003_words"),
        ("partners", "0009_contact"),
        ("people", "0002_user_keys_and_search"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
