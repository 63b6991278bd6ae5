"""The text version of a mail, from its page: the same words, said once."""

from html.parser import HTMLParser

BLOCKS = {"p", "h1", "h2", "li", "tr", "caption", "dt", "dd", "div", "table", "ul", "ol", "dl"}
APART = {"p", "h1", "h2", "table", "ul", "ol", "dl"}  # with an empty line before them
SILENT = {"head", "style", "title"}


def as_text(page):
    """The page's content as lines: headings underlined, lists with dashes, terms and rows of a
    table as "words: value", links followed by where they lead."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines).strip() + "\n"


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.line, self.before = [], "", ""
        self.silent, self.link, self.link_words = 0, "", ""

    def handle_starttag(self, tag, attributes):
        if tag in SILENT:
            self.silent += 1
        if tag == "a":
            self.link, self.link_words = dict(attributes).get("href") or "", ""
        if tag == "br":
            self.end_line()
        if tag == "td" or (tag == "dd" and self.before):
            self.line = f"{self.line.strip() or self.before}: "
            self.before = ""
        elif tag in BLOCKS:
            self.end_line()
            if tag in APART and self.lines and self.lines[-1]:
                self.lines.append("")
        if tag == "li":
            self.line = "- "

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent -= 1
        if tag == "a":
            bare = self.link.removeprefix("mailto:").removeprefix("tel:")
            if self.link and not self.link.startswith("tel:") and bare != self.link_words.strip():
                self.line += f": {bare}"
            self.link = ""
        if tag == "dt":
            self.before, self.line = self.line.strip(), ""
        elif tag in BLOCKS:
            words = self.line.strip()
            self.end_line()
            if tag in {"h1", "h2"} and words:
                self.lines.append(("=" if tag == "h1" else "-") * len(words))

    def handle_data(self, data):
        if not self.silent:
            words = " ".join(data.replace("\xa0", " ").split())
            opens = data[:1].isspace() and self.line and not self.line.endswith(" ")
            closes = data[-1:].isspace() and words
            piece = (" " if opens else "") + words + (" " if closes else "")
            self.line += piece
            self.link_words += piece

    def end_line(self):
        if words := self.line.strip():
            self.lines.append(words)
        self.line = ""
