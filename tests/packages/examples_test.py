"""The examples in C++, as their README says to run them; the one outside the tree is built against an installed limp."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sockets"))
from limpd import PROGRAM, ROOT, TEXT, Limpd, Peer, frame, tokenised  # noqa: E402

BUILD = os.environ["LIMP_BUILD"]  # the build's folder


class Examples(unittest.TestCase):
    def copy(self, example):
        """A folder of packages of the test's own, so that nothing is built in the tree."""
        folder = Path(tempfile.mkdtemp(prefix="limpd-examples-"))
        self.addCleanup(shutil.rmtree, folder)
        shutil.copytree(ROOT / "examples" / example, folder / "modules", ignore=shutil.ignore_patterns(".build"))
        return folder / "modules"

    def start(self, modules, program=PROGRAM):
        limpd = Limpd(program=program, modules=modules)
        self.addCleanup(limpd.stop)
        self.token = b"__ANON"
        self.peer = Peer(limpd.port)
        self.addCleanup(self.peer.socket.close)
        self.peer.read_message()

    def call(self, endpoint, query, doc):
        call = {"endpoint": endpoint, "query": query, "doc": doc}
        self.peer.send(frame(TEXT, tokenised(call, self.token)))
        answer = json.loads(self.peer.read_message()[1])
        return answer

    def docs(self, endpoint, query, doc):
        answer = self.call(endpoint, query, doc)
        self.assertEqual(answer["status"], 200, answer)
        return answer["args"].get("docs")

    def sign_in(self):
        claims = {"email": "ADMIN@LIMP.MASAAR.COM", "password": "__ADMIN"}
        signed = json.loads(tokenised(claims, b"__ADMIN"))["token"]
        session = self.docs("session/auth", {}, {"email": claims["email"], "hash": signed})[0]
        self.token = session["token"].encode()

    def test_the_blog_computes_publishes_and_refuses(self):
        self.start(self.copy("cpp"))
        self.sign_in()

        def texts(text):
            return {"ar_AE": text, "en_AE": text}

        cat = self.docs("blog_cat/create", {}, {"title": texts("News"), "desc": texts("")})[0]["_id"]
        post = {
            "title": texts("A Day  in Dubai"),
            "content": texts("word " * 450),
            "cat": cat,
            "status": "draft",
            "access": {"anon": True, "users": [], "groups": []},
        }
        created = self.docs("blog/create", {"$soft": True}, post)[0]
        self.assertEqual((created["permalink"], created["minutes"]), ("a-day-in-dubai", 3))

        one = {"_id": {"val": created["_id"]}}
        self.docs("blog/update", one, {"title": texts("Two Days")})
        self.docs("blog/publish", one, {})
        stored = self.docs("blog/read", one, {})[0]
        self.assertEqual((stored["permalink"], stored["status"]), ("two-days", "published"))

        refused = self.call("blog/publish", {"_id": {"val": "0" * 24}}, {})
        self.assertEqual((refused["status"], refused["args"]["code"]), (400, "BLOG_BLOG_NO_POST"))

    def test_the_package_outside_is_built_against_an_installed_limp(self):
        prefix = Path(tempfile.mkdtemp(prefix="limp-installed-"))
        self.addCleanup(shutil.rmtree, prefix)
        self.run_quietly("cmake", "--install", BUILD, "--prefix", str(prefix))
        modules = self.copy("outside")

        made = modules / "greetings" / "build"
        self.run_quietly(
            "cmake", "-G", "Ninja", "-S", str(modules / "greetings"), "-B", str(made), f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DCMAKE_CXX_COMPILER={os.environ['CXX']}",
        )
        self.run_quietly("cmake", "--build", str(made))
        self.assertTrue((made / "greetings.so").exists())
        shutil.rmtree(made)

        installed = str(prefix / "bin" / "limpd")
        self.run_quietly(installed, "build", "--modules", str(modules))
        self.start(modules, installed)
        greeting = self.docs("greeting/create", {"$soft": True}, {"name": "Dubai"})[0]
        self.assertEqual(greeting["text"], "Hello, Dubai!")

    def run_quietly(self, *words):
        done = subprocess.run(words, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
