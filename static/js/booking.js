/* Enhancement only: the form works without this file. */
"use strict";

/* What the choice leaves out is not sent, but stays in the page for a second thought. */
function show(part, isNeeded) {
  part.hidden = !isNeeded;
  for (const input of part.querySelectorAll("input, select")) input.disabled = !isNeeded;
}

/* A private person need not see the fields for companies, unless both were filled: the server says
   so, and then both are shown. */
const companyParts = document.querySelectorAll("[data-company]");

function payer() {
  const chosen = document.querySelector("input[name=buyer]:checked");
  return chosen ? chosen.value : "";
}

function showPayer() {
  for (const part of companyParts) show(part, payer() !== "private");
}

if (companyParts.length) {
  const filled = Array.from(companyParts).some((part) =>
    Array.from(part.querySelectorAll("input")).some((input) => input.value));
  if (!(payer() === "private" && filled)) showPayer();
  for (const choice of document.querySelectorAll("input[name=buyer]")) choice.addEventListener("change", showPayer);
}

/* What is asked about the booker's own place, only if they take part. */
const own = document.querySelector("[data-own]");
const takesPart = document.querySelector("input[name=takes_part]");

if (own && takesPart) {
  const showOwn = () => show(own, takesPart.checked);
  showOwn();
  takesPart.addEventListener("change", showOwn);
}

/* To the other language with what has been typed since the last press. */
const form = document.getElementById("booking");
let isTyped = false;

if (form) {
  form.addEventListener("input", () => { isTyped = true; });
  for (const link of document.querySelectorAll(".site-nav-language a, .own-language a")) {
    link.addEventListener("click", (event) => {
      if (!isTyped) return;
      event.preventDefault();
      const action = document.createElement("input");
      Object.assign(action, { type: "hidden", name: "action", value: "language" });
      form.append(action);
      form.action = link.pathname;
      form.submit();
    });
  }
}
