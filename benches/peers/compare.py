#!/usr/bin/env python3
"""Times odmkit beside other programs on the same files, in the same run.

    cargo build --release
    python3 benches/peers/compare.py [--only 'parquet-*'] [--runs 5] [--small] [--keep DIR] [--scratch /dev/shm] [--json]

Needs Python 3.9 or newer and about 2 GB of disk. polars, pyarrow, duckdb, pandas, cmapPy and frictionless are installed
into a folder of its own, and so is qsv, which cargo builds (minutes; --qsv FILE takes one that is there). Every file is
generated here. `--prepare` does that and measures nothing; `--list` names the cases.

Commands run in turn, odmkit and each peer, after a round that does not count, so that a machine that slows down slows
all of them. Medians are shown. "ratio" is the median of each round's wall time by odmkit's wall time of that round.
Times are of whole processes, with the start of Python and its imports; "own seconds" are what a peer itself counts,
without these, and "own ratio" holds them against all of odmkit's process. In the tables of texts to doubles in memory
both are own seconds, of a second run in the same process. At the end of a case the values of the outputs are compared:
every value, with its place.

`--json` prints a line for each case. `--show FILE` prints the tables of such lines, so that cases can be run one by one.
"""

import argparse
import fnmatch
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import venv
from pathlib import Path

from measure import Contestant, bench_told, in_turn, run, show, task_told

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGES = ("polars", "pyarrow", "duckdb", "pandas", "cmapPy", "frictionless")
PINNED = {"pandas": "pandas<3"}  # cmapPy 4.0.1 asks pandas for what pandas 3 no longer has
QSV = "16.1.0"
MATRICES = ("tall", "wide", "counts", "long")

TITLES = {
    "check": "Check", "inspect": "Inspect", "parse": "Text to doubles in memory", "parquet": "Text to wide Parquet, zstd 3",
    "ipc": "Text to wide Arrow IPC, uncompressed", "cmappy": "cmapPy", "metadata": "A table of 200,000 samples, 25 columns",
}
CASES = [f"{kind}-{name}" for kind in ("check", "parse", "parquet", "ipc") for name in MATRICES]
CASES += ["check-tall.gz", "parquet-tall.gz", "inspect-tall", "cmappy-tall", "metadata-samples"]


class Place:
    """Where the files, the peers and the outputs are."""

    def __init__(self, args, folder):
        self.folder, self.small = folder, args.small
        self.scratch = Path(tempfile.mkdtemp(prefix="odmkit-out-", dir=args.scratch))
        self.target = self.scratch / "out"
        self.python = folder / "venv" / "bin" / "python"
        self.qsv = args.qsv or shutil.which("qsvlite") or shutil.which("qsv") or folder / "qsv" / "bin" / "qsvlite"
        self.odmkit = args.odmkit

    def file(self, name):
        """A generated file."""
        folder = self.folder / ("small" if self.small else "files") / (name if name in ("samples", "spoiled") else "")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / {"samples": "samples.tsv", "spoiled": "samples.tsv"}.get(name, f"{name.removesuffix('.gz')}.gct")
        if name.endswith(".gz"):
            self.file(name[:-3])
            path = path.with_name(path.name + ".gz")
        if not path.exists():
            command = [self.python, HERE / "files.py", path, name] + ["--small"] * self.small
            subprocess.run(command, check=True)
        return path

    def install(self, cases):
        """Installs what is not there."""
        if not self.python.exists():
            venv.create(self.python.parents[1], with_pip=True)
        found = subprocess.run([self.python, "-c", f"import {', '.join(PACKAGES)}"], capture_output=True)
        if found.returncode != 0:
            subprocess.run([self.python, "-m", "pip", "install", "-q", *(PINNED.get(name, name) for name in PACKAGES)], check=True)
        if "metadata-samples" in cases and not Path(self.qsv).exists():
            self.build_qsv()

    def build_qsv(self):
        """Builds qsv from its published source, which does not compile as it is: one command that is not needed here
        calls what the published dependency does not have."""
        source = self.folder / f"qsv-{QSV}"
        with urllib.request.urlopen(f"https://static.crates.io/crates/qsv/qsv-{QSV}.crate") as answer:
            with tarfile.open(fileobj=answer, mode="r|gz") as packed:
                packed.extractall(self.folder)
        command = source / "src" / "cmd" / "json.rs"
        command.write_text(command.read_text().replace(".preserve_key_order(true)", ""))
        subprocess.run(["cargo", "install", "--path", source, "--locked", "--bin", "qsvlite", "--no-default-features",
                        "--features", "lite", "--root", self.folder / "qsv"], check=True)

    def task(self, task, source, target=None, *flags):
        return [str(word) for word in (self.python, HERE / "tasks.py", task, source, target or self.target, *flags)]

    def peer(self, name, task, source, target=None, *flags):
        return Contestant(name, self.task(task, source, target, *flags), task_told)

    def ours(self, *words):
        return [str(word) for word in (self.odmkit, "--progress", "never", *words)]

    def convert(self, source, kind, codec):
        return self.ours("convert", source, "--overwrite", "--layout", "wide", "--to", kind, "--compression", codec,
                         "-o", self.target)


def case(place, name):
    """The contestants of a case, odmkit first, and what of them can be read back: name, command, kind of output."""
    kind, file = name.split("-", 1)
    source = place.file(file)
    if kind == "check":
        other = ["wc", "-l", source] if file in MATRICES else ["gzip", "-dc", source]
        return [Contestant("odmkit check", place.ours("check", "-q", source)),
                Contestant(" ".join(other[:2]), other)], []
    if kind == "inspect":
        return [Contestant("odmkit inspect", place.ours("inspect", source)),
                Contestant("odmkit check", place.ours("check", "-q", source))], []
    if kind == "metadata":
        return metadata(place, source)
    if kind in ("parse", "cmappy"):
        bench = place.ours("bench", source, "--runs", "1", "--format", "json")
        tasks = {"polars read_csv": "polars_read", "polars scan_csv, sums only": "polars_sum",
                 "pyarrow.csv": "pyarrow_read", "duckdb to Arrow": "duckdb_read", "pandas": "pandas_read"}
        warm = ["--warm"]
        if kind == "cmappy":
            tasks, warm = {"cmapPy parse": "cmappy_read"}, []
        own = [Contestant("odmkit", bench, bench_told("parse"), whole=False)]
        own += [Contestant(peer, place.task(task, source, None, *warm), task_told, whole=False)
                for peer, task in tasks.items()]
        kept = [(peer, place.task(task, source), None) for peer, task in tasks.items() if task != "polars_sum"]
        return own, [("odmkit convert", place.convert(source, "arrow", "none"), "arrow"), *kept]
    form, codec = ("parquet", "zstd") if kind == "parquet" else ("arrow", "none")
    tasks = {"polars sink_parquet": "polars_parquet", "duckdb COPY": "duckdb_parquet", "pyarrow streaming": "pyarrow_parquet"}
    if kind == "ipc":
        tasks = {"polars sink_ipc": "polars_ipc", "pyarrow streaming": "pyarrow_ipc"}
    ours = Contestant("odmkit convert", place.convert(source, form, codec))
    peers = [place.peer(peer, task, source) for peer, task in tasks.items()]
    return [ours, *peers], [(each.name, each.command, form) for each in (ours, *peers)]


def metadata(place, source):
    """The same rules in every program's own form: types, required values, terms of nine dictionaries. odmkit and
    frictionless look for repeated keys as well."""
    folder = source.parent
    words = ["check", "-q", source, "--kind", "samples", "--template", folder / "template.json", "--format", "json"]
    for name, file in dictionaries(folder):
        words += ["--dictionary", f"{name}={file}"]
    return [Contestant("odmkit check", place.ours(*words)),
            place.peer("frictionless", "frictionless_validate", source, folder / "table-schema.json"),
            Contestant("qsv validate, JSON schema", [place.qsv, "validate", source, folder / "json-schema.json"])], []


def faults_found(place):
    """Whether each program finds the faults that are in a spoiled table, three in each of twenty records. qsv tells the
    first of each record."""
    ours, frictionless, qsv = metadata(place, place.file("spoiled"))[0]
    summary = json.loads(run(ours.command)[2])["summary"]
    errors = json.loads(run(frictionless.command)[2])["errors"]
    subprocess.run(qsv.command, capture_output=True)  # fails, as it should
    told = place.file("spoiled").with_name("samples.tsv.validation-errors.tsv").read_text().splitlines()
    found = {ours.name: sum(summary["by_code"].values()), frictionless.name: sum(errors.values()), qsv.name: 3 * (len(told) - 1)}
    return {name: count == 60 for name, count in found.items()}


def dictionaries(folder):
    template = json.loads((folder / "template.json").read_text())
    names = dict.fromkeys(each["dictionaryName"] for each in template if "dictionaryName" in each)
    return [(name, folder / f"dictionary-{number}.csv") for number, name in enumerate(names)]


def compare_values(place, kept):
    """Reads every output back and says of each whether it holds the values of the first."""
    digests = {}
    for name, command, kind in kept:
        if place.target.exists():
            place.target.unlink()
        if kind is None:
            printed = run([*command, "--digest"])[2]
        else:
            run(command)
            printed = run(place.task("read_back", place.target, kind, "--digest"))[2]
        digests[name] = json.loads(printed)["digest"]
    first = next(iter(digests.values()), None)

    def same(digest):
        return all(digest[key] == first[key] for key in first if None not in (digest[key], first[key]))

    return {name: same(digest) for name, digest in digests.items()}


def versions(place):
    code = "import importlib.metadata as m, json, sys; print(json.dumps({p: m.version(p) for p in sys.argv[1:]}))"
    found = json.loads(run([str(place.python), "-c", code, *PACKAGES])[2])
    found["odmkit"] = run(place.ours("--version"))[2].split()[-1]
    if Path(place.qsv).exists():
        found["qsv"] = run([str(place.qsv), "--version"])[2].split()[1]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="rounds that count")
    parser.add_argument("--small", action="store_true", help="a twentieth of the rows: to try the script")
    parser.add_argument("--only", action="append", metavar="CASE", help="these cases alone; * stands for anything")
    parser.add_argument("--list", action="store_true", help="name the cases")
    parser.add_argument("--prepare", action="store_true", help="install and generate what the cases need, no more")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the generated files and the peers in this folder")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="write outputs here, such as /dev/shm")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each case, and no table")
    parser.add_argument("--show", type=Path, metavar="FILE", help="print the tables of such lines, no more")
    parser.add_argument("--odmkit", type=Path, default=ROOT / "target" / "release" / "odmkit", metavar="FILE")
    parser.add_argument("--qsv", type=Path, metavar="FILE", help="a qsv that is there")
    args = parser.parse_args()
    wanted = [name for name in CASES if not args.only or any(fnmatch.fnmatch(name, only) for only in args.only)]
    if args.list:
        return print("\n".join(wanted))
    if args.show:
        return show([json.loads(line) for line in args.show.read_text().splitlines() if line.startswith("{")])
    if not wanted:
        sys.exit("no such case; --list names them")
    if not args.odmkit.exists():
        sys.exit(f"{args.odmkit} is not there: run `cargo build --release` first")
    folder = args.keep.resolve() if args.keep else Path(tempfile.mkdtemp(prefix="odmkit-peers-"))
    place = Place(args, folder)
    try:
        place.install(wanted)
        for name in wanted:
            place.file(name.split("-", 1)[1])
        if args.prepare:
            return None
        about = {"machine": platform.machine(), "cores": os.cpu_count(), "runs": args.runs, "versions": versions(place)}
        results = []
        for name in wanted:
            contestants, kept = case(place, name)
            file = name.split("-", 1)[1]
            rows = in_turn(contestants, args.runs, place.target)
            same = faults_found(place) if name.startswith("metadata") else compare_values(place, kept)
            title = TITLES[name.split("-", 1)[0]]
            megabytes = place.file(file).stat().st_size / 1e6
            results.append({"case": name, "title": title, "file": f"{file}, {megabytes:.0f} MB", "rows": rows,
                            "same_values": same, **about})
            if args.json:
                print(json.dumps(results[-1]), flush=True)
        if not args.json:
            print(json.dumps(about))
            show(results)
        return None
    finally:
        shutil.rmtree(place.scratch, ignore_errors=True)
        if args.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
