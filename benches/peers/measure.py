"""Runs commands in turn and says how long each took, how much memory it held, and how it compares with the first."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time


class Contestant:
    """A command, and how to read its own seconds and its peak memory from what it prints."""

    def __init__(self, name, command, own=None, whole=True):
        self.name, self.command, self.own, self.whole = name, [str(word) for word in command], own, whole


def run(command):
    """One run: wall seconds, peak memory in MB, and what it printed.

    The system counts this process' own memory, some 15 MB, as the least that a child has held.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} failed: {(err.read() + out.read()).decode(errors='replace')[-2000:]}")
        return seconds, usage.ru_maxrss / 1024, out.read().decode(errors="replace")


def in_turn(contestants, runs, target):
    """Runs all of them once without counting, then in turn, and gives a row for each."""
    seconds, own, peak, size = ({each.name: [] for each in contestants} for _ in range(4))
    for turn in range(runs + 1):
        for each in contestants:
            if target.exists():
                target.unlink()
            wall, memory, printed = run(each.command)
            if turn == 0:
                continue  # warms the page cache and does not count
            seconds[each.name].append(wall)
            own_seconds, own_peak = each.own(printed) if each.own else (None, None)
            if own_seconds is not None:
                own[each.name].append(own_seconds)
            peak[each.name].append(own_peak or memory)
            if target.exists():
                size[each.name].append(target.stat().st_size / 1e6)
    first = contestants[0]
    base = seconds[first.name] if first.whole else own[first.name]
    rows = []
    for each in contestants:
        wall = seconds[each.name] if each.whole else []
        rows.append({
            "name": each.name,
            "seconds": median(wall),
            "ratio": median([a / b for a, b in zip(wall, base)]) if first.whole else None,
            "own_seconds": median(own[each.name]),
            "own_ratio": median([a / b for a, b in zip(own[each.name], base)]),
            "fastest": min(wall or own[each.name]),
            "slowest": max(wall or own[each.name]),
            "peak_mb": max(peak[each.name]),
            "output_mb": median(size[each.name]),
        })
    return rows


def median(numbers):
    return statistics.median(numbers) if numbers else None


def task_told(printed):
    """What a peer's task prints."""
    return json.loads(printed)["seconds"], None


def bench_told(stage):
    """The seconds and the memory of a stage of `odmkit bench`."""
    def told(printed):
        found = next(each for each in json.loads(printed)["stages"] if each["name"] == stage)
        return found["median_seconds"], (found["peak_bytes"] or 0) / 1e6 or None
    return told


def show(results):
    """The tables of the results, one for each kind of work."""
    titles = list(dict.fromkeys(result["title"] for result in results))
    for title in titles:
        print(f"\n### {title}\n")
        print("| | | seconds | ratio | own seconds | own ratio | peak MB | output MB |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for result in (each for each in results if each["title"] == title):
            for row in result["rows"]:
                figures = [
                    digits(row["seconds"], 3), digits(row["ratio"], 2), digits(row["own_seconds"], 3),
                    digits(row["own_ratio"], 2), digits(row["peak_mb"], 0), digits(row["output_mb"], 1)]
                print(f"| {result['file']} | {row['name']} | {' | '.join(figures)} |")
    for result in results:
        values = result["same_values"]
        if values:
            other = [name for name, same in values.items() if not same]
            print(f"\n{result['case']}: " + (f"OTHER: {', '.join(other)}" if other else "all the same"))


def digits(number, places):
    return "" if number is None else f"{number:.{places}f}"
