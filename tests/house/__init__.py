"""Tests of the house itself: set-up, packaging, layers, the shape of the code, what texts may not say."""
