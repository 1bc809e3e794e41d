/* A new act: once its brand is chosen, its proofs offer the promises of that brand. Without this there is a button. */
"use strict";
{
  const offer = document.getElementById("offer-promises");

  const fill = (select, promises) => {
    const chosen = select.value;
    while (select.options.length > 1) select.remove(1);
    for (const promise of promises) select.add(new Option(promise.label, promise.id));
    select.value = promises.some((promise) => String(promise.id) === chosen) ? chosen : "";
  };

  const follow = async (brand) => {
    const answer = await fetch(`${offer.dataset.address}?brand=${encodeURIComponent(brand)}`, { credentials: "same-origin" });
    if (!answer.ok) return;
    const found = await answer.json();
    for (const select of document.querySelectorAll("select[name^='proofs-'][name$='-promise']")) fill(select, found.promises);
    const groups = document.getElementById("independence-groups");
    groups.replaceChildren(...found.groups.map((group) => new Option("", group)));
    const status = offer.querySelector("[role=status]");
    status.textContent = status.dataset.done;
  };

  if (offer) {
    offer.querySelector("input[type=submit]").hidden = true;
    // The chooser tells only the library that it was drawn with.
    django.jQuery(document).on("change", "#id_brand", (event) => follow(event.target.value));
  }
}
