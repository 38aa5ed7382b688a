from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "comity.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comity.people.saved_views import SavedViews
        from comity.ui import saved_views

        saved_views.register(SavedViews())
