/* Enhancement only: what is open among the filters stays open, and where it was, and what had the
   focus has it still, when they are made anew. */
"use strict";

/* Beside the list of courses they are a column on a wide screen, which needs no press. */
const wideScreen = matchMedia("(min-width: 60rem)");
function unfold() {
  if (wideScreen.matches) document.querySelector(".finding .filters")?.setAttribute("open", "");
}
unfold();
wideScreen.addEventListener("change", unfold);
document.addEventListener("htmx:historyRestore", unfold);

let opened = [];
let scrolled = 0;
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  opened = [...document.querySelectorAll("#found details[open]")].map((details) => details.id);
  scrolled = document.getElementById("filters")?.scrollTop;
  focused = document.activeElement?.id;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  const filters = document.getElementById("filters");
  if (filters) filters.scrollTop = scrolled;
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
});

/* Words that were typed and not yet looked for count; an address without empty fields needs no
   redirect. */
document.addEventListener("htmx:configRequest", (event) => {
  const asked = event.detail.formData;
  if (asked.has("q")) asked.set("q", asked.getAll("q").at(-1));
  for (const [name, value] of [...asked]) if (value === "") asked.delete(name);
});

/* Where that fails, the plain form has the word. */
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (event.detail.elt.id === "filters-form") event.detail.elt.submit();
  });
}
