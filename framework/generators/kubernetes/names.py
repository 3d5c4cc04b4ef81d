"""Names of the specs as names of Kubernetes, and as values of YAML."""

from __future__ import annotations

import json

_WORDS = frozenset({"false", "n", "no", "null", "off", "on", "true", "y", "yes"})
"""Words that YAML 1.1, which Kubernetes reads, does not take for text."""


def dns_name(name: str) -> str:
    """The name of a service or a server as a label of DNS, which has no underscores."""
    return name.replace("_", "-")


def scalar(text: str) -> str:
    """A value of YAML that is this text and nothing else."""
    is_plain = text.replace("-", "").replace("_", "").isalnum() and text[0].isalpha() and text not in _WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def labels(name: str, component: str = "") -> str:
    """The labels of what belongs to a service or a server, of one kind of its pods if `component` says so."""
    pairs = {"name": name, "component": component} if component else {"name": name}
    return "{" + ", ".join(f"app.kubernetes.io/{key}: {scalar(value)}" for key, value in pairs.items()) + "}"
