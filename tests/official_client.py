#!/usr/bin/env python3
"""The official Python client against `odmkit sandbox`.

Installs `odm-sdk` from PyPI, serves studies over HTTP on loopback, and

1. imports and links each by the official `odm-import-data`, unmodified, and looks into the journal and at the links;
2. submits each by `odmkit submit` to a fresh sandbox, and compares what the two clients send, field by field. The
   differences that are meant are listed in `official/compare.py`, with the reason; any other fails;
3. goes through every import, link, job and read endpoint that the sandbox serves by the generated client `odm_api`.

`.ci/run` runs it. By hand:

    cargo build && tests/official_client.py [--odmkit PATH] [--venv DIR]

The client is installed into DIR and kept there, or into a folder that is gone afterwards. It prints `N passed,
N failed` at the end and exits with 1 where anything failed, with 2 where it could not do its work, and with 3 where
PyPI cannot be reached.
"""

import argparse
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from official.checks import Checks
from official.compare import EXPECTED, compare, look
from official.sandbox import TOKEN, Sandbox, serve_folder
from official.studies import STUDIES
from official.tools import ROOT, UNREACHABLE, environment, install, run


def with_both(study, odmkit, commands, folder):
    """Imports a study with both clients; gives the checks and the differences that were met."""
    checks = Checks()
    folder.mkdir()
    local = study.write(folder / "study")
    files = serve_folder(local)
    with Sandbox(odmkit, folder / "official") as official, Sandbox(odmkit, folder / "ours") as ours:
        arguments = [argument.replace("{}", files) for argument in study.arguments]
        command = [commands / "odm-import-data", "--server", official.proxy, "--token", TOKEN, "-T", "60"]
        done = run([*command, *arguments], env=environment())
        checks.that(f"{study.name}: odm-import-data ends with 0", done.returncode == 0, done.stdout)
        look(checks, f"{study.name}: odm-import-data", official, study, local)

        command = [odmkit, "submit", local, "--stage", "link", "--source-url", files, "--format", "json"]
        done = run(
            [*command, "--server", ours.proxy, "--api", "legacy", "--poll-interval", "100ms"],
            env={**environment(), "ODM_API_TOKEN": TOKEN},
            cwd=folder,
        )
        checks.that(f"{study.name}: odmkit submit ends with 0", done.returncode == 0, done.stdout)
        look(checks, f"{study.name}: odmkit submit", ours, study, local)
        return checks, compare(checks, study, official, ours)


def with_generated(odmkit, commands, folder):
    """Goes through the endpoints by the generated client."""
    checks = Checks()
    folder.mkdir()
    local = STUDIES[0].write(folder / "study")
    files = serve_folder(local)
    with Sandbox(odmkit, folder / "sandbox", "job/file:hang:3-3") as sandbox:
        command = [commands / "python", "-m", "official.generated", sandbox.url, files, local]
        done = run(command, env=environment(), cwd=ROOT / "tests")
    print(done.stdout, end="")
    checks.passed += len(re.findall(r"^ok: ", done.stdout, re.MULTILINE))
    checks.failed += len(re.findall(r"^FAILED: ", done.stdout, re.MULTILINE))
    checks.equal("the generated client came to its end", done.returncode, 0)
    return checks


def check(odmkit, commands, folder):
    """Everything, side by side: the official client mostly sleeps."""
    with ThreadPoolExecutor() as threads:
        both = [
            threads.submit(with_both, study, odmkit, commands, folder / study.name) for study in STUDIES
        ]
        generated = threads.submit(with_generated, odmkit, commands, folder / "generated")
        checks, met = Checks(), set()
        for of_study, met_here in (future.result() for future in both):
            checks.passed += of_study.passed
            checks.failed += of_study.failed
            met |= met_here
        checks.passed += generated.result().passed
        checks.failed += generated.result().failed
    checks.equal("every listed difference is there", sorted(EXPECTED.keys() - met), [])
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odmkit", type=Path, default=ROOT / "target" / "debug" / "odmkit")
    parser.add_argument("--venv", type=Path)
    options = parser.parse_args()
    odmkit = options.odmkit.resolve()
    if not odmkit.exists():
        print(f"{odmkit} is not there: run `cargo build`, or give --odmkit PATH", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="odmkit-official-") as temporary:
        folder = Path(temporary)
        commands = install((options.venv or folder / "venv").resolve(), "odm-sdk", "odm-import-data")
        if commands is None:
            print("PyPI cannot be reached: the official client was NOT tried", file=sys.stderr)
            return UNREACHABLE
        return check(odmkit, commands, folder)


if __name__ == "__main__":
    sys.exit(main())
