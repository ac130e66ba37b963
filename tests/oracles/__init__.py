"""Truths found without gdcli: rational arithmetic, 50 digits, scipy and statsmodels."""
