// Keys for the coding screen. Everything works without: a digit or "u" ticks the option that bears it and goes on to
// the next code, "c" goes to the rationale, and the text of the option in focus is repeated at the top of the reading.

"use strict";

(() => {
  const form = document.querySelector("[data-coding]");
  if (!form) return;
  const panel = document.querySelector("[data-definition]");
  const groups = () => [...form.querySelectorAll("fieldset[data-code]")].filter((group) => group.offsetParent !== null);
  let sent = false;

  const current = () => {
    const all = groups();
    const here = document.activeElement && document.activeElement.closest("fieldset[data-code]");
    if (here && all.includes(here)) return here;
    return all.find((group) => !group.querySelector("input:checked")) || all[0];
  };

  const enter = (group) => {
    const input = group && (group.querySelector("input:checked") || group.querySelector("input, textarea"));
    if (!input) return;
    input.focus();
    group.scrollIntoView({ block: "nearest" });
  };

  const next = (group) => {
    const all = groups();
    return all[all.indexOf(group) + 1];
  };

  const choose = (key) => {
    const group = current();
    const input = group && group.querySelector(`input[data-key="${key}"]`);
    if (!input) return false;
    input.focus();
    if (input.type === "checkbox") {
      input.click();
    } else {
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const following = next(group);
      if (following) enter(following);
      else form.querySelector("textarea").focus();
    }
    return true;
  };

  const typing = (target) => target.closest("textarea, input[type=text], input[type=search], select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-next]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "c") {
      event.preventDefault();
      form.querySelector("textarea").focus();
    } else if (/^[0-9u]$/.test(key) && choose(key)) {
      event.preventDefault();
    } else if (key === "enter" && event.target === document.body) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-next]"));
    }
  });

  const define = (event) => {
    const option = event.target.closest("label[data-words]") ||
      (event.target.closest("input[data-key]") && event.target.closest(".option").querySelector("label"));
    if (!option || !panel) return;
    const group = option.closest("fieldset[data-code]");
    panel.hidden = false;
    panel.querySelector("[data-name]").textContent = group ? group.dataset.code : "";
    panel.querySelector("[data-text]").textContent = option.dataset.words;
  };
  form.addEventListener("focusin", define);
  form.addEventListener("mouseover", define);

  let touched = false;
  form.addEventListener("change", () => { touched = true; });
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (touched && !sent) event.preventDefault();
  });

  const wrong = document.querySelector("[role=alert]");
  if (wrong) wrong.focus();
})();
