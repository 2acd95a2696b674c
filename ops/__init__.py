"""Running it: command line, embedded servers, supervision, and the tools of those on call."""
