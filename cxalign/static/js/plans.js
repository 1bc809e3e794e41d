// What a script adds to the plan pages. Everything works without it: by buttons, menus and forms.
"use strict";

(function () {
  // --- The board: dragging a card presses the button that moves it ------------------------------------------------

  const board = document.querySelector("[data-board]");

  function move(card, to) {
    const form = card.querySelector("[data-move]").closest("details").querySelector("form");
    const button = [...form.querySelectorAll("button[name=to]")].find((one) => one.value === to);
    if (!button) return;
    if (to === "aside") {
      // A reason has to be typed: open the menu and stand in its field.
      card.querySelector("[data-move]").closest("details").open = true;
      // Once the drag is over, as its end takes the focus away.
      document.addEventListener("dragend", () => setTimeout(() => form.querySelector("textarea").focus(), 0), { once: true });
      return;
    }
    form.requestSubmit(button);
  }

  if (board) {
    document.addEventListener("dragstart", (event) => {
      const card = event.target.closest("[data-card]");
      if (card) event.dataTransfer.setData("text/plain", card.dataset.card);
    });
    for (const column of board.querySelectorAll("[data-column]")) {
      column.addEventListener("dragover", (event) => {
        event.preventDefault();
        column.classList.add("over");
      });
      column.addEventListener("dragleave", () => column.classList.remove("over"));
      column.addEventListener("drop", (event) => {
        event.preventDefault();
        event.stopPropagation();
        column.classList.remove("over");
        const number = event.dataTransfer.getData("text/plain");
        const card = [...document.querySelectorAll("[data-card]")].find((one) => one.dataset.card === number);
        if (card && card.closest("[data-column]") !== column) move(card, column.dataset.column);
      });
    }

    // With a card’s “Move” button in focus, the arrows lay the card into the next column to the left or right.
    const order = ["now", "next", "later"];
    document.addEventListener("keydown", (event) => {
      if (!event.target.matches || !event.target.matches("summary[data-move]")) return;
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const card = event.target.closest("[data-card]");
      const holder = card.closest("[data-column]");
      const here = holder ? order.indexOf(holder.dataset.column) : -1;
      const to = step && order[here + step];
      if (!to) return;
      event.preventDefault();
      move(card, to);
    });
  }

  // An open menu closes with Escape, and the button that opened it is in focus again.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest && event.target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // --- After a step: what was done is read out. The address names the button of the card, so that is in focus -----

  const teller = document.querySelector("[data-told]");
  const news = document.querySelector(".undo span") || document.querySelector(".messages");
  // A moment later, as a reader tells only of what changes while it is there.
  if (teller && news) setTimeout(() => {
    teller.replaceChildren(...news.cloneNode(true).childNodes);
    const first = teller.firstChild;
    if (first && first.nodeType === Node.TEXT_NODE) first.data = first.data.trimStart();
  }, 300);

  // --- Categorising: figures choose a category or a group, whichever list is in focus ------------------------------

  const sorting = document.querySelector("[data-sorting]");
  if (sorting) {
    const choices = [...sorting.querySelectorAll("input[name=category]")];
    const first = choices.find((one) => one.checked) || choices[0];
    if (first) first.focus();
    sorting.addEventListener("keydown", (event) => {
      if (!event.target.matches("input[type=radio], input[type=checkbox]")) return;
      const choice = [...sorting.querySelectorAll(`input[name=${event.target.name}]`)][Number(event.key) - 1];
      if (!choice) return;
      choice.checked = choice.type === "radio" || !choice.checked;
      choice.focus();
    });
  }
})();
