"""The family of methods: every method times every property."""
