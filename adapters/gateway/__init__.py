"""The HTTP door: takes documents into the log, answers from the read models."""
