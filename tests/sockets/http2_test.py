"""HTTP/2 with frames that are wrong on purpose: each hurts nobody but itself, has the right code, and memory stays bounded.

Every test ends with another client being served, and the daemon's memory being looked at.
"""

import subprocess
import time
import unittest

from hyperframe.frame import DataFrame, RstStreamFrame

from http2 import (
    CANCEL,
    COMPRESSION_ERROR,
    ENHANCE_YOUR_CALM,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    NO_ERROR,
    PREFACE,
    PROTOCOL_ERROR,
    Closed,
    Http2Peer,
    raw,
)
from limpd import CLOSE, MIB, PING, TEXT, Guarded, Limpd, Peer, frame, tokenised

READ = tokenised({"endpoint": "user/read", "query": {}, "doc": {}})


class Http2(Guarded):
    SETTINGS = {
        "message_bytes_max": MIB,
        "send_bytes_max": 2 * MIB,
        "handshake_timeout_ms": 1000,
        "ping_every_ms": 5000,
        "idle_timeout_ms": 20_000,
        "connections_per_address_max": 140,
    }

    def assert_served(self):
        """limpd may not have noticed yet that connections are gone which count."""
        deadline = time.monotonic() + 20
        while True:
            try:
                with Http2Peer(self.limpd.port) as other:
                    other.send(other.request(1))
                    return self.assertEqual(other.status(1), 200)
            except (Closed, OSError):
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    def peer(self, **options):
        peer = Http2Peer(self.limpd.port, **options)
        self.addCleanup(peer.socket.close)
        return peer

    def assert_ended(self, data, code, before=b""):
        """Who sends that is told why the connection ends."""
        peer = self.peer()
        peer.send(before)
        peer.send_until_refused(data)
        self.assertEqual(peer.read_to_end(), code)

    def open(self, peer, stream):
        peer.send(peer.connect(stream))
        self.assertEqual(peer.status(stream), 200)
        self.assertIn(b"Connection established", peer.body(stream))

    def assert_called(self, peer, stream):
        peer.send(peer.data(stream, frame(TEXT, READ)))
        self.assertIn(b'"status":200', peer.body(stream))

    # --- what is right

    def test_settings_allow_sockets(self):
        peer = self.peer()
        peer.send(peer.request(1))
        self.assertEqual(peer.status(1), 200)
        self.assertEqual(peer.settings[8], 1)

    def test_sockets_have_sessions_of_their_own(self):
        peer = self.peer()
        for stream in (1, 3, 5):
            self.open(peer, stream)
        for stream in (5, 1, 3):
            self.assert_called(peer, stream)

    def test_padding(self):
        peer = self.peer()
        self.open(peer, 1)
        peer.send(peer.data(1, frame(TEXT, READ), pad=255))
        self.assertIn(b'"status":200', peer.body(1))

    def test_pieces_of_one_byte(self):
        peer = self.peer()
        self.open(peer, 1)
        for byte in peer.data(1, frame(TEXT, READ)):
            peer.send(bytes([byte]))
        self.assertIn(b'"status":200', peer.body(1))

    def test_nghttp_and_h2load(self):
        address = f"http://127.0.0.1:{self.limpd.port}/"
        said = subprocess.run(["nghttp", "-nv", address], capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertIn(":status: 200", said)
        said = subprocess.run(
            ["h2load", "-n", "2000", "-c", "4", "-m", "20", address],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        self.assertRegex(said, r"2000 succeeded, 0 failed, 0 errored")

    # --- floods

    def test_continuation_flood(self):
        begin = raw(1, 0, 1, b"")
        self.assert_ended(begin + raw(9, 0, 1, b"\x00\x01a\x01b") * 5000, ENHANCE_YOUR_CALM)

    def test_rapid_reset(self):
        peer = self.peer()
        for first in range(1, 4001, 40):
            burst = b"".join(peer.request(stream) + peer.reset(stream) for stream in range(first, first + 40, 2))
            if not peer.send_until_refused(burst):
                break
        self.assertEqual(peer.read_to_end(), ENHANCE_YOUR_CALM)

    def test_ping_flood(self):
        self.assert_ended(raw(6, 0, 0, b"12345678") * 5000, ENHANCE_YOUR_CALM)

    def test_settings_flood(self):
        self.assert_ended(raw(4, 0, 0, b"") * 5000, ENHANCE_YOUR_CALM)

    def test_empty_data_flood(self):
        peer = self.peer()
        self.open(peer, 1)
        peer.send_until_refused(raw(0, 0, 1, b"") * 5000)
        self.assertEqual(peer.read_to_end(), ENHANCE_YOUR_CALM)

    def test_sockets_that_come_and_go(self):
        peer = self.peer()
        for stream in range(1, 161, 2):
            peer.send(peer.connect(stream) + peer.reset(stream))
        self.open(peer, 161)
        self.assert_called(peer, 161)

    def test_ping_flood_within_a_socket_ends_that_socket(self):
        peer = self.peer()
        self.open(peer, 1)
        self.open(peer, 3)
        peer.send(peer.data(1, frame(PING, b"x") * 500))
        body = b""
        while b"\x03\xf0" not in body:  # 1008
            body = peer.body(1)
        self.assert_called(peer, 3)

    def test_more_sockets_than_an_address_may_have(self):
        peers = [self.peer() for _ in range(2)]
        statuses = []
        for stream in range(1, 180, 2):
            for peer in peers:
                peer.send(peer.connect(stream))
                statuses.append(peer.status(stream))
        self.assertEqual(set(statuses), {200, 503})
        self.assertLess(statuses.count(200), 140)
        for peer in peers:
            peer.socket.close()

    # --- windows

    def test_no_window(self):
        """Answers wait for the window; the connection serves on, and other streams of it."""
        peer = self.peer(settings={4: 0})
        for stream in range(1, 101, 2):
            peer.send(peer.request(stream))
            self.assertEqual(peer.status(stream), 200)
        peer.send(peer.window(99, 1000))
        self.assertIn(b"limpd is running", peer.body(99, 10_000))

    def test_socket_that_never_reads(self):
        peer = self.peer(settings={4: 0})
        peer.send(peer.connect(1))
        self.assertEqual(peer.status(1), 200)
        burst = peer.data(1, frame(TEXT, tokenised({"endpoint": "core/describe"})))
        for _ in range(100):
            if not peer.send_until_refused(burst):
                break
        peer.send(peer.request(3) + peer.window(3, 1000))
        self.assertEqual(peer.status(3), 200)

    def test_peer_that_reads_nothing(self):
        peer = self.peer(receive_buffer=4096)
        peer.send(peer.window(0, 2**30))
        peer.socket.settimeout(2)
        try:
            for stream in range(1, 100_001, 2):
                peer.send(peer.request(stream, "/_/"))
        except OSError:
            pass  # limpd has stopped reading, or has ended it

    def test_window_that_is_too_large(self):
        self.assert_ended(raw(8, 0, 0, b"\x7f\xff\xff\xff"), FLOW_CONTROL_ERROR)

    def test_more_than_the_window(self):
        """Bytes that the window does not allow, of a socket that is not listened to."""
        peer = self.peer()
        self.open(peer, 1)
        burst = raw(0, 0, 1, b"x" * 16_384)
        for _ in range(2000):
            if not peer.send_until_refused(burst):
                break
        code = None
        try:
            while code is None:
                code = peer.read(1, RstStreamFrame).error_code
        except (Closed, OSError):  # the connection was ended for it
            code = peer.goaway
        self.assertIn(code, {NO_ERROR, CANCEL, FLOW_CONTROL_ERROR})

    # --- frames and headers that are wrong

    def test_wrong_preface(self):
        with Http2Peer(self.limpd.port, preface=PREFACE[:18] + b"XX\r\n\r\n") as peer:
            self.assertEqual(peer.read_to_end(), PROTOCOL_ERROR)

    def test_preface_that_stalls(self):
        with Http2Peer(self.limpd.port, preface=PREFACE[:20]) as peer:
            peer.send_until_refused(b"")
            self.assertIn(peer.read_to_end(), {PROTOCOL_ERROR, NO_ERROR})

    def test_connection_that_says_nothing(self):
        self.assertEqual(self.peer().read_to_end(), NO_ERROR)

    def test_frame_that_is_too_large(self):
        self.assert_ended(raw(0, 0, 1, b"x" * 16_385), FRAME_SIZE_ERROR)

    def test_padding_longer_than_the_frame(self):
        peer = self.peer()
        self.open(peer, 1)
        peer.send(raw(0, 8, 1, b"\xff" + b"x" * 10))
        self.assertEqual(peer.read_to_end(), PROTOCOL_ERROR)

    def test_stream_of_the_servers(self):
        peer = self.peer()
        peer.send(peer.request(2))
        self.assertEqual(peer.read_to_end(), PROTOCOL_ERROR)

    def test_headers_that_are_no_hpack(self):
        self.assert_ended(raw(1, 5, 1, b"\xff\xff\xff\xff\xff\xff"), COMPRESSION_ERROR)

    def test_ping_of_the_wrong_size(self):
        self.assert_ended(raw(6, 0, 0, b"1234"), FRAME_SIZE_ERROR)

    def test_headers_that_are_too_large(self):
        peer = self.peer()
        # One large header in the table, then named again and again.
        peer.send(peer.request(1, more=[("x-large", "y" * 3000)] * 100))
        self.assertEqual(peer.status(1), 431)
        peer.send(peer.request(3))
        self.assertEqual(peer.status(3), 200)

    def test_requests_that_are_malformed(self):
        """Each is reset alone."""
        peer = self.peer()
        fine = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "x")]
        wrong = [
            fine[:2] + fine[3:],  # no path
            fine[1:],  # no method
            [*fine, fine[0]],  # two methods
            [*fine, ("Upper", "x")],
            [*fine, ("connection", "close")],
            [*fine, ("transfer-encoding", "chunked")],
            [*fine, ("te", "gzip")],
            [("x", "y"), *fine],
            [*fine, ("content-length", "5")],  # and no body
        ]
        for number, headers in enumerate(wrong):
            stream = 2 * number + 1
            peer.send(peer.head(stream, headers))
            self.assertEqual(peer.status(stream), -PROTOCOL_ERROR, headers)
        peer.send(peer.request(99))
        self.assertEqual(peer.status(99), 200)

    def test_connects_that_are_malformed(self):
        """Each is refused; the sockets beside them go on."""
        peer = self.peer()
        self.open(peer, 1)
        fine = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/ws"), (":authority", "x")]
        version = ("sec-websocket-version", "13")
        wrong = [
            ([fine[0], (":protocol", "chat"), *fine[2:], version], 501),
            ([fine[0], fine[4]], 501),  # a proxy's
            (fine[:3] + fine[4:] + [version], -PROTOCOL_ERROR),  # no path
            (fine[:2] + fine[3:] + [version], -PROTOCOL_ERROR),  # no scheme
            ([(":method", "GET"), *fine[1:], version], -PROTOCOL_ERROR),
            (fine, 400),  # no version
            ([*fine, ("sec-websocket-version", "8")], 400),
            ([*fine[:3], (":path", "/other"), fine[4], version], 404),
            ([*fine, version, ("origin", "https://evil.example")], 403),
        ]
        for number, (headers, status) in enumerate(wrong):
            stream = 2 * number + 3
            peer.send(peer.head(stream, headers, ("END_HEADERS",)))
            self.assertEqual(peer.status(stream), status, headers)
        self.assert_called(peer, 1)

    def test_frames_that_break_the_socket_end_it_alone(self):
        peer = self.peer()
        self.open(peer, 1)
        self.open(peer, 3)
        peer.send(peer.data(1, frame(TEXT, READ, mask=None)))
        self.assertIn(b"\x03\xea", peer.body(1))  # 1002
        self.assert_called(peer, 3)

    # --- the end

    def test_close_is_answered_before_the_stream_ends(self):
        peer = self.peer()
        self.open(peer, 1)
        peer.send(peer.data(1, frame(CLOSE, b"\x03\xe8"), end=True))
        last = peer.read(1, DataFrame)
        self.assertEqual(last.data, b"\x88\x02\x03\xe8")
        self.assertIn("END_STREAM", last.flags)

    def test_stream_that_ends_or_is_reset_without_a_close(self):
        peer = self.peer()
        self.open(peer, 1)
        self.open(peer, 3)
        self.open(peer, 5)
        peer.send(peer.data(1, b"", end=True) + peer.reset(3))
        self.assertEqual(peer.read(1, RstStreamFrame).error_code, CANCEL)
        self.assert_called(peer, 5)

    def test_goaway_at_the_end(self):
        limpd = Limpd()
        try:
            peer = Http2Peer(limpd.port)
            self.open(peer, 1)
            limpd.process.terminate()
            self.assertIn(b"\x03\xe9", peer.body(1))  # 1001
            peer.send(peer.data(1, frame(CLOSE, b"\x03\xe9"), end=True))
            self.assertEqual(peer.read_to_end(), NO_ERROR)
            self.assertEqual(limpd.process.wait(60), 0)
        finally:
            limpd.stop()
            peer.socket.close()


if __name__ == "__main__":
    unittest.main()
