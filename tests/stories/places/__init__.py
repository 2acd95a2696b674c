"""Where a story is played: the topology driver, the embedded default, real Kafka."""
