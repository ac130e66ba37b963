"""The second derivative: Hessian, its signs at a point and its bounds on a box."""
