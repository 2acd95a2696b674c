"""X12: delimiters, segments, envelopes and the 850 purchase order."""
