"""What proves R*, and the risk gap as an interval (THEORY, section 2)."""
