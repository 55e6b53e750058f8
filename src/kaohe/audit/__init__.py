"""What a master shows against what it comes to: engines that recompute, and where they disagree."""
