"""`python -m ops.cli` is `wharf`: how a process starts others of its own installation."""

from ops.cli import main

main()
