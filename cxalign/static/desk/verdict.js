/* While a verdict is being recalculated, ask for its panel again. Without this script a link does the same. */
"use strict";
{
  const FIRST = 700, SLOWER = 1.4, TRIES = 20;

  const replace = (panel, html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".verdict-panel");
    if (!fresh) return;
    fresh.querySelector("script")?.remove();
    const hadFocus = panel.contains(document.activeElement);
    panel.replaceWith(fresh);
    if (hadFocus) fresh.focus();
    return fresh;
  };

  const wait = (panel, tries = 0) => {
    if (!panel?.dataset.again || tries >= TRIES) return;
    const pause = Math.min(FIRST * SLOWER ** tries, 8000);
    setTimeout(async () => {
      if (!panel.isConnected) return;
      try {
        const answer = await fetch(panel.dataset.again, { headers: { "X-Requested-With": "fetch" } });
        const fresh = answer.ok && !answer.redirected ? await answer.text() : "";
        wait(fresh.includes("data-again") ? panel : replace(panel, fresh), tries + 1);
      } catch {
        wait(panel, tries + 1);
      }
    }, pause);
  };

  const start = () => document.querySelectorAll(".verdict-panel").forEach((panel) => wait(panel));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("verdict:shown", (event) => wait(event.target));
}
