"""Screening: what a patient's record says, read into concepts of the graph, and what rules derive from it."""
