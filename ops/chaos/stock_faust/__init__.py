"""What stock Faust loses, shown on stock Faust: why wharf keeps its model and replaces its engine (decision 0021)."""
