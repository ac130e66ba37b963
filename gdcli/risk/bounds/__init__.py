"""What the theory promises for the gap after T steps (THEORY, section 4): one file a family of theorems."""
