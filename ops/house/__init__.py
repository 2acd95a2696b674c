"""The house: setting up, preparing, checking."""
