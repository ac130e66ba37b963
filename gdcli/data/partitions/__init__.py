"""Rows in parts that lie apart, in this process or on a cluster's workers: how they are cut, read and summed over."""
