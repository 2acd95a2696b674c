"""wharf's engine beside others: the same events, the same job, one real broker, one run."""
