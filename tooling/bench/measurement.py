"""Whole processes measured from outside: processor time and memory, as the operating system counts them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


class BenchError(Exception):
    """A command failed that is to be measured; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A command to be measured in `folder`; `prepare` is called before each run and is not measured."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    prepare: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: seconds of processor time of the process and its children; the most memory of one of them."""

    seconds: float
    mebibytes: float


def measure(subject: Subject) -> Sample:
    """Run a command once. Raises `BenchError` if it fails.

    The memory of a process is told to be that of its parent before it begins: ours must stay the smaller.
    """
    subject.prepare()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            subject.command,
            cwd=subject.folder,
            env=subject.environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace")[-2000:]
            raise BenchError(f"{' '.join(subject.command)}: exit status {process.returncode}\n{words}")
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def set_aside(folder: Path) -> None:
    """Give a folder, if it is there, another name beside it, so that it can be made anew.

    It is not deleted: for a minute ext4 takes none of the places of deleted files for new ones, but looks at
    each, and the next to be measured would pay for that.
    """
    if folder.exists():
        folder.rename(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))


class Rounds:
    """Several subjects, measured in turn again and again, so that all see the same moods of the machine."""

    def __init__(self, subjects: Mapping[str, Subject], count: int, *, warm_up: bool = True) -> None:
        if warm_up:
            for subject in subjects.values():
                measure(subject)  # reads from the disk what the others find in memory
        self._samples = [{name: measure(subject) for name, subject in subjects.items()} for _ in range(count)]

    def seconds(self, *names: str) -> float:
        """The median processor time of a subject, or of several together."""
        return median(self.each(*names))

    def mebibytes(self, name: str) -> float:
        """The most memory that a subject took."""
        return max(samples[name].mebibytes for samples in self._samples)

    def ratio(self, name: str, *others: str) -> float:
        """How many times the processor time of others a subject takes: the median over the rounds."""
        pairs = zip(self.each(name), self.each(*others), strict=True)
        return median(own / other for own, other in pairs)

    def each(self, *names: str) -> list[float]:
        """The processor times of a subject, or of several together, round by round."""
        return [sum(samples[name].seconds for name in names) for samples in self._samples]
