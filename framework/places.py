"""Where in a project the specs and the generated files are, as patterns for `Path.glob`."""

SPECS = (
    "services.yml",
    "shared/spec/**/*",
    "services/*/spec/**/*",
)
"""What the user writes and the compiler reads."""

GENERATED = (
    "shared/shared/generated/**/*",
    "shared/spec/.schema/*",
    "services/*/src/generated/**/*",
    "services/*/migrations/env.py",
    "docs/services.md",
    "docs/services.svg",
    "infra/k8s/**/*",
    ".github/workflows/services.yml",
    "services/*/Dockerfile",
    "infra/compose.*.yml",
    "infra/postgres/*",
    "infra/secrets/kustomization.yaml",
)
"""Where generated files are: what carries the banner here and is in no plan any more is deleted."""

DOCUMENTS = ("docs/api/*.json",)
"""Where `framework docs` writes, by the same rule."""
