"""Where a page finds its static files."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """Under names that carry their hash, once `comity migrate` has collected them; as they lie in a tree where not.

    A file that was not collected keeps its plain name: a page without its picture is better than no page.
    """

    def stored_name(self, name: str) -> str:
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))
