"""The map of every address."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from cxalign import developers, health
from cxalign.accounts import suggestion_pages
from cxalign.api.problem_pages import problem
from cxalign.pages import (
    after,
    brand,
    brands,
    changes,
    comparison,
    crawling,
    data,
    home,
    landscape,
    legal,
    method,
    method_changes,
    practice_comparison,
    practices,
    saved_views,
    search,
)
from cxalign.pages.exporting import comparing, placing, practice_cards
from cxalign.pages.plans import adding
from cxalign.pages.trying.views import try_it

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("cxalign.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("cxalign.pages.faces.urls")),
    path("robots.txt", crawling.robots, name="robots"),
    path("sitemap.xml", crawling.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", crawling.section, name="sitemap-section"),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("brands/", brands.brands, name="brands"),
        path("brands/<slug:slug>/", brand.brand, name="brand"),
        path("", include("cxalign.pages.scorecard_urls")),
        path("", include("cxalign.pages.voice_urls")),
        path("landscape/", landscape.landscapes, name="landscapes"),
        path("landscape/<slug:crisis>/", landscape.landscape, name="landscape"),
        path("landscape/<slug:crisis>/export/<slug:format>", placing.export, name="landscape-export"),
        path("compare/", comparison.compare, name="compare"),
        path("compare/export/<slug:format>", comparing.export, name="compare-export"),
        path("practices/", practices.library, name="practices"),
        path("practices/seen-in-our-evidence/", practices.seen_in_evidence, name="practices-seen"),
        path("practices/seen-in-our-evidence/<str:key>/", practices.act, name="practice-act"),
        path("practices/compare/", practice_comparison.compare, name="practices-compare"),
        path("practices/export/<slug:format>", practice_cards.export_list, name="practices-export"),
        path("practices/<slug:slug>/export/<slug:format>", practice_cards.export_card, name="practice-export"),
        path("practices/<slug:slug>/", practices.practice, name="practice"),
        path("", include("cxalign.pages.exporting.urls")),
        path("", include("cxalign.pages.source_urls")),
        path("practices/seen-in-our-evidence/<str:key>/add-to-plan/", adding.add_act, name="practice-act-add"),
        path("practices/<slug:slug>/add-to-plan/", adding.add_practice, name="practice-add"),
        path("plans/", include("cxalign.pages.plans.urls")),
        path("portfolios/", include("cxalign.pages.portfolios.urls")),
        path("data/", data.data, name="data"),
        path("developers/", developers.developers, name="developers"),
        path("data/scorecards/", include("cxalign.pages.exporting.many_urls")),
        path("account/exports/", include("cxalign.pages.exporting.account_urls")),
        path("method/", method.method, name="method"),
        path("method/try/", try_it, name="method-try"),
        path("method/changes/", method_changes.changes, name="method-changes"),
        path("method/<str:version>/", method.version, name="method-version"),
        path("search/", search.search, name="search"),
        path("changes/", changes.changes, name="changes"),
        path("changes.atom", changes.feed, name="changes-atom"),
        path("after/", after.newest, name="after-newest"),
        path("after/<slug:crisis>/", after.after, name="after"),
        path("desk/", include("cxalign.desk.urls")),
        path("account/views/", saved_views.views, name="account-views"),
        path("account/views/new/", saved_views.keep, name="account-view-new"),
        path("account/views/<int:number>/", saved_views.view, name="account-view"),
        path("account/views/<int:number>/delete/", saved_views.delete, name="account-view-delete"),
        path("views/<str:token>/", saved_views.shared, name="shared-view"),
        path("", include("cxalign.pages.watching.urls")),
        path("account/", include("cxalign.accounts.urls")),
        path("suggest/", suggestion_pages.suggestions, name="suggest"),
        path("legal/notice/", legal.notice, name="legal-notice"),
        path("legal/terms/", legal.terms, name="legal-terms"),
        path("legal/privacy/", legal.privacy, name="legal-privacy"),
        path("legal/accessibility/", legal.accessibility, name="legal-accessibility"),
        path("problems/<slug:code>/", problem, name="problem"),
        prefix_default_language=True,
    ),
]

handler400 = "cxalign.refusals.bad_request"
handler403 = "cxalign.pages.errors.forbidden"
handler404 = "cxalign.pages.errors.not_found"
handler500 = "cxalign.refusals.server_error"
