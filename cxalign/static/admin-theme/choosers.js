/* Choosers that search as one types are drawn by a library that forgets their label: give it back to them. */
"use strict";
{
  const labelOf = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    return select.getAttribute("aria-label") || (label ? label.textContent.replace(/\s*:?\s*$/, "") : "");
  };

  const nameChoosers = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const drawn = select.nextElementSibling;
      if (!drawn || !drawn.classList.contains("select2-container")) continue;
      const text = labelOf(select);
      for (const part of drawn.querySelectorAll(".select2-selection, .select2-selection__rendered[role], .select2-search__field")) {
        const value = part.classList.contains("select2-search__field") ? "" : select.selectedOptions[0]?.textContent || "";
        part.setAttribute("aria-label", [text, value].filter(Boolean).join(" – "));
      }
      for (const list of drawn.querySelectorAll("ul.select2-selection__rendered")) list.setAttribute("role", "presentation");
    }
  };

  django.jQuery(nameChoosers); // after the handler that draws them, which is queued there too
  document.addEventListener("change", nameChoosers);
  document.addEventListener("formset:added", () => setTimeout(nameChoosers));
}
