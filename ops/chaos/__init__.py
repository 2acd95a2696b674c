"""Load, and judgement from outside, for tests that break things on purpose."""
