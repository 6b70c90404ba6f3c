"""The sandbox page on its way into limpd.

    page.py build SANDBOX OUT     has npm build the page in the folder SANDBOX, and copies what it made to OUT
    page.py embed FOLDER SOURCE   writes the C++ file SOURCE, with all files of FOLDER in it, for src/page/page.hpp

Beside SOURCE a folder of the same name, without ".cpp", keeps the bytes that it takes in.
"""

import fcntl
import gzip
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
WORTH_IT = 0.9  # of the plain size: what compresses to more is kept plain alone


def build(sandbox, out):
    if not (sandbox / "node_modules").is_dir():
        sys.exit(f"{sandbox}: the packages of the page are not there: run script/bootstrap, or leave the page out "
                 "with cmake -DLIMP_PAGE=OFF")
    with open(sandbox / "package.json", encoding="utf-8") as lock:  # two build folders may build at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        if subprocess.run(["npm", "run", "--silent", "build"], cwd=sandbox, check=False).returncode != 0:
            sys.exit(f"{sandbox}: npm could not build the page")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(sandbox / "dist", out)


def literal(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def bytes_symbol(symbol, file):
    """The assembler takes the file in: an array of a megabyte would take the compiler seconds."""
    directives = [
        ".pushsection .rodata",
        f".global {symbol}_begin",
        f"{symbol}_begin:",
        f".incbin {literal(file)}",
        f".global {symbol}_end",
        f"{symbol}_end:",
        ".byte 0",
        ".popsection",
    ]
    lines = "\n".join("    " + literal(line + "\n").replace("\n", "\\n") for line in directives)
    return f'asm(\n{lines}\n);\nextern "C" const char {symbol}_begin;\nextern "C" const char {symbol}_end;\n'


def embed(folder, source):
    kept = source.with_suffix("")
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    symbols, entries = [], []
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    if not (folder / "index.html").is_file():
        sys.exit(f"{folder}: a page has an index.html")
    for number, file in enumerate(files):
        path = file.relative_to(folder).as_posix()
        if file.suffix not in TYPES:
            sys.exit(f"{file}: cmake/page.py does not know the media type of {file.suffix or 'a file without ending'}")
        plain = file.read_bytes()
        packed = gzip.compress(plain, compresslevel=9, mtime=0)
        forms = {"plain": plain} | ({"gzip": packed} if len(packed) < WORTH_IT * len(plain) else {})
        views = []
        for form, content in forms.items():
            symbol = f"limp_page_{number}_{form}"
            (kept / symbol).write_bytes(content)
            symbols.append(bytes_symbol(symbol, (kept / symbol).resolve()))
            views.append(f"{{&{symbol}_begin, &{symbol}_end}}")
        etag = hashlib.sha256(plain).hexdigest()[:32]
        entry = ", ".join([literal(path), literal(TYPES[file.suffix]), literal(etag), *views, *["{}"] * (2 - len(views))])
        entries.append("        {" + entry + "},\n")
    source.write_text(
        "// Written by cmake/page.py.\n#include <array>\n\n#include \"page/page.hpp\"\n\n"
        + "\n".join(symbols)
        + "\nnamespace limp::page {\n\nstd::span<const File> files() {\n"
        + f"    static const std::array<File, {len(entries)}> all{{{{\n{''.join(entries)}    }}}};\n    return all;\n"
        + "}\n\n}  // namespace limp::page\n",
        encoding="utf-8",
    )


def main():
    action, place, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    {"build": build, "embed": embed}[action](place, target)


if __name__ == "__main__":
    main()
