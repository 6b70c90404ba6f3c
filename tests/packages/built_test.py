"""Packages with C++ outside a development env: limpd serves what `limpd build` has made, and never what is older than its
sources."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sockets"))
from limpd import PATIENCE, PROGRAM, TEXT, Limpd, Peer, frame, tokenised  # noqa: E402

MANIFEST = {
    "envs": {"prod": {"data_driver": "memory", "admin_password": "not-the-default", "anon_token": "a-visitor"}},
    "modules": {
        "order": {
            "collection": "orders",
            "attrs": {"item": "str", "code": "str"},
            "optional_attrs": ["code"],
            "methods": {"create": {"permissions": [["*"]]}},
        }
    },
}

SOURCE = """
#include "codes.hpp"

LIMP_PACKAGE(shop) {
    shop.module("order").before(limp::Operation::create, [](limp::Event& event) { event.doc["code"] = code; });
}
"""

HEADER = """
#pragma once

#include <limp/limp.hpp>

inline constexpr const char* code = "CODE";
"""


class Built(unittest.TestCase):
    def setUp(self):
        self.modules = Path(tempfile.mkdtemp(prefix="limpd-built-"))
        self.addCleanup(shutil.rmtree, self.modules)
        self.folder = self.modules / "shop"
        self.folder.mkdir()
        self.library = self.folder / ".build" / "shop.so"
        self.write("limp.json", json.dumps(MANIFEST))
        self.write("shop.cpp", SOURCE)
        self.write("codes.hpp", HEADER.replace("CODE", "first"))

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def make_newer(self, name):
        """Than what was built; by a second, as file systems may count in these."""
        built = self.library.stat().st_mtime
        os.utime(self.folder / name, (built + 1, built + 1))

    def make_older(self, *names):
        for name in names:
            os.utime(self.folder / name, (0, 0))

    def run_to_end(self, *words):
        return subprocess.run(
            [PROGRAM, *words, "--modules", str(self.modules)], cwd=self.modules, capture_output=True, text=True,
            timeout=10 * PATIENCE,
        )

    def build(self):
        done = self.run_to_end("build", "shop")
        self.assertEqual((done.returncode, done.stdout), (0, f"built {self.library}\n"), done.stderr)

    def assert_refused(self):
        done = self.run_to_end("--env", "prod", "-p", "0", "--address", "127.0.0.1")
        self.assertEqual(done.returncode, 2, done.stderr)
        why = f"limpd: package shop: {self.library} is not there, or older than its sources; run: limpd build shop"
        self.assertEqual(done.stderr.splitlines()[-1], why)

    def code(self):
        """What the code that is served gives an order."""
        limpd = Limpd("--env", "prod", modules=self.modules)
        self.addCleanup(limpd.stop)
        with Peer(limpd.port) as peer:
            peer.read_message()
            call = {"endpoint": "order/create", "query": {"$soft": True}, "doc": {"item": "tea"}}
            peer.send(frame(TEXT, tokenised(call, b"a-visitor")))
            answer = json.loads(peer.read_message()[1])
        self.assertEqual(answer["status"], 200, answer)
        self.assertEqual(limpd.stop(), 0)
        return answer["args"]["docs"][0]["code"]

    def test_a_library_that_was_never_built_or_is_outdated_is_refused(self):
        self.assert_refused()
        self.assertFalse(self.library.parent.exists(), "a start outside a development env builds nothing")

        self.build()
        self.assertEqual(self.code(), "first")

        self.write("codes.hpp", HEADER.replace("CODE", "second"))
        for name in ("codes.hpp", "shop.cpp"):
            self.make_older("codes.hpp", "shop.cpp")
            self.make_newer(name)
            self.assert_refused()

        self.make_older("shop.cpp")
        self.make_newer("codes.hpp")
        self.build()
        self.make_older("codes.hpp")
        self.assertEqual(self.code(), "second")

        self.make_newer("limp.json")
        self.assertEqual(self.code(), "second", "a manifest is no source")

        self.library.unlink()
        self.assert_refused()


if __name__ == "__main__":
    unittest.main(verbosity=2)
