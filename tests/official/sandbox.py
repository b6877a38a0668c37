"""A sandbox as a process of its own, and a proxy before it that keeps what is sent."""

import functools
import http.client
import http.server
import json
import socketserver
import subprocess
import threading
import urllib.parse
import urllib.request
from dataclasses import dataclass

from official.tools import Process

TOKEN = "official-client-token"


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that is killed, or a connection that is cut on purpose, is no news."""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def serve(handler):
    """Serves on loopback until the script ends; gives the address."""
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def serve_folder(folder):
    """Serves a folder's files."""
    return serve(functools.partial(Quiet, directory=str(folder)))


@dataclass
class Sent:
    """A request that came through the proxy, and what it was answered."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict
    status: int
    answer: bytes


class Sandbox(Process):
    """`odmkit sandbox` with a folder of its own."""

    def __init__(self, odmkit, folder, *faults):
        self.folder = folder
        faults = [f"--fault={fault}" for fault in faults]
        command = [odmkit, "sandbox", "--token", TOKEN, "--data", folder, *faults]
        super().__init__(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("listening on "):
            raise SystemExit(f"the sandbox did not start: {line!r}")
        self.url = line.removeprefix("listening on ")
        self.sent = []
        self.proxy = serve(functools.partial(Recorder, self))

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Genestack-API-Token": TOKEN})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def journal(self):
        with open(self.folder / "journal.jsonl", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def output(self, job):
        return self.get(f"/api/v1/jobs/{job}/output")


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on to the sandbox and keeps them."""

    protocol_version = "HTTP/1.1"

    def __init__(self, sandbox, *args):
        self.sandbox = sandbox
        super().__init__(*args)

    def log_message(self, *args):
        pass

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.sandbox.url).netloc)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        data = answer.read()
        url = urllib.parse.urlsplit(self.path)
        self.sandbox.sent.append(
            Sent(self.command, url.path, url.query, body, dict(self.headers), answer.status, data)
        )
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        connection.close()

    do_GET = do_POST = do_PUT = pass_on
