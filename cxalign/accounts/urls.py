"""The addresses of the account, below the language."""

from __future__ import annotations

from django.urls import path

from cxalign.accounts import key_pages, profile, signing_in, teams

urlpatterns = [
    path("", signing_in.account, name="account"),
    path("login/", signing_in.sign_in, name="login"),
    path("logout/", signing_in.sign_out, name="logout"),
    path("password/", signing_in.password, name="account-password"),
    path("profile/", profile.profile, name="account-profile"),
    path("data/", profile.data, name="account-data"),
    path("delete/", profile.delete, name="account-delete"),
    path("team/", teams.teams, name="account-team"),
    path("keys/", key_pages.own_keys, name="account-keys"),
    path("keys/<slug:identifier>/revoke/", key_pages.revoke, name="account-key-revoke"),
]
