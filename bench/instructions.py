"""Counts the instructions that the hot paths of limpd take, and compares them with those on record.

    python3 bench/instructions.py --build build/dev             fails when one takes a tenth more than it did
    python3 bench/instructions.py --build build/dev --record    puts what was counted on record

Unlike time, instructions hardly depend on the machine: two counts differ by 2 or 3 in 1,000. Counted by callgrind,
call after call on one connection; each kind of build has a record of its own."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import servers
from client import Data, SignedIn, document

RECORD = Path(__file__).with_suffix(".json")
GROWTH_MAX = 0.10
CALLS = 100
NOTES = 1_000
STRIP = "llvm-strip-19"


class Counted(servers.Limpd):
    """A limpd whose instructions callgrind counts, when told to."""

    def __init__(self, build, folder):
        self.out = folder / "callgrind"
        super().__init__(build, folder, cpu=None)

    def command(self, command):
        counting = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self.out}"]
        return [*counting, *command]

    def instructions(self, work):
        """How many `work` makes it run, on all threads."""
        self._control("--instr=on")
        self._control("--zero")
        work()
        self._control("--dump")
        self._control("--instr=off")
        (dump,) = self.out.parent.glob(f"{self.out.name}.*")
        count = int(re.search(r"^totals: (\d+)", dump.read_text(), re.MULTILINE)[1])
        dump.unlink()
        return count

    def _control(self, what):
        done = subprocess.run(["callgrind_control", what, str(self.pid)], capture_output=True, text=True, check=False)
        if done.returncode != 0 or "OK." not in done.stdout:
            raise RuntimeError(f"callgrind_control {what}: {done.stdout}{done.stderr}")


def hot_paths(admin, data):
    """{name: what makes one call of the kind, given a number}."""
    notes, cards, shelves = ids_in(data.notes), ids_in(data.cards), ids_in(data.shelves)
    created = []

    def by_id(module, ids):
        return lambda n: admin.read(module, {"_id": {"val": ids[n]}, "$limit": 1})

    return {
        "read from the file": by_id("note", notes),
        "read from memory": by_id("note", notes),  # where the reads before this have left them
        "read with a mask and an extn": by_id("card", cards),
        "list 20": lambda n: admin.read("note", [{"$limit": 20}]),
        "find by an indexed attr": lambda n: admin.read("note", {"shelf": {"val": shelves[n]}, "$limit": 20}),
        "create": lambda n: created.extend(admin.create("note", [document(n, cards[0])])),
        "update": lambda n: admin.call("note/update", query={"_id": {"val": created[n]}}, doc={"price": n + 1_000}),
    }


def ids_in(file):
    return file.read_text(encoding="ascii").split()


def count(build):
    """{hot path: instructions a call}."""
    with tempfile.TemporaryDirectory(prefix="instructions-", dir=build) as folder:
        folder = Path(folder)
        # Valgrind knows no debug information of such a compiler.
        subprocess.run([STRIP, "--strip-debug", "-o", folder / "limpd", build / "limpd"], check=True)
        data = Data(folder, folder, NOTES, few=CALLS)
        with Counted(folder, data.copy("counted")) as server:
            return {name: a_call(server, call) for name, call in hot_paths(SignedIn(server.port), data).items()}


def a_call(server, call):
    counted = server.instructions(lambda: [call(n) for n in range(CALLS)])
    return round(counted / CALLS)


def kind_of(build):
    return re.search(r"^CMAKE_BUILD_TYPE:\w+=(\w+)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)[1]


def compared(counted, recorded):
    """A line for each hot path, and whether one has grown too much."""
    lines, has_grown = [], False
    for name, instructions in counted.items():
        before = recorded.get(name)
        has_grown |= not before or instructions > before * (1 + GROWTH_MAX)
        change = f"{instructions / before - 1:+.1%}" if before else "not on record"
        lines.append(f"{name:30} {instructions:>10,}  {change}")
    return lines, has_grown


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help="the folder in which limpd was built")
    parser.add_argument("--record", action="store_true", help="put what was counted on record")
    chosen = parser.parse_args()
    build = chosen.build.resolve()

    record = json.loads(RECORD.read_text())
    kind = kind_of(build)
    counted = count(build)
    lines, has_grown = compared(counted, record.get(kind, {}))
    print(f"instructions a call, {kind}:", *lines, sep="\n")
    if chosen.record:
        RECORD.write_text(json.dumps(record | {kind: counted}, indent=4) + "\n")
    elif has_grown:
        again = f"python3 bench/instructions.py --build {os.path.relpath(build)} --record"
        sys.exit(f"More than {GROWTH_MAX:.0%} over the record. Mend it; or, if it is worth that, say why and: {again}")


if __name__ == "__main__":
    main()
