"""How fast typedflask is beside Flask, Falcon, Bottle and a bare WSGI callable.

`python -m benchmarks` asks every contender the same requests and prints tables.

What a measurement is made of:

`asks`        one request as data, its answer as it must be, and the environ a server would build
`scenarios`   the table of what is measured, with the floors typedflask has to reach
`contenders`  one application per scenario and framework
`exchange`    one request and its answer, and the check that the answer is right
`measure`     rounds of samples, contender after contender, and what is made of the figures

The parts, each of which gives a section of the report (`parts`):

`servers`     the same applications under gunicorn and granian (`client`, `served`)
`scaled`      10 to 10,000 routes
`attributes`  one attribute through each proxy
`garbage`     what a request leaves to the cyclic collector
`counts`      instructions, counted by valgrind

And around them:

`report`      tables, and the words about machine and versions
`page`, `plot` what is written into the manual
`commits`     two commits of typedflask against each other
`deeper`      where the time of a scenario goes
`session_stores` what a session costs in each store; a command of its own
"""
