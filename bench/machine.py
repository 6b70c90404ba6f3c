"""What is asked of the machine: which CPUs, how much of them somebody else takes, how much memory a process has."""

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPU, LOAD_CPU = CPUS[0], CPUS[-1]
SPIN_SECONDS = 0.1
GAP_NS = 50_000  # between two looks at the clock lies less than that, unless something else ran


def on_cpu(cpu, command):
    """The command, held to one CPU; on any for None."""
    return command if cpu is None else ["taskset", "-c", str(cpu), *map(str, command)]


def stolen():
    """The share of both CPUs that others take at this moment: the worse of the two, by spinning on both at once.

    A host that throttles a virtual machine shows so, though neither steal time nor any CPU clock tells."""
    program = f"import machine; print(machine.spin())"
    spinners = [
        subprocess.Popen(
            on_cpu(cpu, [sys.executable, "-c", program]), stdout=subprocess.PIPE, cwd=Path(__file__).parent, text=True
        )
        for cpu in {SERVER_CPU, LOAD_CPU}
    ]
    return max(float(spinner.communicate()[0]) for spinner in spinners)


def spin():
    """The share of the time that was lost in gaps."""
    lost, began = 0, time.monotonic_ns()
    before = began
    end = began + int(SPIN_SECONDS * 1e9)
    while before < end:
        now = time.monotonic_ns()
        if now - before > GAP_NS:
            lost += now - before
        before = now
    return lost / (before - began)


def resident_bytes(pid):
    return kib_of(f"/proc/{pid}/status", "VmRSS") * 1024


def resident_bytes_peak(pid):
    return kib_of(f"/proc/{pid}/status", "VmHWM") * 1024


def private_bytes(pid):
    """Memory that would be free again if the process were gone."""
    file = f"/proc/{pid}/smaps_rollup"
    return (kib_of(file, "Private_Clean") + kib_of(file, "Private_Dirty")) * 1024


def kib_of(file, name):
    return int(re.search(rf"^{name}:\s+(\d+) kB", Path(file).read_text(encoding="ascii"), re.MULTILINE)[1])


def allow_open_files():
    """As many as the machine lets us, for us and the servers that we start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def description():
    model = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{os.cpu_count()} CPUs, {model[1] if model else 'of an unknown model'}, Linux {os.uname().release}"


def cpu_seconds(pid):
    """What the process has spent so far, in all its threads."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
