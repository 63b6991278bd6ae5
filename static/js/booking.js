/* Enhancement only: the form works without this file. */
"use strict";

/* A private person need not see the fields for companies. What was typed there is not sent then,
   but stays in the page for a second thought. */
const company = document.querySelector("[data-company]");
const choices = document.querySelectorAll("input[name=buyer]");

function showWhatIsNeeded() {
  const chosen = document.querySelector("input[name=buyer]:checked");
  const hide = Boolean(chosen) && chosen.value === "private";
  company.hidden = hide;
  for (const input of company.querySelectorAll("input")) input.disabled = hide;
}

if (company) {
  const filled = Array.from(company.querySelectorAll("input")).some((input) => input.value);
  const chosen = document.querySelector("input[name=buyer]:checked");
  /* The server says that both were filled: then both are shown. */
  if (!(chosen && chosen.value === "private" && filled)) showWhatIsNeeded();
  for (const choice of choices) choice.addEventListener("change", showWhatIsNeeded);
}

