"""The rig of `framework.chaos` on a project that fails in every way, and the proof that it sees."""
