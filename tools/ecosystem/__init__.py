"""A platform told from a seed: signed statements that keep every rule in the order given.

::

    loading      registering what was told, round by round
    telling      what a run tells, signed into files
    examples     what can be asked about it
    mix          for benchmarks: by weights that stay the same, without end
    course       the announced months: by the proportions of ``proportions``, and what follows
    labels       pledges and labels
    reports      samples on their way to laboratories, objections, retests
    aftermath    what refused lots and failed reports bring about in the weeks behind them
    mending      appeals, advice, improvement plans
    indices      the quality index, found by the rules' own functions
    beginnings amendments observers consequences inspections
    trade        traders, shops, listings
    goods        places, products, lots
    papers       licences, admissions, grants, keys
    share        one part of the platform, and what is remembered of it
    institutions laboratories and their papers, standards, the quality model
    cast         who is there
    pen          signing, and seeing what was said as the ledger does

Each module tells what its own part of the catalogue says. A ``Share`` is told by one process;
what it says rests on what everybody shares or on itself, never on another share, so shares may
be signed and registered side by side. What follows from the ledger's own history (which
severity is due, whether a label may be given) is read off the rules' and questions' own
functions over the share's view.
"""
