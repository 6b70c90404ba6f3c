"""Sees that the load notices a server that answers wrongly, and that it counts right; script/bench runs it first.

    python3 bench/tools_test.py FOLDER      where bench_echo and bench_load are"""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path

TOOLS = Path()
SIZE = 200
HEADER = 8  # of a masked frame with so long a message; without a mask it has 4 bytes less


class Echo:
    """A server for one connection. `change` makes what it sends out of what it should; None ends the connection."""

    def __init__(self, change):
        self.change = change
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        peer, _ = self.listening.accept()
        with self.listening, peer, peer.makefile("rb") as reader:
            self.open(peer, reader)
            number = 0
            while len(message := self.read(reader)) == HEADER + SIZE:
                mask = message[4:HEADER] * (SIZE // 4)
                text = bytes(byte ^ masked for byte, masked in zip(message[HEADER:], mask))
                number += 1
                answer = self.change(number, b"\x81\x7e" + SIZE.to_bytes(2, "big") + text)
                if answer is None:
                    return
                try:
                    peer.sendall(self.wrapped(answer))
                except ConnectionError:
                    return

    def open(self, peer, reader):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += reader.readline()
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

    def read(self, reader):
        return reader.read(HEADER + SIZE)

    def wrapped(self, answer):
        return answer


class Http2Echo(Echo):
    """The same on the first stream of HTTP/2, in pieces that end anywhere, with other frames between them."""

    DATA, HEADERS, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 4, 6, 8

    @staticmethod
    def frame(kind, stream, payload, flags=0):
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    def open(self, peer, reader):
        assert reader.read(24) == b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        peer.sendall(self.frame(self.SETTINGS, 0, b"\0\x08\0\0\0\x01"))
        assert b"websocket" in self.payload(reader, self.HEADERS)
        peer.sendall(self.frame(self.HEADERS, 1, b"\x88", flags=4))

    def payload(self, reader, wanted):
        """Of the next frame of that kind; nothing when there is none."""
        while len(head := reader.read(9)) == 9:
            payload = reader.read(int.from_bytes(head[:3], "big"))
            if head[3] == wanted:
                return payload
        return b""

    def read(self, reader):
        return self.payload(reader, self.DATA)

    def wrapped(self, answer):
        between = self.frame(self.WINDOW_UPDATE, 0, b"\0\0\1\0") + self.frame(self.PING, 0, b"12345678")
        pieces = [answer[place : place + 77] for place in range(0, len(answer), 77)]
        return between.join(self.frame(self.DATA, 1, piece) for piece in pieces)


def load(port, *options):
    """(exit code, what it said) of a short load; the server that it looks at is ourselves."""
    command = [TOOLS / "bench_load", "--port", port, "--pid", os.getpid(), "--path", "/", "--echo", SIZE]
    command += ["--warmup", 0.02, "--seconds", 0.05, *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


class Load(unittest.TestCase):
    def test_measures_a_right_echo(self):
        code, said = load(Echo(lambda number, frame: frame).port)
        self.assertEqual(code, 0, said)
        self.assertGreater(json.loads(said)["answers"], 10)

    def test_notices_a_changed_answer(self):
        self.assert_noticed(lambda number, frame: frame[:-1] + b"!" if number == 20 else frame, "something else")

    def test_notices_an_answer_too_many(self):
        self.assert_noticed(lambda number, frame: frame * 2 if number == 20 else frame, "too many")

    def test_notices_a_lost_answer(self):
        self.assert_noticed(lambda number, frame: b"" if number == 20 else frame, "1 answers are missing")

    def test_notices_a_lost_answer_by_the_next(self):
        self.assert_noticed(lambda number, frame: b"" if number == 20 else frame, "something else", "--depth", 4)

    def test_notices_a_server_that_goes(self):
        self.assert_noticed(lambda number, frame: None if number == 20 else frame, "closed")

    def test_measures_a_right_echo_over_http2(self):
        for depth in (1, 16):
            code, said = load(Http2Echo(lambda number, frame: frame).port, "--http2", "--depth", depth)
            self.assertEqual(code, 0, said)
            self.assertGreater(json.loads(said)["answers"], 10)

    def test_notices_a_changed_answer_over_http2(self):
        echo = Http2Echo(lambda number, frame: frame[:-1] + b"!" if number == 20 else frame)
        code, said = load(echo.port, "--http2")
        self.assertEqual(code, 1, said)
        self.assertIn("something else", said)

    def assert_noticed(self, change, what, *options):
        code, said = load(Echo(change).port, *options)
        self.assertEqual(code, 1, said)
        self.assertIn(what, said)


class RawEcho(unittest.TestCase):
    def test_echoes_on_many_connections(self):
        with subprocess.Popen([TOOLS / "bench_echo"], stdout=subprocess.PIPE, text=True) as server:
            try:
                code, said = load(int(server.stdout.readline()), "--connections", 20, "--depth", 16)
            finally:
                server.terminate()
        self.assertEqual(code, 0, said)
        self.assertGreater(json.loads(said)["answers"], 320)


if __name__ == "__main__":
    TOOLS = Path(sys.argv.pop()).resolve()
    unittest.main()
