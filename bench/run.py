"""Measures limpd against the physical limit and prints a table; script/bench builds what it needs and calls this.

The runs go round: each row once, then all of them again, so that a slow minute of the machine meets them all."""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import machine
from rows import Bench, NotMeasured, measurements

STOLEN_MAX = 0.05
REPEATS_MAX = 3


def options():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", nargs="*", help="names of rows, or their beginnings; all when none is given")
    parser.add_argument("--quick", action="store_true", help="one short run of each, on fewer documents: does it work?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.runs = 1
    return chosen


def undisturbed(run):
    """One run's figures: the first of which others took little, or else the one of which they took least."""
    attempts = []
    for _ in range(1 + REPEATS_MAX):
        before = machine.stolen()
        figures = run()
        figures["stolen"] = max(before, figures["stolen"], machine.stolen())
        attempts.append(figures)
        if figures["stolen"] <= STOLEN_MAX:
            break
    return min(attempts, key=lambda figures: figures["stolen"])


def measure(rows, runs):
    """{name: the runs' figures, or why there are none}. Whoever loses patience (Ctrl-C) gets what is there by then."""
    measured = {row.name: [] for row in rows}
    try:
        go_round(rows, runs, measured)
    except KeyboardInterrupt:
        measured = {name: figures or "interrupted" for name, figures in measured.items()}
    show_progress("")
    return measured


def go_round(rows, runs, measured):
    for number in range(runs):
        for row in rows:
            if isinstance(measured[row.name], str):
                continue
            show_progress(f"run {number + 1} of {runs}: {row.title}")
            try:
                measured[row.name].append(undisturbed(row.run))
            except NotMeasured as reason:
                measured[row.name] = str(reason)


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def trusted(runs):
    """Those in which others took little, when there are any."""
    return [run for run in runs if run["stolen"] <= STOLEN_MAX] or runs


def lines(row, runs):
    """Of the table, one for each goal."""
    if isinstance(runs, str):
        yield f"| `{row.name}` | {row.title} | | not measured | | |"
        return
    runs = trusted(runs)
    us = f"{statistics.median(run['us'] for run in runs):.2f}" if "us" in runs[0] else ""
    begin = f"| `{row.name}` | {row.title} | {us} |"
    for goal in row.goals:
        value = goal.of(runs)
        reached = "yes" if goal.is_reached(value) else "no"
        yield f"{begin} {goal.wording.format(value)} | {goal.bound()} | {reached} |"
        begin = "| | | |"


def remarks(row, runs):
    """What must be known to read its line."""
    if isinstance(runs, str):
        yield f"- `{row.name}`: not measured: {runs}"
        return
    if row.note:
        yield f"- `{row.name}`: {row.note}"
    disturbed = sum(run["stolen"] > STOLEN_MAX for run in runs)
    if disturbed == len(runs):
        least = min(run["stolen"] for run in runs)
        yield f"- `{row.name}`: do not trust it: others took {least:.0%} of a CPU at least, in each run"
    elif disturbed:
        yield f"- `{row.name}`: {disturbed} of {len(runs)} runs do not count, as others took too much"


def main():
    chosen = options()
    if len(machine.CPUS) < 2:
        sys.exit("script/bench: needs two CPUs, one for the server and one for the load")
    machine.allow_open_files()
    with tempfile.TemporaryDirectory(prefix="bench-", dir=chosen.build) as folder:
        notes, seconds = (10_000, 0.4) if chosen.quick else (100_000, 1.0)
        with Bench(chosen.build.resolve(), Path(folder).resolve(), notes, seconds) as bench:
            rows = measurements(bench)
            if chosen.rows:
                rows = [row for row in rows if row.name.startswith(tuple(chosen.rows))]
            if not rows:
                sys.exit("script/bench: there is no such row; there are " + ", ".join(r.name for r in measurements(bench)))
            measured = measure(rows, chosen.runs)
    print(f"{machine.description()}; medians of at most {chosen.runs} runs\n")
    print("| row | what | µs CPU a message | measured | to reach | reached |\n|---|---|---|---|---|---|")
    for row in rows:
        print(*lines(row, measured[row.name]), sep="\n")
    print("", *(remark for row in rows for remark in remarks(row, measured[row.name])), sep="\n")
    return 1 if any(isinstance(runs, str) for runs in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
