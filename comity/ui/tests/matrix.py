"""What the permission matrix has to know of the addresses of `ui`."""

from comity.testing.matrix import Subject

# Whoever is signed in may ask; what they may pick is asked of the rows.
SUBJECTS = {"ui:pick": Subject(lambda cast, partner: ("partner",), absent=None)}
