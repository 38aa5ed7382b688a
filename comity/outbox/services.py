"""Putting mail in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation

from comity.outbox.models import Message

_contexts: list[Callable[[], dict[str, Any]]] = []


def register_context(context: Callable[[], dict[str, Any]]) -> None:
    """Let an upper room add to what every mail's template may say (the office's name and words)."""
    _contexts.append(context)


def put(
    *,
    to: str,
    kind: str,
    template: str,
    context: Mapping[str, Any],
    to_name: str = "",
    language: str = "en",
    key: str | None = None,
    about: models.Model | None = None,
    wipe_after_sending: bool = False,
    send_after: datetime | None = None,
) -> Message | None:
    """Write one mail in the caller's transaction; the worker sends it once that is committed.

    template    without its ending: `<template>.txt` holds the subject in its first line, then a blank line and
                the text; `<template>.html`, where there is one, the same for eyes
    key         put twice under one key, it is written once; None is returned the second time

    Raises TemplateDoesNotExist.
    """
    if key and Message.objects.filter(key=key).exists():
        return None
    with translation.override(language):
        said: dict[str, Any] = {}
        for more in _contexts:
            said.update(more())
        said.update(context)
        subject, _, text = render_to_string(f"{template}.txt", said).strip().partition("\n")
    return Message.objects.create(
        key=key,
        kind=kind,
        to=to,
        to_name=to_name,
        subject=subject.strip(),
        text=text.strip() + "\n",
        language=language,
        about_kind=about._meta.label if about else "",
        about_id=str(about.pk) if about else "",
        wipe_after_sending=wipe_after_sending,
        message_id=f"<{uuid4()}@comity>",
        send_after=send_after or timezone.now(),
    )
