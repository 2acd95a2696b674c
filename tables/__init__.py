"""What is remembered: pure state with its `apply`, and the two stores that hold it."""
