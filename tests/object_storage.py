#!/usr/bin/env python3
"""`odmkit submit --stage s3://…` against an S3 server and `odmkit sandbox`.

Installs `moto` from PyPI, a server that speaks S3, and submits a study through a bucket of it: with everything well, with
answers that are lost, with a run that is killed, and with links that end too early. `.ci/run` runs it. By hand:

    cargo build && tests/object_storage.py [--odmkit PATH] [--venv DIR]

Ends like `official_client.py`: `N passed, N failed`; 1 where anything failed, 2 where it could not do its work, 3 where
PyPI cannot be reached.
"""

import argparse
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from official.checks import Checks
from official.compare import look
from official.sandbox import TOKEN, Sandbox
from official.studies import LIBRARIES
from official_client import ROOT, UNREACHABLE, environment, install, run

BUCKET = "odm-staging"
SECRET = "a-secret-key-that-nobody-may-see"


class Bucket:
    """An S3 server with one bucket."""

    def __init__(self, commands):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [commands / "moto_server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        for _ in range(300):
            try:
                self.call("PUT", f"/{BUCKET}")
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the S3 server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def call(self, method, path):
        authorization = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": authorization}
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def keys(self):
        return re.findall(r"<Key>([^<]*)</Key>", self.call("GET", f"/{BUCKET}?list-type=2"))


class Setting:
    """A study, a sandbox with faults, and `odmkit submit` between them."""

    def __init__(self, odmkit, bucket, folder, *faults):
        folder.mkdir()
        self.odmkit, self.bucket, self.folder = odmkit, bucket, folder
        self.study = LIBRARIES.write(folder / "study")
        self.sandbox = Sandbox(odmkit, folder / "sandbox", *faults)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.__exit__()

    def command(self, *more):
        stage = f"s3://{BUCKET}/in/{self.folder.name}"
        return [
            *(self.odmkit, "submit", self.study, "--stage", stage, "--server", self.sandbox.proxy),
            *("--poll-interval", "50ms", *more),
        ]

    def more(self):
        return {
            "cwd": self.folder,
            "env": {
                **{name: value for name, value in environment().items() if not name.startswith("AWS_")},
                "ODM_API_TOKEN": TOKEN,
                "AWS_ACCESS_KEY_ID": "key",
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": self.bucket.url,
                "AWS_ALLOW_HTTP": "true",
            },
        }

    def submit(self, *more):
        return run(self.command(*more), **self.more())

    def state(self):
        (state,) = self.study.glob("*.odmkit-run.json")
        return state.read_text(encoding="utf-8")

    def entity(self, path):
        entities = json.loads(self.state())["entities"]
        return next(entity for entity in entities if entity["key"].endswith(path))

    def jobs(self):
        """The jobs that were begun, whether or not the answer arrived."""
        return {line["job_id"] for line in self.sandbox.journal() if line["job_id"] and "/import/" in line["path"]}

    def posts(self):
        return sum(line["method"] == "POST" for line in self.sandbox.journal())


def all_well(checks, setting):
    done = setting.submit()
    checks.that("a study goes through a bucket", done.returncode == 0, done.stdout)
    look(checks, "bucket", setting.sandbox, LIBRARIES, setting.study)
    keys = setting.bucket.keys()
    names = sorted(key.rpartition("/")[2] for key in keys)
    files = sorted(path.name for path in setting.study.iterdir() if path.suffix not in (".toml", ".json"))
    checks.equal("each file is one object", names, files)
    checks.that(
        "a key holds the content's hash",
        all(re.fullmatch(r"in/well/[0-9a-f]{32}/[^/]+", key) for key in keys),
        keys,
    )
    links = [json.loads(sent.body) for sent in setting.sandbox.sent if "/import/" in sent.path]
    signed = [value for fields in links for name, value in fields.items() if name.endswith("Link")]
    checks.that("ODM gets signed links", all("X-Amz-Signature=" in link for link in signed), signed)
    checks.that("ODM gets a link for each file", len(set(signed)) == len(files), signed)
    state = setting.state()
    journal = (setting.sandbox.folder / "journal.jsonl").read_text(encoding="utf-8")
    for what, text in [("state file", state), ("output", done.stdout), ("journal", journal)]:
        hidden = not re.search("Signature|Credential|" + SECRET, text)
        checks.that(f"no signature and no secret is in the {what}", hidden, text)
    checks.that("the state names the objects", all(f"s3://{BUCKET}/{key}" in state for key in keys), state)
    posts = setting.posts()
    done = setting.submit("--resume")
    checks.that("nothing is left to do", done.returncode == 0 and setting.posts() == posts, done.stdout)
    done = setting.submit()
    checks.that("a second run is refused", done.returncode == 2 and "--resume" in done.stdout, done.stdout)
    checks.equal("nothing was imported twice", len(setting.jobs()), 5)


def one_answer_lost(checks, setting):
    done = setting.submit()
    checks.that("a lost answer is asked for again by the same link", done.returncode == 0, done.stdout)
    checks.equal("a lost answer: nothing was imported twice", len(setting.jobs()), 5)


def every_answer_lost(checks, setting):
    done = setting.submit()
    checks.that(
        "where no answer comes, the run stops and says how to go on",
        done.returncode == 2 and "--adopt" in done.stdout and "--send-again" in done.stdout,
        done.stdout,
    )
    checks.equal("the samples are in doubt", setting.entity("samples.tsv")["status"], "unknown")
    hidden = not re.search("Signature|Credential", setting.state() + done.stdout)
    checks.that("no signature is told of what is in doubt", hidden, done.stdout)
    job = max(setting.jobs())
    for _ in range(100):
        output = setting.sandbox.output(job)
        if output["status"] == "COMPLETED":
            break
        time.sleep(0.05)
    accession = output["result"]["groupAccession"]
    done = setting.submit("--resume")
    checks.that("what is in doubt is not sent again unasked", done.returncode == 2, done.stdout)
    done = setting.submit("--resume", "--adopt", f"birch.samples.tsv={accession}")
    checks.that("what a person found in ODM is taken over", done.returncode == 0, done.stdout)
    checks.equal("every answer lost: nothing was imported twice", len(setting.jobs()), 5)


def killed(checks, setting):
    process = subprocess.Popen(
        setting.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **setting.more()
    )
    state = setting.study / "birch.odmkit-run.json"
    for _ in range(400):
        if state.exists() and setting.entity("samples.tsv")["status"] == "sending":
            break
        time.sleep(0.02)
    time.sleep(0.2)
    process.kill()
    process.wait()
    done = setting.submit("--resume")
    checks.that("an import that was cut off is in doubt", done.returncode == 2, done.stdout)
    checks.equal("killed: the samples are in doubt", setting.entity("samples.tsv")["status"], "unknown")
    done = setting.submit("--resume", "--send-again", "birch.samples.tsv")
    checks.that("killed: what is not in ODM is sent again", done.returncode == 0, done.stdout)


def ended(checks, setting):
    done = setting.submit("--link-lasts", "1s")
    checks.that("links must outlive the jobs", done.returncode == 2 and "--link-lasts" in done.stdout, done.stdout)
    done = setting.submit("--link-lasts", "1s", "--job-timeout", "1s")
    checks.that(
        "a job that fails when its link has ended says so",
        done.returncode == 1 and "--link-lasts" in done.stdout,
        done.stdout,
    )
    done = setting.submit("--resume")
    checks.that("after that a new link is signed", done.returncode == 0, done.stdout)


SCENES = [
    ("well", all_well, []),
    ("lost", one_answer_lost, ["import/samples:after-504:1-1"]),
    ("silent", every_answer_lost, ["import/samples:after-504:1-50"]),
    ("killed", killed, ["import/samples:delay=3s:1-1"]),
    ("ended", ended, ["job/study:fail:1-1", "info:delay=1200ms:1-1"]),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odmkit", type=Path, default=ROOT / "target" / "debug" / "odmkit")
    parser.add_argument("--venv", type=Path)
    options = parser.parse_args()
    odmkit = options.odmkit.resolve()
    if not odmkit.exists():
        print(f"{odmkit} is not there: run `cargo build`, or give --odmkit PATH", file=sys.stderr)
        return 2
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="odmkit-storage-") as temporary:
        folder = Path(temporary)
        commands = install((options.venv or folder / "venv").resolve(), "moto[s3,server]", "moto_server")
        if commands is None:
            print("PyPI cannot be reached: staging in a bucket was NOT tried", file=sys.stderr)
            return UNREACHABLE
        for name, scene, faults in SCENES:
            with Bucket(commands) as bucket, Setting(odmkit, bucket, folder / name, *faults) as setting:
                scene(checks, setting)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
