"""The ledger of applications counted: which cases make up which figure, and what contradicts."""
