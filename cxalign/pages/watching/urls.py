"""The addresses of what people watch."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.watching import views

urlpatterns = [
    path("account/watches/", views.watches, name="account-watches"),
    path("account/watches/new/", views.watch, name="account-watch"),
    path("account/watches/times/", views.times, name="account-watch-times"),
    path("account/watches/mails/", views.mails, name="account-watch-mails"),
    path("account/watches/feed/", views.feed_settings, name="account-watch-feed"),
    path("account/watches/<int:number>/end/", views.end, name="account-watch-end"),
    path("watches/<str:token>/stop/", views.stop, name="watch-stop"),
    path("watches/<str:token>/feed.atom", views.feed, name="watch-feed"),
]
