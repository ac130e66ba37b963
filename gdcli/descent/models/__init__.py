"""From a data set and options to a problem: one file a model."""
