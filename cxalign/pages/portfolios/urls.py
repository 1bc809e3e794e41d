"""The addresses of the portfolios."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.portfolios import views

urlpatterns = [
    path("", views.portfolios, name="portfolios"),
    path("new/", views.new, name="portfolio-new"),
    path("add/", views.add, name="portfolio-add"),
    path("undo/<int:number>/", views.undo, name="portfolio-undo"),
    path("<int:portfolio>/", views.portfolio, name="portfolio"),
    path("<int:portfolio>/settings/", views.settings, name="portfolio-settings"),
    path("<int:portfolio>/archive/", views.archive, name="portfolio-archive"),
    path("<int:portfolio>/remove/", views.remove, name="portfolio-remove"),
    path("<int:portfolio>/activity/", views.activity, name="portfolio-activity"),
    path("<int:portfolio>/brands/<slug:slug>/note/", views.note, name="portfolio-note"),
    path("<int:portfolio>/brands/<slug:slug>/move/", views.move, name="portfolio-move"),
    path("<int:portfolio>/brands/<slug:slug>/take-out/", views.take_out, name="portfolio-take-out"),
]
