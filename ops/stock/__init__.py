"""Looks into stock from outside, by reading the log: explanations, proofs of the table, leaked holds. Changes nothing."""
