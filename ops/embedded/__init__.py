"""Servers of this machine's own: real Kafka from its jars, librdkafka's mock broker, Redis. Loopback only."""
