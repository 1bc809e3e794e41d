"""Who may do what to what: one row an object and an action, each driven through a real request by everybody.

A row is added by one line. Its request names an address; places in braces are filled from the world of the test, and
``{url:name}`` is an address by its name: a row whose address does not exist yet waits until it does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.desk.capturing import ACT, SOURCE

STRANGER, CONSULTANT, OUTSIDER, ANALYST, CODER, EDITOR, CODING_EDITOR, ADMINISTRATOR, INACTIVE = PEOPLE = (
    "anonymous",
    "consultant of the team",
    "consultant of another team",
    "analyst",
    "analyst who codes the item",
    "editor",
    "editor who codes the item",
    "administrator",
    "inactive account",
)
KEYS = ("read:published", "read:drafts", "export:bulk", "write:sources", "write:actions", "write:actions of another")
"""Keys of the analyst, one for each of these scopes, and one of another analyst; the other scopes of the list have no
address yet, or one like these."""
KEY = {scope: f"key {scope}" for scope in KEYS}
EVERYBODY = (*PEOPLE, *KEY.values())
ACTING_KEYS = (KEY["write:actions"], KEY["write:actions of another"])
WRITING_KEYS = (KEY["write:sources"], *ACTING_KEYS)
ANALYSTS, EDITORS = (ANALYST, CODER), (EDITOR, CODING_EDITOR)
STAFF = (*ANALYSTS, *EDITORS, ADMINISTRATOR)
SEEING = (ANALYST, EDITOR, ADMINISTRATOR)
"""Whoever reads drafts and is not coding this brand now."""
SIGNED_IN = (CONSULTANT, OUTSIDER, *STAFF)
NOBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    cell: str
    """The column of the table of roles that it belongs to."""
    thing: str
    action: str
    request: str
    """``GET /address``, ``POST /address`` or ``DELETE /address``."""
    allowed: tuple[str, ...]
    sent: dict[str, str] = field(default_factory=dict)
    closed_site: bool = False
    effect: str = ""
    """What it moves, as ``written_down`` names it: for those who may it has to move, for all others nothing has."""
    file: str = ""
    """What is sent as a file of that name’s kind: ``actions`` or ``sources``."""
    headers: dict[str, str] = field(default_factory=dict)
    leads: str | None = None
    """Where the answer leads once it is done, as an expression; "" for a page that has to be shown itself.
    None where every page, every form that names what is wrong in it, and every redirection but that to the door is a
    success."""


def admin(cell: str, thing: str, model: str, allowed: dict[str, tuple[str, ...]]) -> list[Row]:
    """The screens of one kind of record. To change is to send its form, which is answered with what is wrong in it."""
    page = f"/admin/{model}/{{{thing}}}"
    requests = {
        "list": f"GET /admin/{model}/",
        "read": f"GET {page}/change/",
        "add": f"GET /admin/{model}/add/",
        "change": f"POST {page}/change/",
        "withdraw": f"GET {page}/withdraw/",
        "delete": f"GET {page}/delete/",
        "try again": f"POST {page}/again/",
    }
    return [Row(cell, thing, action, requests[action], who) for action, who in allowed.items()]


READ, WRITE = {"list": STAFF, "read": STAFF}, {"add": STAFF, "change": STAFF}
UNTOUCHED = {"add": NOBODY, "change": NOBODY, "delete": NOBODY}
FACT = {**READ, **WRITE, "withdraw": STAFF, "delete": NOBODY}
KEPT = {**READ, **WRITE, "delete": NOBODY}
ACCESS = (ADMINISTRATOR,)
REFERENCE = {"add": (*EDITORS, ADMINISTRATOR), "change": (*EDITORS, ADMINISTRATOR)}
CASE = "/en/desk/cases/fictia/covid-19/"
CODED = "/en/desk/cases/coded/covid-19/"

CAPTURED = {
    **SOURCE, **ACT, "act-statement_en": "Lent its drones to hospitals.", "act-started": "2020-05-20",
    "brand": "Nobodys", "crisis": "{crisis}", "token": "a-sheet-of-one-test", "_save": "1",
    "proofs-TOTAL_FORMS": "1", "proofs-INITIAL_FORMS": "0",
}  # fmt: skip
PUBLISHED = {"snapshot": "{snapshot_shown}", "cause": "evidence_added", "confirmed": "yes"}

ROWS: list[Row] = [
    # --- read published -------------------------------------------------------------------------------------------
    Row("read published", "published scorecard", "list", "GET /en/brands/", EVERYBODY),
    Row("read published", "published scorecard", "read", "GET /en/brands/fictia/covid-19/", EVERYBODY),
    Row("read published", "published scorecard, by API", "list", "GET /api/v1/scorecards", EVERYBODY),
    Row("read published", "published scorecard, by API", "read", "GET /api/v1/scorecards/fictia:covid-19", EVERYBODY),
    Row("read published", "landscape", "read", "GET /en/landscape/covid-19/", EVERYBODY),
    Row("read published", "landscape, by API", "read", "GET /api/v1/landscapes/covid-19", EVERYBODY),
    Row("read published", "comparison", "read", "GET /en/compare/?b=fictia", EVERYBODY),
    Row("read published", "landscape", "take away", "GET /en/landscape/covid-19/export/csv", EVERYBODY),
    Row("read published", "comparison", "take away", "GET /en/compare/export/xlsx?b=fictia&b=mended", EVERYBODY),
    Row("read published", "saved view of one’s own", "list", "GET /en/account/views/", SIGNED_IN),
    Row("read published", "saved view of one’s own", "keep", "POST /en/account/views/new/", SIGNED_IN,
        {"of": "/en/brands/", "name": "Mine"}, leads="/en/account/views/"),
    Row("read published", "replies of a brand", "list", "GET /en/brands/fictia/covid-19/replies/", EVERYBODY),
    Row("read published", "replies of a brand, by API", "list", "GET /api/v1/replies?brand=fictia", EVERYBODY),
    Row("read published", "form for a reply", "read", "GET /en/brands/fictia/covid-19/reply/", EVERYBODY),
    Row("read published", "form for an error", "read", "GET /en/brands/fictia/covid-19/report/", EVERYBODY),
    Row("read published", "corrections", "list", "GET /en/corrections/", EVERYBODY),
    Row("read published", "corrections, by API", "list", "GET /api/v1/corrections", EVERYBODY),
    Row("read published", "corrections, site closed", "list", "GET /en/corrections/", SIGNED_IN, closed_site=True),
    *(Row("read published", f"{face} of a scorecard", "read", f"GET {address}", EVERYBODY) for face, address in (
        ("badge", "/badge/fictia/covid-19.svg"), ("embed", "/embed/fictia/covid-19/"))),
    *(Row("read published", f"{face} of an unpublished case", "read", f"GET {address}", NOBODY) for face, address in (
        ("badge", "/badge/nobodys/covid-19.svg"), ("embed", "/embed/nobodys/covid-19/"))),
    Row("read published", "badge of a scorecard, site closed", "read", "GET /badge/fictia/covid-19.svg", NOBODY,
        closed_site=True),
    Row("read published", "data to download", "read", "GET /en/data/", EVERYBODY),
    Row("read published", "outcome figures, by API", "list", "GET /api/v1/outcomes", EVERYBODY),
    *(Row("read published", "forms about an unpublished case", ending, f"GET /en/brands/nobodys/covid-19/{ending}/",
          NOBODY) for ending in ("reply", "replies", "report")),
    Row("read published", "draft under the address of a notice", "read", "GET /en/notices/{notice_token}/", EVERYBODY),
    Row("read published", "draft under the address of a notice, site closed", "read",
        "GET /en/notices/{notice_token}/", EVERYBODY, closed_site=True),
    Row("read published", "published scorecard, site closed", "read", "GET /en/brands/fictia/covid-19/", SIGNED_IN,
        closed_site=True),
    Row("read published", "published scorecard, site closed, by API", "read", "GET /api/v1/scorecards/fictia:covid-19",
        (*SIGNED_IN, KEY["read:published"]), closed_site=True),
    Row("read published", "practices", "list", "GET /en/practices/", EVERYBODY),
    Row("read published", "practice", "read", "GET /en/practices/open/", EVERYBODY),
    Row("read published", "practices", "compare", "GET /en/practices/compare/?p=open", EVERYBODY),
    Row("read published", "practices", "take away", "GET /en/practices/export/csv", EVERYBODY),
    Row("read published", "practice", "take away", "GET /en/practices/open/export/pptx", EVERYBODY),
    Row("read published", "practices, by API", "list", "GET /api/v1/practices", EVERYBODY),
    Row("read published", "plan under a shared link", "read", "GET /en/plans/shared/{plan_token}/", EVERYBODY),
    Row("read published", "plan under a shared link, site closed", "read", "GET /en/plans/shared/{plan_token}/",
        EVERYBODY, closed_site=True),
    *(Row("read published", "published scorecard", f"take away as {format}",
          f"GET /en/brands/fictia/covid-19/export/{format}", EVERYBODY) for format in ("pptx", "pdf", "csv")),
    Row("read published", "published scorecard", "take away, site closed",
        "GET /en/brands/fictia/covid-19/export/csv", SIGNED_IN, closed_site=True),
    Row("read published", "published scorecard", "present", "GET /en/brands/fictia/covid-19/present/", SIGNED_IN),
    Row("read published", "set of published scorecards", "take away as csv", "GET /en/data/scorecards/csv", EVERYBODY),
    Row("read published", "set of published scorecards", "have a workbook made", "POST /en/data/scorecards/order/",
        (CONSULTANT, OUTSIDER, *SEEING)),
    Row("read published", "files that one asked for", "list", "GET /en/account/exports/", SIGNED_IN),
    # --- read drafts ----------------------------------------------------------------------------------------------
    Row("read drafts", "draft of one’s team", "read", "GET /en/brands/mine/covid-19/draft/", (CONSULTANT, *STAFF)),
    Row("read drafts", "its evidence", "read", "GET /en/brands/mine/covid-19/evidence/", (CONSULTANT, *STAFF)),
    Row("read drafts", "draft of another team", "read", "GET /en/brands/other/covid-19/draft/", (OUTSIDER, *STAFF)),
    Row("read drafts", "draft of no team", "read", "GET /en/brands/nobodys/covid-19/draft/", STAFF),
    Row("read drafts", "brand that is not public", "read", "GET /en/brands/nobodys/", STAFF),
    Row("read drafts", "brand of a team’s case", "read", "GET /en/brands/mine/", (CONSULTANT, *STAFF)),
    Row("read drafts", "draft, by API", "read", "GET /api/v1/scorecards/mine:covid-19?state=draft",
        (KEY["read:drafts"],)),
    Row("read drafts", "draft of a practice", "take away", "GET /en/practices/draft/export/pptx", STAFF),
    Row("read drafts", "draft of a practice", "read", "GET /en/practices/draft/", STAFF),
    Row("read drafts", "draft of one’s team", "take away", "GET /en/brands/mine/covid-19/draft/export/pptx",
        (CONSULTANT, *STAFF)),
    Row("read drafts", "draft of one’s team", "present", "GET /en/brands/mine/covid-19/draft/present/",
        (CONSULTANT, *STAFF)),
    Row("read drafts", "draft of another team", "take away", "GET /en/brands/other/covid-19/draft/export/pdf",
        (OUTSIDER, *STAFF)),
    Row("read drafts", "draft of no team", "take away", "GET /en/brands/nobodys/covid-19/draft/export/xlsx", STAFF),
    Row("read drafts", "draft of a brand that one is coding", "take away", "GET /en/brands/coded/covid-19/draft/export/csv",
        SEEING),
    Row("read drafts", "desk", "read", "GET /en/desk/", STAFF),
    Row("read drafts", "draft of a brand that one is coding", "read", "GET /en/brands/coded/covid-19/draft/", SEEING),
    Row("read drafts", "evidence of a brand that one is coding", "read", "GET /en/brands/coded/covid-19/evidence/",
        SEEING),
    Row("read drafts", "queue", "list", "GET {url:desk-queue}", STAFF),
    Row("read drafts", "data quality", "list", "GET {url:desk-quality}", STAFF),
    Row("read drafts", "data quality", "read one check", "GET {quality_check}", STAFF),
    Row("read drafts", "case", "read", f"GET {CASE}", STAFF),
    Row("read drafts", "case of a brand that one is coding", "read", f"GET {CODED}", SEEING),
    Row("read drafts", "verdict beside the sheet", "read", "GET /en/desk/verdict/{brand}/", STAFF),
    Row("read drafts", "searches", "list", f"GET {CASE}searches/", STAFF),
    Row("read drafts", "trail", "list", "GET /en/desk/trail/", STAFF),
    Row("read drafts", "trail of a brand", "read", "GET /en/desk/trail/?brand=fictia", STAFF),
    Row("read drafts", "trail of a record", "read", "GET /en/desk/trail/brands.promise:{promise_key}/", STAFF),
    Row("read drafts", "trail of an account", "read", "GET /en/desk/trail/accounts.user:{person}/", (ADMINISTRATOR,)),
    *admin("read drafts", "check of the trail", "brands/verificationrun", {"list": STAFF, "add": NOBODY}),
    *admin("read drafts", "order for copies", "brands/archiveorder", {**READ, **UNTOUCHED}),
    Row("read drafts", "archived copy", "read", "GET /admin/brands/source/{archived}/copy/", STAFF, leads=""),
    *admin("read drafts", "assessment", "scoring/assessment", {**READ, **UNTOUCHED}),
    *admin("read drafts", "publication", "scoring/publication", {**READ, **UNTOUCHED}),
    *admin("read drafts", "snapshot", "scoring/snapshot", {**READ, **UNTOUCHED}),
    *admin("read drafts", "crisis", "brands/crisis", READ),
    *admin("read drafts", "sector", "brands/sector", READ),
    *admin("read drafts", "event log", "brands/event", {**READ, **UNTOUCHED}),
    *admin("read drafts", "scoring job", "scoring/scoringjob", {**READ, "add": NOBODY, "try again": STAFF}),
    # --- write evidence -------------------------------------------------------------------------------------------
    *admin("write evidence", "practice", "practices/practice", {**READ, "add": STAFF, "delete": NOBODY}),
    *admin("write evidence", "draft of a practice", "practices/practice", {"change": STAFF, "withdraw": STAFF}),
    *admin("write evidence", "brand", "brands/brand", KEPT),
    *admin("write evidence", "profile", "brands/brandprofile", {**READ, **WRITE}),
    *admin("write evidence", "promise", "brands/promise", FACT),
    *admin("write evidence", "act", "brands/action", FACT),
    *admin("write evidence", "source", "brands/source", FACT),
    *admin("write evidence", "opinion", "brands/judgement", FACT),
    *admin("write evidence", "outcome figure", "brands/outcomefigure", FACT),
    *admin("write evidence", "unused source", "brands/source", {"delete": STAFF}),
    *admin("write evidence", "tag", "brands/tag", {**READ, **WRITE, "delete": STAFF}),
    Row("write evidence", "archived copy", "order", "POST /admin/brands/source/{source}/copy/new/", STAFF,
        {"confirmed": "1", "reason": "Before it goes.", "seen": "{source_seen}"}, effect="orders for copies"),
    Row("write evidence", "archived copy", "bring in by hand", "GET /admin/brands/source/{source}/copy/upload/", STAFF,
        leads=""),
    Row("write evidence", "capture", "read", "GET {url:desk-capture}", STAFF),
    Row("write evidence", "capture", "look up what is on file", "GET /en/desk/capture/on-file/?title=Article", STAFF),
    Row("write evidence", "capture", "look up a brand", "GET /en/desk/capture/brands/?q=fic", STAFF),
    Row("write evidence", "capture", "choose a brand", "GET /en/desk/capture/brand/?brand=Fictia", STAFF),
    Row("write evidence", "capture", "keep", "POST {url:desk-capture}", STAFF, CAPTURED, leads="/en/desk/capture/.*"),
    Row("write evidence", "imports", "list", "GET {url:desk-imports}", STAFF),
    Row("write evidence", "imports", "start", "POST {url:desk-imports}", STAFF,
        {"type": "actions", "crisis": "{crisis}"}, file="actions", effect="imports",
        leads=r"/en/desk/imports/[-\w]+/columns/"),
    Row("write evidence", "imports", "read a template", "GET /en/desk/imports/template/actions.csv", STAFF, leads=""),
    *(Row("write evidence", "import of the analyst", action, request, (ANALYST, *EDITORS), leads=leads, effect=effect)
      for action, request, leads, effect in (
          ("read", "GET /en/desk/imports/{import}/", None, ""),
          ("map its columns", "GET /en/desk/imports/{import}/columns/", None, ""),
          ("see its rows", "GET /en/desk/imports/{import}/check/", None, ""),
          ("watch", "GET /en/desk/imports/{import}/state/", "", ""),
          ("confirm", "POST /en/desk/imports/{import}/confirm/", "/en/desk/imports/{import}/", "imports"),
          ("cancel", "POST /en/desk/imports/{import}/cancel/", "/en/desk/imports/{import}/", "imports"),
          ("undo", "POST /en/desk/imports/{imported}/undo/", "/en/desk/imports/{imported}/", "imports"),
      )),
    Row("write evidence", "imports, by API", "list", "GET /api/v1/imports", WRITING_KEYS, leads=""),
    Row("write evidence", "imports, by API", "send acts", "POST /api/v1/imports", ACTING_KEYS,
        {"type": "actions", "crisis": "covid-19", "dry_run": "true"}, file="actions", effect="imports"),
    Row("write evidence", "imports, by API", "send sources", "POST /api/v1/imports", (KEY["write:sources"],),
        {"type": "sources", "dry_run": "true"}, file="sources", effect="imports"),
    *(Row("write evidence", "import of the analyst, by API", action, request, (KEY["write:actions"],), effect=effect,
          headers=headers)
      for action, request, effect, headers in (
          ("read", "GET /api/v1/imports/{import}", "", {}),
          ("read as a job", "GET /api/v1/jobs/{import}", "", {}),
          ("see its rows", "GET /api/v1/imports/{import}/rows", "", {}),
          ("confirm", "POST /api/v1/imports/{import}/confirm", "imports", {"Content-Type": "application/json"}),
          ("cancel", "DELETE /api/v1/imports/{import}", "imports", {"If-Match": "*"}),
          ("cancel as a job", "DELETE /api/v1/jobs/{import}", "imports", {"If-Match": "*"}),
          ("undo", "POST /api/v1/imports/{imported}/undo", "imports", {"Content-Type": "application/json"}),
      )),
    Row("read published", "exports, by API", "list", "GET /api/v1/exports", (KEY["export:bulk"],), leads=""),
    Row("read published", "exports, by API", "order", "POST /api/v1/exports", (KEY["export:bulk"],), {"format": "csv"},
        effect="exports", headers={"Content-Type": "application/json"}),
    *(Row("read published", "export of the analyst, by API", action, request, (KEY["export:bulk"],), effect=effect,
          headers=headers)
      for action, request, effect, headers in (
          ("read", "GET /api/v1/exports/{export}", "", {}),
          ("read as a job", "GET /api/v1/jobs/{export}", "", {}),
          ("take away", "GET /api/v1/exports/{export}/file", "", {}),
          ("remove", "DELETE /api/v1/exports/{export}", "exports", {"If-Match": "*"}),
          ("remove as a job", "DELETE /api/v1/jobs/{export}", "exports", {"If-Match": "*"}),
      )),
    Row("write evidence", "search", "log", f"POST {CASE}searches/", STAFF,
        {"engine": "Europresse", "searched_on": "2020-06-01", "customers-harms-queries": "refund",
         "customers-harms-hits": "12"}, leads=f"{CASE}searches/"),
    Row("write evidence", "search", "take back", f"POST {CASE}searches/{{search}}/take-back/", STAFF,
        {"reason": "The wrong year."}, leads=f"{CASE}searches/"),
    Row("write evidence", "tie of one’s own", "list", "GET /en/desk/ties/", STAFF),
    Row("write evidence", "tie of one’s own", "declare", "POST /en/desk/ties/none/", STAFF, {"brand": "nobodys"},
        effect="ties"),
    Row("write evidence", "ties of one’s own", "declare none with several", "POST /en/desk/ties/none/", STAFF,
        {"brand": "fictia nobodys"}, effect="ties"),
    Row("write evidence", "tie of somebody else", "end", "POST /en/desk/ties/{tie}/end/", NOBODY,
        {"until": "2020-06-01"}),
    Row("write evidence", "tie of somebody else", "take back", "POST /en/desk/ties/{tie}/take-back/", NOBODY,
        {"reason": "Not mine."}),
    Row("write evidence", "saved filter of one’s own", "add", "POST /admin/filters/add/", STAFF,
        {"list": "brands.brand", "query": "q=fic", "name": "Mine"}, effect="saved filters"),
    Row("write evidence", "saved filter of somebody else", "change", "POST /admin/filters/{filter}/", NOBODY,
        {"name": "Taken"}),
    Row("write evidence", "saved filter of somebody else", "remove", "POST /admin/filters/{filter}/", NOBODY,
        {"remove": "1"}),
    Row("write evidence", "suggestion", "list", "GET /en/suggest/", SIGNED_IN),
    Row("write evidence", "suggestion", "add", "POST /en/suggest/", SIGNED_IN,
        {"token": "6f1c1c52-7d5f-4d53-9c8e-2b7f6a1f0c11", "kind": "brand", "text": "Add it."}, effect="suggestions"),
    Row("write evidence", "suggestion", "list to decide", "GET /en/desk/suggestions/", STAFF),
    Row("write evidence", "suggestion", "decide", "POST /en/desk/suggestions/{suggestion}/", STAFF,
        {"decision": "decline", "reason": "It is on file."}, effect="suggestions"),
    # --- code -----------------------------------------------------------------------------------------------------
    Row("code", "coding", "list", "GET {url:desk-coding}", (*ANALYSTS, *EDITORS)),
    Row("code", "coding round", "read", "GET /en/desk/coding/rounds/{round}/", (CODER, *EDITORS)),
    Row("code", "coding round", "go on with one’s own items", "GET /en/desk/coding/rounds/{round}/next/",
        (CODER, CODING_EDITOR), leads=r"/en/desk/coding/items/\d+/"),
    Row("code", "item of the analyst who codes it", "read", "GET /en/desk/coding/items/{coding}/", (CODER,), leads=""),
    Row("code", "item of the analyst who codes it", "code", "POST /en/desk/coding/items/{coding}/", (CODER,),
        {"draft": "1", "revision": "0", "rationale": "So far."}, leads="/en/desk/coding/rounds/{round}/"),
    Row("code", "item one step apart", "compare", "GET /en/desk/coding/items/{comparing}/compare/", (CODER,), leads=""),
    Row("code", "agreement", "read", "GET {url:desk-agreement}", (*ANALYSTS, *EDITORS)),
    # --- adjudicate, publish --------------------------------------------------------------------------------------
    Row("adjudicate, publish", "case", "assign", "POST {url:desk-queue-assign}", EDITORS,
        {"case": "{assessment}", "owner": "0", "confirmed": "1", "reason": "On leave."}, leads="/en/desk/queue/"),
    Row("adjudicate, publish", "case", "say that it still stands", f"POST {CASE}confirm/", EDITORS,
        {"reason": "Nothing new was found."}, leads=CASE),
    Row("users, method, settings", "case", "give to a team", f"POST {CASE}assign/", (*EDITORS, ADMINISTRATOR),
        {"team": "{team}"}, leads=CASE),
    Row("adjudicate, publish", "coding round", "prepare", "GET {url:desk-coding-new}", EDITORS),
    Row("adjudicate, publish", "coding round", "open", "POST {url:desk-coding-new}", EDITORS,
        {"crisis": "{crisis}", "what": "cases", "cases": "{assessment}", "first_coder": "{a_coder}",
         "second_coder": "{another_coder}"}, leads=r"/en/desk/coding/rounds/\d+/"),
    Row("adjudicate, publish", "coding round", "close", "POST /en/desk/coding/rounds/{round}/close/", EDITORS,
        {"reason": "Enough."}, leads="/en/desk/coding/rounds/{round}/"),
    Row("adjudicate, publish", "measurement", "look at before it is adopted", "GET {url:desk-agreement-adopt}", EDITORS,
        leads=""),
    Row("adjudicate, publish", "measurement", "adopt", "POST {url:desk-agreement-adopt}", EDITORS,
        {"seen": "{measured}", "reason": "It is the newest."}, leads="/en/desk/coding/agreement/"),
    Row("adjudicate, publish", "adjudication", "list", "GET {url:desk-adjudication}", EDITORS),
    Row("adjudicate, publish", "item in dispute", "read", "GET /en/desk/adjudication/{disputed}/", (EDITOR,), leads=""),
    Row("adjudicate, publish", "item in dispute", "adjudicate", "POST /en/desk/adjudication/{disputed}/", (EDITOR,),
        {"substance": "2", "substance-reason": "The report is plain."}, leads="/en/desk/adjudication/{disputed}/"),
    Row("adjudicate, publish", "replies", "list", "GET {url:desk-replies}", EDITORS),
    Row("adjudicate, publish", "reply", "read", "GET /en/desk/replies/reply/{reply}/", EDITORS, leads=""),
    Row("adjudicate, publish", "file of a reply", "read",
        "GET /en/desk/replies/file/{reply}/{reply_file}/", EDITORS, leads=""),
    Row("adjudicate, publish", "reply", "refuse", "POST /en/desk/replies/reply/{reply}/", EDITORS,
        {"act": "refuse", "refusal": "not_identified", "reason_en": "No mandate.", "reason_fr": "Aucun mandat."},
        leads="/en/desk/replies/reply/{reply}/"),
    Row("adjudicate, publish", "reply", "publish", "POST /en/desk/replies/reply/{reply}/", EDITORS,
        {"act": "publish", "identity_checked": "on", "outcome": "maintained", "reason_en": "We checked.",
         "reason_fr": "Nous avons vérifié."}, leads="/en/desk/replies/reply/{reply}/"),
    Row("adjudicate, publish", "reported error", "read", "GET /en/desk/replies/report/{report}/", EDITORS, leads=""),
    Row("adjudicate, publish", "reported error", "decline", "POST /en/desk/replies/report/{report}/", EDITORS,
        {"act": "decline", "declined": "correct", "reason_en": "It is right.", "reason_fr": "C’est exact."},
        leads="/en/desk/replies/report/.*", effect="reports"),
    Row("adjudicate, publish", "correction", "complete", "POST /en/desk/replies/report/{corrected}/", EDITORS,
        {"act": "complete", "changed_en": "The date.", "changed_fr": "La date.",
         "corrected_in": "{later_version}"}, effect="corrections",
        leads="/en/desk/replies/report/.*"),
    Row("adjudicate, publish", "notice", "prepare", "GET /en/desk/replies/ask/fictia/covid-19/", EDITORS, leads=""),
    Row("adjudicate, publish", "notice", "read", "GET /en/desk/replies/notice/{notice}/", EDITORS, leads=""),
    Row("adjudicate, publish", "notice", "revoke", "POST /en/desk/replies/notice/{notice}/", EDITORS,
        {"act": "revoke", "why": "The wrong draft."}, leads="/en/desk/replies/notice/{notice}/"),
    Row("adjudicate, publish", "contact of a brand", "list", "GET /en/desk/replies/contacts/fictia/", EDITORS),
    Row("adjudicate, publish", "contact of a brand", "add", "POST /en/desk/replies/contacts/fictia/", EDITORS,
        {"name": "Press", "email": "press@fictia.example", "language": "fr", "source": "Its site."},
        leads="/en/desk/replies/contacts/\\w+/"),
    Row("adjudicate, publish", "contact of a brand", "retire", "POST /en/desk/replies/contacts/mine/", EDITORS,
        {"retire": "{contact}"}, leads="/en/desk/replies/contacts/\\w+/"),
    Row("adjudicate, publish", "mail", "list", "GET {url:desk-mails}", EDITORS),
    Row("adjudicate, publish", "mail", "send again", "POST {url:desk-mails}", EDITORS, {"again": "{mail}"},
        leads="/en/desk/replies/mails/"),
    Row("adjudicate, publish", "version", "prepare", f"GET {CASE}publish/", EDITORS, leads=""),
    Row("adjudicate, publish", "version", "publish", f"POST {CASE}publish/", EDITORS, PUBLISHED, leads=CASE),
    Row("adjudicate, publish", "version of a brand that one is coding", "prepare", f"GET {CODED}publish/", (EDITOR,),
        leads=""),
    Row("adjudicate, publish", "version of a brand that one is coding", "publish", f"POST {CODED}publish/", (EDITOR,),
        {**PUBLISHED, "snapshot": "{snapshot_coded}", "cause": "first_entry"}, leads=CODED),
    Row("adjudicate, publish", "version", "withdraw", f"POST {CASE}withdraw/1/", EDITORS,
        {"reason_en": "A source was misread.", "confirmed": "yes"}, leads=CASE),
    *admin("adjudicate, publish", "practice", "practices/practice", {"change": EDITORS, "withdraw": EDITORS}),
    # --- plans, portfolios ----------------------------------------------------------------------------------------
    Row("plans, portfolios", "plans", "list", "GET {url:plans}", (CONSULTANT, OUTSIDER)),
    Row("plans, portfolios", "plan", "begin", "GET /en/plans/new/", (CONSULTANT, OUTSIDER)),
    Row("plans, portfolios", "plan of one’s team", "read", "GET /en/plans/{plan}/board/", (CONSULTANT,)),
    Row("plans, portfolios", "plan of one’s team", "put in an action", "POST /en/plans/{plan}/inventory/", (CONSULTANT,),
        {"title": "One more"}, leads="/en/plans/\\d+/inventory/"),
    Row("plans, portfolios", "problem of a plan of one’s team", "delete", "POST /en/plans/{plan}/problems/{plan_problem}/delete/",
        (CONSULTANT,), {"revision": "1", "back": "problems"}, leads="/en/plans/\\d+/problems/.*"),
    Row("plans, portfolios", "plan of one’s team", "share", "POST /en/plans/{plan}/share/", (CONSULTANT,),
        {"label": "The client", "ends_on": "{in_a_month}"}, leads="/en/plans/\\d+/share/"),
    Row("plans, portfolios", "plan of one’s team", "export", "GET /en/plans/{plan}/table/plan.csv", (CONSULTANT,)),
    Row("plans, portfolios", "plan of one’s team", "export as slides", "GET /en/plans/{plan}/table/plan.pptx", (CONSULTANT,)),
    Row("plans, portfolios", "plan of one’s team", "export as PDF", "GET /en/plans/{plan}/table/plan.pdf", (CONSULTANT,)),
    Row("plans, portfolios", "plan of another team", "read", "GET /en/plans/{other_plan}/board/", (OUTSIDER,)),
    Row("plans, portfolios", "plan of another team", "put in an action", "POST /en/plans/{other_plan}/inventory/",
        (OUTSIDER,), {"title": "One more"}, leads="/en/plans/\\d+/inventory/"),
    Row("plans, portfolios", "portfolios", "list", "GET {url:portfolios}", (CONSULTANT, OUTSIDER)),
    Row("plans, portfolios", "portfolio", "begin", "POST /en/portfolios/new/", (CONSULTANT,),
        {"name": "Insurers", "team": "{team}"}, leads=r"/en/portfolios/\d+/"),
    Row("plans, portfolios", "portfolio of one’s team", "read", "GET /en/portfolios/{portfolio}/", (CONSULTANT,)),
    Row("plans, portfolios", "portfolio of one’s team", "read its log", "GET /en/portfolios/{portfolio}/activity/",
        (CONSULTANT,)),
    Row("plans, portfolios", "portfolio of one’s team", "put in a brand", "POST /en/portfolios/add/", (CONSULTANT,),
        {"b": "fictia", "portfolio": "{portfolio}"}, leads="/en/portfolios/{portfolio}/"),
    Row("plans, portfolios", "portfolio of one’s team", "archive", "POST /en/portfolios/{portfolio}/archive/",
        (CONSULTANT,), leads=r"/en/portfolios/{portfolio}/.*"),
    Row("plans, portfolios", "portfolio of another team", "read", "GET /en/portfolios/{other_portfolio}/", (OUTSIDER,)),
    Row("plans, portfolios", "portfolio of another team", "put in a brand", "POST /en/portfolios/add/", (OUTSIDER,),
        {"b": "fictia", "portfolio": "{other_portfolio}"}, leads="/en/portfolios/{other_portfolio}/"),
    # --- users, method, settings ----------------------------------------------------------------------------------
    *admin("users, method, settings", "user", "accounts/user",
           {"list": ACCESS, "read": ACCESS, "add": ACCESS, "change": ACCESS, "delete": NOBODY}),
    *admin("users, method, settings", "role", "auth/group",
           {"list": ACCESS, "read": ACCESS, "add": ACCESS, "change": NOBODY, "delete": NOBODY}),
    *admin("users, method, settings", "team", "accounts/team",
           {"list": (*EDITORS, *ACCESS), "read": (*EDITORS, *ACCESS), "add": ACCESS, "change": ACCESS,
            "delete": NOBODY}),
    *admin("users, method, settings", "API key", "accounts/apikey",
           {"list": ACCESS, "read": ACCESS, "add": NOBODY, "delete": NOBODY}),
    *admin("users, method, settings", "crisis", "brands/crisis", REFERENCE),
    *admin("users, method, settings", "sector", "brands/sector", REFERENCE),
    # --- one's own ------------------------------------------------------------------------------------------------
    Row("one’s own", "profile", "read", "GET /en/account/profile/", SIGNED_IN),
    Row("one’s own", "teams", "read", "GET /en/account/team/", SIGNED_IN),
    Row("one’s own", "keys", "list", "GET /en/account/keys/", SIGNED_IN),
    Row("one’s own", "keys", "make", "POST /en/account/keys/", SIGNED_IN,
        {"name": "Nightly pull", "scopes": "read:published", "expires_on": "{in_a_month}"}, leads=""),
    Row("one’s own", "key of somebody else", "revoke", "POST /en/account/keys/{key_identifier}/revoke/", NOBODY),
    Row("one’s own", "watches", "list", "GET /en/account/watches/", SIGNED_IN),
    Row("one’s own", "watch of a brand", "begin", "POST /en/account/watches/new/", SIGNED_IN,
        {"brand": "fictia", "rhythm": "feed"}, leads="/en/account/watches/"),
    Row("one’s own", "watch of a portfolio", "begin", "POST /en/account/watches/new/", (CONSULTANT,),
        {"portfolio": "{portfolio}", "rhythm": "feed"}, leads="/en/account/watches/"),
    Row("one’s own", "watch of somebody else", "end", "POST /en/account/watches/{watch}/end/", NOBODY),
    Row("one’s own", "view that somebody shares with one’s team", "list", "GET /en/account/views/", SIGNED_IN),
    Row("one’s own", "view of somebody else", "change", "POST /en/account/views/{view}/", NOBODY, {"name": "Theirs"}),
    Row("one’s own", "data", "read", "GET /en/account/data/", SIGNED_IN),
]  # fmt: skip

YES, PARTLY, NO = "yes", "partly", "no"
CELLS: dict[str, dict[str, str]] = {
    "read published": {STRANGER: PARTLY, CONSULTANT: YES, ANALYST: YES, EDITOR: YES, ADMINISTRATOR: YES},
    "read drafts": {STRANGER: NO, CONSULTANT: PARTLY, ANALYST: YES, EDITOR: YES, ADMINISTRATOR: YES},
    "write evidence": {STRANGER: NO, CONSULTANT: PARTLY, ANALYST: YES, EDITOR: YES, ADMINISTRATOR: YES},
    "code": {STRANGER: NO, CONSULTANT: NO, ANALYST: YES, EDITOR: YES, ADMINISTRATOR: NO},
    "adjudicate, publish": {STRANGER: NO, CONSULTANT: NO, ANALYST: NO, EDITOR: YES, ADMINISTRATOR: NO},
    "plans, portfolios": {STRANGER: NO, CONSULTANT: YES, ANALYST: NO, EDITOR: NO, ADMINISTRATOR: NO},
    "users, method, settings": {STRANGER: NO, CONSULTANT: NO, ANALYST: NO, EDITOR: PARTLY, ADMINISTRATOR: YES},
}
"""The table of roles. Partly is some of it: the public site, one's own team, reference data."""
WAITING: set[str] = set()
"""Names of addresses that no part of the product has yet: their rows wait. Take a name out when it comes."""
