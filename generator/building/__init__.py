"""Makes documents: only those out of date, each whole or not at all."""
