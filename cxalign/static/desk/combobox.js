/* A text field that offers what is on file while one types: arrows choose, Enter takes, Escape closes. The field
   remains a text field, so whatever is typed in full works without this script too. */
"use strict";
{
  let numbers = 0;

  const combobox = (input, ask, taken) => {
    const list = document.createElement("ul");
    const news = document.createElement("p");
    let asked = "", timer = 0;
    list.id = `options-${++numbers}`;
    list.className = "options";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent || "");
    news.className = "sr";
    news.setAttribute("role", "status");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off" })) input.setAttribute(name, value);
    input.after(list, news);

    const options = () => [...list.children];
    const marked = () => list.querySelector("[aria-selected=true]");
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (option) => {
      marked()?.setAttribute("aria-selected", "false");
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      input.value = option.dataset.value;
      asked = input.value;
      close();
      taken(input.value);
    };
    const show = (found) => {
      list.replaceChildren(...found.map(({ name, told }, place) => {
        const option = document.createElement("li");
        const aside = document.createElement("span");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.value = name;
        option.append(name, " ", aside);
        aside.textContent = told;
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        return option;
      }));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!!found.length));
      news.textContent = found.map(({ name }) => name).join(", ");
    };
    const look = async () => {
      const typed = input.value.trim();
      if (typed === asked) return;
      asked = typed;
      const found = typed ? await ask(typed) : [];
      if (asked === typed && document.activeElement === input) show(found);
    };

    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
    input.addEventListener("keydown", (event) => {
      const all = options(), place = all.indexOf(marked());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden || !all.length) return;
        event.preventDefault();
        mark(all[(place + (event.key === "ArrowDown" ? 1 : all.length - 1) + (place < 0 && event.key === "ArrowUp" ? 1 : 0)) % all.length]);
      } else if (event.key === "Enter" && !list.hidden && marked()) {
        event.preventDefault();
        take(marked());
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener("blur", () => {
      if (!list.hidden && marked()) take(marked());
      else if (input.value.trim()) taken(input.value.trim());
      close();
      asked = input.value.trim();
    });
  };

  window.combobox = combobox;
}
