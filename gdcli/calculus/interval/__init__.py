"""Interval arithmetic with outward rounding: every value of a formula on a box lies between the two ends it gives."""
