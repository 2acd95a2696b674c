"""A year of a real shop: the Online Retail data (UCI 352), played day by day."""
