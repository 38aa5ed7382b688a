"""The forms of meetings: written down, planned, and who stands for which part of the office."""
