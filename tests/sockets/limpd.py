"""A limpd of one's own, and a WebSocket client that can misbehave: it writes the bytes it is told to, right or wrong."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("LIMPD", str(ROOT / "build" / "dev" / "limpd"))
PATIENCE = 60.0  # seconds; a sanitized build is slow
MIB = 1024 * 1024
GROWTH_BOUND = 64 * MIB  # a sanitizer keeps freed memory for a while; what is sent to a limpd is far more than this

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0
FIN = 0x80


class Limpd:
    """A child process on a free port, with an empty data folder."""

    def __init__(self, *flags, program=PROGRAM, modules=ROOT / "tests/calls/modules", **settings):
        self.folder = tempfile.mkdtemp(prefix="limpd-sockets-")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("LIMP_") and name not in {"PORT", "ENV", "DEBUG"}
        }
        environment |= {"LIMP_DATA_DRIVER": "memory", "LIMP_PASSWORD_OPERATIONS": "1", "LIMP_PASSWORD_MEMORY_KIB": "8192"}
        # AddressSanitizer would keep 256 MiB of freed memory, and hide what these tests look for.
        environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
        environment |= {f"LIMP_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [program, "-p", "0", "--address", "127.0.0.1", "--modules", str(modules), *flags],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log = ""
        self.port = 0
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        if not self._listening.wait(PATIENCE) or not self.port:
            self.stop()
            raise RuntimeError(f"limpd does not listen; it said:\n{self.log}")

    def _read_log(self):
        for line in self.process.stderr:
            self.log += line
            if match := re.search(r"address=wss?://\S+:(\d+)/ws", line):
                self.port = int(match[1])
                self._listening.set()
        self._listening.set()

    def resident_bytes(self):
        """Memory in use, from /proc."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def stop(self):
        """SIGTERM; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(PATIENCE)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode


class Guarded(unittest.TestCase):
    """Tests that hurt one limpd; after each, another client is served, and memory has not grown."""

    SETTINGS = {}

    @classmethod
    def setUpClass(cls):
        cls.limpd = Limpd(**cls.SETTINGS)
        with Peer(cls.limpd.port) as peer:
            peer.read_message()

    @classmethod
    def tearDownClass(cls):
        code = cls.limpd.stop()
        if code != 0:
            raise AssertionError(f"limpd ended with {code}; it said:\n{cls.limpd.log[-20_000:]}")

    def setUp(self):
        self.before = self.limpd.resident_bytes()

    def tearDown(self):
        self.assert_served()
        self.assertLess(self.limpd.resident_bytes() - self.before, GROWTH_BOUND, "memory")


def frame(opcode, payload=b"", fin=True, mask=b"\x11\x22\x33\x44", announced=None):
    """The bytes of a client's frame. announced: a length to claim instead of the true one; mask None: unmasked."""
    length = len(payload) if announced is None else announced
    masked = 0x80 if mask else 0
    head = bytes([(FIN if fin else 0) | opcode])
    if length < 126:
        head += bytes([masked | length])
    elif length < 65_536:
        head += bytes([masked | 126]) + struct.pack(">H", length)
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", length)
    if not mask:
        return head + payload
    repeated = mask * (len(payload) // 4 + 1)
    hidden = int.from_bytes(payload, "big") ^ int.from_bytes(repeated[: len(payload)], "big")
    return head + mask + hidden.to_bytes(len(payload), "big")


class Peer:
    """One TCP connection to limpd, upgraded to a WebSocket unless told otherwise."""

    def __init__(self, port, path="/ws", upgrade=True, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.read_ahead = b""
        if upgrade:
            key = base64.b64encode(os.urandom(16)).decode()
            self.send(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            self.head = self.read_head()
            if not self.head.startswith("HTTP/1.1 101"):
                raise RuntimeError(self.head)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_until_refused(self, data):
        """Sends; a peer that has closed in the meantime is what these tests expect, so no error."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def read_bytes(self, count):
        while len(self.read_ahead) < count:
            data = self.socket.recv(max(65_536, count - len(self.read_ahead)))
            if not data:
                raise ConnectionError("limpd closed the connection")
            self.read_ahead += data
        data, self.read_ahead = self.read_ahead[:count], self.read_ahead[count:]
        return data

    def read_head(self):
        """An HTTP response up to its empty line."""
        while b"\r\n\r\n" not in self.read_ahead:
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionError("limpd closed the connection")
            self.read_ahead += data
        head, self.read_ahead = self.read_ahead.split(b"\r\n\r\n", 1)
        return head.decode("latin-1")

    def read_frame(self):
        """(opcode, payload, fin) of the next frame."""
        first, second = self.read_bytes(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self.read_bytes(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.read_bytes(8))
        return first & 0x0F, self.read_bytes(length), bool(first & FIN)

    def read_message(self):
        """The next text or binary message whole, control frames passed over: (opcode, payload)."""
        opcode, whole = None, b""
        while True:
            got, payload, fin = self.read_frame()
            if got == CLOSE:
                raise ConnectionError(f"closed with {close_code(payload)}")
            if got in (PING, PONG):
                continue
            opcode = got if opcode is None else opcode
            whole += payload
            if fin:
                return opcode, whole

    def read_close(self):
        """The code of the close frame that must come; messages before it are passed over. None: cut off without one."""
        try:
            while True:
                opcode, payload, _ = self.read_frame()
                if opcode == CLOSE:
                    return close_code(payload)
        except ConnectionError:
            return None

    def is_cut_off(self):
        """Whether limpd closes the TCP connection."""
        try:
            while self.socket.recv(65_536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False


def close_code(payload):
    return struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005


def segment(value):
    text = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def tokenised(call, key=b"__ANON"):
    """The text of a signed call."""
    signed = segment({"alg": "HS256", "typ": "JWT"}) + b"." + segment(call)
    signature = hmac.new(key, signed, hashlib.sha256).digest()
    return json.dumps({"token": (signed + b"." + segment(signature)).decode()}).encode()
