"""Judges what a report says in words."""
