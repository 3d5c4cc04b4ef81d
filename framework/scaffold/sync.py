"""The folders of a project in step with services.yml: what is missing is made, all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from framework.diagnostics import Diagnostics
from framework.edits import edited, remember
from framework.files import File
from framework.fingerprint import observe, record
from framework.formatting import formatted
from framework.generators import generate, taken_over
from framework.load import load
from framework.lock import locked
from framework.output import NO_CHANGES, Changes, apply, reconcile
from framework.places import SPECS
from framework.resolve import resolve
from framework.scaffold.beginnings import first_code, first_spec
from framework.scaffold.folders import check_folders, unmade
from framework.scaffold.stubs import stubs
from framework.system import Service, System


class Sync(NamedTuple):
    """What stands between services.yml and the disk; nothing is planned if the diagnostics have errors.

    `new` are the services that have no code yet, `files` all that there should be: what is generated, and
    what the new services begin with.
    """

    diagnostics: Diagnostics
    new: tuple[Service, ...] = ()
    files: tuple[File, ...] = ()
    changes: Changes = NO_CHANGES
    lost: tuple[str, ...] = ()
    """The generated files whose edits by hand are overwritten."""

    @property
    def is_sound(self) -> bool:
        """Whether it can be done, or is."""
        return not (self.diagnostics.has_errors or self.changes.refused)

    def written(self, service: Service) -> list[str]:
        """The paths of the files that are made for a new service and are the user's from then on."""
        stubs = {file.path for file in self.files if file.once}
        folder = f"services/{service.name}/"
        return [
            each.path for each in self.changes.changes if each.path in stubs and each.path.startswith(folder)
        ]


def compare(root: Path) -> Sync:
    """What is missing in the project at `root`. Only reads. Raises OSError if something cannot be read."""
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    new = {service.name for service in unmade(root, system)}
    # Specs without a service may be those of a new one, that had another name: it needs no first spec then.
    is_nothing_stray = not any(found.code == "stray-spec" for found in diagnostics)
    if drafts := list(_first_specs(system, new)) if is_nothing_stray else []:
        with _with_drafts(root, drafts) as place:
            specs, diagnostics = load(place)
            system = resolve(specs, diagnostics)
    if not diagnostics.has_errors:
        check_folders(root, specs, system, diagnostics)
    if diagnostics.has_errors:
        return Sync(diagnostics)
    made = tuple(service for service in system.services if service.name in new)
    begun = {draft.path for draft in drafts}
    files = [*formatted(_files(system, made, begun)), *drafts]
    changes = reconcile(root, files, taken_over(system))
    return Sync(diagnostics, made, tuple(files), changes, tuple(edited(root, changes.changes)))


def synchronize(root: Path) -> Sync:
    """Make what is missing in the project at `root`; nothing is overwritten but what was generated.

    Raises OSError if the disk refuses; then everything is as it was.
    """
    with locked(root):
        observed = observe(root)
        found = compare(root)
        if found.is_sound:
            apply(root, found.changes)
            remember(root, found.files)
            if not found.new:
                record(root, observed, (file.path for file in found.files if file.once))
        return found


def _first_specs(system: System, new: set[str]) -> Iterator[File]:
    for service in system.services:
        if service.name in new and not service.domains and (spec := first_spec(service)):
            yield spec


def _files(system: System, new: Iterable[Service], begun: set[str]) -> list[File]:
    """Generated files and stubs, in the order of their paths; a first spec brings code that works."""
    files = {file.path: file for file in generate(system)}
    for service in new:
        files |= {file.path: file for file in stubs(service)}
        if begun & {domain.source for domain in service.domains}:
            files |= {file.path: file for file in first_code(service)}
    return [files[path] for path in sorted(files)]


@contextmanager
def _with_drafts(root: Path, drafts: Iterable[File]) -> Iterator[Path]:
    """A copy of the specs of the project, with drafts of new ones among them."""
    with TemporaryDirectory(prefix="framework-") as folder:
        place = Path(folder)
        for path in (path for pattern in SPECS for path in root.glob(pattern) if path.is_file()):
            copy = place / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        for draft in drafts:
            copy = place / draft.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(draft.text, "utf-8")
        yield place
