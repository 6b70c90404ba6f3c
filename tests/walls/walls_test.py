"""Breaks each wall in a small house made for it, and sees that walls.py says so."""

import tempfile
import unittest
from pathlib import Path

import walls


class Walls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for room in walls.KNOWS:
            place = {"limp": "include/limp", "core": "modules/core"}.get(room, f"src/{room}")
            self.write(f"{place}/README.md", "a room\n")

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def assert_found(self, *parts):
        findings = walls.check(self.root)
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])

    def test_a_house_in_order(self):
        self.write("src/store/sqlite_store.cpp", '#include <sqlite3.h>\n#include "base/json.hpp"\n#include "limp/store.hpp"\n')
        self.write("src/net/listener.cpp", "#include <boost/asio/ip/tcp.hpp>\n")
        self.write("src/base/loop.cpp", "#include <boost/asio/io_context.hpp>\n#include <vector>\n")
        self.write("src/store/sqlite_test.cpp", "#include <gtest/gtest.h>\n")
        self.write("modules/core/user.cpp", '#include "core/user.hpp"\n#include "limp/limp.hpp"\n#include <string>\n')
        self.assertEqual(walls.check(self.root), [])

    def test_a_room_that_reaches_up(self):
        self.write("src/store/memory_store.cpp", '\n#include "engine/engine.hpp"\n')
        self.assert_found("src/store/memory_store.cpp:2:", "store must not include engine", "src/app")

    def test_a_source_that_does_not_begin_with_its_header(self):
        self.write("src/store/cache.hpp", "std::size_t size();\n")
        self.write("src/store/cache.cpp", '#include "store/cache.hpp"\n\n#include <cstddef>\n')
        self.assertEqual(walls.check(self.root), [])
        self.write("src/store/cache.cpp", '#include <cstddef>\n#include "store/cache.hpp"\n')
        self.assert_found("src/store/cache.cpp:1:", "cstddef comes first", "cache.hpp")

    def test_two_rooms_that_include_each_other(self):
        self.write("src/query/parser.cpp", '#include "types/types.hpp"\n')
        self.write("src/types/types.cpp", '#include "query/parser.hpp"\n')
        findings = walls.check(self.root)
        self.assertTrue(any("include each other" in finding for finding in findings), findings)

    def test_the_vocabulary_and_core_know_the_standard_library_alone(self):
        self.write("include/limp/store.hpp", "#include <boost/asio/awaitable.hpp>\n")
        self.assert_found("include/limp/store.hpp:1:", "not of the standard library")
        self.write("include/limp/store.hpp", "#include <vector>\n")
        self.write("modules/core/user.cpp", '#include "base/json.hpp"\n')
        self.assert_found("modules/core/user.cpp:1:", "core must not include base")

    def test_libraries_stay_in_their_rooms(self):
        for header, owner in [
            ("sqlite3.h", "store"),
            ("curl/curl.h", "gateway"),
            ("boost/asio/ip/tcp.hpp", "net"),
            ("boost/beast/http.hpp", "net"),
            ("nghttp2/nghttp2.h", "net"),
            ("sys/epoll.h", "net"),
            ("re2/re2.h", "types"),
            ("json/json.h", "package"),
            ("CLI/CLI.hpp", "cli"),
        ]:
            with self.subTest(header):
                self.write("src/engine/engine.cpp", f"  #  include <{header}>\n")
                self.assert_found("src/engine/engine.cpp:1:", f"src/{owner} alone")

    def test_an_include_that_is_not_from_the_root(self):
        self.write("src/wire/jws.cpp", '#include "jws.hpp"\n')
        self.assert_found("src/wire/jws.cpp:1:", "belongs to no room")

    def test_a_room_without_a_readme_and_one_that_nobody_planned(self):
        (self.root / "src/wire/README.md").unlink()
        self.assert_found("src/wire:1:", "README.md")
        self.write("src/wire/README.md", "a room\n")
        self.write("src/attic/README.md", "what is this?\n")
        self.assert_found("src/attic:1:", "no such room")


if __name__ == "__main__":
    unittest.main()
