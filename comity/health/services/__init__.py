"""Reading how it stands, keeping it night by night, and what is done about it."""
