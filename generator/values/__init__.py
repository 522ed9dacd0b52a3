"""Values that pass between the parts: findings, grids, documents; nothing of ours is imported."""
