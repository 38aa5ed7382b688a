"""The addresses of partners, their people and who looks after them. A partner's own page is `partner` in briefing."""

from django.urls import include, path

from comity.partners.views import assigning, contacts, people, positions, registry
from comity.ui.views import pick

app_name = "partners"
urlpatterns = [
    path("", registry.listing, name="list"),
    path("new/", registry.add, name="add"),
    path("duplicates/", include("comity.partners.duplicates.urls")),
    path("assign/", assigning.assign_many, name="assign_many"),
    path("assign/gaps/", assigning.assign_many, {"of": assigning.GAPS}, name="assign_gaps"),
    path("assign/undo/<str:token>/", assigning.undo_assign, name="undo_assign"),
    path("set/", registry.set_many, name="set_many"),
    path("<int:pk>/facts/", registry.facts, name="facts"),
    path("<int:pk>/edit/", registry.edit, name="edit"),
    path("<int:pk>/retire/", registry.retire, name="retire"),
    path("<int:pk>/people/", people.at_partner, name="people_of"),
    path("<int:pk>/people/new/", people.add_at, name="add_person_at"),
    path("people/mine.vcf", people.cards_of_mine, name="my_cards"),
    path("<int:pk>/people/cards.vcf", people.cards_at, name="cards"),
    path("<int:pk>/people/<int:person_pk>/invite/", people.invite, name="invite"),
    path("<int:pk>/org-chart/", positions.chart, name="org_chart"),
    path("<int:pk>/posts/new/", positions.add_at, name="add_post"),
    path("<int:pk>/contacts/", contacts.of_partner, name="contacts"),
    path("<int:pk>/contacts/new/", assigning.assign, name="assign"),
    # People
    path("people/", people.listing, name="people"),
    path("people/new/", people.add, name="add_person"),
    path("people/<int:pk>/", people.detail, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="edit_person"),
    path("people/<int:pk>/left/", people.left, name="person_left"),
    path("people/<int:pk>/card.vcf", people.card, name="card"),
    path("people/<int:pk>/posts/new/", positions.add_for, name="add_post_for"),
    path("posts/vacant/", positions.vacant, name="vacant_posts"),
    path("posts/<int:pk>/edit/", positions.edit, name="edit_post"),
    path("posts/<int:pk>/end/", positions.end, name="end_post"),
    path("posts/<int:pk>/fill/", positions.fill, name="fill_post"),
    path("memberships/<int:pk>/end/", people.end_access, name="end_membership"),
    # Who looks after them
    path("assignments/<int:pk>/end/", contacts.end, name="end_assignment"),
    path("contacts/<int:pk>/", contacts.of_user, name="contacts_of"),
    path("contacts/<int:pk>/hand-over/", contacts.hand_over, name="hand_over"),
    # What combo boxes ask
    path("choose/partner/", pick, {"key": "partner"}, name="choose_partner"),
    path("choose/person/", pick, {"key": "person"}, name="choose_person"),
    path("choose/contact/", pick, {"key": "colleague"}, name="choose_contact"),
    path("choose/tier/", pick, {"key": "tier"}, name="choose_tier"),
]
