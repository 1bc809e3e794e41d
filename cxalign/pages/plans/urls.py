"""The addresses of the response plans."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.plans import board, listing, sharing, steps, table, undoing

urlpatterns = [
    path("", listing.plans, name="plans"),
    path("new/", listing.new, name="plan-new"),
    path("shared/<str:token>/", sharing.shared, name="plan-shared"),
    path("<int:plan>/", listing.plan, name="plan"),
    path("<int:plan>/inventory/", steps.inventory, name="plan-inventory"),
    path("<int:plan>/categories/", steps.categories, name="plan-categories"),
    path("<int:plan>/problems/", steps.problems, name="plan-problems"),
    path("<int:plan>/problems/<int:number>/", steps.problem, name="plan-problem"),
    path("<int:plan>/problems/<int:number>/delete/", steps.delete_problem, name="plan-problem-delete"),
    path("<int:plan>/board/", board.board, name="plan-board"),
    path("<int:plan>/table/", table.table, name="plan-table"),
    path("<int:plan>/table/plan.csv", table.csv_file, name="plan-csv"),
    path("<int:plan>/table/plan.xlsx", table.xlsx_file, name="plan-xlsx"),
    path("<int:plan>/table/plan.pptx", table.pptx_file, name="plan-pptx"),
    path("<int:plan>/table/plan.pdf", table.pdf_file, name="plan-pdf"),
    path("<int:plan>/items/<int:number>/", board.card, name="plan-item"),
    path("<int:plan>/items/<int:number>/move/", board.move, name="plan-move"),
    path("<int:plan>/items/<int:number>/judge/", board.judge, name="plan-judge"),
    path("<int:plan>/items/<int:number>/recheck/", board.recheck, name="plan-recheck"),
    path("<int:plan>/items/<int:number>/delete/", board.delete, name="plan-item-delete"),
    path("<int:plan>/undo/<int:number>/", undoing.undo, name="plan-undo"),
    path("<int:plan>/settings/", listing.settings, name="plan-settings"),
    path("<int:plan>/scenarios/", listing.scenarios, name="plan-scenarios"),
    path("<int:plan>/promises/", listing.promises, name="plan-promises"),
    path("<int:plan>/reviewed/", listing.reviewed, name="plan-reviewed"),
    path("<int:plan>/delete/", listing.delete, name="plan-delete"),
    path("<int:plan>/bring-back/", listing.bring_back, name="plan-bring-back"),
    path("<int:plan>/activity/", listing.activity, name="plan-activity"),
    path("<int:plan>/share/", sharing.shares, name="plan-shares"),
    path("<int:plan>/share/<int:number>/revoke/", sharing.revoke, name="plan-revoke"),
]
