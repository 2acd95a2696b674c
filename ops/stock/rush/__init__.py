"""A rush for the last units: many buyers at once over HTTP, the stock's owner killed, judged from outside."""
