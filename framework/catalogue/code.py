"""What can be wrong with the code that a person writes, beside specs that are sound."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.severity import Severity

CODE: Mapping[str, tuple[Severity, str]] = {
    "python-syntax": (Severity.ERROR, "A file is not Python."),
    # what the specs spare a person
    "hand-written-model": (Severity.ERROR, "A message was written by hand instead of described in a spec."),
    "hand-written-route": (Severity.ERROR, "A route was written by hand outside of `src/routes.py`."),
    "hand-written-error": (Severity.ERROR, "A controller refuses by an `HTTPException`."),
    # controllers and the protocols of their domains
    "missing-controller": (Severity.ERROR, "A domain has no controller."),
    "missing-method": (Severity.ERROR, "A controller lacks the method of an operation."),
    "not-async": (Severity.ERROR, "A method of a controller is not async."),
    "wrong-parameters": (Severity.ERROR, "A method of a controller cannot be called as its operation does."),
    "wrong-annotation": (Severity.ERROR, "A method of a controller takes or returns another type."),
    "undeclared-error": (Severity.ERROR, "A controller raises an error that its operation does not name."),
    "renamed-method": (Severity.WARNING, "A method was left behind when its operation got a new name."),
    # other services
    "foreign-import": (Severity.ERROR, "Code of one service imports that of another, or of none."),
    # what was left behind
    "leftover-controller": (Severity.WARNING, "A controller whose domain has no spec any more."),
    "unmade-service": (Severity.ERROR, "A service of services.yml that has no code yet."),
    "renamed-service": (
        Severity.ERROR,
        "A service without code, and code of one that is not listed any more.",
    ),
    "bad-folder": (Severity.ERROR, "Something else stands in the place of a service."),
    "unlisted-service": (Severity.WARNING, "The code of a service that services.yml does not name."),
    # generated code
    "outdated-code": (Severity.ERROR, "Generated files are not what the specs ask for."),
    "edited-by-hand": (Severity.ERROR, "A person changed a generated file, and would lose the change."),
    "not-generated": (Severity.ERROR, "Something stands where a generated file belongs."),
    # the environment
    "unknown-setting": (Severity.WARNING, "A variable in `.env` that nothing reads looks like one that is."),
    # exceptions
    "bad-allow": (Severity.ERROR, "A comment that allows an exception names no code, or no reason."),
    "unused-allow": (Severity.WARNING, "A comment allows an exception that is not needed."),
}
