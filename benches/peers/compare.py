#!/usr/bin/env python3
"""Times odmkit beside other readers on the same files, in the same run.

    cargo build --release
    python3 benches/peers/compare.py [--runs 5] [--small] [--only CASE] [--keep DIR]

Needs Python 3.9 or newer; polars, pyarrow and duckdb are installed into a folder of its own. Every file is generated
here. Commands run in turn, odmkit and each peer, so that a machine that slows down slows all of them; medians are
shown, and the ratio of each peer's median to odmkit's. Times are of whole processes, with the start of Python and
its imports; the seconds that a peer itself counts, without these, stand beside them.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ODMKIT = ROOT / "target" / "release" / "odmkit"

SHAPES = {  # rows, samples, and a pool of spellings to draw values from
    "tall": (40_000, 500, lambda r: "0" if r.random() < 0.4 else f"{r.lognormvariate(1.5, 2):.4f}"),
    "wide": (2_500, 8_000, lambda r: "0" if r.random() < 0.4 else f"{r.lognormvariate(1.5, 2):.4f}"),
    "counts": (40_000, 500, lambda r: str(int(r.lognormvariate(2, 2.2)))),
    "long": (20_000, 500, lambda r: repr(r.lognormvariate(1.5, 2))),
}

READ_HEADER = """
import sys, time
source, target = sys.argv[1], sys.argv[2]
import gzip
opened = gzip.open(source, "rt") if source.endswith(".gz") else open(source)
with opened as file:
    file.readline(); file.readline()
    names = file.readline().rstrip("\\n").split("\\t")
"""

PEERS = {
    "polars parse": READ_HEADER + """
import polars as pl
schema = {n: pl.String if i < 2 else pl.Float64 for i, n in enumerate(names)}
start = time.perf_counter()
table = pl.read_csv(source, separator="\\t", skip_rows=2, schema=schema, quote_char=None)
print(time.perf_counter() - start)
""",
    "polars": READ_HEADER + """
import polars as pl
schema = {n: pl.String if i < 2 else pl.Float64 for i, n in enumerate(names)}
start = time.perf_counter()
pl.scan_csv(source, separator="\\t", skip_rows=2, schema=schema, quote_char=None).sink_parquet(target, compression="zstd", compression_level=3)
print(time.perf_counter() - start)
""",
    "polars ipc": READ_HEADER + """
import polars as pl
schema = {n: pl.String if i < 2 else pl.Float64 for i, n in enumerate(names)}
start = time.perf_counter()
pl.scan_csv(source, separator="\\t", skip_rows=2, schema=schema, quote_char=None).sink_ipc(target, compression="uncompressed")
print(time.perf_counter() - start)
""",
    "duckdb": READ_HEADER + """
import duckdb
columns = {n: "VARCHAR" if i < 2 else "DOUBLE" for i, n in enumerate(names)}
start = time.perf_counter()
duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{source}', delim='\\t', header=false, skip=3, quote='', escape='', auto_detect=false, max_line_size=16000000, columns={columns})) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)")
print(time.perf_counter() - start)
""",
    "pyarrow": READ_HEADER + """
import pyarrow as pa, pyarrow.csv as csv, pyarrow.parquet as pq
types = {n: pa.string() if i < 2 else pa.float64() for i, n in enumerate(names)}
start = time.perf_counter()
reader = csv.open_csv(source, read_options=csv.ReadOptions(skip_rows=2, block_size=16 << 20), parse_options=csv.ParseOptions(delimiter="\\t", quote_char=False), convert_options=csv.ConvertOptions(column_types=types))
with pq.ParquetWriter(target, reader.schema, compression="zstd", compression_level=3) as writer:
    for batch in reader:
        writer.write_batch(batch)
print(time.perf_counter() - start)
""",
}


def generate(folder: Path, name: str, small: bool) -> Path:
    rows, samples, draw = SHAPES[name]
    if small:
        rows //= 20
        name += "-small"
    path = folder / f"{name}.gct"
    if path.exists():
        return path
    rng = random.Random(1)
    pool = [draw(rng) for _ in range(300_000)]
    with open(path, "w", buffering=1 << 22) as out:
        names = "\t".join(f"SAMPLE_{i:05d}" for i in range(samples))
        out.write(f"#1.2\n{rows}\t{samples}\nName\tDescription\t{names}\n")
        for row in range(rows):
            out.write(f"ENSG{row:011d}\tna\t" + "\t".join(rng.choices(pool, k=samples)) + "\n")
    return path


def run(command):
    """One run: wall seconds, peak memory in MB, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out = process.stdout.read()
    err = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed: {err.decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_maxrss / 1024, out.decode(errors="replace")


def table(title, contestants, runs, target=None):
    """Runs the contestants in turn and prints a row for each; the first is odmkit."""
    seconds = {name: [] for name, _ in contestants}
    inner = {name: [] for name, _ in contestants}
    peak = {name: 0.0 for name, _ in contestants}
    size = {name: 0 for name, _ in contestants}
    for turn in range(runs + 1):
        for name, command in contestants:
            if target is not None:
                target.unlink(missing_ok=True)
            wall, memory, printed = run(command)
            if turn == 0:
                continue  # warms the page cache and does not count
            seconds[name].append(wall)
            peak[name] = max(peak[name], memory)
            if target is not None and target.exists():
                size[name] = target.stat().st_size
            try:
                inner[name].append(float(printed.split()[-1]))
            except (ValueError, IndexError):
                pass
    base = statistics.median(seconds[contestants[0][0]])
    print(f"\n### {title}\n")
    print("| | seconds | own seconds | times odmkit's | peak MB | output MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, _ in contestants:
        median = statistics.median(seconds[name])
        own = f"{statistics.median(inner[name]):.3f}" if inner[name] else ""
        out = f"{size[name] / 1e6:.1f}" if size[name] else ""
        print(f"| {name} | {median:.3f} | {own} | {median / base:.2f} | {peak[name]:.0f} | {out} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="a twentieth of the rows: to try the script")
    parser.add_argument("--only", choices=sorted(SHAPES), help="one shape only")
    parser.add_argument("--keep", type=Path, help="keep the generated files and the Python packages in this folder")
    args = parser.parse_args()
    if not ODMKIT.exists():
        sys.exit(f"{ODMKIT} is not there: run `cargo build --release` first")

    folder = args.keep or Path(tempfile.mkdtemp(prefix="odmkit-peers-"))
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "polars", "pyarrow", "duckdb"], check=True)
    versions = subprocess.run(
        [python, "-c", "import polars, pyarrow, duckdb; print('polars', polars.__version__, 'pyarrow', pyarrow.__version__, 'duckdb', duckdb.__version__)"],
        check=True, capture_output=True, text=True).stdout.strip()
    print(f"{versions}; {os.cpu_count()} cores; medians of {args.runs} runs, in turn")

    def peer(name, source, target):
        return [str(python), "-c", PEERS[name], str(source), str(target)]

    out = folder / "out"
    for shape in [args.only] if args.only else SHAPES:
        source = generate(folder, shape, args.small)
        size = source.stat().st_size / 1e6
        odmkit = [str(ODMKIT), "--progress", "never"]
        table(f"{shape}, {size:.0f} MB: check", [
            ("odmkit check", odmkit + ["check", "-q", str(source)]),
            ("wc -l", ["wc", "-l", str(source)]),
        ], args.runs)
        figures = json.loads(run(odmkit + ["bench", str(source), "--runs", str(args.runs), "--format", "json"])[2])
        parse = next(stage for stage in figures["stages"] if stage["name"] == "parse")
        own = []
        for _ in range(args.runs):
            own.append(float(run(peer("polars parse", source, out))[2].split()[-1]))
        print(f"\n### {shape}: text to doubles in memory, without start-up\n")
        print("| | seconds | times odmkit's |\n| --- | --- | --- |")
        print(f"| odmkit | {parse['median_seconds']:.3f} | 1.00 |")
        print(f"| polars read_csv | {statistics.median(own):.3f} | {statistics.median(own) / parse['median_seconds']:.2f} |")
        convert = odmkit + ["convert", str(source), "--overwrite", "--layout", "wide", "--to", "parquet", "-o", str(out)]
        table(f"{shape}: to wide Parquet, zstd 3", [
            ("odmkit convert", convert),
            ("polars sink_parquet", peer("polars", source, out)),
            ("duckdb COPY", peer("duckdb", source, out)),
            ("pyarrow streaming", peer("pyarrow", source, out)),
        ], args.runs, out)
        arrow = odmkit + ["convert", str(source), "--overwrite", "--layout", "wide", "--to", "arrow", "--compression", "none", "-o", str(out)]
        table(f"{shape}: to Arrow IPC, uncompressed", [
            ("odmkit convert", arrow),
            ("polars sink_ipc", peer("polars ipc", source, out)),
        ], args.runs, out)
        if shape == "tall":
            packed = source.with_suffix(".gct.gz")
            if not packed.exists():
                with open(source, "rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target:
                    shutil.copyfileobj(plain, target, 1 << 20)
            convert = odmkit + ["convert", str(packed), "--overwrite", "--layout", "wide", "--to", "parquet", "-o", str(out)]
            table("tall, gzip: to wide Parquet, zstd 3", [
                ("odmkit convert", convert),
                ("polars sink_parquet", peer("polars", packed, out)),
            ], args.runs, out)
    if args.keep is None:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
