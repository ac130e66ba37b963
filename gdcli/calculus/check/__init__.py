"""Is a claimed gradient right? Proof where algebra gives one, else numbers; wrong comes with a point."""
