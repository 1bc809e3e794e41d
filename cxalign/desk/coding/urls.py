"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.desk.coding import adjudication, agreement, assignments, comparing, item, rounds

urlpatterns: list[URLPattern] = [
    path("coding/", assignments.assignments, name="desk-coding"),
    path("coding/new/", rounds.new, name="desk-coding-new"),
    path("coding/rounds/<int:pk>/", rounds.shown, name="desk-coding-round"),
    path("coding/rounds/<int:pk>/next/", rounds.next_item, name="desk-coding-next"),
    path("coding/rounds/<int:pk>/close/", rounds.close, name="desk-coding-close"),
    path("coding/items/<int:pk>/", item.code, name="desk-coding-item"),
    path("coding/items/<int:pk>/compare/", comparing.compare, name="desk-coding-compare"),
    path("coding/agreement/", agreement.agreement, name="desk-agreement"),
    path("coding/agreement/adopt/", agreement.adopt, name="desk-agreement-adopt"),
    path("adjudication/", adjudication.waiting, name="desk-adjudication"),
    path("adjudication/<int:pk>/", adjudication.adjudicate, name="desk-adjudication-item"),
]
