/* Enhancement only: every page works without this file. */
"use strict";

/* After a refused form the summary of what is wrong is read first. */
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
