from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "comity.site"
    label = "site"

    def ready(self) -> None:
        """The last of the rooms: says what all have declared, now that their models are there, and who may do what."""
        from importlib import import_module

        from django.conf import settings
        from django.db.backends.sqlite3.base import DatabaseWrapper
        from django.utils.module_loading import module_has_submodule

        from comity.access import install_roles
        from comity.nouns import declare
        from comity.site import lookups  # noqa: F401  (registers itself)
        from comity.site.roles import CAPABILITIES

        # Django would ask each new connection, in a transaction, and so have each page wait for whoever is writing.
        setattr(DatabaseWrapper.features_class, "supports_json_field", True)  # noqa: B010  (the stubs say a method)
        install_roles(CAPABILITIES)
        for room in settings.ROOMS:
            if module_has_submodule(import_module(room), "nouns"):
                declare(*import_module(f"{room}.nouns").NOUNS)
