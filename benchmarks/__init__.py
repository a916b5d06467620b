"""Measurements, and the made-up data that they and some tests share."""
