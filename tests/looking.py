"""Sitting in front of a real browser: signing in, and looking at a screen as a person and as an inspector would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.sync_playwright import Axe

from cxalign.accounts import roles
from cxalign.accounts.models import User
from tests.accounts.desk import somebody

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "a-password-for-one-test"
WIDTHS = (1280, 390)


def sign_in(page: Page, role: str = roles.ANALYST, **fields: Any) -> User:
    """Somebody in a role, signed in through the sign-in page."""
    user = somebody(role, **fields)
    user.set_password(PASSWORD)
    user.save()
    enter(page, user)
    return user


def enter(page: Page, user: User) -> None:
    """Afterwards the tab stands on the first page of the admin; for whoever has no desk, on that of their account."""
    page.goto(f"/en/account/login/?next={'/admin/' if user.is_staff else '/en/account/'}")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_selector("#user-tools" if user.is_staff else "details.account")


def inspector(browser: Browser, live_server: Any, scheme: Literal["light", "dark"] = "light") -> Page:
    """A tab for axe, which writes styles of its own into the page: the content policy would refuse them."""
    return browser.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme).new_page()


def findings(page: Page) -> list[str]:
    """What axe finds on the screen as it stands, one line each: rule and first element."""
    violations = Axe().run(page).response["violations"]
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in violations]


def is_too_wide(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def look(page: Page, address: str) -> list[str]:
    """Open a screen at both widths; what axe finds on it, and whether it is too wide.

    Afterwards the tab is empty: a page that watches a job would otherwise load itself anew while the next one opens.
    """
    complaints = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        complaints += [f"{address} at {width} px: {line}" for line in findings(page)]
        if is_too_wide(page):
            complaints.append(f"{address} at {width} px has to be scrolled sideways")
    page.goto("about:blank")
    return complaints
