"""Screening of whole cohorts: the rules as tables, joined with the records of all patients at once."""
