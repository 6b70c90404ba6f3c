"""Holds docs/protocol.md to the sources: every stable code stands in its table with its status, and no other does.

    python3 tests/walls/codes.py FOLDER     reads the project in FOLDER; exit code 1 when the two disagree

A code is found in the sources as a literal behind its status, as in Refusal(403, "CORE_SESSION_FORBIDDEN", …) or
{400, module.code + "_MISSING_ATTR", …}. Each finding is one line: file:line: what is wrong and what to do.
"""

import re
import sys
from pathlib import Path

TABLE = "docs/protocol.md"
OF_A_MODULE = "<PACKAGE>_<MODULE>"  # in place of what module.code is at run time

COMMENT = re.compile(r"(?m)//.*$")
# A whole code, or the end that is added to a module's code; before it stand its status and a comma.
WHOLE = r'"(?P<whole>CORE_[A-Z]+_[A-Z_]+)"'
ADDED = r'(?:\w+[.])*code \+ "(?P<added>_[A-Z_]+)"'
CODE = re.compile(rf"(?:(?P<status>\w+),\s*)?(?:{WHOLE}|{ADDED})")

ROW = re.compile(r"\| (?P<statuses>\d{3}(?:, \d{3})*) \| (?P<codes>`[A-Z<][^|]*`) \|")
IN_TICKS = re.compile(r"`([^`]+)`")
MENTION = re.compile(r"(?:\b(?P<status>\d{3}) )?`(?P<code>CORE_[A-Z]+_[A-Z_]+)`")


def source_files(root):
    for folder in ("src", "modules/core"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            if not file.stem.endswith("_test") and not file.stem.startswith("test_"):
                yield file


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def codes_in_sources(root):
    """{code: {status: the first place of it}}; the status is None where the literal stands behind none that is a
    number: a function was told it, and the table may name any."""
    found = {}
    for file in source_files(root):
        text = COMMENT.sub("", file.read_text(encoding="utf-8"))
        for match in CODE.finditer(text):
            code = match["whole"]
            if not code:
                code = OF_A_MODULE + match["added"] + ("<MODULE>" if match["added"].endswith("_") else "")
            status = int(match["status"]) if match["status"] and match["status"].isdigit() else None
            place = f"{file.relative_to(root)}:{line_of(text, match.start())}"
            found.setdefault(code, {}).setdefault(status, place)
    return found


def codes_in_table(root):
    """{code: (its statuses, line)}; a code that stands twice is a finding."""
    rows, findings = {}, []
    for number, line in enumerate((root / TABLE).read_text(encoding="utf-8").splitlines(), 1):
        if not (row := ROW.match(line)):
            continue
        for code in IN_TICKS.findall(row["codes"]):
            if code in rows:
                findings.append(f"{TABLE}:{number}: {code} stands in line {rows[code][1]} already")
            rows[code] = ({int(status) for status in row["statuses"].split(", ")}, number)
    return rows, findings


def row_of(code, rows):
    """The code's own row, or that of the form which it has: CORE_USER_INVALID_ATTR is <PACKAGE>_<MODULE>_INVALID_ATTR."""
    if code in rows:
        return rows[code]
    for form, row in rows.items():
        pattern = re.escape(form).replace("<PACKAGE>", "[A-Z]+").replace("<MODULE>", "[A-Z_]+")
        if "<" in form and re.fullmatch(pattern, code):
            return row
    return None


def wrong_in_table(sources, rows):
    for code, statuses in sorted(sources.items()):
        row = row_of(code, rows)
        for status, place in statuses.items():
            if not row:
                yield f"{place}: {code} ({status or 'no status before it'}) is not in the table of {TABLE}: add a row"
            elif status and status not in row[0]:
                yield f"{place}: {code} has status {status} here, and another in {TABLE}:{row[1]}"
    for code, (statuses, line) in rows.items():
        if code not in sources:
            yield f"{TABLE}:{line}: nothing in src or modules/core has the code {code}"
        elif None not in sources[code]:
            for status in sorted(statuses - sources[code].keys()):
                yield f"{TABLE}:{line}: {code} never has the status {status}"


def wrong_elsewhere(root, rows):
    """Codes that the pages mention and that are none, or have another status."""
    for file in sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")]):
        text = file.read_text(encoding="utf-8")
        for match in MENTION.finditer(text):
            row = row_of(match["code"], rows)
            place = f"{file.relative_to(root)}:{line_of(text, match.start())}"
            if not row:
                yield f"{place}: {match['code']} is not in the table of {TABLE}"
            elif match["status"] and int(match["status"]) not in row[0]:
                yield f"{place}: {match['code']} does not have the status {match['status']}; see {TABLE}:{row[1]}"


def check(root):
    """All findings."""
    rows, findings = codes_in_table(root)
    return [*findings, *wrong_in_table(codes_in_sources(root), rows), *wrong_elsewhere(root, rows)]


def main():
    root = Path(sys.argv[1]).resolve()
    findings = check(root)
    print("\n".join(findings) if findings else f"{len(codes_in_table(root)[0])} codes, in the sources and in {TABLE}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
