"""What each operation has handled: recorded in its transaction, and forgotten when it cannot come again."""
