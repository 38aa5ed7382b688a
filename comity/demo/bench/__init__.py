"""The speed table of docs/performance.md, measured: `make bench`."""
