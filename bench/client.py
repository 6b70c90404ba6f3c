"""What talks to limpd without being measured: it signs in, fills the store, and keeps connections open."""

import base64
import json
import os
import select
import shutil
import sys
from pathlib import Path

from servers import ROOT, Limpd

sys.path.insert(0, str(ROOT / "tests" / "sockets"))
from limpd import TEXT, Peer, frame, tokenised  # noqa: E402  the client that the tests of sockets have

EMAIL, PASSWORD = "ADMIN@LIMP.MASAAR.COM", "__ADMIN"
SHELVES = 5_000
MAKERS = 100
CITIES = 10
POSTERS = 6_000
PIECE = 2 * 1024 * 1024


def greeted(port):
    peer = Peer(port)
    peer.read_message()
    return peer


def auth():
    """The message that signs the administrator in."""
    signed = json.loads(tokenised({"email": EMAIL, "password": PASSWORD}, PASSWORD.encode()))["token"]
    call = {"endpoint": "session/auth", "doc": {"email": EMAIL, "hash": signed}}
    return frame(TEXT, json.dumps(call).encode())


class SignedIn:
    """A connection of the administrator."""

    def __init__(self, port):
        self.peer = greeted(port)
        self.peer.send(auth())
        session = self._answer()["args"]["docs"][0]
        self.session, self.token = session["_id"], session["token"]

    def create(self, module, docs, batch=1_000):
        """Their ids."""
        ids = []
        for begin in range(0, len(docs), batch):
            ids += [doc["_id"] for doc in self.call(f"{module}/create", doc=docs[begin : begin + batch])]
        return ids

    def read(self, module, query):
        """The documents."""
        return self.call(f"{module}/read", query=query)

    def create_film(self, size):
        """The id of a film of so many bytes, which go ahead of it in pieces."""
        pieces = -(-size // PIECE)
        for number in range(pieces):
            content = base64.b64encode(os.urandom(min(PIECE, size - number * PIECE))).decode()
            file = {"name": "reel", "type": "application/octet-stream", "size": size, "lastModified": 0, "content": content}
            piece = {"attr": "reel", "index": "0", "chunk": number + 1, "total": pieces, "file": file}
            self.call("file/upload", doc=piece)
        return self.call("film/create", doc={"reel": []})[0]["_id"]

    def call(self, endpoint, **members):
        """The documents that are answered."""
        self.peer.send(frame(TEXT, tokenised({"endpoint": endpoint, **members}, self.token.encode())))
        return self._answer()["args"].get("docs", [])

    def _answer(self):
        answer = json.loads(self.peer.read_message()[1])
        if answer["status"] != 200:
            raise RuntimeError(f"limpd refused: {answer}")
        return answer


class QueuedLogins:
    """So many connections that all sign in at once."""

    def __init__(self, port, count):
        self.peers = [greeted(port) for _ in range(count)]
        message = auth()
        for peer in self.peers:
            peer.send(message)

    def waiting(self):
        """How many have no answer yet."""
        sockets = [peer.socket for peer in self.peers]
        return len(sockets) - len(select.select(sockets, [], [], 0)[0])


def document(number, maker):
    """A note or a card; about 300 bytes as limpd stores it."""
    return {
        "title": f"Note number {number} of many",
        "shelf": f"s{number % SHELVES:05d}",
        "maker": maker,
        "price": number % 1_000,
        "tags": ["paper", "blue"],
        "body": "What a note says is neither long nor short, as most of what people write down.",
    }


class Data:
    """A data file that limpd itself has filled, and beside it what to ask for, one a line."""

    def __init__(self, build, folder, notes, few=1_000):
        self.folder = folder
        with Limpd(build, folder / "made", cpu=None) as server:
            admin = SignedIn(server.port)
            cities = admin.create("city", [{"name": f"City {n}"} for n in range(CITIES)])
            makers = admin.create("maker", [{"name": f"Maker {n}", "city": cities[n % CITIES]} for n in range(MAKERS)])
            note_ids = admin.create("note", [document(n, makers[n % MAKERS]) for n in range(notes)])
            card_ids = admin.create("card", [document(n, makers[n % MAKERS]) for n in range(few)])
            admin.create("poster", [document(n, makers[n % MAKERS]) for n in range(POSTERS)])
        self.notes = self._write("notes", note_ids)
        self.few_notes = self._write("few_notes", note_ids[:: notes // few])
        self.cards = self._write("cards", card_ids)
        self.shelves = self._write("shelves", [f"s{n:05d}" for n in range(min(SHELVES, notes))])

    def _write(self, name, words):
        file = self.folder / f"{name}.txt"
        file.write_text("\n".join(words) + "\n", encoding="ascii")
        return file

    def copy(self, name):
        """A folder with a copy of it, as each limpd wants its own."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(self.folder / "made", folder))
