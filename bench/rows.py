"""What is measured, and what is to be reached: `measurements()` has them in the order of the table."""

import json
import shutil
import signal
import statistics
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Callable

import machine
from client import POSTERS, SHELVES, Data, QueuedLogins, SignedIn, document, greeted
from servers import Limpd, Nginx, RawEcho, knows

CACHE_TOO_SMALL = 1024 * 1024  # bytes, for documents of 30 MB
IDLE_CONNECTIONS = 10_000
FILM_BYTES = 100_000_000


class NotMeasured(Exception):
    """Why a figure cannot be given."""


@dataclass
class Goal:
    """A figure of the runs, how it reads, and its bound."""

    figure: str
    wording: str
    at_least: float | None = None
    at_most: float | None = None
    by_quietest: bool = False  # the run of which least was stolen counts, not the median

    def of(self, runs):
        if self.by_quietest:
            return min(runs, key=lambda run: run["stolen"])[self.figure]
        return statistics.median(run[self.figure] for run in runs)

    def is_reached(self, value):
        return value >= self.at_least if self.at_most is None else value <= self.at_most

    def bound(self):
        return f"≥ {self.at_least:g}" if self.at_most is None else f"≤ {self.at_most:g}"


@dataclass
class Measurement:
    """`run` gives the figures of one run: those of the goals; `us`, of the server's CPU for a message, where there are
    messages; `stolen`, as the load itself saw it."""

    name: str
    title: str
    goals: list[Goal]
    run: Callable[[], dict]
    note: str = ""


class Bench:
    """The servers, each started when first asked for, and the load."""

    def __init__(self, build, folder, notes, seconds):
        self.build, self.folder, self.notes, self.seconds = build, folder, notes, seconds
        self._running = ExitStack()
        self._kept = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._running.close()

    def _keep(self, name, make):
        if name not in self._kept:
            self._kept[name] = make()
            if hasattr(self._kept[name], "__exit__"):
                self._running.enter_context(self._kept[name])
        return self._kept[name]

    @property
    def data(self):
        return self._keep("data", lambda: Data(self.build, self.folder / "data", self.notes))

    @property
    def raw_echo(self):
        return self._keep("raw echo", lambda: RawEcho(self.build))

    @property
    def limpd_echo(self):
        settings = {"echo": 1, "data_driver": "memory"}
        return self._keep("echo", lambda: Limpd(self.build, self.folder / "echo", "--debug", **settings))

    @property
    def limpd(self):
        return self._keep("limpd", lambda: Limpd(self.build, self.data.copy("limpd")))

    @property
    def limpd_without_room(self):
        """Its cache holds a small part of the documents."""
        if not knows(self.build, cache_bytes_max=CACHE_TOO_SMALL):
            raise NotMeasured("this limpd has no key `cache_bytes_max`, so its cache cannot be made too small")
        settings = {"cache_bytes_max": CACHE_TOO_SMALL}
        return self._keep("without room", lambda: Limpd(self.build, self.data.copy("without_room"), **settings))

    @property
    def limpd_on_all_cpus(self):
        settings = {"cpu": None, "threads": len(machine.CPUS)}
        return self._keep("all cpus", lambda: Limpd(self.build, self.data.copy("all_cpus"), **settings))

    def film(self, make):
        return self._keep("film", make)

    def session(self, server):
        """Of the administrator, one for each server."""
        return self._keep(f"session {server.pid}", lambda: SignedIn(server.port))

    def echo(self, server, depth):
        return self._load(server, 64, depth, "--path", "/echo", "--echo", 400)

    def calls(self, server, connections, depth, call, *more, **how):
        """The load of such calls, from one who has signed in; each must be answered with 200."""
        who = self.session(server)
        signed_in = ["--session", who.session, "--token", who.token]
        call = call.replace("{session}", who.session)
        return self._load(server, connections, depth, *signed_in, "--call", call, *more, **how)

    def reads(self, server, depth, words, *more, module="note", expected='"_id":"{word}"', **how):
        """One document for each word, by its `_id`."""
        query = {"_id": {"val": "{word}"}, "$limit": 1}
        checked = ["--words", words, "--expect", expected, *more]
        return self.calls(server, 64, depth, call(f"{module}/read", query=query), *checked, **how)

    def _load(self, server, connections, depth, *what, seconds=None, cpu=machine.LOAD_CPU):
        command = [self.build / "bench" / "bench_load", "--port", server.port, "--pid", server.pid]
        command += ["--connections", connections, "--depth", depth, "--seconds", seconds or self.seconds, *what]
        measured = output_of(machine.on_cpu(cpu, command))
        return measured | {"us": measured["server_us"], "p99_ms": measured["p99_us"] / 1000}

    def against_raw(self, depth, measure):
        """With `share`: how much of the raw echo's rate that is, each on one whole CPU. Turn by turn."""
        raw = self.echo(self.raw_echo, depth)
        measured = measure()
        stolen = max(raw["stolen"], measured["stolen"])
        return measured | {"raw_us": raw["us"], "share": raw["us"] / measured["us"], "stolen": stolen}


def output_of(command):
    """The JSON that a tool prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise NotMeasured(done.stderr.strip())
    return json.loads(done.stdout)


def call(endpoint, **members):
    """A call as the SDK sends it, about 400 bytes when signed. {session} is filled in when there is one; {n} and
    {word}: see messages.hpp."""
    now = int(time.time())
    whole = {"call_id": "6f1c2a9e-0000-4000-8000-{n}", "endpoint": endpoint, "sid": "{session}", **members}
    return json.dumps(whole | {"iat": now, "exp": now + 86_400}, separators=(",", ":"))


def share_of_raw(at_least):
    return [Goal("share", "{:.3f} of raw echo", at_least=at_least)]


def echo(bench, depth, at_least):
    def run():
        return bench.against_raw(depth, lambda: bench.echo(bench.limpd_echo, depth))

    return Measurement(f"echo{depth}", f"echo, {depth} in flight", share_of_raw(at_least), run)


def cached(bench, depth, at_least):
    def run():
        return bench.against_raw(depth, lambda: bench.reads(bench.limpd, depth, bench.data.few_notes))

    title = f"signed read by `_id`, of 1,000 documents, {depth} in flight"
    return Measurement(f"cached{depth}", title, share_of_raw(at_least), run)


def sqlite(bench, depth, at_least):
    def run():
        return bench.against_raw(depth, lambda: bench.reads(bench.limpd_without_room, depth, bench.data.notes))

    title = f"the same from SQLite, of {bench.notes:,}, {depth} in flight"
    return Measurement(f"sqlite{depth}", title, share_of_raw(at_least), run)


def masked(bench, depth, at_least):
    def run():
        how = {"module": "card", "expected": '"name":"Maker '}
        return bench.against_raw(depth, lambda: bench.reads(bench.limpd, depth, bench.data.cards, **how))

    title = f"the same of 1,000, with an attr mask and one extn, {depth} in flight"
    return Measurement(f"masked{depth}", title, share_of_raw(at_least), run)


def http2(bench, depth, at_least):
    """The same read over both, turn by turn; each WebSocket has a connection of its own."""

    def run():
        one = bench.reads(bench.limpd, depth, bench.data.few_notes)
        two = bench.reads(bench.limpd, depth, bench.data.few_notes, "--http2")
        return two | {"share": one["us"] / two["us"], "stolen": max(one["stolen"], two["stolen"])}

    title = f"signed read of 1,000 over HTTP/2 (h2c), {depth} in flight"
    return Measurement(f"http2_{depth}", title, [Goal("share", "{:.2f} of HTTP/1.1", at_least=at_least)], run)


def create(bench, clients, p99_ms):
    """Each run with a limpd and a file of its own, as both grow."""

    def run():
        folder = bench.folder / "creating"
        shutil.rmtree(folder, ignore_errors=True)
        doc = document(0, "0" * 24)
        enough = int((bench.seconds + 0.3) * 100_000)
        with Limpd(bench.build, folder) as server:
            single = single_writes(bench, folder / "single.db", doc)
            create_call = call("note/create", doc=doc)
            created = bench.calls(server, clients, 1, create_call, "--once", "--messages", enough)
        return created | {"times": created["per_second"] / single["per_second"], "single": single["per_second"]}

    goals = [
        Goal("times", "{:.1f} × one transaction a write", at_least=7),
        Goal("p99_ms", "p99 {:.1f} ms", at_most=p99_ms, by_quietest=True),
    ]
    return Measurement(f"create{clients}", f"durable create, {clients:,} clients", goals, run)


def single_writes(bench, file, doc):
    command = [bench.build / "bench" / "bench_writes", file, bench.seconds, json.dumps(doc)]
    return output_of(machine.on_cpu(machine.SERVER_CPU, command))


def find(bench):
    each = max(1, bench.notes // SHELVES)

    def run():
        single = bench.reads(bench.limpd, 1, bench.data.few_notes)
        query = {"shelf": {"val": "{word}"}, "$limit": each}
        expected = ["--words", bench.data.shelves, "--expect", '"shelf":"{word}"']
        found = bench.calls(bench.limpd, 64, 1, call("note/read", query=query), *expected, seconds=2)
        return found | {"times": found["us"] / single["us"]}

    title = f"read {each} of {bench.notes:,} by an indexed attr"
    goals = [Goal("times", "{:.1f} × a read by `_id`", at_most=12)]
    return Measurement("find", title, goals, run)


def listed(bench):
    """What a list's first page costs: twenty documents, and how many there are, as far as people want to know."""

    def run():
        checked = ["--expect", '"capped":true']
        return bench.calls(bench.limpd, 64, 1, call("note/read", query=[{"$limit": 20}]), *checked, seconds=2)

    title = f"list 20 of {bench.notes:,}, counted to 1,000"
    return Measurement("listed", title, [Goal("us", "{:.0f} µs", at_most=100)], run)


def facets(bench, name, title, filtered, ms):
    def run():
        query = [{"$group": [{"by": "maker", "count": 10}], "$limit": 1, "$count": "none", "$extn": False}, *filtered]
        checked = ["--expect", '"groups":{"maker":[{"min":']
        found = bench.calls(bench.limpd, 1, 1, call("note/read", query=query), *checked, seconds=2)
        return found | {"ms": found["us"] / 1_000}

    title = f"facets of {bench.notes:,} by an indexed attr, {title}"
    return Measurement(name, title, [Goal("ms", "{:.1f} ms", at_most=ms)], run)


def download(bench):
    """The rate of one client that reads a large file, turn by turn with the rate at which nginx sends it."""
    films = bench.folder / "films"

    def film():
        room = {"upload_bytes_max": 2 * FILM_BYTES, "uploads_bytes_max": 2 * FILM_BYTES}
        with Limpd(bench.build, films, **room) as server:
            return SignedIn(server.port).create_film(FILM_BYTES)

    def run():
        if not shutil.which("nginx"):
            raise NotMeasured("nginx is not installed (Debian's nginx-light)")
        path = f"/film/retrieve_file/{bench.film(film)}/reel"
        (bytes_of_it,) = (file for file in films.rglob("*") if file.stat().st_size == FILM_BYTES)
        with Limpd(bench.build, films) as server, Nginx(bytes_of_it.parent) as nginx:
            idle_bytes = machine.resident_bytes(server.pid)
            times = [(fetched(server, path), fetched(nginx, f"/{bytes_of_it.name}")) for _ in range(6)]
            grown = machine.resident_bytes_peak(server.pid) - idle_bytes
        share = statistics.median(theirs / ours for ours, theirs in times[1:])  # the first are from the disk, perhaps
        return {"share": share, "grown_mb": grown / 1e6, "stolen": 0}

    goals = [Goal("share", "{:.2f} of nginx", at_least=0.5), Goal("grown_mb", "{:.1f} MB more memory", at_most=32)]
    return Measurement("download", f"a file of {FILM_BYTES // 1_000_000} MB down", goals, run)


def fetched(server, path):
    """Seconds that it takes to read all of it."""
    command = ["curl", "--silent", "--fail", "--output", "/dev/null", "--write-out", "%{time_total} %{size_download}"]
    url = f"http://127.0.0.1:{server.port}{path}"
    said = subprocess.run(machine.on_cpu(machine.LOAD_CPU, [*command, url]), capture_output=True, text=True, check=False)
    seconds, size = said.stdout.split()
    if said.returncode != 0 or int(size) != FILM_BYTES:
        raise NotMeasured(f"{url} gave {size} bytes")
    return float(seconds)


def extended(bench):
    settings = {"read_limit_max": POSTERS, "extn_docs_max": 2 * POSTERS}
    reads = 20

    def run():
        with Limpd(bench.build, bench.data.copy("extended"), **settings) as server:
            admin = SignedIn(server.port)
            before = machine.cpu_seconds(server.pid)
            for _ in range(reads):
                docs = admin.read("poster", {"$sort": {"_id": 1}})
                if len(docs) != POSTERS or not all(doc["maker"]["city"]["name"] for doc in docs):
                    raise NotMeasured("a read lacks documents")
            ms = (machine.cpu_seconds(server.pid) - before) * 1_000 / reads
        return {"ms": ms, "us": ms * 1_000, "stolen": 0}

    title = f"read {POSTERS:,} documents with two levels of extns"
    return Measurement("extended", title, [Goal("ms", "{:.0f} ms", at_most=150)], run)


def logins(bench):
    def run():
        with Limpd(bench.build, bench.data.copy("logins")) as server:
            idle = bench.reads(server, 1, bench.data.few_notes)
            queued = QueuedLogins(server.port, 100)
            busy = bench.reads(server, 1, bench.data.few_notes)
            if not queued.waiting():
                raise NotMeasured("the logins were done before the load was")
            server.stop(signal.SIGKILL)  # rather than wait for them
        stolen = max(idle["stolen"], busy["stolen"])
        return busy | {"times": busy["p99_us"] / idle["p99_us"], "stolen": stolen}

    goals = [Goal("times", "p99 {:.2f} × idle", at_most=1.5, by_quietest=True)]
    return Measurement("logins", "others' p99 while 100 logins queue", goals, run)


def start(bench):
    def run():
        with Limpd(bench.build, bench.data.copy("start")) as server:
            resident = machine.resident_bytes(server.pid)
            return {"start_ms": server.start_ms, "resident_mb": resident / 1e6, "stolen": 0}

    goals = [
        Goal("start_ms", "{:.0f} ms to listening", at_most=50),
        Goal("resident_mb", "{:.1f} MB resident", at_most=20),
    ]
    return Measurement("start", f"start with {bench.notes:,} documents", goals, run)


def idle(bench):
    """Plain connections that have been greeted and say nothing."""

    def run():
        if machine.allow_open_files() < IDLE_CONNECTIONS + 100:
            raise NotMeasured(f"ulimit -n allows less than {IDLE_CONNECTIONS:,} connections")
        with Limpd(bench.build, bench.folder / "idle") as server:
            warm = [greeted(server.port) for _ in range(100)]
            before = machine.private_bytes(server.pid)
            peers = [greeted(server.port) for _ in range(IDLE_CONNECTIONS)]
            grown = machine.private_bytes(server.pid) - before
            for peer in warm + peers:
                peer.socket.close()
        return {"bytes": grown / IDLE_CONNECTIONS, "stolen": 0}

    title = f"memory of an idle connection, {IDLE_CONNECTIONS:,} open"
    return Measurement("idle", title, [Goal("bytes", "{:.0f} bytes", at_most=3_000)], run)


def threads(bench, depth):
    """The load has a CPU of its own in the one case and shares both in the other, so the rates are no promise; a
    message must not cost more."""

    def run():
        one = bench.reads(bench.limpd, depth, bench.data.few_notes)
        all_of_them = bench.reads(bench.limpd_on_all_cpus, depth, bench.data.few_notes, cpu=None)
        gain = all_of_them["per_second"] / one["per_second"]
        # What the load sees stolen in the second case is limpd's own work.
        return all_of_them | {"share": one["us"] / all_of_them["us"], "gain": gain, "stolen": one["stolen"]}

    goals = [
        Goal("share", "{:.2f} of one thread's rate a CPU", at_least=0.95),
        Goal("gain", "{:.2f} × as many in all", at_least=1),
    ]
    return Measurement(f"threads{depth}", f"signed read on two threads, {depth} in flight", goals, run)


def measurements(bench):
    return [
        echo(bench, 1, 0.85),
        echo(bench, 16, 0.7),
        cached(bench, 1, 0.6),
        cached(bench, 16, 0.16),
        sqlite(bench, 1, 0.42),
        sqlite(bench, 16, 0.07),
        masked(bench, 1, 0.45),
        masked(bench, 16, 0.1),
        http2(bench, 1, 0.6),
        http2(bench, 16, 0.6),
        create(bench, 64, 10),
        create(bench, 1_000, 40),
        find(bench),
        listed(bench),
        facets(bench, "facets", "of all", [], 20),
        facets(bench, "tenth", "of a tenth", [{"shelf": {"$lt": f"s{SHELVES // 10:05d}"}}], 300),
        extended(bench),
        download(bench),
        logins(bench),
        start(bench),
        idle(bench),
        threads(bench, 1),
        threads(bench, 16),
    ]
