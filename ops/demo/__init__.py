"""The main job, watched live."""
