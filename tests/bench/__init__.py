"""`make bench`: how fast a class is graded, against stock nbgrader and against the floor.

Three ways take the same class of synthetic students of one real exercise, in turns, in one run:

stock
    ``nbgrader autograde`` with nbgrader's own lists of steps: a Jupyter kernel per notebook, and
    ``check`` in the student's process with the sealed ``checks.json`` beside the notebook.
ours
    ``grader grade``, as a user runs it.
floor
    The code of each notebook in a forked copy of a warm interpreter, and reading and writing the
    files. Nothing is protected, recorded or scored: no grading can be faster.

Each is a process of its own. Wall time says what a person waits, CPU time what the machine does;
on a busy machine compare the ratios, and of those the ratios of CPU time.
"""
