"""One model a file: how predictions depend on theta, and so R, its gradient and its Hessian."""
