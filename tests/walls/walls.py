"""Holds the rooms to docs/architecture.md: who includes whom, and which library is met where.

    python3 tests/walls/walls.py FOLDER     reads the project in FOLDER; exit code 1 when a wall is broken

Each finding is one line: file:line: what is wrong and what to do.
"""

import re
import sys
from pathlib import Path

# A room, and the rooms whose headers it may include besides its own. limp is the public vocabulary, include/limp.
KNOWS = {
    "limp": set(),
    "core": {"limp"},
    "base": {"limp"},
    "types": {"limp", "base"},
    "query": {"limp", "base", "types"},
    "wire": {"limp", "base"},
    "calls": {"limp", "base", "wire"},
    "net": {"limp", "base", "wire"},
    "gateway": {"limp", "base"},
    "picture": {"limp", "base"},
    "engine": {"limp", "base", "types", "query"},
    "store": {"limp", "base", "query"},
    "package": {"limp", "base", "types"},
    "page": set(),
    "app": {"limp", "base", "types", "query", "wire", "calls", "net", "gateway", "picture", "engine", "store", "package", "core", "page"},
    "cli": {"limp", "base", "app", "page"},
}

# A header of a library, and the rooms that may include it: one, mostly.
LIBRARIES = [
    (re.compile(r"boost/asio/(ip|local|ssl|read|write|connect|basic_.*(socket|acceptor)|generic)\b.*"), {"net"}),
    (re.compile(r"boost/beast\b.*"), {"net"}),
    (re.compile(r"nghttp2/.*"), {"net"}),
    (re.compile(r"sys/epoll\.h"), {"net"}),
    (re.compile(r"sqlite3\.h"), {"store"}),
    (re.compile(r"curl/.*"), {"gateway"}),
    (re.compile(r"vips/.*"), {"picture"}),
    (re.compile(r"re2/.*"), {"types", "query"}),
    (re.compile(r"json/.*"), {"package"}),
    (re.compile(r"CLI/.*"), {"cli"}),
    (re.compile(r"simdjson\.h"), {"base"}),
    (re.compile(r"sodium\.h"), {"base"}),
    (re.compile(r"utf8proc\.h"), {"base", "query"}),
    (re.compile(r"zlib\.h"), {"wire"}),
]

# These know the standard library alone: packages are built against the first and look like the second.
STANDARD_ONLY = {"limp", "core", "page"}

INCLUDE = re.compile(r'\s*#\s*include\s*(<|")([^>"]+)[>"]')
STANDARD_HEADER = re.compile(r"[a-z_0-9]+")


def room_folders(root):
    """The rooms that are there: name and folder."""
    yield "limp", root / "include" / "limp"
    yield "core", root / "modules" / "core"
    for folder in sorted((root / "src").iterdir()):
        if folder.is_dir():
            yield folder.name, folder


def includes(folder):
    """Each #include in the folder: file, line, whether it stands in quotes, what it names."""
    for file in sorted(folder.rglob("*")):
        if file.suffix not in {".hpp", ".cpp"}:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if match := INCLUDE.match(line):
                yield file, number, match[1] == '"', match[2]


def complaint_about(room, quoted, name, is_test):
    """What is wrong with that #include in that room, or None."""
    if quoted:
        target = name.split("/")[0]
        if "/" not in name or target not in KNOWS:
            return f'"{name}" belongs to no room: include from the root, as in "base/json.hpp", and libraries in <>'
        if target != room and target not in KNOWS[room]:
            allowed = ", ".join(sorted(KNOWS[room])) or "nothing"
            return (
                f"{room} must not include {target} (it may include {allowed}): let src/app introduce the two, "
                "or move what both need to a room that both know"
            )
        return None
    for pattern, owners in LIBRARIES:
        if pattern.fullmatch(name) and room not in owners and not is_test:
            owner = " and src/".join(sorted(owners))
            return f"<{name}> may be included in src/{owner} alone: call what that room offers, or let it offer more"
    if room in STANDARD_ONLY and not STANDARD_HEADER.fullmatch(name):
        return f"<{name}> is not of the standard library, and packages see nothing else"
    return None


def own_header_behind(file):
    """The #include that a source has before its own header, as (line, name), or None: so each header is compiled alone."""
    if file.suffix != ".cpp" or not file.with_suffix(".hpp").is_file():
        return None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            is_own = match[1] == '"' and match[2].endswith(f"/{file.stem}.hpp")
            return None if is_own else (number, match[2])
    return (1, "nothing")


def check(root):
    """All findings, in order."""
    findings = []
    included_by = {}
    for room, folder in room_folders(root):
        shown = folder.relative_to(root)
        if room not in KNOWS:
            findings.append(f"{shown}:1: no such room: add it to docs/architecture.md and to tests/walls/walls.py")
            continue
        if folder.is_dir() and room != "limp" and not (folder / "README.md").is_file():
            findings.append(f"{shown}:1: no README.md: say in ten lines what it is for and what may enter")
        for file in sorted(folder.rglob("*.cpp")):
            if behind := own_header_behind(file):
                number, name = behind
                place = f"{file.relative_to(root)}:{number}"
                findings.append(f"{place}: {name} comes first: begin with {file.stem}.hpp, which shows that it compiles alone")
        for file, number, quoted, name in includes(folder):
            is_test = file.name.endswith("_test.cpp")
            if wrong := complaint_about(room, quoted, name, is_test):
                findings.append(f"{file.relative_to(root)}:{number}: {wrong}")
            if quoted:
                included_by.setdefault((room, name.split("/")[0]), f"{file.relative_to(root)}:{number}")
    for (room, target), place in sorted(included_by.items()):
        if room < target and (target, room) in included_by:
            back = included_by[target, room]
            findings.append(f"{place}: {room} and {target} include each other (see {back}): one of them must not")
    return findings


def main():
    root = Path(sys.argv[1]).resolve()
    findings = check(root)
    print("\n".join(findings) if findings else f"{len(KNOWS)} rooms, no wall broken")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
