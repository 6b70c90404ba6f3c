"""Peers that behave badly: each hurts nobody but itself, and limpd's memory stays bounded.

Every test ends with another client being served, and the daemon's memory being looked at.
"""

import json
import threading
import time
import unittest

from limpd import (
    BINARY,
    CLOSE,
    CONTINUATION,
    GROWTH_BOUND,
    MIB,
    PING,
    PONG,
    TEXT,
    Guarded,
    Limpd,
    Peer,
    frame,
    tokenised,
)

MESSAGE_BYTES_MAX = 1 * MIB
SEND_BYTES_MAX = 2 * MIB

READ = tokenised({"endpoint": "user/read", "query": {}, "doc": {}})


class Hostile(Guarded):
    SETTINGS = {
        "message_bytes_max": MESSAGE_BYTES_MAX,
        "send_bytes_max": SEND_BYTES_MAX,
        "handshake_timeout_ms": 1000,
        "ping_every_ms": 1000,
        "idle_timeout_ms": 3000,
        "connections_per_address_max": 40,
    }

    def assert_served(self):
        with Peer(self.limpd.port) as other:
            other.read_message()
            other.send(frame(TEXT, READ))
            _, answer = other.read_message()
            self.assertEqual(json.loads(answer)["status"], 200)

    def open(self, **options):
        peer = Peer(self.limpd.port, **options)
        self.addCleanup(peer.socket.close)
        peer.read_message()
        return peer

    # --- frames that break the protocol: RFC 6455 has a code for each

    def assert_closed_with(self, code, *frames):
        peer = self.open()
        for one in frames:
            peer.send_until_refused(one)
        self.assertEqual(peer.read_close(), code)
        peer.send_until_refused(frame(CLOSE, code.to_bytes(2, "big")))
        self.assertTrue(peer.is_cut_off())

    def test_unmasked_frame(self):
        self.assert_closed_with(1002, frame(TEXT, b"hello", mask=None))

    def test_reserved_bits_and_opcodes(self):
        self.assert_closed_with(1002, bytes([0x80 | 0x40 | TEXT, 0x80]) + b"\0\0\0\0")
        self.assert_closed_with(1002, frame(0x3, b"x"))
        self.assert_closed_with(1002, frame(0xB, b"x"))

    def test_compressed_frame_that_was_not_agreed_on(self):
        self.assert_closed_with(1002, bytes([0xC1, 0x80]) + b"\0\0\0\0")

    def test_control_frames_that_are_fragmented_or_long(self):
        self.assert_closed_with(1002, frame(PING, b"x", fin=False))
        self.assert_closed_with(1002, frame(PING, b"x" * 126))

    def test_continuation_of_nothing_and_message_inside_a_message(self):
        self.assert_closed_with(1002, frame(CONTINUATION, b"x"))
        self.assert_closed_with(1002, frame(TEXT, b"a", fin=False), frame(TEXT, b"b"))

    def test_length_that_is_not_in_its_shortest_form_or_has_its_top_bit_set(self):
        self.assert_closed_with(1002, frame(BINARY, announced=2**63))
        self.assert_closed_with(1002, bytes([0x80 | TEXT, 0xFE, 0, 1]) + b"\0\0\0\0x")

    def test_close_frames_that_are_wrong(self):
        self.assert_closed_with(1002, frame(CLOSE, b"\x03"))
        self.assert_closed_with(1002, frame(CLOSE, b"\x03\xed"))  # 1005 is never sent
        self.assert_closed_with(1007, frame(CLOSE, b"\x03\xe8\xff"))

    def test_text_that_is_no_utf8(self):
        self.assert_closed_with(1007, frame(TEXT, b"\xc3\x28"))
        self.assert_closed_with(1007, frame(TEXT, "é".encode()[:1], fin=False), frame(CONTINUATION, b"x"))
        self.assert_closed_with(1007, frame(TEXT, b"\xed\xa0\x80"))  # a lone surrogate

    # --- too much

    def test_frame_that_announces_too_much(self):
        self.assert_closed_with(1009, frame(TEXT, announced=MESSAGE_BYTES_MAX + 1))
        self.assert_closed_with(1009, frame(BINARY, announced=2**62))

    def test_message_too_big_by_fragments(self):
        peer = self.open()
        piece = b"x" * 65_536
        peer.send_until_refused(frame(TEXT, piece, fin=False))
        for _ in range(64):
            if not peer.send_until_refused(frame(CONTINUATION, piece, fin=False)):
                break
        self.assertIn(peer.read_close(), (1009, None))

    def test_fragments_without_end(self):
        """Empty ones never reach a limit of bytes; they must cost nothing either."""
        peer = self.open()
        peer.send(frame(TEXT, b"", fin=False))
        burst = frame(CONTINUATION, b"", fin=False) * 10_000
        for _ in range(20):
            if not peer.send_until_refused(burst):
                return
        if peer.send_until_refused(frame(CONTINUATION, READ)):
            self.assertEqual(json.loads(peer.read_message()[1])["status"], 200)

    def test_ping_flood(self):
        peer = self.open()
        burst = frame(PING, b"x" * 125) * 1000
        for _ in range(50):
            if not peer.send_until_refused(burst):
                break
        self.assertIn(peer.read_close(), (1008, None))

    def test_peer_that_never_reads(self):
        """Its answers wait up to the limit, then it is cut off."""
        peer = self.open(receive_buffer=4096)
        burst = frame(TEXT, tokenised({"endpoint": "core/describe"})) * 100
        deadline = time.monotonic() + 30
        peer.socket.settimeout(2)
        cut_off = False
        while not cut_off and time.monotonic() < deadline:
            try:
                peer.socket.sendall(burst)
            except TimeoutError:
                break  # limpd has stopped reading from it: as good
            except OSError:
                cut_off = True
            self.assertLess(self.limpd.resident_bytes() - self.before, GROWTH_BOUND)

    def test_many_calls_at_once(self):
        """More than may be in flight: each is answered all the same."""
        peer = self.open()
        count = 2000
        sender = threading.Thread(target=peer.send_until_refused, args=(frame(TEXT, READ) * count,))
        sender.start()
        for _ in range(count):
            self.assertEqual(json.loads(peer.read_message()[1])["status"], 200)
        sender.join()

    # --- too slow

    def test_one_byte_at_a_time(self):
        peer = self.open()
        for byte in frame(TEXT, READ):
            peer.send(bytes([byte]))
        self.assertEqual(json.loads(peer.read_message()[1])["status"], 200)

    def test_slow_handshake(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            begin = time.monotonic()
            peer.send(b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            for _ in range(40):
                if not peer.send_until_refused(b"X-Slow: y\r\n"):
                    break
                time.sleep(0.1)
            self.assertTrue(peer.is_cut_off())
            self.assertLess(time.monotonic() - begin, 20)

    def test_connection_that_says_nothing(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            self.assertTrue(peer.is_cut_off())

    def test_silent_websocket_is_pinged_and_then_closed(self):
        peer = self.open()
        opcode, payload, _ = peer.read_frame()
        self.assertEqual(opcode, PING)
        peer.send(frame(PONG, payload))
        self.assertEqual(peer.read_frame()[0], PING, "a pong keeps it open")
        self.assertEqual(peer.read_close(), 1001)

    # --- handshakes

    def answer_to(self, request):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(request.replace("\n", "\r\n").encode("latin-1"))
            return peer.read_head().split("\r\n")[0]

    def test_handshakes_that_are_wrong(self):
        good = "GET /ws HTTP/1.1\nHost: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
        key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n"
        self.assertIn(" 400", self.answer_to(good + "Sec-WebSocket-Version: 13\n\n"))
        self.assertIn(" 400", self.answer_to(good + "Sec-WebSocket-Key: short\nSec-WebSocket-Version: 13\n\n"))
        self.assertIn(" 426", self.answer_to(good + key + "Sec-WebSocket-Version: 8\n\n"))
        self.assertIn(" 404", self.answer_to((good + key + "Sec-WebSocket-Version: 13\n\n").replace("/ws", "/other")))
        self.assertIn(" 403", self.answer_to(good + key + "Sec-WebSocket-Version: 13\nOrigin: https://evil.example\n\n"))

    def test_requests_that_are_no_http(self):
        self.assertIn(" 400", self.answer_to("\x16\x03\x01 hello\n\n"))
        self.assertRegex(self.answer_to("GET / HTTP/1.1\nHost: x\nX: " + "y" * 100_000 + "\n\n"), " (400|431)")

    def test_more_connections_than_one_address_may_have(self):
        peers = []
        try:
            for _ in range(60):
                try:
                    peers.append(Peer(self.limpd.port))
                except (OSError, RuntimeError):
                    break
            self.assertLessEqual(len(peers), 40)
            self.assertGreater(len(peers), 20)
        finally:
            for peer in peers:
                peer.send_until_refused(frame(CLOSE, b"\x03\xe8"))
                peer.read_close()
                peer.is_cut_off()
                peer.socket.close()

    def test_connections_that_come_and_go(self):
        for number in range(300):
            with Peer(self.limpd.port, upgrade=False) as peer:
                peer.send(b"GET /ws HT")
            if number % 20 == 19:
                self.wait_until_served()

    def wait_until_served(self):
        """One address may have 40 connections, and limpd may not have noticed yet that some are gone."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return self.assert_served()
            except ConnectionError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
