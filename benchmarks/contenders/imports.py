"""What `import` costs: time and memory, each time in an interpreter of its own.

Modules come compiled, as they do for everyone but the first to import them. The bytecode is kept in
a temporary folder for all packages alike: next to the sources it may be missing, where a package
was just edited or Python was told not to write any.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from functools import cache
from tempfile import mkdtemp

from benchmarks.contenders.contract import Sampler
from benchmarks.exchange import WrongAnswer

TIME = """
import sys, time
sys.path[:] = {path!r}
started = time.process_time()
{statement}
print(time.process_time() - started)
"""

# Resident memory where the system tells it, else the highest it has been.
MEMORY = """
import sys
sys.path[:] = {path!r}
def resident():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
import resource
started = resident()
{statement}
print(resident() - started)
"""


@cache
def bytecode_folder() -> str:
    """A folder for compiled modules, removed when the benchmark ends."""
    folder = mkdtemp(prefix="benchmark-bytecode-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def in_fresh_interpreter(program: str, statement: str) -> float:
    """The number that `program` prints after the import that `statement` is.

    :raises WrongAnswer: if the import fails; the message shows the end of what it printed.
    """
    source = program.format(path=sys.path, statement=statement)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode_folder()}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-S", "-c", source],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise WrongAnswer(f"{statement} failed: {done.stderr.strip()[-500:]}")
    return float(done.stdout)


def repeated(program: str, statement: str) -> Sampler:
    """A sampler that runs `program` once per operation; a first run compiles the modules.

    :raises WrongAnswer: if the import fails.
    """
    in_fresh_interpreter(program, statement)

    def sample(count: int) -> float:
        return sum(in_fresh_interpreter(program, statement) for _ in range(count))

    return sample


def import_time(statement: str) -> Sampler:
    """Seconds of an import, such as `import falcon`."""
    return repeated(TIME, statement)


def import_memory(statement: str) -> Sampler:
    """Bytes that an import adds to the interpreter."""
    return repeated(MEMORY, statement)
