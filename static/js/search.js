/* Enhancement only: the arrow keys walk through what the search field suggests, Escape ends it. */
"use strict";

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.(".search");
  const shown = search?.querySelector(".suggestions");
  if (!shown?.firstElementChild) return;
  const stops = [search.querySelector("[type=search]"), ...shown.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (event.key === "Escape") {
    shown.replaceChildren();
    document.getElementById("suggestions-status").replaceChildren();
    stops[0].focus();
  } else if (at >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    next.focus();
  } else {
    return;
  }
  event.preventDefault();
});
