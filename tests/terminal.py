#!/usr/bin/env python3
"""What `odmkit` shows on a terminal while it works.

Runs a batch of submissions, a single one and a conversion under pseudo-terminals of several widths, follows what is drawn as
a terminal would, and looks at it: rows that fit, that tell of each study, and that are gone in the end. Where stderr is no
terminal, or where it is asked for, nothing is drawn. `.ci/run` runs it. By hand:

    cargo build && tests/terminal.py [--odmkit PATH] [--show]

It needs a system with pseudo-terminals and nothing else. `--show` prints the screens that it judges.
"""

import argparse
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from official.checks import Checks
from official.sandbox import TOKEN, Sandbox

ROOT = Path(__file__).resolve().parent.parent
STUDIES = ["oak", "elm", "studies/with-a-name/that-is-rather-long-01", "studies/with-a-name/that-is-rather-long-02"]
CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
# A row of the table, or the one for all of the studies.
ROW = re.compile(r"\S+ +\d+/\d+( |$)|\d of \d studies")


class Screen:
    """As much of a terminal as progress is drawn with: what is on it, and what ever stood among the rows of a table."""

    def __init__(self, columns):
        self.columns, self.rows, self.x, self.y = columns, [""], 0, 0
        self.seen, self.astray, self.unknown = set(), set(), set()

    def feed(self, text):
        at = 0
        while at < len(text):
            control = CONTROL.match(text, at)
            if control:
                self.control(control[1], control[2])
                at = control.end()
                continue
            self.letter(text[at])
            at += 1

    def control(self, number, letter):
        count = int(number) if number.isdigit() else 1
        if letter == "A":
            self.look()
            self.y = max(0, self.y - count)
        elif letter == "B":
            self.y += count
        elif letter == "K":
            self.rows[self.y] = "" if number == "2" else self.rows[self.y][: self.x]
        elif letter == "J":
            self.rows[self.y :] = [self.rows[self.y][: self.x]]
        elif letter not in "mhl":
            self.unknown.add(letter)

    def letter(self, letter):
        if letter == "\r":
            self.x = 0
        elif letter == "\n":
            self.x, self.y = 0, self.y + 1
        elif letter < " ":
            self.unknown.add(letter)
        else:
            if self.x == self.columns:
                self.x, self.y = 0, self.y + 1
            self.grow()
            row = self.rows[self.y].ljust(self.x)
            self.rows[self.y] = row[: self.x] + letter + row[self.x + 1 :]
            self.x += 1
        self.grow()
        self.seen.add(self.rows[self.y].rstrip())

    def look(self):
        """Something has been drawn: from the first row of a table on there is nothing but the table."""
        first = next((at for at, row in enumerate(self.rows) if re.match(r"\S+ +\d+/\d+( |$)", row)), None)
        if first is not None:
            self.astray |= {row for row in self.rows[first:] if row.strip() and not ROW.match(row)}

    def grow(self):
        while len(self.rows) <= self.y:
            self.rows.append("")

    def text(self):
        return "\n".join(row.rstrip() for row in self.rows).strip("\n")


def on_terminal(command, columns, environment, folder):
    """Runs a command with all its streams on a terminal of so many columns; gives the screen and the exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(command[0], [str(word) for word in command], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    drawn = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        drawn += piece
    os.close(terminal)
    screen = Screen(columns)
    screen.feed(drawn.decode("utf-8"))
    return screen, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Setting:
    """Studies, and a sandbox that takes its time."""

    def __init__(self, odmkit, folder):
        folder.mkdir()
        self.odmkit, self.folder = odmkit, folder
        for study in STUDIES:
            shutil.copytree(ROOT / "fixtures" / "trial", folder / study)
        self.sandbox = Sandbox(odmkit, folder / "sandbox", "job:slow=400ms")
        self.environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        self.environment |= {"ODM_HOST": self.sandbox.url, "ODM_API_TOKEN": TOKEN, "TERM": "xterm-256color"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.__exit__()

    def batch(self, *more):
        return [self.odmkit, "submit", *STUDIES, "--stage", "serve", "--poll-interval", "100ms", *more]

    def run(self, columns, command):
        return on_terminal(command, columns, self.environment, self.folder)


def shown(checks, screen, columns, what):
    checks.equal(f"{what}: only what terminals know is written", sorted(screen.unknown), [])
    if OPTIONS.show:
        print(f"--- {what}\n{screen.text()}\n--- rows that were seen\n" + "\n".join(sorted(screen.seen)[-40:]))


def table(checks, setting, columns):
    what = f"a batch on {columns} columns"
    screen, code = setting.run(columns, setting.batch())
    shown(checks, screen, columns, what)
    checks.equal(f"{what}: it completes", code, 0)
    for name in ["oak", "elm", "…/that-is-rather-long-01", "…/that-is-rather-long-02"]:
        own = [row for row in screen.seen if re.search(re.escape(name) + r" +\d+/7 ", row)]
        checks.that(f"{what}: {name} has a row with its steps", own, sorted(screen.seen)[:20])
        if columns >= 80:
            told = [row for row in own if re.search(r"job \d+ of .*: RUNNING", row)]
            checks.that(f"{what}: the row of {name} tells of its jobs", told, own)
    checks.equal(f"{what}: no row is too long", sorted(screen.astray), [])
    total = [row for row in screen.seen if re.match(r"[0-4] of 4 studies", row)]
    checks.that(f"{what}: a row tells of all of them", total)
    end = screen.text()
    checks.that(f"{what}: no row of the table is left", not re.search(r"\d/7 |of 4 studies [█░]", end), end)
    checks.that(f"{what}: the outcome comes last", end.endswith("4 of 4 studies are complete"), end)


def one(checks, setting):
    screen, code = setting.run(80, setting.batch()[:2] + ["oak", *setting.batch()[6:]])
    shown(checks, screen, 80, "one study")
    checks.equal("one study: it completes", code, 0)
    end = screen.text()
    checks.that("one study: its steps stay", "importing samples trial.samples.tsv" in end, end)
    checks.that("one study: the outcome comes last", end.endswith("3 of 3 links are in ODM"), end)


def nothing_drawn(checks, setting):
    screen, _ = setting.run(80, setting.batch("--progress", "never", "--resume"))
    moved = [row for row in screen.seen if "█" in row or re.search(r" \d/7 ", row)]
    checks.equal("with --progress never no table is drawn", moved, [])
    for more in [(), ("--progress", "always"), ("--color", "never", "-v")]:
        done = subprocess.run(
            [*setting.batch("--resume"), *more], cwd=setting.folder, env=setting.environment, capture_output=True, check=False
        )
        said = done.stdout + done.stderr
        checks.that(f"into a pipe nothing moves the cursor {more}", not re.search(rb"[\x1b\r\b]", said), said)
        checks.that(f"into a pipe each step is a line {more}", b"oak: complete" in done.stderr, done.stderr)


def conversion(checks, setting):
    lines = "".join(f"g{row}\tNA\t" + "\t".join(f"{row}.{column}25" for column in range(300)) + "\n" for row in range(40_000))
    names = "\t".join(f"S{column}" for column in range(300))
    (setting.folder / "large.gct").write_text(f"#1.2\n40000\t300\nName\tDescription\t{names}\n{lines}", encoding="utf-8")
    for columns in (80, 40):
        what = f"a conversion on {columns} columns"
        command = [setting.odmkit, "convert", "large.gct", "-o", f"large-{columns}.parquet"]
        screen, code = setting.run(columns, command)
        shown(checks, screen, columns, what)
        checks.equal(f"{what}: it completes", code, 0)
        checks.that(f"{what}: a bar is drawn", any("B/s" in row for row in screen.seen), sorted(screen.seen)[:20])
        halves = [row for row in screen.seen if re.search(r"/s \S+s$", row) and "large" not in row]
        checks.equal(f"{what}: no bar is too long", halves, [])
        checks.that(f"{what}: no bar is left", "B/s" not in screen.text(), screen.text())


def main():
    checks = Checks()
    odmkit = OPTIONS.odmkit.resolve()
    if not odmkit.exists():
        print(f"{odmkit} is not there: run `cargo build`, or give --odmkit PATH", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="odmkit-terminal-") as temporary:
        for columns in (80, 120, 40):
            with Setting(odmkit, Path(temporary) / str(columns)) as setting:
                table(checks, setting, columns)
                nothing_drawn(checks, setting)
        with Setting(odmkit, Path(temporary) / "others") as setting:
            one(checks, setting)
            conversion(checks, setting)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odmkit", type=Path, default=ROOT / "target" / "debug" / "odmkit")
    parser.add_argument("--show", action="store_true")
    OPTIONS = parser.parse_args()
    sys.exit(main())
