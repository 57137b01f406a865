"""
What must not lose a link, double one or leave one behind: `make chaos`.

    kills.py        the engine, the plugin or the language host is killed in the middle of a run
    operations.py   what a stack does with the API, and which requests belong to it
    cells.py        every fault at every operation, by the core
    engine_cells.py a part of that by the engine
    load.py         many stacks at once while requests fail at random
    verdict.py      what is in the workspace against what is declared and what the states know
    report.py       the tables, and their place in docs/fault-tests.md

Each part runs alone, from a seed: `python -m tests.chaos kills --seed 7 --count 10`.
"""
