"""Pages over many rooms."""
