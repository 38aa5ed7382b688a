"""The addresses of councils and of their meetings."""

from django.urls import path

from comity.councils.views import ballots, councils, meetings, reading, results, votes

app_name = "councils"
urlpatterns = [
    path("councils/", councils.listing, name="list"),
    path("councils/add/", councils.add, name="add"),
    path("councils/<int:pk>/", councils.council, name="council"),
    path("councils/<int:pk>/edit/", councils.edit, name="edit"),
    path("councils/<int:pk>/seats/add/", councils.add_seat, name="add_seat"),
    path("councils/<int:pk>/meetings/plan/", meetings.plan, name="plan"),
    path("council-seats/<int:pk>/edit/", councils.edit_seat, name="edit_seat"),
    path("council-seats/<int:pk>/remove/", councils.remove_seat, name="remove_seat"),
    path("council-meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("council-meetings/<int:pk>/change/", meetings.change, name="change_meeting"),
    path("council-meetings/<int:pk>/call-off/", meetings.call_off, name="call_off"),
    path("council-meetings/<int:pk>/invite/", meetings.invite, name="invite"),
    path("council-meetings/<int:pk>/notice/", meetings.notice, name="notice"),
    path("council-meetings/<int:pk>/agenda/add/", meetings.add_item, name="add_item"),
    path("council-meetings/<int:pk>/agenda/<int:item>/", meetings.item, name="item"),
    path("council-meetings/<int:pk>/agenda/<int:item>/move/", meetings.move_item, name="move_item"),
    path("council-meetings/<int:pk>/agenda/<int:item>/remove/", meetings.remove_item, name="remove_item"),
    path("council-meetings/<int:pk>/attendance/", meetings.attendance, name="attendance"),
    path("council-meetings/<int:pk>/minutes/", meetings.minutes, name="minutes"),
    path("council-meetings/<int:pk>/minutes/give-out/", meetings.give_out, name="give_out"),
    path("council-meetings/<int:pk>/decisions/add/", meetings.decide, name="decide"),
    path("council-meetings/<int:pk>/decisions/<int:decision>/", meetings.edit_decision, name="edit_decision"),
    path(
        "council-meetings/<int:pk>/decisions/<int:decision>/remove/",
        meetings.remove_decision,
        name="remove_decision",
    ),
    path(
        "council-meetings/<int:pk>/decisions/<int:decision>/follow-up/", meetings.follow_up, name="follow_up"
    ),
    path("council-votes/", votes.listing, name="votes"),
    path("councils/<int:pk>/votes/add/", votes.add, name="add_vote"),
    path("councils/<int:pk>/votes/bring-in/", votes.bring_in, name="bring_in_vote"),
    path("council-votes/<int:pk>/", results.vote, name="vote"),
    path("council-votes/<int:pk>/edit/", votes.edit, name="edit_vote"),
    path("council-votes/<int:pk>/remove/", votes.remove, name="remove_vote"),
    path("council-votes/<int:pk>/items/", votes.items, name="vote_items"),
    path("council-votes/<int:pk>/open/", votes.turn, {"to": "open"}, name="open_vote"),
    path("council-votes/<int:pk>/close/", votes.turn, {"to": "close"}, name="close_vote"),
    path("council-votes/<int:pk>/ballot/", ballots.signed_in, name="ballot"),
    path("council-votes/<int:pk>/file/", votes.file, name="vote_file"),
    path("council-votes/<int:pk>/publish/", votes.publish, name="publish_vote"),
    path("council-votes/<int:pk>/report/", votes.report, name="report_vote"),
    path("council-votes/items/<int:pk>/decide/", votes.depart, name="depart"),
    path("council-votes/<int:pk>/phone/", ballots.by_phone, name="ballot_by_phone"),
    path("ballot/<str:token>/", ballots.by_link, name="ballot_by_link"),
    path("portal/councils/", reading.portal, name="portal"),
    path("portal/councils/<int:pk>/", reading.of_ours, name="of_ours"),
    path("portal/council-meetings/<int:pk>/", reading.our_meeting, name="our_meeting"),
    path("open-meetings/councils/<int:pk>/", reading.public_council, name="public"),
    path("open-meetings/<int:pk>/", reading.public_meeting, name="public_meeting"),
]
