"""The addresses of patterns, of what is said elsewhere, and of rotations."""

from django.urls import path

from comity.patterns.views import elsewhere, patterns, rotations

app_name = "patterns"
urlpatterns = [
    path("follow-ups/<int:pk>/elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("follow-ups/<int:pk>/elsewhere/<int:other>/same/", elsewhere.same, name="same"),
    path("follow-ups/<int:pk>/elsewhere/<int:other>/apart/", elsewhere.apart, name="apart"),
    path("follow-ups/<int:pk>/elsewhere/<int:other>/undo/", elsewhere.unsay, name="unsay"),
    path("portal/follow-ups/<int:pk>/share/", elsewhere.share, name="share"),
    path("patterns/", patterns.listing, name="list"),
    path("patterns/<int:pk>/", patterns.pattern, name="pattern"),
    path("patterns/<int:pk>/edit/", patterns.edit, name="edit"),
    path("patterns/<int:pk>/merge/", patterns.merge, name="merge"),
    path("patterns/<int:pk>/act/", patterns.joint, name="joint"),
    path("patterns/items/<int:pk>/take-out/", patterns.leave, name="leave"),
    path("patterns/<int:pk>/items/<int:item>/put-back/", patterns.put_back, name="put_back"),
    path("patterns/proposed/", patterns.proposals, name="proposals"),
    path("patterns/proposed/<int:pk>/", patterns.proposal, name="proposal"),
    path("patterns/proposed/<int:pk>/dismiss/", patterns.dismiss, name="dismiss"),
    path("patterns/proposed/<int:pk>/restore/", patterns.restore, name="restore"),
    path("rotations/", rotations.listing, name="rotations"),
    path("rotations/add/", rotations.add, name="add_rotation"),
    path("rotations/<int:pk>/", rotations.rotation, name="rotation"),
    path("rotations/<int:pk>/edit/", rotations.edit, name="edit_rotation"),
    path("rotations/<int:pk>/weeks/add/", rotations.add_week, name="add_week"),
    path("rotations/<int:pk>/lessons/add/", rotations.lesson, name="lesson"),
    path("rotations/weeks/<int:pk>/edit/", rotations.edit_week, name="edit_week"),
]
