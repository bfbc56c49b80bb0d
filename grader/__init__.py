"""The grader: instant checks for learners, trusted scores for instructors.

What runs on a learner's machine is :mod:`grader.check` and the modules it imports
(``canonical``, ``values``, ``kinds``, ``briefs``, ``engine``, ``seal``,
``fernet``, ``stretch``, ``render``, ``progress``). Everything else stays with
the instructor.
"""
