"""Forms of this room. They read what people type; whether it may be is said by the services."""
