"""Derivation with proofs: facts, the rule engine, proofs, and a checker that shares no code with the engine."""
