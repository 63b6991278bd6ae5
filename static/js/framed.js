/* A page in a frame on another site: it tells the page around it how high it is, and wears that page's
   light or dark. It answers its own parent only, and whoever may be that is said by the frame policy. */
"use strict";

const root = document.documentElement;
const words = 60;
let host = null;
let darkRules = null;

/* The rules for dark are always on, or never: what the page around it looks like counts, and not what
   the machine prefers. */
function findDarkRules(rules, found) {
  for (const rule of rules) {
    if (rule.media && /prefers-color-scheme:\s*dark/.test(rule.media.mediaText)) found.push(rule);
    if (rule.cssRules) findDarkRules(rule.cssRules, found);
  }
  return found;
}

function wear(theme) {
  if (theme !== "light" && theme !== "dark") return;
  if (!darkRules) darkRules = [...document.styleSheets].flatMap((sheet) => findDarkRules(sheet.cssRules, []));
  for (const rule of darkRules) rule.media.mediaText = theme === "dark" ? "all" : "not all";
  root.style.colorScheme = theme;
}

/* The button says what the partner's link said, where that is what it does. */
function say(text) {
  const link = document.querySelector("[data-words] a");
  if (link && typeof text === "string" && text.trim()) link.firstChild.data = text.trim().slice(0, words);
}

function tell() {
  if (host) parent.postMessage({ kurs: "height", height: Math.ceil(root.getBoundingClientRect().height) }, host);
}

const chosen = new URLSearchParams(location.search).get("theme");
wear(chosen);

addEventListener("message", (event) => {
  const said = event.data;
  if (parent === window || event.source !== parent || event.origin === "null") return;
  if (!said || said.kurs !== "hello") return;
  host = event.origin;
  root.style.overflow = "hidden";
  if (!chosen) wear(said.theme);
  say(said.words);
  tell();
});

new ResizeObserver(tell).observe(root);
