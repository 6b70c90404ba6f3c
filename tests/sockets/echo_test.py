"""/echo, which a limpd in debug offers for testing: messages come back as they went, whatever their shape."""

import unittest

from limpd import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Limpd, Peer, frame

MIB = 1024 * 1024


class Echo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.limpd = Limpd("--debug", echo=1, message_bytes_max=16 * MIB, send_bytes_max=64 * MIB)

    @classmethod
    def tearDownClass(cls):
        code = cls.limpd.stop()
        if code != 0:
            raise AssertionError(f"limpd ended with {code}; it said:\n{cls.limpd.log[-20_000:]}")

    def open(self):
        peer = Peer(self.limpd.port, path="/echo")
        self.addCleanup(peer.socket.close)
        return peer

    def test_text_and_binary_of_each_length_form(self):
        peer = self.open()
        for size in (0, 1, 125, 126, 65_535, 65_536, 1_000_000):
            peer.send(frame(TEXT, b"t" * size))
            self.assertEqual(peer.read_message(), (TEXT, b"t" * size))
            peer.send(frame(BINARY, b"\xff\0" * (size // 2)))
            self.assertEqual(peer.read_message(), (BINARY, b"\xff\0" * (size // 2)))

    def test_sixteen_mebibytes(self):
        peer = self.open()
        payload = bytes(range(256)) * (16 * MIB // 256)
        peer.send(frame(BINARY, payload))
        opcode, answer = peer.read_message()
        self.assertEqual(opcode, BINARY)
        self.assertTrue(answer == payload)

    def test_a_byte_more_is_too_big(self):
        peer = self.open()
        peer.send(frame(BINARY, announced=16 * MIB + 1))
        self.assertEqual(peer.read_close(), 1009)

    def test_very_many_fragments(self):
        peer = self.open()
        count = 65_537
        pieces = [frame(TEXT, b"a", fin=False)]
        pieces += [frame(CONTINUATION, b"b", fin=False)] * (count - 2)
        pieces.append(frame(CONTINUATION, b"c"))
        peer.send(b"".join(pieces))
        self.assertEqual(peer.read_message(), (TEXT, b"a" + b"b" * (count - 2) + b"c"))

    def test_pings_between_fragments_are_answered(self):
        peer = self.open()
        peer.send(frame(TEXT, "ü".encode()[:1], fin=False) + frame(PING, b"are you there") + frame(CONTINUATION, "ü".encode()[1:]))
        self.assertEqual(peer.read_frame()[:2], (PONG, b"are you there"))
        self.assertEqual(peer.read_message(), (TEXT, "ü".encode()))

    def test_a_close_is_answered_with_its_code(self):
        for code in (1000, 1001, 3000, 4999):
            peer = self.open()
            peer.send(frame(CLOSE, code.to_bytes(2, "big") + b"bye"))
            self.assertEqual(peer.read_close(), code)
            self.assertTrue(peer.is_cut_off())


class NoEcho(unittest.TestCase):
    def test_without_debug_there_is_no_echo(self):
        limpd = Limpd(echo=1)
        try:
            with self.assertRaisesRegex(RuntimeError, "HTTP/1.1 404"):
                Peer(limpd.port, path="/echo")
        finally:
            limpd.stop()


if __name__ == "__main__":
    unittest.main()
