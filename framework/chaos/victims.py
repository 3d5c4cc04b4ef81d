"""The processes that are hit, and brought back."""

from __future__ import annotations

import os
import signal
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from framework.chaos.strikes import Blow, Strike
from framework.servers.process import ServerProcess

_END_TIMEOUT: Final = 20.0
"""Seconds after which a process that was asked to end is killed."""


class Victim:
    """A process under one name, through all its lives; `tend` brings it back when its time has come."""

    def __init__(
        self, name: str, make: Callable[[int], ServerProcess], running: ServerProcess | None = None
    ) -> None:
        """`make` gives the process of the life of that number, not yet started; one may be `running`."""
        self.name = name
        self.hits: Counter[Blow] = Counter()
        self.ended: list[int] = []
        """The statuses with which it ended although nobody had hit it."""
        self._make = make
        self._process = running
        self._lives = 0 if running is None else 1
        self._suffers: Strike | None = None
        self._until = 0.0

    @property
    def works(self) -> bool:
        """Whether it has recovered from the last blow, if there was one, and answers."""
        return self._suffers is None and self._process is not None and self._process.is_ready

    @property
    def last_words(self) -> str | None:
        """The end of its log, if it has ended by itself and nobody has started it again."""
        if self._process is None or self._process.is_running:
            return None
        return self._process.log_tail()

    def start(self) -> None:
        """Begin a life; it need not answer yet. Raises `ServerError` if it cannot be run."""
        if self._process is not None:
            self._process.kill()  # what is dead already only has its traces removed
        self._process = self._make(self._lives)
        self._lives += 1
        self._process.spawn()

    def strike(self, strike: Strike, now: float) -> None:
        """Hit it, if it runs."""
        if self._process is None or self._suffers is not None or not self._process.is_running:
            return
        self.hits[strike.blow] += 1
        self._suffers, self._until = strike, now + strike.pause
        match strike.blow:
            case Blow.KILL:
                self._signal(signal.SIGKILL, *self._all_pids())
                self._process.kill()
            case Blow.STOP:
                self._signal(signal.SIGSTOP, *self._all_pids())
            case Blow.END:
                self._signal(signal.SIGTERM, self._process.pid)

    def tend(self, now: float) -> None:
        """Bring it back if it is time, or if it has ended by itself. Raises what `start` raises."""
        if self._process is None:
            return
        if self._suffers is None:
            if not self._process.is_running:
                self.ended.append(self._process.exit_status or 0)
                self.start()
        elif now >= self._until:
            self._bring_back(self._process, self._suffers.blow, now)

    def recover(self, now: float) -> None:
        """Let the next `tend` bring it back, whatever was planned."""
        self._until = min(self._until, now)

    def stop(self) -> None:
        """End it for good, gracefully if it lets itself be asked."""
        if self._process is not None:
            self._signal(signal.SIGCONT, *self._all_pids())
            self._process.stop()

    def _bring_back(self, process: ServerProcess, blow: Blow, now: float) -> None:
        if blow is Blow.STOP:
            self._signal(signal.SIGCONT, *self._all_pids())
        elif process.is_running:  # it was asked to end, and takes its time
            if now >= self._until + _END_TIMEOUT:
                process.kill()
            return
        else:
            self.start()
        self._suffers = None

    def _all_pids(self) -> list[int]:
        """The process and those that it started, as PostgreSQL does."""
        pid = self._process.pid if self._process else None
        return [] if pid is None else [pid, *_descendants(pid)]

    def _signal(self, number: signal.Signals, *pids: int | None) -> None:
        for pid in pids:
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)


def _descendants(pid: int) -> Iterator[int]:
    """The processes below `pid`, as far as the system tells: where there is no /proc, none."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            # pid (name) state parent …, and the name may hold anything.
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children[parent].append(int(stat.parent.name))
    ahead = list(children[pid])
    while ahead:
        child = ahead.pop()
        yield child
        ahead += children[child]
