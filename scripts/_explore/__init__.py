"""Runs recordings, cuts them off in every way there is while calls fail, and judges what is left behind.

A run is one life of a client: one to four workloads at once (what somebody does with a recording), one way of cutting
them off, and faults of an emulator that is this run's own. All of it is drawn from the run's number, its seed. Real
sockets, real signals and real forks; only the library's own waiting is shortened: it moves the clock of the client and
of the emulator, and takes a thousandth of its time.

In the end everything in flight has arrived at the emulator, and these numbers must be 0:

    hang      A run that does not end by itself. Its process is ended, and shows where all threads and tasks stand.
    untold    A recording runs, the workload does not have it in hand (the object, or the answer of `start`), and nobody
              was told: no exception that reached a caller and no line of the log, from warnings on, says of its sid (or
              of its cname, uid and resource ID) that it may be running; and the hook `on_orphan`, where the client
              has one, was not called with its handle. `on_acquired` and `on_started` are not counted: a handle that is
              kept says nothing of how it ended. Nor is a stop that was answered well: who was told that it is stopped
              does not look again.
    doubled   Two recordings were made of one cname and uid; or more of them run than one `record` was asked for.
    crossed   A call was given the answer of another.
    foreign   An exception reached the workload that is neither a CloudRecordingError, nor what the run itself threw in
              (the cancellation of the framework, its time-out, KeyboardInterrupt, SystemExit), nor a group of those.
    kept      After the run, a query of the same client had to wait for the rate limit, or found no connection, or met
              a broken one: what somebody had taken was not given back.
    left      A thread, a task or an open file is left of a client that was closed; or a task's exception, a coroutine
              or a resource of the library was left to the garbage collector.

The seed draws everything but how long things take: to repeat what hangs on that, give `--times`.

What a recording that is in hand does is its holder's business. A recorder belongs to a `with` from the moment its
`__enter__` has returned; before that, the synchronous client has given it to its caller, who holds it.

`interrupt` raises a KeyboardInterrupt between two bytecodes of the library, and `sigint` sends the signal there, so
that the event loop does with it what it does. Three places are left out, since no code can guard them, and since
CPython delivers no signal at the last two: what a function does before its first line, the return from it, and the
bytecodes between the end of a `with` and the call of its `__exit__`.
"""
