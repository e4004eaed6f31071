"""EPCIS 2.0 capture and query beside a party's own system, on loopback: its events become statements."""
