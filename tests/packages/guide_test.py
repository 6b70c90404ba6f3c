"""docs/guide.md, done as it says: each file is written, each command typed into one shell, in their order, and what is
printed is compared with what the page shows.

A block whose first line is a comment with a path is that file. `$ limpd` serves, as in a terminal of its own, until
`^C`; a block of its log is waited for. The installation is the one of this build, the server's folders are under a
folder of the test's own, and what only a machine of one's own has (sudo, systemctl, journalctl, useradd) is stood in for.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = os.environ["LIMP_BUILD"]  # the build's folder
STAND_INS = Path(__file__).resolve().parent / "guide_stand_ins.py"
PATIENCE = 120.0  # seconds; a sanitized build is slow, and a compiler with it

LANGUAGES_OF_FILES = {"jsonc", "json", "bash", "call", "cpp", "ini", "nginx"}
LANGUAGES_OF_TERMINALS = {"console", "log"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def blocks_of(page):
    """(what stands behind the fence, the text, its line) of each block."""
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^```([^\n]*)\n(.*?)^```$", text, re.S | re.M):
        yield match[1].split(), match[2], text.count("\n", 0, match.start()) + 1


def exchanges_of(block):
    """(command, what is printed) of a console."""
    exchanges = []
    for line in block.splitlines():
        if line.startswith("$ ") or line == "^C":
            exchanges.append([line.removeprefix("$ "), ""])
        elif line.startswith("> "):
            exchanges[-1][0] += "\n" + line.removeprefix("> ")
        else:
            exchanges[-1][1] += line + "\n"
    return exchanges


def left_open(text):
    """Without what is another each time."""
    text = re.sub(r"\b[0-9a-f]{24}\b", "<id>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "<time>", text)
    text = re.sub(r"threads=\d+", "threads=<count>", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def pattern_of(shown):
    """`…` is any text within a line, and any lines where it is alone."""
    lines = []
    for line in left_open(shown).splitlines():
        lines.append(r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n")
    return "".join(lines)


def is_shown(shown, printed):
    return re.fullmatch(pattern_of(shown), left_open(printed) + "\n" if printed.strip() else "") is not None


class Shell:
    """One bash for all commands, as what one sets the next one needs."""

    def __init__(self, folder, environment):
        self.command = folder / "command"
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )

    def run(self, command):
        """(exit code, what was printed)"""
        self.command.write_text(command, encoding="utf-8")
        self.process.stdin.write(f". '{self.command}' < /dev/null; printf '\\n@@%s@@\\n' $?\n")
        self.process.stdin.flush()
        printed = ""
        too_long = threading.Timer(PATIENCE, self.process.kill)
        too_long.daemon = True
        too_long.start()
        while not (end := re.search(r"\n@@(\d+)@@\n$", printed)):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"the shell has ended in {command!r}:\n{printed}")
            printed += line
        too_long.cancel()
        return int(end[1]), printed[: end.start()]

    def folder(self):
        return Path(self.run("pwd")[1].strip())

    def end(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Serving:
    """limpd in the second terminal."""

    def __init__(self, command, folder, environment, log):
        self.log = log
        self.seen = 0  # characters of the log that were shown so far
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                command.split(), cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
            )

    def wait_for(self, shown):
        """None, or what the log says instead."""
        end = time.monotonic() + PATIENCE
        while True:
            news = self.log.read_text(encoding="utf-8")[self.seen :]
            if re.match(pattern_of(shown), left_open(news) + "\n"):
                self.seen += len(news)
                return None
            if time.monotonic() > end or "not reloaded" in news or self.process.poll() not in (None, 0):
                return news
            time.sleep(0.1)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Guide(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="limpd-guide-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.machine = self.folder / "machine"
        for folder in ("etc/systemd/system", "srv", "var/lib", "run"):
            (self.machine / folder).mkdir(parents=True)
        self.port = free_port()
        self.serving = None
        self.install()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("LIMP_") and name not in {"PORT", "ENV", "DEBUG", "url", "anon", "token", "sid"}
        }
        self.environment |= {
            "PATH": f"{self.stand_ins()}:{self.machine}/usr/local/bin:{os.environ['PATH']}",
            "PORT": str(self.port),
            "LIMP_PASSWORD_OPERATIONS": "1",
            "LIMP_PASSWORD_MEMORY_KIB": "8192",
            "GUIDE_MACHINE": str(self.machine),
        }
        self.shell = Shell(self.folder, self.environment)
        self.addCleanup(self.shell.end)
        self.addCleanup(self.leave)

    def install(self):
        prefix = self.machine / "usr" / "local"
        done = subprocess.run(["cmake", "--install", BUILD, "--prefix", str(prefix)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def stand_ins(self):
        """A folder of programs that do what the real ones would, as far as the page goes."""
        programs = self.folder / "stand_ins"
        programs.mkdir()
        names = ["sudo", "useradd", "systemctl", "journalctl"]
        if not shutil.which("systemd-analyze"):
            names.append("systemd-analyze")
        for name in names:
            (programs / name).symlink_to(STAND_INS)
        return programs

    def leave(self):
        if self.serving:
            self.serving.end()
        if any((self.machine / "run").iterdir()):
            subprocess.run([str(self.folder / "stand_ins" / "systemctl"), "stop", "limpd"], env=self.environment)

    def here(self, text):
        """The same on this machine: its port, and its folders."""
        text = text.replace("8081", str(self.port))
        return re.sub(r"(?<![\w./-])/(etc|srv|usr/local|var/lib)\b", rf"{self.machine}/\1", text)

    def test_each_step(self):
        kinds = []
        for (language, *rest), block, line in blocks_of(ROOT / "docs" / "guide.md"):
            kinds.append(language)
            try:
                self.follow(language, rest, block)
            except AssertionError as error:
                raise AssertionError(f"docs/guide.md:{line}: {error}") from None
        self.assertGreaterEqual(LANGUAGES_OF_FILES | LANGUAGES_OF_TERMINALS, set(kinds))
        self.assertGreater(kinds.count("console"), 20)

    def follow(self, language, rest, block):
        if language == "console" and rest == ["install"]:
            self.check_installation(block)
        elif language == "console":
            self.type(self.here(block))
        elif language == "log":
            self.assertIsNone(self.serving.wait_for(self.here(block)), "the log says something else")
        else:
            self.assertIn(language, LANGUAGES_OF_FILES, "a block that this test does not know")
            self.write(block)

    def check_installation(self, block):
        """It is this build's, made once before: what the page names must be there."""
        for command, _ in exchanges_of(block):
            if command.startswith("script/"):
                self.assertTrue(os.access(ROOT / command, os.X_OK), command)
            if "--preset" in command:
                presets = (ROOT / "CMakePresets.json").read_text(encoding="utf-8")
                self.assertIn(f'"name": "{command.split()[-1]}"', presets)

    def write(self, block):
        path = re.match(r"(?://|#) (\S+)$", block.splitlines()[0])
        self.assertTrue(path, f"its first line names no file: {block.splitlines()[0]}")
        file = self.shell.folder() / self.here(path[1])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.here(block), encoding="utf-8")

    def type(self, block):
        for command, shown in exchanges_of(block):
            if command == "^C":
                self.assertEqual(self.serving.interrupt(), 0)
                self.assertIsNone(self.serving.wait_for(shown), "the log says something else")
            elif re.fullmatch(r"limpd( --?\S+)*", command) and "--version" not in command:
                self.serving = Serving(command, self.shell.folder(), self.environment, self.folder / "log")
                self.assertIsNone(self.serving.wait_for(shown), "the log says something else")
            else:
                code, printed = self.shell.run(command)
                self.assertEqual(code, 0, f"{command}\n{printed}")
                self.assertTrue(is_shown(shown, printed), f"{command}\nprints\n{printed}\ninstead of\n{shown}")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
