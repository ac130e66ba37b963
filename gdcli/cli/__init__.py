"""argv to call to emit. Nothing is computed here."""
