"""The Excel add-in: how it is built, what stands in it, how it is installed."""
