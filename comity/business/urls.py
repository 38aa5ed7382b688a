"""The addresses of partners' business."""

from django.urls import path

from comity.business import views
from comity.business.parts import KINDS

app_name = "business"
urlpatterns = [
    path("business/", views.listing, name="list"),
    path("business/people/", views.register, name="register"),
    *views.UNDERSTANDING.paths("business/people"),
    path("partners/<int:pk>/business/", views.of_partner, name="of_partner"),
    path("partners/<int:pk>/business/history/", views.history, name="history"),
    path("partners/<int:pk>/business/mission/", views.mission, name="mission"),
    path("portal/business/", views.portal, name="portal"),
    *(
        each
        for kind in KINDS
        for at, known in ((f"business/{kind.slug}", {"kind": kind}),)
        for each in (
            path(f"{at}/", views.parts, known, name=kind.slug),
            path(f"{at}/<int:pk>/", views.part, known, name=kind.name),
            path(f"{at}/<int:pk>/edit/", views.edit, known, name=f"edit_{kind.name}"),
            path(f"{at}/<int:pk>/remove/", views.remove, known, name=f"remove_{kind.name}"),
            path(f"partners/<int:pk>/{at}/add/", views.add, known, name=f"add_{kind.name}"),
        )
    ),
]
