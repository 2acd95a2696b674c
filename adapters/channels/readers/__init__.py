"""Readers: what a document says, as values, or why it was refused. Bytes in, values out, nothing else."""
