/* The page in the admin on which a line for other sites is made: what is chosen shows at once, and a
   press copies the line. Without this file the form's own button shows it. */
"use strict";

const form = document.getElementById("embedding-form");
const made = () => document.getElementById("embedding-made");

function addCopyButtons() {
  for (const line of made().querySelectorAll("textarea")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = form.dataset.copy;
    button.addEventListener("click", async () => {
      line.select();
      try { await navigator.clipboard.writeText(line.value); } catch { document.execCommand("copy"); }
      button.textContent = form.dataset.copied;
    });
    line.after(button);
  }
}

let asked = 0;
async function show() {
  const mine = ++asked;
  const address = `?${new URLSearchParams(new FormData(form))}`;
  let answer;
  try {
    const response = await fetch(address);
    if (!response.ok || response.redirected) throw new Error(response.status);
    answer = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    form.submit();
    return;
  }
  if (mine !== asked) return; // another choice came meanwhile
  history.replaceState(null, "", address);
  made().innerHTML = answer.getElementById("embedding-made").innerHTML;
  for (const row of form.querySelectorAll(".form-row")) {
    const errors = answer.querySelector(`[data-row="${row.dataset.row}"] .errorlist`);
    row.querySelector(".errorlist")?.remove();
    row.classList.toggle("errors", Boolean(errors));
    if (errors) row.prepend(errors);
  }
  addCopyButtons();
}

form.addEventListener("change", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
addCopyButtons();
