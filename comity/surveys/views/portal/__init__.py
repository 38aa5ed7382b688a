"""What a partner's users read of surveys, in English and Spanish."""
