"""A comment is a comment, and a text is none."""

EXAMPLE = "# framework: allow[hand-written-model]"
