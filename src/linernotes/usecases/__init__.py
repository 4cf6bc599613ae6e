"""What Linernotes does, one module per verb, written against ports alone."""
