"""Rows that the risk never saw: predictions for them, and their mean loss."""
