"""A report as a workbook to fill in: where everything stands in it, its formulas, its writer."""
