"""How fast typedflask is beside Flask, Falcon, Bottle and a bare WSGI callable.

`python -m benchmarks` asks every contender the same requests in one process and prints a table.
The rooms, in the order in which a measurement walks through them:

`asks`        one request as data, its answer as it must be, and the environ a server would build
`scenarios`   the table of what is measured, with the floors typedflask has to reach
`contenders`  one application per scenario and framework
`exchange`    one request and its answer, and the check that the answer is right
`measure`     rounds of samples, contender after contender, and what is made of the figures
`report`      the tables, for the terminal, for a file and for the manual
`deeper`      where the time goes: a profile, and a count of instructions
"""
