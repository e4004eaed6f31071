"""One EPCIS 2.0 event (ISO/IEC 19987:2024): its form, what it names, where that went, its hash."""
