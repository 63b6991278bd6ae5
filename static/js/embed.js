/* Links of ours on another site become what they lead to: a link with data-kurs, which holds the path of
   one of our pages for frames, is replaced by that frame (docs/embedding.md).

   Where a frame is not allowed, or never answers, the link stays. Nothing is stored or followed, and
   nobody but this script's own site is loaded or listened to. */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !window.ResizeObserver) return;
  const here = new URL(script.src).origin;
  const frames = new Map(); // each with its link
  const patience = 2000; // from the moment it has loaded something
  const highest = 20000;

  function dress(element, styles) {
    for (const name of Object.keys(styles)) element.style.setProperty(name, styles[name], "important");
  }

  /* Room for it while it loads, so that little moves when it is there. */
  function room(address, width) {
    const entries = Number(address.searchParams.get("number"));
    if (!entries) return width < 480 ? 54000 / width : 115;
    return 65 + entries * (width < 480 ? Math.min(98000 / width, 350) : width < 832 ? 212 : 130);
  }

  /* What the page looks like here is known by its letters. */
  function theme(link) {
    const colour = /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(link.parentElement).color);
    if (!colour) return "";
    return 0.299 * colour[1] + 0.587 * colour[2] + 0.114 * colour[3] > 140 ? "dark" : "light";
  }

  function greet(frame) {
    const link = frames.get(frame);
    if (!link || !link.isConnected) return;
    frame.title = link.textContent.trim(); // its words may have come after the link itself
    const hello = { kurs: "hello", theme: theme(link), words: link.textContent };
    frame.contentWindow.postMessage(hello, here);
  }

  function drop(frame) {
    frames.delete(frame);
    frame.remove();
  }

  function take(link) {
    let address;
    try {
      address = new URL(link.dataset.kurs, here);
    } catch {
      return;
    }
    if (address.origin !== here || link.origin !== here) return;
    link.removeAttribute("data-kurs"); // taken, also by this script a second time
    const frame = document.createElement("iframe");
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    dress(frame, {
      display: "block", width: "100%", "max-width": "100%", "min-width": "0", margin: "0", padding: "0",
      border: "0", background: "none", visibility: "hidden",
    });
    frames.set(frame, link);
    frame.addEventListener("load", () => {
      greet(frame);
      setTimeout(() => frame.dataset.ready || drop(frame), patience);
    });
    frame.src = address.href;
    link.after(frame);
    dress(frame, { height: `${Math.round(room(address, frame.clientWidth || 600) - link.offsetHeight)}px` });
  }

  function show(frame, height) {
    const link = frames.get(frame);
    dress(frame, { height: `${height}px`, visibility: "visible" });
    if (frame.dataset.ready) return;
    frame.dataset.ready = "yes";
    const focused = document.activeElement === link;
    dress(link, { display: "none" });
    if (focused) frame.focus();
  }

  addEventListener("message", (event) => {
    if (event.origin !== here || !event.data || event.data.kurs !== "height") return;
    const height = event.data.height;
    for (const frame of frames.keys()) {
      if (frame.contentWindow === event.source && height > 0 && height <= highest) show(frame, height);
    }
  });

  /* Pages that change without loading: links that come later, and those that go. */
  function look() {
    for (const link of document.querySelectorAll("a[data-kurs]")) take(link);
    for (const [frame, link] of frames) if (!link.isConnected) drop(frame);
  }

  function greetAll() {
    for (const frame of frames.keys()) if (frame.dataset.ready) greet(frame);
  }

  const changes = new MutationObserver(look);
  changes.observe(document.documentElement, { childList: true, subtree: true });
  const looks = new MutationObserver(greetAll);
  const ofLooks = { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-bs-theme"] };
  looks.observe(document.documentElement, ofLooks);
  if (document.body) looks.observe(document.body, ofLooks);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  if (dark.addEventListener) dark.addEventListener("change", greetAll);
  look();
})();
