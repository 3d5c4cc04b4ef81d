"""The compiler (`framework.cli` and what it calls) and the runtime (`framework.runtime`) of a project."""
