/* Quick capture by keyboard. Everything here only hastens what the form does by itself. */
"use strict";
{
  const form = document.getElementById("capture_form");
  const field = (name) => form.elements[name];
  const address = (base, query) => `${base}?${new URLSearchParams(query)}`;
  const ask = async (url) => {
    try {
      const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
      return answer.ok && !answer.redirected ? answer : null;
    } catch {
      return null;
    }
  };
  const soon = (act, pause = 350) => {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(act, pause); };
  };
  const made = (tag, parts = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), parts);
    element.append(...children);
    return element;
  };

  document.documentElement.classList.add("scripted");

  /* --- One key chooses ----------------------------------------------------------------------------------------- */

  const choose = (radio) => {
    if (!radio) return false;
    radio.focus();
    if (!radio.checked) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return true;
  };
  const onKey = (event) => {
    const radio = event.target;
    if (!radio.matches?.("input[type=radio]") || event.ctrlKey || event.altKey || event.metaKey) return;
    const group = radio.closest("fieldset"), key = event.key.toLowerCase();
    const side = key === "+" ? "helps" : key === "-" || key === "−" ? "harms" : "";
    const within = radio.closest(".side") || group;
    const wanted = side ? group.querySelector(`[data-side=${side}] input`) : within.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (key === "backspace" || key === "delete") {
      for (const one of group.querySelectorAll("input[type=radio]")) one.checked = false;
      event.preventDefault();
    } else if (choose(wanted)) event.preventDefault();
  };
  form.addEventListener("keydown", onKey);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector(".actions [name=_save]"));
  });

  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < 3000) event.preventDefault();
    sent = Date.now();
  });
  window.addEventListener("pageshow", () => { sent = 0; });

  /* --- Act or promise ------------------------------------------------------------------------------------------ */

  const showWhat = () => {
    const what = form.querySelector("input[name=what]:checked")?.value;
    for (const part of form.querySelectorAll("[data-what]")) part.hidden = part.dataset.what !== what;
  };

  /* --- Rows: yardstick and remedy follow the group and the effect ----------------------------------------------- */

  let promises = [...(form.querySelector("#proof-empty").content.querySelector("select")?.options || [])]
    .filter((option) => option.value)
    .map((option) => ({ id: option.value, label: option.textContent, groups: (option.dataset.groups || "").split(" ") }));

  const fitRow = (row) => {
    const group = row.querySelector("input[name$=stakeholder]:checked")?.value;
    const select = row.querySelector("select[name$=promise]"), kept = select.value;
    const offered = promises.filter(({ groups }) => !group || groups.includes(group));
    select.replaceChildren(
      made("option", { value: "", textContent: form.dataset.duty }),
      ...offered.map(({ id, label }) => made("option", { value: id, textContent: label })),
    );
    if (offered.some(({ id }) => String(id) === kept)) select.value = kept;
    const effect = row.querySelector("input[name$=effect]:checked")?.value || "";
    row.querySelector(".remedy").hidden = !effect.startsWith("harms");
    if (!effect.startsWith("harms")) row.querySelector("input[name$=remedy][value='0']").checked = true;
  };
  const fitRows = () => form.querySelectorAll("#proof-rows [data-proof]").forEach(fitRow);

  const addRow = () => {
    const total = field("proofs-TOTAL_FORMS"), place = Number(total.value);
    const button = document.getElementById("add-proof");
    if (place >= Number(button.dataset.most)) return;
    const row = document.getElementById("proof-empty").content.firstElementChild.cloneNode(true);
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("__prefix__")) element.setAttribute(name, value.replaceAll("__prefix__", place));
      }
    }
    row.querySelector(".row-number").textContent = place + 1;
    document.getElementById("proof-rows").append(row);
    total.value = place + 1;
    fitRow(row);
    row.querySelector("input[type=radio]").focus();
  };
  document.getElementById("add-proof").addEventListener("click", (event) => { event.preventDefault(); addRow(); });

  /* --- The brand, its promises, its verdict --------------------------------------------------------------------- */

  let brandShown = field("brand").value.trim();
  const showVerdict = async (base) => {
    const crisis = field("crisis");
    const answer = await ask(address(base, { here: location.pathname + location.search, ...(crisis ? { crisis: crisis.selectedOptions[0]?.dataset.slug || "" } : {}) }));
    if (!answer) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".verdict-panel");
    if (!fresh) return;
    fresh.querySelector("script")?.remove();
    document.getElementById("beside-verdict").replaceChildren(fresh);
    fresh.dispatchEvent(new Event("verdict:shown", { bubbles: true }));
  };
  const showBrand = async (name) => {
    if (name === brandShown) return;
    brandShown = name;
    const answer = await ask(address(form.dataset.brand, { brand: name }));
    if (!answer || brandShown !== name) return;
    const brand = await answer.json();
    promises = brand.promises;
    form.dataset.ownGroup = brand.slug;
    fitRows();
    suggestGroup();
    showVerdict(brand.verdict);
    lookUp();
  };
  window.combobox(
    field("brand"),
    async (q) => (await (await ask(address(form.dataset.brands, { q })))?.json())?.brands || [],
    showBrand,
  );

  /* --- With whom the source speaks in one voice ------------------------------------------------------------------ */

  const slug = (text) => text.normalize("NFKD").replace(/[^\w\s-]/g, "").trim().toLowerCase().replace(/[-\s]+/g, "-");
  const suggestGroup = () => {
    const own = field("source-source_type")?.value === "brand_owned" || form.querySelector("input[name=link-kind]:checked")?.value === "interested";
    const publisher = slug(field("source-publisher")?.value || "");
    field("link-independence_group").placeholder = own || !publisher ? form.dataset.ownGroup : publisher;
  };

  /* --- What is on file already ------------------------------------------------------------------------------------ */

  const listed = ({ id, title, told, edit }) => made(
    "li", {}, made("a", { href: edit, textContent: title }), " ", made("span", { className: "muted", textContent: told }), " ",
    made("button", { type: "submit", name: "_use", value: id, formNoValidate: true, textContent: form.dataset.use }),
  );
  const fill = (box, rows) => {
    const list = box.querySelector("ul") || box.appendChild(made("ul"));
    list.replaceChildren(...rows);
    box.hidden = !rows.length;
  };
  const lookUp = soon(async () => {
    const typed = { url: field("source-url")?.value || "", title: field("source-title")?.value || "", quote: field("promise-quote").value, brand: field("brand").value };
    const found = await (await ask(address(form.dataset.onFile, typed)))?.json();
    if (!found) return;
    const box = document.getElementById("twins-source");
    if (box) fill(box, [...found.exact, ...found.near].map(listed));
    form.querySelector("[name=_link]").hidden = found.exact.length !== 1;
    fill(document.getElementById("twins-quote"), found.promises.map(({ text, edit }) => made("li", {}, made("a", { href: edit, textContent: text }))));
  });

  form.addEventListener("input", (event) => {
    if (["source-url", "source-title", "promise-quote"].includes(event.target.name)) lookUp();
    if (event.target.name === "source-publisher") suggestGroup();
  });
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-proof]");
    if (row) fitRow(row);
    if (event.target.name === "what") showWhat();
    if (["link-kind", "source-source_type"].includes(event.target.name)) suggestGroup();
  });

  /* --- What the page says about itself ------------------------------------------------------------------------------ */

  const fetchButton = document.getElementById("fetch-details");
  const toldLine = document.getElementById("details-told");
  const toldByPage = async () => {
    try {
      const answer = await fetch(form.dataset.details, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
      });
      return answer.ok && !answer.redirected ? await answer.json() : null;
    } catch {
      return null;
    }
  };
  const showOffer = (name, value) => {
    const box = form.querySelector(`[data-offer="${name}"]`);
    box.querySelector("q").textContent = value;
    box.querySelector("input").value = value;
    box.hidden = !value;
  };
  const changed = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));
  const fillIn = ({ filled, offers }) => {
    for (const box of form.querySelectorAll("[data-offer]")) {
      const name = box.dataset.offer, input = field(`source-${name}`), empty = !input.value.trim();
      if (filled[name] && empty) {
        input.value = filled[name];
        changed(input);
      }
      showOffer(name, offers[name] || (!empty && input.value !== filled[name] && filled[name]) || "");
    }
  };
  const fetchDetails = async (event) => {
    event.preventDefault();
    if (fetchButton.getAttribute("aria-disabled")) return;
    fetchButton.setAttribute("aria-disabled", "true");
    toldLine.textContent = form.dataset.reading;
    const told = await toldByPage();
    if (told) fillIn(told);
    toldLine.textContent = told ? told.told : form.dataset.silent;
    fetchButton.removeAttribute("aria-disabled");
  };
  fetchButton?.addEventListener("click", fetchDetails);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=_accept]");
    if (!button) return;
    event.preventDefault();
    const name = button.value, input = field(`source-${name}`);
    input.value = field(`offered-${name}`).value;
    showOffer(name, "");
    changed(input);
    input.focus();
  });

  showWhat();
  fitRows();
  suggestGroup();
  if (field("source-url")?.value && !document.getElementById("complaints")) lookUp();
  (document.getElementById("complaints") || document.getElementById("foreseen"))?.focus();
}
