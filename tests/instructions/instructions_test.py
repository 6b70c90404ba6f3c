"""Shows that bench/instructions.py can fail."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from instructions import compared  # noqa: E402


class Compared(unittest.TestCase):
    def test_a_tenth_more_is_let_pass(self):
        _, has_grown = compared({"read": 1_100, "create": 2_000}, {"read": 1_000, "create": 2_000})
        self.assertFalse(has_grown)

    def test_more_than_that_is_not(self):
        lines, has_grown = compared({"read": 1_101, "create": 1_000}, {"read": 1_000, "create": 2_000})
        self.assertTrue(has_grown)
        self.assertIn("+10.1%", lines[0])
        self.assertIn("-50.0%", lines[1])

    def test_nor_is_what_nobody_has_recorded(self):
        lines, has_grown = compared({"read": 1_000}, {})
        self.assertTrue(has_grown)
        self.assertIn("not on record", lines[0])


if __name__ == "__main__":
    unittest.main()
