"""What people do with surveys: build, ask, answer, close, count."""
