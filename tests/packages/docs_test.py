"""What docs/packages.md shows is code that is built and run: each block of it stands in an example."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "packages.md"


def without_spaces(text):
    return re.sub(r"\s+", "", text)


sources = [without_spaces(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "examples").rglob("*.cpp"))]
blocks = re.findall(r"```cpp\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
strange = [block for block in blocks if not any(without_spaces(block) in source for source in sources)]
for block in strange:
    print(f"{PAGE.relative_to(ROOT)}: no example has this:\n{block}")
print(f"{len(blocks)} blocks, {len(strange)} of them in no example")
sys.exit(1 if strange or not blocks else 0)
