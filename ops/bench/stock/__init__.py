"""What the inventory costs as it grows: per event, in memory, on disk, to rebuild, to hear of, to leave out."""
