"""Tests of what is seen: queries, content, layout, pages, and the pages in a browser."""
