"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import path

from cxalign.desk.trail import views

urlpatterns = [
    path("trail/", views.trail, name="desk-trail"),
    path("trail/<str:subject>/", views.trail_of, name="desk-trail"),
]
