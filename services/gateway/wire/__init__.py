"""Values of the domain as the wire writes them, and back."""
