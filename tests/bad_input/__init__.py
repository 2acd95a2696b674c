"""Whatever bad thing is sent: its sender hears a clear error, and nothing else is lost, changed or delayed."""
