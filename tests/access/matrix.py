"""Who may do what to what: one row an object and an action, each driven through a real request by everybody.

A row is added by one line. Its request names an address; places in braces are filled from the world of the test, and
``{url:name}`` is an address by its name: a row whose address does not exist yet waits until it does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STRANGER, CONSULTANT, OUTSIDER, ANALYST, EDITOR, ADMINISTRATOR, INACTIVE = PEOPLE = (
    "anonymous",
    "consultant of the team",
    "consultant of another team",
    "analyst",
    "editor",
    "administrator",
    "inactive account",
)
KEYS = ("read:published", "read:drafts", "write:sources")
"""A key of an analyst for each of these scopes; the others of the list have no address yet."""
KEY = {scope: f"key {scope}" for scope in KEYS}
EVERYBODY = (*PEOPLE, *KEY.values())
STAFF = (ANALYST, EDITOR, ADMINISTRATOR)
SIGNED_IN = (CONSULTANT, OUTSIDER, *STAFF)
NOBODY: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    cell: str
    """The column of the table of roles that it belongs to."""
    thing: str
    action: str
    request: str
    """``GET /address`` or ``POST /address``."""
    allowed: tuple[str, ...]
    sent: dict[str, str] = field(default_factory=dict)
    closed_site: bool = False


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
        "publish": f"GET {page}/publish/",
        "try again": f"POST {page}/again/",
    }
    return [Row(cell, thing, action, requests[action], who) for action, who in allowed.items()]


READ, WRITE = {"list": STAFF, "read": STAFF}, {"add": STAFF, "change": STAFF}
UNTOUCHED = {"add": NOBODY, "change": NOBODY, "delete": NOBODY}
FACT = {**READ, **WRITE, "withdraw": STAFF, "delete": NOBODY}
KEPT = {**READ, **WRITE, "delete": NOBODY}
ACCESS = (ADMINISTRATOR,)
REFERENCE = {"add": (EDITOR, ADMINISTRATOR), "change": (EDITOR, ADMINISTRATOR)}

ROWS: list[Row] = [
    # --- read published -------------------------------------------------------------------------------------------
    Row("read published", "published scorecard", "list", "GET /en/brands/", EVERYBODY),
    Row("read published", "published scorecard", "read", "GET /en/brands/fictia/covid-19/", EVERYBODY),
    Row("read published", "published scorecard, by API", "list", "GET /api/v1/scorecards", EVERYBODY),
    Row("read published", "published scorecard, by API", "read", "GET /api/v1/scorecards/fictia:covid-19", EVERYBODY),
    Row("read published", "published scorecard, site closed", "read", "GET /en/brands/fictia/covid-19/", SIGNED_IN,
        closed_site=True),
    Row("read published", "published scorecard, site closed, by API", "read", "GET /api/v1/scorecards/fictia:covid-19",
        (*SIGNED_IN, KEY["read:published"]), closed_site=True),
    # --- read drafts ----------------------------------------------------------------------------------------------
    Row("read drafts", "draft of one’s team", "read", "GET /en/brands/mine/covid-19/draft/", (CONSULTANT, *STAFF)),
    Row("read drafts", "its evidence", "read", "GET /en/brands/mine/covid-19/evidence/", (CONSULTANT, *STAFF)),
    Row("read drafts", "draft of another team", "read", "GET /en/brands/other/covid-19/draft/", (OUTSIDER, *STAFF)),
    Row("read drafts", "draft of no team", "read", "GET /en/brands/nobodys/covid-19/draft/", STAFF),
    Row("read drafts", "brand that is not public", "read", "GET /en/brands/nobodys/", STAFF),
    Row("read drafts", "brand of a team’s case", "read", "GET /en/brands/mine/", (CONSULTANT, *STAFF)),
    Row("read drafts", "draft, by API", "read", "GET /api/v1/scorecards/mine:covid-19?state=draft",
        (KEY["read:drafts"],)),
    Row("read drafts", "desk", "read", "GET /en/desk/", STAFF),
    Row("read drafts", "queue", "list", "GET {url:desk-queue}", STAFF),
    Row("read drafts", "data quality", "list", "GET {url:desk-quality}", STAFF),
    *admin("read drafts", "assessment", "scoring/assessment", {**READ, **UNTOUCHED}),
    *admin("read drafts", "publication", "scoring/publication", {**READ, **UNTOUCHED}),
    *admin("read drafts", "snapshot", "scoring/snapshot", {**READ, **UNTOUCHED}),
    *admin("read drafts", "crisis", "brands/crisis", READ),
    *admin("read drafts", "sector", "brands/sector", READ),
    *admin("read drafts", "event log", "brands/event", {**READ, **UNTOUCHED}),
    *admin("read drafts", "scoring job", "scoring/scoringjob", {**READ, "add": NOBODY, "try again": STAFF}),
    # --- write evidence -------------------------------------------------------------------------------------------
    *admin("write evidence", "brand", "brands/brand", KEPT),
    *admin("write evidence", "profile", "brands/brandprofile", {**READ, **WRITE}),
    *admin("write evidence", "promise", "brands/promise", FACT),
    *admin("write evidence", "act", "brands/action", FACT),
    *admin("write evidence", "source", "brands/source", FACT),
    *admin("write evidence", "opinion", "brands/judgement", FACT),
    *admin("write evidence", "unused source", "brands/source", {"delete": STAFF}),
    Row("write evidence", "capture", "read", "GET {url:desk-capture}", STAFF),
    Row("write evidence", "imports", "list", "GET {url:desk-imports}", STAFF),
    Row("write evidence", "suggestion", "list", "GET /en/suggest/", SIGNED_IN),
    Row("write evidence", "suggestion", "add", "POST /en/suggest/", SIGNED_IN,
        {"token": "6f1c1c52-7d5f-4d53-9c8e-2b7f6a1f0c11", "kind": "brand", "text": "Add it."}),
    Row("write evidence", "suggestion", "list to decide", "GET /en/desk/suggestions/", STAFF),
    Row("write evidence", "suggestion", "decide", "POST /en/desk/suggestions/{suggestion}/", STAFF,
        {"decision": "decline", "reason": "It is on file."}),
    # --- code -----------------------------------------------------------------------------------------------------
    Row("code", "coding", "list", "GET {url:desk-coding}", (ANALYST, EDITOR)),
    # --- adjudicate, publish --------------------------------------------------------------------------------------
    Row("adjudicate, publish", "adjudication", "list", "GET {url:desk-adjudication}", (EDITOR,)),
    Row("adjudicate, publish", "replies", "list", "GET {url:desk-replies}", (EDITOR,)),
    Row("adjudicate, publish", "assessment", "publish for good", "POST /admin/scoring/assessment/{assessment}/publish/",
        (EDITOR,), {"snapshot": "{snapshot_shown}", "cause": "evidence_added", "note_en": "", "note_fr": ""}),
    *admin("adjudicate, publish", "assessment", "scoring/assessment", {"publish": (EDITOR,)}),
    *admin("adjudicate, publish", "publication", "scoring/publication", {"withdraw": (EDITOR,)}),
    # --- plans, portfolios ----------------------------------------------------------------------------------------
    Row("plans, portfolios", "plans", "list", "GET {url:plans}", (CONSULTANT, OUTSIDER)),
    # --- users, method, settings ----------------------------------------------------------------------------------
    *admin("users, method, settings", "user", "accounts/user",
           {"list": ACCESS, "read": ACCESS, "add": ACCESS, "change": ACCESS, "delete": NOBODY}),
    *admin("users, method, settings", "role", "auth/group",
           {"list": ACCESS, "read": ACCESS, "add": ACCESS, "change": NOBODY, "delete": NOBODY}),
    *admin("users, method, settings", "team", "accounts/team",
           {"list": (EDITOR, *ACCESS), "read": (EDITOR, *ACCESS), "add": ACCESS, "change": ACCESS, "delete": NOBODY}),
    *admin("users, method, settings", "API key", "accounts/apikey",
           {"list": ACCESS, "read": ACCESS, "add": NOBODY, "delete": NOBODY}),
    *admin("users, method, settings", "crisis", "brands/crisis", REFERENCE),
    *admin("users, method, settings", "sector", "brands/sector", REFERENCE),
    # --- one's own ------------------------------------------------------------------------------------------------
    Row("one’s own", "profile", "read", "GET /en/account/profile/", SIGNED_IN),
    Row("one’s own", "teams", "read", "GET /en/account/team/", SIGNED_IN),
    Row("one’s own", "keys", "list", "GET /en/account/keys/", SIGNED_IN),
    Row("one’s own", "key of somebody else", "revoke", "POST /en/account/keys/{key_identifier}/revoke/", NOBODY),
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
WAITING = {"plans"}
"""Names of addresses that no part of the product has yet: their rows wait. Take a name out when it comes."""
