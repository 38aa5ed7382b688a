"""The addresses of the ring: the office's, the portal's, and the link in the mail."""

from django.urls import path

from comity.followups.views import acts, board, figures, lists, one, portal
from comity.ui.views import pick

app_name = "followups"
urlpatterns = [
    path("follow-ups/", lists.worklist, name="list"),
    path("follow-ups/board/", board.board, name="board"),
    path("follow-ups/figures/", figures.page, name="figures"),
    path("follow-ups/new/", acts.new, name="new"),
    path("follow-ups/hand-over/", lists.hand_over, name="hand_over_many"),
    path("follow-ups/move-due/", lists.move_due, name="move_due_many"),
    path("follow-ups/find/partners/", pick, {"key": "partner-today"}, name="find_partners"),
    path("follow-ups/find/persons/", pick, {"key": "person"}, name="find_persons"),
    path("follow-ups/find/owners/", pick, {"key": "colleague"}, name="find_owners"),
    path("follow-ups/<int:pk>/", one.detail, name="detail"),
    path("follow-ups/<int:pk>/own/", acts.own, name="own"),
    path("follow-ups/<int:pk>/hand-over/", acts.hand_over, name="hand_over"),
    path("follow-ups/<int:pk>/move-due/", acts.move_due, name="move_due"),
    path("follow-ups/<int:pk>/done/", acts.finish, name="finish"),
    path("follow-ups/<int:pk>/tell/", acts.tell, name="tell"),
    path("follow-ups/<int:pk>/withdraw/", acts.withdraw, name="withdraw"),
    path("follow-ups/<int:pk>/reopen/", acts.reopen, name="reopen"),
    path("follow-ups/<int:pk>/edit/", acts.edit, name="edit"),
    path("follow-ups/<int:pk>/praise/", acts.praise, name="praise"),
    path("follow-ups/<int:pk>/undo/", acts.undo, name="undo"),
    path("follow-ups/<int:pk>/comment/", acts.comment, name="comment"),
    path("follow-ups/<int:pk>/people/", acts.mentionable, name="mentionable"),
    path("portal/follow-ups/", portal.listing, name="portal_list"),
    path("portal/follow-ups/new/", portal.new, name="portal_new"),
    path("portal/follow-ups/<int:pk>/", portal.detail, name="portal_detail"),
    path("portal/follow-ups/<int:pk>/comment/", portal.comment, name="portal_comment"),
    path("portal/follow-ups/<int:pk>/withdraw/", portal.withdraw, name="portal_withdraw"),
    path("portal/follow-ups/<int:pk>/reopen/", portal.reopen, name="portal_reopen"),
    path("portal/follow-ups/<int:pk>/answer/", portal.answer, name="portal_answer"),
    path("helped/thank-you/", portal.thanks, name="thanks"),
    path("helped/<str:token>/", portal.helped, name="helped"),
]
