"""From a file to a Dataset, and from its units to standardised columns and back."""
