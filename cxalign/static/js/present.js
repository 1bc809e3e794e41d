// Arrow keys between slides. Without it the page scrolls and prints just as well.
(function () {
  "use strict";
  const slides = Array.from(document.querySelectorAll(".slide"));
  if (!slides.length) return;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Where a scroll under way leads: keys that come meanwhile count from there.
  let aim = null;
  let arrived;

  function current() {
    if (aim !== null) return aim;
    const middle = window.innerHeight / 2;
    const found = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > middle);
    return found < 0 ? slides.length - 1 : found;
  }

  function go(number) {
    aim = Math.max(0, Math.min(slides.length - 1, number));
    clearTimeout(arrived);
    arrived = setTimeout(() => { aim = null; }, 800);
    const slide = slides[aim];
    slide.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    slide.focus({ preventScroll: true });
  }

  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button, input, select")) return;
    const drawing = event.target.closest(".drawing");
    if (drawing && drawing.scrollWidth > drawing.clientWidth) return; // there the arrows scroll
    let to = null;
    if (event.key in steps) to = current() + (event.key === " " && event.shiftKey ? -1 : steps[event.key]);
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = slides.length - 1;
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
})();
