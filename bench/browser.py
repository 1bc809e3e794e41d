"""What pages cost a reader: bytes over the wire, requests, and when and how steadily they appear on a phone.

    python3 manage_local.py run                                 in another terminal
    python -m bench.browser http://127.0.0.1:8000

Chromium with the slow 4G and the four times slower processor of a phone in the middle of the range, nothing in the
cache. kB are sent bytes, compressed as the server compresses them. LCP: when the largest piece of the first view was
painted. INP: the longest that a press waits for its picture, of pressing the first buttons and folds in view. CLS: how
far what is in sight jumps by itself. Timings are of this machine and depend on what else it does; bytes, requests and
CLS do not, and are tests (``tests/pages/test_weight.py``).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from typing import Any

PATHS = (
    "",
    "brands/",
    "brands/axa/covid-19/",
    "landscape/covid-19/",
    "landscape/covid-19/?view=heat",
    "compare/?b=axa&b=maif&b=amazon&b=zappos",
    "practices/",
    "method/",
    "after/covid-19/",
    "changes/",
    "search/?q=employees",
)
LANGUAGES = ("fr", "en")
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
LIMITS = {"kB": 100, "requests": 8, "LCP": 1800, "INP": 150, "CLS": 0.02}
KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "fonts"}

WATCH = """
window.seen = {lcp: 0, cls: 0, inp: 0};
const watch = (type, take, more) => new PerformanceObserver(list => list.getEntries().forEach(take))
    .observe({type, buffered: true, ...more});
watch('largest-contentful-paint', entry => { seen.lcp = entry.startTime; });
watch('layout-shift', entry => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch('event', entry => { seen.inp = Math.max(seen.inp, entry.duration); }, {durationThreshold: 16});
"""


def measure(browser: Any, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_4G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, str] = {}
    spent: dict[str, float] = defaultdict(float)

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")

    def finished(event: dict[str, Any]) -> None:
        spent[kinds.get(event["requestId"], "other")] += event["encodedDataLength"] / 1000
        spent["requests"] += 1

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    spent["kB"] = sum(spent[kind] for kind in (*KINDS.values(), "other"))
    seen = page.evaluate("seen")
    press(page)
    spent.update(LCP=seen["lcp"], CLS=seen["cls"], INP=page.evaluate("seen.inp"))
    context.close()
    return spent


def press(page: Any) -> None:
    """The first folds in view: what most pages have to press without leaving."""
    for fold in page.locator("main summary:visible").all()[:3]:
        fold.click()
        page.wait_for_timeout(200)


def main(base: str) -> None:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    columns = ("HTML", "CSS", "JS", "fonts", "other", "kB", "requests", "LCP", "INP", "CLS")
    print(f"{'page':<46}" + "".join(f"{name:>9}" for name in columns))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for path in PATHS:
            for language in LANGUAGES:
                spent = measure(browser, f"{base.rstrip('/')}/{language}/{path}")
                over = [name for name, limit in LIMITS.items() if spent[name] > limit]
                cells = "".join(f"{spent[name]:>9.3f}" if name == "CLS" else f"{spent[name]:>9.1f}" for name in columns)
                print(f"{language + '/' + path:<46}{cells}  {'OVER: ' + ', '.join(over) if over else ''}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
