"""Channel documents: readers turn bytes into values, writers turn values into bytes. Both are pure."""
