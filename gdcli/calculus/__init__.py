"""What a derivative is: gradients, linear approximations, and their values at a point."""
