"""The site's addresses and the style page, which only DEBUG and the demo have otherwise."""

from django.urls import include, path

from comity.ui import gallery, urls

ui = (
    [
        *[pattern for pattern in urls.urlpatterns if not str(pattern.name).startswith("gallery")],
        path("ui/", gallery.sheet, name="gallery"),
        path("ui/choices/", gallery.choices, name="gallery-choices"),
        path("ui/<slug:name>/", gallery.sheet, name="gallery-sheet"),
    ],
    "ui",
)

urlpatterns = [path("", include(ui)), path("", include("comity.site.urls"))]
