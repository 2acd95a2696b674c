"""An exhaustive check of the inventory's decisions in small worlds."""
