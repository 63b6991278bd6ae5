"""What is measured of a page that a browser shows."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {  # off by default in axe
    "target-size": {"enabled": True},
    "label-content-name-mismatch": {"enabled": True},
}
WEIGHED = {"Document", "Stylesheet", "Script", "Fetch", "XHR", "Font", "Manifest"}
NARROW = (320, 640)  # a small phone; 1280 px at 200 %


class Watch:
    """Everything one page of a browser asks for, complains of and weighs, from `begin` on."""

    def __init__(self, page, own_address):
        self.page, self.own_address = page, own_address
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.hear)
        page.on("request", self.see)
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Network.enable")
        self.devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.devtools.on("Network.requestWillBeSent", self.sent)
        self.devtools.on("Network.responseReceived", self.received)
        self.devtools.on("Network.loadingFinished", self.finished)
        self.begin()

    def begin(self):
        self.status = None
        self.complaints, self.kinds, self.heads, self.bytes = [], {}, {}, {}

    def hear(self, said):
        itself = said.location["url"] == self.page.url  # a page that says it is not there
        if said.type == "error" and not (itself and "Failed to load" in said.text):
            self.complaints.append(f"{said.text} {said.location['url']}")

    def see(self, asked):
        if not asked.url.startswith((self.own_address, "data:")):
            self.complaints.append(f"third party: {asked.url}")

    def sent(self, event):
        if event.get("type") == "Document":  # a form's answer, not the form before it, is weighed
            self.kinds, self.bytes = {}, {}

    def received(self, event):
        self.kinds[event["requestId"]] = event["type"]
        self.heads[event["requestId"]] = event["response"]["encodedDataLength"]
        if event["type"] == "Document":
            self.status = event["response"]["status"]

    def finished(self, event):
        head = self.heads.get(event["requestId"], 0)
        self.bytes[event["requestId"]] = event["encodedDataLength"] - head

    @property
    def weight(self):
        """Bytes of what came over the wire, compressed, without headers and pictures."""
        return sum(n for key, n in self.bytes.items() if self.kinds.get(key) in WEIGHED)


def layout_shift(page):
    return page.evaluate(
        """() => new Promise((tell) => {
            let sum = 0;
            const add = (list) => {
                for (const entry of list) if (!entry.hadRecentInput) sum += entry.value;
            };
            const observer = new PerformanceObserver((list) => add(list.getEntries()));
            observer.observe({ type: "layout-shift", buffered: true });
            requestAnimationFrame(() => requestAnimationFrame(() => {
                add(observer.takeRecords());
                tell(sum);
            }));
        })"""
    )


def violations(page, within=None):
    """What axe-core finds, a line for each rule; in one part of the page, if wanted."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        """([within, standards, rules]) => axe.run(within || document, {
            runOnly: standards, rules, resultTypes: ["violations"], preload: false,
        }).then((results) => results.violations.map((rule) =>
            `${rule.id}: ` + rule.nodes.slice(0, 4).map((node) =>
                node.target.join(" ") + " " + node.any.concat(node.all, node.none)
                    .map((check) => check.message).join("; ")).join(" | ")))""",
        [within, STANDARDS, RULES],
    )
    return found


def sideways(page):
    """Widths at which the page must be scrolled sideways, and what sticks out."""
    wide = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        out = page.evaluate(
            """() => {
                const root = document.documentElement;
                if (root.scrollWidth <= root.clientWidth) return null;
                const found = [...document.body.querySelectorAll("*")].filter((element) =>
                    element.getBoundingClientRect().right > root.clientWidth + 1);
                const named = (element) => `${element.tagName}.${element.className} `
                    + element.textContent.trim().slice(0, 30);
                return found.slice(-3).map(named).join(", ") || "?";
            }"""
        )
        if out is not None:
            wide.append(f"at {width} px: {out}")
    return wide


def hidden_focus(page):
    """What the keyboard reaches without the eye seeing where it is."""
    page.keyboard.press("Tab")  # from here on focus is the keyboard's, and shown
    return page.evaluate(
        """() => {
            const reached = [...document.querySelectorAll(
                "a[href], button, input, select, textarea, summary, [tabindex]",
            )].filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility(
                { visibilityProperty: true }));
            const wrong = [];
            for (const element of reached) {
                element.focus();
                if (document.activeElement !== element) continue;
                const name = `${element.tagName} ${element.className} `
                    + `${element.name || element.textContent.trim().slice(0, 30)}`;
                const style = getComputedStyle(element);
                const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
                if (width < 2) wrong.push(`not outlined: ${name}`);
                if (element.tabIndex > 0) wrong.push(`out of order: ${name}`);
                const box = element.getClientRects()[0];
                const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2];
                const top = document.elementFromPoint(x, y);
                const label = element.labels && element.labels[0];
                const seen = top && (element.contains(top) || top.contains(element)
                    || (label && label.contains(top)));
                if (!seen) wrong.push(`out of sight or covered: ${name}`);
            }
            scrollTo(0, 0);
            return wrong;
        }"""
    )


def motion(page):
    """What moves although the visitor has asked for no motion."""
    return page.evaluate(
        """() => {
            const longest = (text) => Math.max(...text.split(",").map(parseFloat));
            const wrong = [];
            for (const element of document.querySelectorAll("*")) {
                for (const part of [null, "::before", "::after"]) {
                    const style = getComputedStyle(element, part);
                    const turns = style.animationName === "none" ? "0" : style.animationDuration;
                    if (Math.max(longest(style.transitionDuration), longest(turns)) > 0.001)
                        wrong.push(`${element.tagName}.${element.className}${part || ""}`);
                }
            }
            if (getComputedStyle(document.documentElement).scrollBehavior === "smooth")
                wrong.push("smooth scrolling");
            return wrong.slice(0, 5);
        }"""
    )


def structure(page):
    """Landmarks and headings that axe does not insist on."""
    count = page.evaluate(
        """() => Object.fromEntries(["h1", "main", "header.site-header", "footer", "nav",
            "html[lang]", "title"].map((part) => [part, document.querySelectorAll(part).length]))"""
    )
    nav = count.pop("nav")
    wrong = [f"{part}: {number}" for part, number in count.items() if number != 1]
    return wrong if nav else [*wrong, "nav: 0"]
