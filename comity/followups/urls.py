"""The addresses of the ring: the office's, the portal's, and the link in the mail."""

from django.urls import path, re_path

from comity.followups.views import helped, lists, one, portal

app_name = "followups"
urlpatterns = [
    path("follow-ups/", lists.worklist, name="list"),
    path("follow-ups/<int:pk>/", one.detail, name="detail"),
    path("portal/follow-ups/", portal.listing, name="portal_list"),
    path("portal/follow-ups/<int:pk>/", portal.detail, name="portal_detail"),
    path("helped/<str:token>/", helped.helped, name="helped"),
    re_path(
        r"^helped/thank-you/(?P<language>en|es)/(?P<answer>yes|partly|no)/$", helped.thanks, name="thanks"
    ),
]
