"""Documents of the office: what stands in them, as plain values. Nothing here is computed a second time."""
