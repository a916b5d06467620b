"""Engines behind one Protocol: :mod:`.base` is the seam, :mod:`.oxigraph` the default, :mod:`.memory` rdflib's."""
