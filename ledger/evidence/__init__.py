"""The offline verifier: statements and histories that carry their proof, bundles, fraud proofs; no I/O."""
