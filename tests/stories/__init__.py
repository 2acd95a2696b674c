"""Acceptance stories, played as a stranger would play them: over HTTP and by the command line, judged from outside."""
