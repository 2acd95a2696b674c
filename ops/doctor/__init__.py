"""`wharf doctor`: is everything reachable, of the right version, of the right configuration?"""
