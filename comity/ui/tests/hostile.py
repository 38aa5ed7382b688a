"""Words that people really send, and some that they should not."""

SCRIPT = "<script>alert(1)</script>"
BREAKING = "\"'><img src=x onerror=alert(1)>&amp;{{ 7|add:7 }}"
RTL = "مكتب الشؤون البلدية"
EMOJI = "Labor 🦺 👩🏽‍⚖️"
LONG = "x" * 10_000
HOSTILE = (SCRIPT, BREAKING, RTL, EMOJI)
