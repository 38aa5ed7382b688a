"""Where a page finds its static files."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """Under names that carry their hash once `comity migrate` has collected them; as they lie in a tree where not."""

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name
