"""Is f differentiable at a point? A proof, a witness, or numbers and no verdict."""
