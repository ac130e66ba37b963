"""What takes the steps of a run: full gradients, drawn rows by the engine, drawn rows by a method's own step."""
