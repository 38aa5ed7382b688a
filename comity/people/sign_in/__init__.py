"""Signing in, through django-allauth: what it asks of us, and what we ask of it. See docs/decisions/sign-in.md."""
