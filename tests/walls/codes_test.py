"""Lets a small project's sources and its table disagree in each way, and sees that codes.py says so."""

import tempfile
import unittest
from pathlib import Path

import codes

TABLE = """
| status | code | when |
|---|---|---|
| 403 | `CORE_REQ_A`, `CORE_REQ_B` | never |
| 400, 426 | `CORE_REQ_C` | (HTTP) |
| 400 | `<PACKAGE>_<MODULE>_INVALID_ATTR` | always |
| 409 | `<PACKAGE>_<MODULE>_DUPLICATE_<MODULE>` | taken: `CORE_USER_DUPLICATE_USER` |
"""

SOURCE = """
throw Refusal(403, "CORE_REQ_A", "…");
return {
    403, "CORE_REQ_B", "…"
};
send(400, "CORE_REQ_C"); send(426, "CORE_REQ_C");
throw Refusal(400, module_.code + "_INVALID_ATTR", "…");  // "CORE_REQ_COMMENT"
throw Refusal(409, module.code + "_DUPLICATE_" + name, "…");
"""


class Codes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("docs/protocol.md", TABLE)
        self.write("src/engine/runner.cpp", SOURCE)

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def assert_found(self, *parts):
        findings = codes.check(self.root)
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])

    def test_agreement(self):
        self.write("src/engine/runner_test.cpp", 'Refusal(400, "CORE_REQ_ONLY_TESTED", "…")')
        self.assertEqual(codes.check(self.root), [])

    def test_a_code_without_a_row(self):
        self.write("modules/core/user.cpp", '\n{404, "CORE_USER_NEW", "…"}')
        self.assert_found("modules/core/user.cpp:2:", "CORE_USER_NEW (404) is not in the table")

    def test_an_ending_without_a_row(self):
        self.write("src/engine/late.cpp", 'Refusal(400, module.code + "_LATE", "…")')
        self.assert_found("src/engine/late.cpp:1:", "<PACKAGE>_<MODULE>_LATE")

    def test_a_row_without_a_code(self):
        self.write("docs/protocol.md", TABLE + "| 500 | `CORE_REQ_GONE` | never |\n")
        self.assert_found("docs/protocol.md:8:", "CORE_REQ_GONE")

    def test_another_status(self):
        self.write("src/wire/reader.cpp", 'Refusal(400, "CORE_REQ_A", "…")')
        self.assert_found("src/wire/reader.cpp:1:", "CORE_REQ_A has status 400")

    def test_a_status_that_never_comes(self):
        self.write("docs/protocol.md", TABLE.replace("400, 426", "400, 405, 426"))
        self.assert_found("docs/protocol.md:5:", "CORE_REQ_C never has the status 405")

    def test_a_code_whose_status_a_function_is_told(self):
        self.write("src/net/refuse.cpp", 'refuse(status, "CORE_REQ_HTTP", why)')
        self.assert_found("src/net/refuse.cpp:1:", "CORE_REQ_HTTP (no status")
        self.write("docs/protocol.md", TABLE + "| 400, 413 | `CORE_REQ_HTTP` | (HTTP) |\n")
        self.assertEqual(codes.check(self.root), [])

    def test_an_instance_of_a_form(self):
        self.write("modules/core/user.cpp", '{400, "CORE_USER_INVALID_ATTR", "…"}')
        self.assertEqual(codes.check(self.root), [])
        self.write("modules/core/user.cpp", '{403, "CORE_USER_INVALID_ATTR", "…"}')
        self.assert_found("modules/core/user.cpp:1:", "has status 403")

    def test_a_row_that_stands_twice(self):
        self.write("docs/protocol.md", TABLE + "| 403 | `CORE_REQ_A` | again |\n")
        self.assert_found("docs/protocol.md:8:", "line 4 already")

    def test_another_page_that_mentions_a_code(self):
        self.write("docs/guide.md", "a 403 `CORE_REQ_A`,\nor `CORE_USER_DUPLICATE_USER`\n")
        self.assertEqual(codes.check(self.root), [])
        self.write("docs/guide.md", "\na 400 `CORE_REQ_A`\n")
        self.assert_found("docs/guide.md:2:", "does not have the status 400")
        self.write("docs/guide.md", "`CORE_REQ_GONE`\n")
        self.assert_found("docs/guide.md:1:", "CORE_REQ_GONE is not in the table")


if __name__ == "__main__":
    unittest.main()
