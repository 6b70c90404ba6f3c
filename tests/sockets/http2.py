"""A client of HTTP/2 that sends the frames it is told to, right or wrong."""

import struct

from hpack import Decoder, Encoder
from hyperframe.frame import DataFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame, SettingsFrame, WindowUpdateFrame

from limpd import Peer

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

# RFC 9113 §7
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR = 0, 1, 3, 6
CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 8, 9, 11


def raw(kind, flags, stream, payload):
    """A frame of any bytes."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


class Closed(Exception):
    """limpd has ended the connection; `code` is its GOAWAY's, None when there was none."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class Http2Peer(Peer):
    def __init__(self, port, preface=PREFACE, settings=None, receive_buffer=None):
        super().__init__(port, upgrade=False, receive_buffer=receive_buffer)
        self.authority = f"127.0.0.1:{port}"
        self.encoder, self.decoder = Encoder(), Decoder()
        self.settings = {}
        self.goaway = None
        self._held = []
        self.send(preface + SettingsFrame(0, settings=settings or {}).serialize())

    def head(self, stream, headers, flags=("END_HEADERS", "END_STREAM")):
        frame = HeadersFrame(stream, self.encoder.encode(headers))
        for flag in flags:
            frame.flags.add(flag)
        return frame.serialize()

    def request(self, stream, path="/", method="GET", more=(), end=True):
        flags = ("END_HEADERS", "END_STREAM") if end else ("END_HEADERS",)
        pseudo = [(":method", method), (":scheme", "http"), (":path", path), (":authority", self.authority)]
        return self.head(stream, pseudo + list(more), flags)

    def connect(self, stream, path="/ws", version="13", more=()):
        pseudo = [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            (":scheme", "http"),
            (":path", path),
            (":authority", self.authority),
        ]
        return self.head(stream, pseudo + [("sec-websocket-version", version), *more], ("END_HEADERS",))

    def data(self, stream, payload, end=False, pad=None):
        frame = DataFrame(stream, payload)
        if end:
            frame.flags.add("END_STREAM")
        if pad is not None:
            frame.flags.add("PADDED")
            frame.pad_length = pad
        return frame.serialize()

    def reset(self, stream, code=CANCEL):
        return RstStreamFrame(stream, code).serialize()

    def window(self, stream, bytes_more):
        return WindowUpdateFrame(stream, bytes_more).serialize()

    def _read_frame(self):
        while True:
            if len(self.read_ahead) >= 9:
                frame, length = Frame.parse_frame_header(memoryview(self.read_ahead[:9]))
                if len(self.read_ahead) >= 9 + length:
                    frame.parse_body(memoryview(self.read_ahead[9 : 9 + length]))
                    self.read_ahead = self.read_ahead[9 + length :]
                    return frame
            try:
                more = self.socket.recv(65_536)
            except ConnectionError:
                more = b""
            if not more:
                raise Closed(self.goaway)
            self.read_ahead += more

    def _next(self):
        """The next frame that is about a stream; settings and windows are looked after here."""
        while True:
            frame = self._read_frame()
            if isinstance(frame, GoAwayFrame):
                self.goaway = frame.error_code
            elif isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
                self.settings.update(frame.settings)
                self.send_until_refused(raw(4, 1, 0, b""))
            elif isinstance(frame, HeadersFrame):
                frame.fields = dict(self.decoder.decode(frame.data))
                return frame
            elif frame.stream_id:
                return frame

    def read(self, stream, *kinds):
        """The next frame of that stream and of one of these kinds. Those of other streams wait for their reader."""
        for frame in self._held:
            if frame.stream_id == stream and isinstance(frame, kinds):
                self._held.remove(frame)
                return frame
        while True:
            frame = self._next()
            if frame.stream_id == stream and isinstance(frame, kinds):
                return frame
            if not isinstance(frame, WindowUpdateFrame):
                self._held.append(frame)

    def status(self, stream):
        """Of the answer; the reset's code, negative, when that comes instead."""
        frame = self.read(stream, HeadersFrame, RstStreamFrame)
        return int(frame.fields[":status"]) if isinstance(frame, HeadersFrame) else -frame.error_code

    def body(self, stream, at_least=1):
        """What comes of the stream until it ends, or there is so much of it."""
        bytes_read = b""
        while len(bytes_read) < at_least:
            frame = self.read(stream, DataFrame)
            bytes_read += frame.data
            if "END_STREAM" in frame.flags:
                break
        return bytes_read

    def read_to_end(self):
        """Reads until limpd closes; the code of its GOAWAY."""
        try:
            while True:
                self._next()
        except Closed as closed:
            return closed.code
