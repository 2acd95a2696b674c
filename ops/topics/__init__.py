"""Topics at the broker: what the catalogue wants, and making it so."""
