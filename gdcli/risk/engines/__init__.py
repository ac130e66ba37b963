"""Where the parts of a risk may lie: one folder an engine."""
