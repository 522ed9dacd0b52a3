"""Any YAML of ours in, with positions, and edited in place."""
