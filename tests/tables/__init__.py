"""Every way in which a curated table can be broken is refused, with the exact place and a remedy."""
