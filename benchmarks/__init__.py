"""How fast the main job is, as ratios of one run (docs/performance.md)."""
