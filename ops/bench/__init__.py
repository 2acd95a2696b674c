"""What it costs: events per second, CPU per event and latency, measured on real parts in one run."""
