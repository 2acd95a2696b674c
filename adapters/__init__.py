"""The outside world: channels, the gateway, and the doors that carry out what was decided."""
