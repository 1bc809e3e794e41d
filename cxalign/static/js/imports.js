// Keeps the progress of an import fresh. Without it the page has a link that does the same.
(function () {
  "use strict";
  const told = document.querySelector("[data-progress]");
  const bar = document.querySelector("progress.bar");
  if (!told || !bar) return;

  async function look() {
    try {
      const answer = await fetch(told.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const state = await answer.json();
      if (!state.at_work) {
        window.location.reload();
        return;
      }
      bar.max = state.total;
      bar.value = state.done;
      if (told.textContent.trim() !== state.told) told.textContent = state.told;
    } catch {
      // The next look may find the server again.
    }
    window.setTimeout(look, 1500);
  }

  window.setTimeout(look, 700);
})();
