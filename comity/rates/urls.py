"""The addresses of costs and rates."""

from django.urls import path

from comity.rates.views import rates

app_name = "rates"
urlpatterns = [
    path("rates/", rates.rates, name="rates"),
    path("rates/propose/", rates.propose, name="propose"),
    path("rates/<int:pk>/", rates.rate, name="rate"),
    path("rates/<int:pk>/edit/", rates.edit, name="edit"),
    path("rates/<int:pk>/approve/", rates.approve, name="approve"),
    path("rates/<int:pk>/withdraw/", rates.withdraw, name="withdraw"),
    path("rates/<int:pk>/restore/", rates.restore, name="restore"),
]
