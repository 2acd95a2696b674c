"""The gateway's routes, one file per thing that can be asked."""
