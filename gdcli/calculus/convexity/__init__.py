"""Convexity by composition: what a formula is made of tells whether it is convex, concave or affine."""
