"""The servers that are measured, each held to a CPU."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds

# Every limit stays on; those that the load would meet are wider than it. One thread, unless a row says otherwise.
SETTINGS = {
    "threads": 1,
    "quota_address_per_minute": 1_000_000_000,
    "quota_session_per_minute": 1_000_000_000,
    "connections_max": 20_000,
    "connections_per_address_max": 20_000,
    "password_waiting_max": 200,
}


class Server:
    """A process that has said where it listens, or that it does on the port it was given. It ends with the `with` block."""

    def __init__(self, command, listening, cpu, port=None, **how):
        began = time.monotonic()
        self.process = subprocess.Popen(
            machine.on_cpu(cpu, command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how
        )
        self.pid = self.process.pid
        self.said = ""
        match = self._wait_for(listening)
        self.port = port or int(match[1])
        self.start_ms = (time.monotonic() - began) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def _wait_for(self, listening):
        pipe = self.process.stdout.fileno()
        while not (match := re.search(listening, self.said)):
            is_ready = select.select([pipe], [], [], PATIENCE)[0]
            piece = os.read(pipe, 65_536).decode() if is_ready else ""
            if not piece:
                self.stop()
                raise RuntimeError(f"{self.process.args} does not listen; it said:\n{self.said}")
            self.said += piece
        return match


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        return somebody.getsockname()[1]


class RawEcho(Server):
    """The physical limit."""

    def __init__(self, build):
        super().__init__([build / "bench" / "bench_echo"], r"(\d+)\n", machine.SERVER_CPU)


class Nginx(Server):
    """Serves the files of that folder as Debian's package does by default: sendfile, no access log."""

    def __init__(self, folder):
        port = free_port()
        config = folder / "nginx.conf"
        config.write_text(
            f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr notice;\n"
            f"events {{}}\nhttp {{ access_log off; sendfile on; tcp_nopush on; root {folder};\n"
            f"server {{ listen 127.0.0.1:{port}; }} }}\n"
        )
        super().__init__(["nginx", "-c", config], "event method", machine.SERVER_CPU, port)


class Limpd(Server):
    """With its data in that folder. After its start nobody reads what it says: it says little."""

    def __init__(self, build, folder, *flags, cpu=machine.SERVER_CPU, **settings):
        folder.mkdir(parents=True, exist_ok=True)
        command = [build / "limpd", "-p", "0", "--address", "127.0.0.1", "--modules", ROOT / "bench" / "modules"]
        listening = r"address=ws://\S+:(\d+)/ws"
        super().__init__(self.command([*command, *flags]), listening, cpu, cwd=folder, env=environment(settings))

    def command(self, command):
        """What is run in its place."""
        return command


def environment(settings):
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LIMP_")}
    return ours | {f"LIMP_{name.upper()}": str(value) for name, value in (SETTINGS | settings).items()}


def knows(build, **setting):
    """Whether this limpd has that key of the configuration: of a variable that is none it warns."""
    (name,) = setting
    command = [build / "limpd", "--check", "--modules", ROOT / "bench" / "modules"]
    said = subprocess.run(command, env=environment(setting), capture_output=True, text=True, check=True)
    return f"LIMP_{name.upper()}" not in said.stderr
