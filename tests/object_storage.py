#!/usr/bin/env python3
"""Buckets: `odmkit submit --stage s3://…`, `gs://…`, `az://…` against `odmkit sandbox`, and files read and written there.

Installs `moto` from PyPI, a server that speaks S3, and, by the same requests, Google's XML; and Azurite from npm, which speaks
Azure's. Through a bucket of each it submits a study, and writes and reads a matrix in parts and ranges; through that of S3 it
submits one with answers that are lost, with a run that is killed, and with links that end too early. `.ci/run` runs it. By
hand:

    cargo build && tests/object_storage.py [--odmkit PATH] [--venv DIR]

Ends like `official_client.py`: `N passed, N failed`; 1 where anything failed, 2 where it could not do its work, 3 where
PyPI cannot be reached. Where there is no npm, or it cannot be reached, `az://` is left out, and `NOT TRIED` is printed.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from official.checks import Checks
from official.clouds import BUCKET, S3, Azure, Google
from official.compare import look
from official.sandbox import TOKEN, Sandbox
from official.studies import LIBRARIES
from official.tools import ROOT, UNREACHABLE, environment, install, install_from_npm, run


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
        stage = f"{self.bucket.scheme}://{BUCKET}/in/{self.folder.name}"
        return [
            *(self.odmkit, "submit", self.study, "--stage", stage, "--server", self.sandbox.proxy),
            *("--poll-interval", "50ms", *more),
        ]

    def more(self):
        clouds = ("AWS_", "GOOGLE_", "AZURE_", "AZURITE_")
        kept = {name: value for name, value in environment().items() if not name.startswith(clouds)}
        return {"cwd": self.folder, "env": {**kept, "ODM_API_TOKEN": TOKEN, **self.bucket.environment()}}

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
    bucket = setting.bucket
    scheme = bucket.scheme
    done = setting.submit("-vv")
    checks.that(f"{scheme}: a study goes through a bucket", done.returncode == 0, done.stdout)
    look(checks, f"{scheme} bucket", setting.sandbox, LIBRARIES, setting.study)
    keys = bucket.keys()
    names = sorted(key.rpartition("/")[2] for key in keys)
    files = sorted(path.name for path in setting.study.iterdir() if path.suffix not in (".toml", ".json"))
    checks.equal(f"{scheme}: each file is one object", names, files)
    checks.that(
        f"{scheme}: a key holds the content's hash",
        all(re.fullmatch(rf"in/{setting.folder.name}/[0-9a-f]{{32}}/[^/]+", key) for key in keys),
        keys,
    )
    links = [json.loads(sent.body) for sent in setting.sandbox.sent if "/import/" in sent.path]
    signed = [value for fields in links for name, value in fields.items() if name.endswith("Link")]
    checks.that(f"{scheme}: ODM gets signed links", all(bucket.signature in link for link in signed), signed)
    checks.that(f"{scheme}: ODM gets a link for each file", len(set(signed)) == len(files), signed)
    signatures = {re.search(bucket.signature + "([^&]*)", link)[1] for link in signed}
    state = setting.state()
    checks.that(
        f"{scheme}: the state names the objects", all(f"{scheme}://{BUCKET}/{key}" in state for key in keys), state
    )
    posts = setting.posts()
    again = setting.submit("--resume", "-vv")
    checks.that(f"{scheme}: nothing is left to do", again.returncode == 0 and setting.posts() == posts, again.stdout)
    anew = setting.submit("-vv")
    checks.that(f"{scheme}: a second run is refused", anew.returncode == 2 and "--resume" in anew.stdout, anew.stdout)
    checks.equal(f"{scheme}: nothing was imported twice", len(setting.jobs()), 5)
    shown = setting.submit("--dry-run", "--allow-duplicates")
    said = {"output": done.stdout + again.stdout + anew.stdout + shown.stdout}
    for path in setting.folder.rglob("*"):
        if path.is_file():
            said[str(path.relative_to(setting.folder))] = path.read_text(encoding="utf-8", errors="replace")
    for secret in (TOKEN, bucket.secret, *signatures):
        found = [place for place, text in said.items() if secret in text]
        checks.equal(f"{scheme}: no run left token, key or signature behind", found, [])
    checks.that(f"{scheme}: state, journal and log were looked into", len(said) > 12, sorted(said))


def there_and_back(checks, setting):
    """Writes a matrix that takes several parts, reads it in ranges, and what is not there."""
    scheme, place = setting.bucket.scheme, f"{setting.bucket.scheme}://{BUCKET}/out"
    numbers = random.Random(7)
    samples = [f"S{column}" for column in range(20)]
    with open(setting.folder / "m.gct", "w", encoding="utf-8") as matrix:
        print("#1.2\n100000\t20\nName\tDescription", *samples, sep="\t", file=matrix)
        for row in range(100_000):
            values = (f"{numbers.random():.10f}" for _ in samples)
            print(f"g{row}\tNA", *values, sep="\t", file=matrix)

    def odmkit(*words):
        return run([setting.odmkit, *words], **setting.more())

    for command in [
        ("convert", "m.gct", "-o", "here.tsv"),
        ("convert", "m.gct", "-o", f"{place}/m.tsv"),
        ("convert", f"{place}/m.tsv", "--feature-attributes", "2", "-o", "there.tsv"),
        ("convert", f"{place}/m.tsv", "--feature-attributes", "2", "-o", f"{place}/m.parquet", "--verify"),
        ("check", f"{place}/m.tsv", "--feature-attributes", "2"),
        ("check", f"{place}/*.tsv", "--feature-attributes", "2"),
    ]:
        done = odmkit(*command)
        checks.equal(f"{scheme}: {' '.join(command)}: {done.stdout[-400:] if done.returncode else 'ok'}", done.returncode, 0)
    here, there = (setting.folder / name for name in ("here.tsv", "there.tsv"))
    size = here.stat().st_size
    checks.that(f"{scheme}: it takes more than one part", size > 16 << 20, size)
    same = there.exists() and here.read_bytes() == there.read_bytes()
    checks.that(f"{scheme}: what comes back is what was written", same)
    done = odmkit("convert", "m.gct", "-o", f"{place}/m.tsv")
    checks.that(f"{scheme}: what is there is not overwritten", done.returncode == 2 and "exists" in done.stdout, done.stdout)
    for address, said in [
        (f"{place}/none.gct", "there is no such file"),
        (f"{scheme}://no-such-bucket/x.gct", "there is no such bucket"),
    ]:
        done = odmkit("check", address, "--format", "json")
        told = done.returncode == 1 and said in done.stdout and '"F001"' in done.stdout
        checks.that(f"{scheme}: {address}: {said}", told, done.stdout)


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
    ("back", there_and_back, []),
]

# What does not depend on whose bucket it is.
MISHAPS = [
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
        from_npm = install_from_npm((options.venv or folder).resolve() / "azurite", "azurite")
        scenes = [(S3, commands, scene) for scene in SCENES + MISHAPS]
        scenes += [(Google, commands, scene) for scene in SCENES]
        if from_npm is None:
            print("NOT TRIED: az://, for which Azurite is needed, from npm", flush=True)
        else:
            scenes += [(Azure, from_npm, scene) for scene in SCENES]
        for cloud, commands, (name, scene, faults) in scenes:
            place = folder / f"{cloud.scheme}-{name}"
            with cloud(commands) as bucket, Setting(odmkit, bucket, place, *faults) as setting:
                scene(checks, setting)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
