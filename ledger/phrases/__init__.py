"""Verdicts, reasons and refusals as sentences in Chinese and English; languages are tables.

A sentence says what follows from the statements on record, never more: no verdict proves that
what was signed is true.
"""

from ledger.phrases.called import ids_in, with_names
from ledger.phrases.details import details
from ledger.phrases.refusal_sentences import refusal, refusal_of, refusal_row
from ledger.phrases.remark_sentences import remark_row, remark_sentence
from ledger.phrases.sentences import limits, paragraphs, reason_sentence, sentences
from ledger.phrases.type_words import type_word
from ledger.phrases.verdict_sentences import filled

__all__ = [
    "details",
    "filled",
    "ids_in",
    "limits",
    "paragraphs",
    "reason_sentence",
    "refusal",
    "refusal_of",
    "refusal_row",
    "remark_row",
    "remark_sentence",
    "sentences",
    "type_word",
    "with_names",
]
