#!/usr/bin/env python3
"""What only a machine of one's own has, for the test of the guide: called by one of the names below, it does what that
program would with what the guide asks of it, in the folder GUIDE_MACHINE."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

MACHINE = Path(os.environ["GUIDE_MACHINE"])
PATIENCE = 60.0  # seconds
name, words = Path(sys.argv[0]).name, sys.argv[1:]


def wait_until(holds, what):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"{name}: {what}")
        time.sleep(0.05)


def sudo():
    if words[0] == "-u":
        del words[:2]
    os.execvp(words[0], words)


class Unit:
    def __init__(self, unit):
        text = (MACHINE / "etc/systemd/system" / f"{unit}.service").read_text(encoding="utf-8")
        self.settings = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
        self.pid_file = MACHINE / "run" / f"{unit}.pid"
        self.journal = MACHINE / "run" / f"{unit}.journal"

    def start(self):
        for folder in self.settings["StateDirectory"].split():
            (MACHINE / "var/lib" / folder).mkdir(parents=True, exist_ok=True)
        secrets = Path(self.settings["EnvironmentFile"]).read_text(encoding="utf-8")
        environment = os.environ | dict(line.split("=", 1) for line in secrets.splitlines())
        with self.journal.open("a") as journal:
            process = subprocess.Popen(
                shlex.split(self.settings["ExecStart"]), env=environment, cwd="/", stdin=subprocess.DEVNULL,
                stdout=journal, stderr=journal, start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid))
        wait_until(lambda: process.poll() is not None or self.listens(), "limpd does not listen")
        if process.poll() is not None:
            sys.exit(self.journal.read_text(encoding="utf-8"))

    def listens(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", int(os.environ["PORT"]))) == 0

    def stop(self):
        if not self.pid_file.exists():
            return
        pid = int(self.pid_file.read_text())
        self.pid_file.unlink()
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not is_alive(pid), "limpd does not stop")


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def systemctl():
    unit = Unit(words[-1])
    if words[0] in ("stop", "restart"):
        unit.stop()
    if words[0] in ("start", "restart", "enable"):
        unit.start()


def journalctl():
    lines = Unit(words[words.index("-u") + 1]).journal.read_text(encoding="utf-8").splitlines()
    print("\n".join(lines[-int(words[words.index("-n") + 1]) :]))


doing = {"sudo": sudo, "systemctl": systemctl, "journalctl": journalctl, "useradd": lambda: None, "systemd-analyze": lambda: None}
doing[name]()
