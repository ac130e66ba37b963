"""The chain rule: composition of linear parts, and its reverse order as a tape."""
