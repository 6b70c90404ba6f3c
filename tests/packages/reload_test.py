"""Packages that follow their files while limpd serves them: the same connection sees new code, and keeps the old one
when the new cannot be built."""

import json
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sockets"))
from limpd import PATIENCE, TEXT, Limpd, Peer, frame, tokenised  # noqa: E402

MANIFEST = {
    "modules": {
        "order": {
            "collection": "orders",
            "attrs": {"item": "str", "code": "str"},
            "optional_attrs": ["code"],
            "methods": {
                "read": {"permissions": [["*", {}, {}]]},
                "create": {"permissions": [["*", {}, {}]]},
            },
        }
    }
}

SOURCE = """
#include <limp/limp.hpp>

LIMP_PACKAGE(shop) {
    shop.module("order").before(limp::Operation::create, [](limp::Event& event) { event.doc["code"] = "CODE"; });
}
"""


class Reload(unittest.TestCase):
    def setUp(self):
        self.modules = Path(tempfile.mkdtemp(prefix="limpd-packages-"))
        self.addCleanup(shutil.rmtree, self.modules)
        self.folder = self.modules / "shop"
        self.folder.mkdir()
        self.write("limp.json", json.dumps(MANIFEST))
        self.write("shop.cpp", SOURCE.replace("CODE", "first"))

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def start(self):
        self.limpd = Limpd(modules=self.modules)
        self.addCleanup(self.limpd.stop)
        self.peer = Peer(self.limpd.port)
        self.addCleanup(self.peer.socket.close)
        self.peer.read_message()

    def call(self, endpoint, doc):
        call = {"endpoint": endpoint, "query": {"$soft": True}, "doc": doc}
        self.peer.send(frame(TEXT, tokenised(call, b"__ANON")))
        return json.loads(self.peer.read_message()[1])

    def code(self):
        answer = self.call("order/create", {"item": "tea"})
        self.assertEqual(answer["status"], 200, answer)
        return answer["args"]["docs"][0]["code"]

    def wait_until(self, holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, self.limpd.log)
            time.sleep(0.1)

    def test_code_and_manifest_are_followed_on_the_same_connection(self):
        self.start()
        self.assertEqual(self.code(), "first")

        self.write("shop.cpp", SOURCE.replace("CODE", "second"))
        self.wait_until(lambda: self.code() == "second")

        self.write("shop.cpp", SOURCE.replace('"CODE"', "no_such_name"))
        self.wait_until(lambda: "no_such_name" in self.limpd.log)
        self.assertIn("not reloaded", self.limpd.log)
        self.assertEqual(self.code(), "second")

        manifest = json.loads(json.dumps(MANIFEST))
        manifest["modules"]["order"]["attrs"]["gift"] = "bool"
        manifest["modules"]["order"]["optional_attrs"].append("gift")
        self.write("limp.json", json.dumps(manifest))
        self.write("shop.cpp", SOURCE.replace("CODE", "third"))
        self.wait_until(lambda: self.code() == "third")
        answer = self.call("order/create", {"item": "tea", "gift": True})
        self.assertEqual(answer["status"], 200, answer)

    def test_a_wrong_manifest_keeps_what_was_served(self):
        (self.folder / "shop.cpp").unlink()
        self.start()
        self.write("limp.json", json.dumps(MANIFEST).replace('"str"', '"strr"'))
        self.wait_until(lambda: '(did you mean "str"?)' in self.limpd.log)
        self.assertIn("not reloaded", self.limpd.log)
        self.assertEqual(self.call("order/create", {"item": "tea"})["status"], 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
