/* Enhancement only: every page works without this file. */
"use strict";

/* After a refused form the summary of what is wrong is read first. */
const summary = document.querySelector("[data-focus]:not(.specimen *)");
if (summary) summary.focus();

/* Whoever follows a language's link has that choice kept in their own browser, and sent to nobody.
   On a page in another language a link offers it; nobody is ever sent there. */
function keepLanguage(code) {
  try { localStorage.setItem("language", code); } catch { /* not allowed: then not */ }
}

function keptLanguage() {
  try { return localStorage.getItem("language"); } catch { return null; }
}

for (const link of document.querySelectorAll(".site-nav-language a, .own-language a")) {
  link.addEventListener("click", () => keepLanguage(link.hreflang));
}

for (const offer of document.querySelectorAll(".own-language")) {
  offer.hidden = offer.lang !== keptLanguage();
  offer.querySelector("button").addEventListener("click", () => {
    keepLanguage(document.documentElement.lang);
    offer.hidden = true;
  });
}

/* An address to be copied: a press does it, and whoever comes to the field has it marked. */
document.addEventListener("focusin", (event) => {
  if (event.target.matches("input[readonly]")) event.target.select();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  try { await navigator.clipboard.writeText(field.value); } catch { field.select(); if (!document.execCommand("copy")) return; }
  const said = button.parentElement.querySelector("output");
  said.textContent = said.dataset.said;
});
