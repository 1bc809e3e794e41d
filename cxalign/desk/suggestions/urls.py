"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import path

from cxalign.desk.suggestions import views

urlpatterns = [
    path("suggestions/", views.suggestions, name="desk-suggestions"),
    path("suggestions/<int:pk>/", views.decide, name="desk-suggestion"),
]
