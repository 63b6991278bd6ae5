"""A line on which a page comes in pieces, as on a train: stands before a site and hands on what it
answers. What is not a page comes whole."""

import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

NOT_HANDED_ON = {"content-length", "transfer-encoding", "connection", "date", "server"}


class SlowLine:
    """`with SlowLine(site.url) as line`: the site at line.url, each page less `without`."""

    def __init__(self, url, piece=900, pause_s=0.03, without=b""):
        self.host, self.piece, self.pause_s = urlsplit(url).netloc, piece, pause_s
        self.without = without
        line = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                line.hand_on(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *problem):
        self.server.shutdown()
        self.server.server_close()

    def hand_on(self, handler):
        asked = {k: v for k, v in handler.headers.items() if k.lower() != "accept-encoding"}
        connection = HTTPConnection(self.host, timeout=30)
        connection.request("GET", handler.path, headers={**asked, "Host": self.host})
        answer = connection.getresponse()
        body, page = answer.read(), "text/html" in answer.getheader("Content-Type", "")
        connection.close()
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in NOT_HANDED_ON:
                handler.send_header(name, value)
        handler.end_headers()
        if self.without and page:
            assert self.without in body, f"{handler.path}: nothing to leave out"
            body = body.replace(self.without, b"")
        for piece in self.pieces(body) if page else [body]:
            handler.wfile.write(piece)

    def pieces(self, body):
        """The head at once, for what it asks for is fetched first; then a piece at a time."""
        start = body.index(b"<body")
        yield body[:start]
        for begin in range(start, len(body), self.piece):
            yield body[begin : begin + self.piece]
            time.sleep(self.pause_s)
