"""What runs student code: a warm fork server, a kernel session without sockets, a sandbox.

Data flows one way. The trusted side (:mod:`.client`) sends a :class:`.protocol.Request`; the
fork server (:mod:`.server`) forks a child; the child locks itself in (:mod:`.sandbox`), runs
the cells (:mod:`.session`) and sends their outputs back. Nothing here knows the answer key.
"""
