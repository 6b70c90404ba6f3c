"""Calls by HTTP from peers that are in a hurry, wrong, slow, or gone: each gets its answers in their order, or none, and
hurts nobody."""

import base64
import contextlib
import json
import struct
import tempfile
import threading
import unittest
import zlib
from pathlib import Path

from limpd import GROWTH_BOUND, MIB, Guarded, Limpd, Peer, segment, tokenised

BODY_MAX = 4 * MIB
PICTURE = "9a11e4000000000000000001"

READ = tokenised({"endpoint": "user/read", "call_id": "read"})


def sign_in(password):
    email = "ADMIN@LIMP.MASAAR.COM"
    doc = {"email": email, "hash": segment({"hash": ["email", email, password]}).decode()}
    return json.dumps({"endpoint": "session/auth", "call_id": "sign in", "doc": doc}).encode()


# Its password is wrong, which takes as long to find out as that it is right.
SIGN_IN = sign_in("wrong")


def post(body, *headers, path="/call"):
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path, *headers, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers]).encode() + b"\r\n\r\n"


class Gallery(Guarded):
    """A limpd with a picture, and one who may change it."""

    SETTINGS = {"message_bytes_max": BODY_MAX, "connections_per_address_max": 200}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls.sign_in()
        cls.upload(b"\x89PNG\r\n\x1a\n" + b"x" * MIB)

    @classmethod
    def answered(cls, request):
        with Peer(cls.limpd.port, upgrade=False) as peer:
            peer.send(request)
            return cls.read_answer(peer)

    @staticmethod
    def read_answer(peer, has_body=True):
        """(status, headers in lower case, body)"""
        first, *lines = peer.read_head().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = int(headers.get("content-length", 0)) if has_body else 0
        return int(first.split()[1]), headers, peer.read_bytes(length)

    @classmethod
    def sign_in(cls):
        status, _, body = cls.answered(post(sign_in("__ADMIN")))
        assert status == 200, body
        return json.loads(body)["args"]["docs"][0]

    @classmethod
    def upload(cls, content):
        file = {"name": "a.png", "type": "image/png", "size": len(content), "lastModified": 0}
        file["content"] = base64.b64encode(content).decode()
        call = {"sid": cls.session["_id"], "endpoint": "picture/update", "query": [{"_id": PICTURE}], "doc": {"photo": file}}
        status, _, body = cls.answered(post(tokenised(call, cls.session["token"].encode())))
        assert status == 200, body

    def assert_served(self):
        status, _, _ = self.answered(post(READ))
        self.assertEqual(status, 200)


class Http(Gallery):
    def test_answers_come_in_the_order_of_their_requests(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send((post(SIGN_IN) + get("/") + post(READ) + get("/nothing") + get("/picture/read", method="HEAD")) * 5)
            for _ in range(5):
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, json.loads(body)["args"]["call_id"]), (403, "sign in"))
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, "version" in json.loads(body)["args"]), (200, True))
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, json.loads(body)["args"]["call_id"]), (200, "read"))
                self.assertEqual(self.read_answer(peer)[0], 404)
                status, headers, _ = self.read_answer(peer, has_body=False)
                self.assertEqual(status, 200)
                self.assertGreater(int(headers["content-length"]), 100)

    def test_a_peer_that_has_ended_its_side_is_answered(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(post(SIGN_IN) + post(READ))
            peer.socket.shutdown(1)
            self.assertEqual(self.read_answer(peer)[0], 403)
            self.assertEqual(self.read_answer(peer)[0], 200)
            self.assertTrue(peer.is_cut_off())

    def test_peers_that_leave_before_their_answers(self):
        for _ in range(30):
            with Peer(self.limpd.port, upgrade=False) as peer:
                peer.send(post(SIGN_IN) + get("/picture/read"))

    def test_a_body_that_waits_to_be_asked_for(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            head, body = post(READ, "Expect: 100-continue").split(b"\r\n\r\n")
            peer.send(head + b"\r\n\r\n")
            self.assertEqual(peer.read_head(), "HTTP/1.1 100 Continue")
            peer.send(body)
            self.assertEqual(self.read_answer(peer)[0], 200)

    def test_a_body_that_comes_in_chunks(self):
        head = b"POST /call HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (READ[:10], READ[10:]))
        self.assertEqual(self.answered(head + chunks + b"0\r\n\r\n")[0], 200)

    def test_a_body_that_is_too_large(self):
        status, headers, body = self.answered(post(b"x" * (BODY_MAX + 1)))
        self.assertEqual((status, headers["connection"]), (413, "close"))
        self.assertEqual(json.loads(body)["args"]["code"], "CORE_REQ_BAD_HTTP")

    def test_requests_that_are_wrong(self):
        wrong = {
            post(b"{"): (400, "CORE_REQ_INVALID_CALL"),
            post(b"\xff"): (400, "CORE_REQ_INVALID_CALL"),
            post(b"[" * 100_000): (400, "CORE_REQ_INVALID_CALL"),
            post(b'{"endpoint": "user/read"}'): (403, "CORE_REQ_NOT_TOKENISED"),
            post(tokenised({"endpoint": "user/read"}, b"guessed")): (403, "CORE_REQ_INVALID_TOKEN"),
            post(READ).replace(b"application/json", b"text/plain"): (415, "CORE_REQ_INVALID_TYPE"),
            post(READ, "Origin: https://evil.example"): (403, "CORE_REQ_INVALID_ORIGIN"),
            post(READ, path="/call/"): (404, "CORE_REQ_NOT_FOUND"),
            get("/call"): (405, "CORE_REQ_INVALID_VERB"),
            get("/picture/create"): (405, "CORE_REQ_INVALID_VERB"),
            get("/picture/read/../read"): (404, "CORE_REQ_NOT_FOUND"),
            get("/picture/read/" + "x" * 10_000): (400, "CORE_QUERY_INVALID"),
            get("/picture/read/%00"): (400, "CORE_QUERY_INVALID"),
            get("/picture/read/%c0%af"): (400, "CORE_REQ_INVALID_PATH"),
            get("/picture/read?$limit=1"): (400, "CORE_REQ_INVALID_CALL"),
            get("/picture/read", "Authorization: Bearer x"): (403, "CORE_REQ_INVALID_TOKEN"),
            get("/picture/read", "Authorization: LIMP " + "." * 10_000): (403, "CORE_REQ_INVALID_TOKEN"),
            get(f"/picture/retrieve_file/{PICTURE}/__proto__"): (400, "GALLERY_PICTURE_INVALID_ATTR"),
            get(f"/picture/retrieve_file/{PICTURE}/photo", "Range: bytes=9999999-"): (416, "CORE_REQ_INVALID_RANGE"),
        }
        for request, expected in wrong.items():
            with self.subTest(request=request[:100]), Peer(self.limpd.port, upgrade=False) as peer:
                peer.send(request + get("/"))
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, json.loads(body)["args"]["code"]), expected)
                self.assertEqual(self.read_answer(peer)[0], 200, "the connection goes on")

    # --- requests that one server reads in this way and another in that: what is smuggled in is never answered

    def assert_refused_once(self, status, request):
        """That status, then the end."""
        with self.subTest(request=request[:120]), Peer(self.limpd.port, upgrade=False) as peer:
            peer.send_until_refused(request)
            got, headers, body = self.read_answer(peer)
            self.assertEqual((got, headers.get("connection")), (status, "close"), body)
            self.assertEqual(json.loads(body)["args"]["code"], "CORE_REQ_BAD_HTTP")
            self.assertEqual(peer.read_ahead, b"")
            self.assertTrue(peer.is_cut_off())

    def test_smuggled_requests(self):
        inner = get("/smuggled")
        begin = b"POST /call HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        chunked, last = b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"
        length = b"Content-Length: %d\r\n" % len(inner)
        for headers in (
            length + chunked,
            chunked + length,
            length + b"Content-Length: 0\r\n",
            length + length,
            b"Content-Length: 0, %d\r\n" % len(inner),
            b"Content-Length: +0\r\n",
            b"Content-Length: 0_0\r\n",
            b"Content-Length: 0x0\r\n",
            b"Content-Length:\r\n",
            b"Content-Length : 0\r\n",
            b"Content-Length\r\n",
            chunked + chunked,
            b"Transfer-Encoding : chunked\r\n",
            b" Transfer-Encoding: chunked\r\n",
            b"X: y\r\n Transfer-Encoding: chunked\r\n",  # folded
            b"X: y\r\n\tContent-Length: 0\r\n",
            b"X: y\nTransfer-Encoding: chunked\r\n",  # bare LF
            b"X: y\rTransfer-Encoding: chunked\r\n",  # bare CR
            b"X: y\0\r\n",
            b"\0X: y\r\n",
            b"Host: y\r\n",
        ):
            self.assert_refused_once(400, begin + headers + b"\r\n" + last + inner)
        for coding in (b"identity", b"gzip, chunked", b"chunked, identity", b"xchunked", b"\x0bchunked"):
            status = 400 if coding[0] == 0x0B else 501
            self.assert_refused_once(status, begin + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + last + inner)
        for chunk in (b"0\n\n", b"0 \r\n\r\n", b"0x0\r\n\r\n", b"+0\r\n\r\n", b"-0\r\n\r\n", b"\r\n0\r\n\r\n"):
            self.assert_refused_once(400, begin + chunked + b"\r\n" + chunk + inner)
        self.assert_refused_once(400, begin + chunked + b"\r\n1\r\nxx0\r\n\r\n" + inner)
        self.assert_refused_once(400, b"POST /call HTTP/1.0\r\n" + chunked + b"\r\n" + last + inner)
        self.assert_refused_once(400, b"GET / HTTP/1.1\nHost: x\n\n" + inner)
        self.assert_refused_once(400, b"GET /\r\n\r\n" + inner)
        self.assert_refused_once(400, b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n" % b"a b" + inner)

    def test_a_body_of_get_is_no_request(self):
        inner = get("/smuggled")
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(get("/", f"Content-Length: {len(inner)}") + inner + get("/"))
            for _ in range(2):
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, "version" in json.loads(body)["args"]), (200, True))

    def test_a_connection_ends_when_it_should(self):
        for request in (get("/", "Connection: close"), get("/", "Connection: x, Close"), b"GET / HTTP/1.0\r\n\r\n"):
            with Peer(self.limpd.port, upgrade=False) as peer:
                peer.send(request + get("/"))
                status, headers, _ = self.read_answer(peer)
                self.assertEqual((status, headers["connection"]), (200, "close"))
                self.assertTrue(peer.is_cut_off())

    def test_headers_that_are_too_large(self):
        self.assert_refused_once(431, get("/" + "x" * 20_000))
        self.assert_refused_once(431, get("/", "X: " + "x" * 20_000))
        self.assert_refused_once(431, get("/", *["X: y"] * 5_000))

    def test_a_peer_that_asks_for_files_and_does_not_read_them(self):
        with Peer(self.limpd.port, upgrade=False, receive_buffer=4096) as peer:
            peer.send(get(f"/picture/retrieve_file/{PICTURE}/photo") * 150)
            self.answered(post(READ))
            self.assertLess(self.limpd.resident_bytes() - self.before, GROWTH_BOUND, "memory")
            for _ in range(3):
                status, _, body = self.read_answer(peer)
                self.assertEqual((status, len(body)), (200, MIB + 8))

    def test_files_are_not_held_in_memory_for_those_who_read_slowly(self):
        with contextlib.ExitStack() as peers:
            for _ in range(150):
                peer = peers.enter_context(Peer(self.limpd.port, upgrade=False, receive_buffer=4096))
                peer.send(get(f"/picture/retrieve_file/{PICTURE}/photo"))
            self.answered(post(READ))
            self.assertLess(self.limpd.resident_bytes() - self.before, GROWTH_BOUND, "memory")
            status, _, body = self.read_answer(peer)
            self.assertEqual((status, len(body)), (200, MIB + 8))

    def test_many_calls_at_the_same_time(self):
        statuses = []

        def call():
            with Peer(self.limpd.port, upgrade=False) as peer:
                for _ in range(20):
                    peer.send(post(READ))
                    statuses.append(self.read_answer(peer)[0])

        threads = [threading.Thread(target=call) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 400)


class Slow(unittest.TestCase):
    """Peers that send a little now and then, for ever."""

    def setUp(self):
        self.limpd = Limpd(handshake_timeout_ms=500)
        self.addCleanup(lambda: self.assertEqual(self.limpd.stop(), 0, self.limpd.log))

    def assert_given_up(self, begin, drop):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(begin)
            peer.socket.settimeout(0.1)
            answer = b""
            while b"\r\n\r\n" not in answer:
                peer.send_until_refused(drop)
                try:
                    answer += peer.socket.recv(65_536)
                except TimeoutError:
                    pass
            self.assertTrue(answer.startswith(b"HTTP/1.1 408"), answer)

    def test_headers(self):
        self.assert_given_up(b"GET / HTTP/1.1\r\n", b"X: y\r\n")

    def test_body(self):
        self.assert_given_up(b"POST /call HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", b"x")

    def test_chunks(self):
        self.assert_given_up(b"POST /call HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")

    def test_a_client_that_never_continues(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(b"POST /call HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
            self.assertEqual(peer.read_head(), "HTTP/1.1 100 Continue")
            self.assertTrue(peer.read_head().startswith("HTTP/1.1 408"))

    def test_between_requests(self):
        with Peer(self.limpd.port, upgrade=False) as peer:
            peer.send(get("/"))
            self.assertEqual(Http.read_answer(peer)[0], 200)
            self.assertTrue(peer.is_cut_off())


class Stopping(unittest.TestCase):
    def test_what_is_under_way_is_answered_first(self):
        limpd = Limpd()
        with Peer(limpd.port, upgrade=False) as peer:
            peer.send(post(READ))
            Http.read_answer(peer)  # so that the connection is known to be there
            peer.send(post(SIGN_IN) + post(SIGN_IN))
            codes = []
            stopped = threading.Thread(target=lambda: codes.append(limpd.stop()))
            stopped.start()
            try:
                while True:
                    self.assertEqual(Http.read_answer(peer)[0], 403)
            except ConnectionError:
                pass
            stopped.join()
            self.assertEqual(codes, [0])


class BehindProxy(unittest.TestCase):
    """The session that signs in has the address of its client, and not the proxy's."""

    HEADER = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes([203, 0, 113, 7, 10, 0, 0, 1]) + b"\x12\x67\x1f\x91"

    def address_of_a_session(self, config, *headers, before=b""):
        with tempfile.TemporaryDirectory(prefix="limpd-sockets-") as modules:
            package = Path(modules) / "proxied"
            package.mkdir()
            (package / "limp.json").write_text(json.dumps({"config": config, "modules": {}}), encoding="utf-8")
            limpd = Limpd(modules=modules)
            try:
                with Peer(limpd.port, upgrade=False) as peer:
                    peer.send(before + post(sign_in("__ADMIN"), *headers))
                    status, _, body = Http.read_answer(peer)
            finally:
                limpd.stop()
        self.assertEqual(status, 200, body)
        return json.loads(body)["args"]["docs"][0]["host_add"]

    def test_a_trusted_proxy_is_believed(self):
        proxies = {"trusted_proxies": ["127.0.0.0/8"]}
        headers = ["X-Forwarded-For: 198.51.100.1, 203.0.113.9"]
        self.assertEqual(self.address_of_a_session(proxies, *headers), "203.0.113.9")
        proxies["proxy_protocol"] = True
        self.assertEqual(self.address_of_a_session(proxies, *headers, before=self.HEADER), "203.0.113.7")

    def test_others_are_not(self):
        for config in [{}, {"trusted_proxies": ["192.0.2.1"]}]:
            self.assertEqual(self.address_of_a_session(config, "X-Forwarded-For: 203.0.113.9"), "127.0.0.1")


def png(width, height, rows=None, channels=3):
    """A picture of stripes; with `rows`, fewer rows than it says."""
    row = b"\0" + bytes(x % 256 for x in range(width * channels))
    packed = zlib.compress(row * (rows or height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_size(image):
    """(width, height), of its frame."""
    at = 2
    while image[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack_from(">H", image, at + 2)[0]
    height, width = struct.unpack_from(">HH", image, at + 5)
    return width, height


class Thumbnails(Gallery):
    """Images that are made smaller, and what only looks like one."""

    def thumbnail(self, size="64x64", *headers):
        return self.answered(get(f"/picture/retrieve_file/{PICTURE}/photo/{size}", *headers))

    def code(self, size="64x64"):
        status, _, body = self.thumbnail(size)
        return status, json.loads(body)["args"]["code"]

    def test_images_fit_and_keep_their_proportions(self):
        self.upload(png(300, 100))
        status, headers, body = self.thumbnail()
        self.assertEqual((status, headers["content-type"], jpeg_size(body)), (200, "image/jpeg", (64, 21)))
        self.assertIn("inline", headers["content-disposition"])
        self.assertEqual(self.thumbnail("64x64", f"If-None-Match: {headers['etag']}")[0], 304)
        self.assertEqual(jpeg_size(self.thumbnail("128x128")[2]), (128, 43))
        self.upload(png(30, 10))
        self.assertEqual(jpeg_size(self.thumbnail()[2]), (30, 10), "never larger than it was")

    def test_what_one_can_see_through_stays_so(self):
        self.upload(png(100, 200, channels=4))
        status, headers, body = self.thumbnail()
        self.assertEqual((status, headers["content-type"]), (200, "image/png"))
        self.assertEqual(struct.unpack_from(">IIBB", body, 16), (32, 64, 8, 6))

    def test_sizes_that_are_not_among_those_of_the_server(self):
        self.upload(png(30, 10))
        for size in ("65x64", "64", "0x0", "99999x99999", "64x64x64", "..%2F64x64"):
            with self.subTest(size=size):
                self.assertEqual(self.code(size), (400, "GALLERY_PICTURE_INVALID_ATTR"))

    def test_what_is_no_image(self):
        whole = png(300, 100)
        for name, content in {
            "text": b"no image at all",
            "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
            "empty": b"",
            "head alone": whole[:40],
            "nonsense behind the head": whole[:16] + bytes(range(256)) * 100,
            "gif of nothing": b"GIF89a" + b"\xff" * 100,
            "webp of nothing": b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 100,
            "jpeg of nothing": b"\xff\xd8\xff\xe0" + b"\xff" * 1000,
            "vast": png(60_000, 60_000, rows=500),
        }.items():
            with self.subTest(name=name):
                self.upload(content)
                self.assertEqual(self.code(), (400, "CORE_FILE_NO_IMAGE"))

    def test_an_image_that_was_cut_off_is_shown_as_far_as_it_came(self):
        self.upload(png(3_000, 3_000, rows=500))
        status, _, body = self.thumbnail()
        self.assertEqual((status, jpeg_size(body)), (200, (64, 64)))

    def test_many_at_the_same_time(self):
        self.upload(png(2_000, 1_000))
        statuses = []

        def ask():
            statuses.append(self.thumbnail()[0])

        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 20)


if __name__ == "__main__":
    unittest.main()
