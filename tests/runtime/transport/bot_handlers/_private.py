"""Not a module of handlers: it would fail if it were taken for one."""
