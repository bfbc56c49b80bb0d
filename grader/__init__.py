"""The grader: instant checks for learners, trusted scores for instructors.

What runs on a learner's machine is :mod:`grader.check` and the modules it imports
(``canonical``, ``values``, ``reading``, ``kinds``, ``rows``, ``briefs``, ``engine``, ``seal``,
``fernet``, ``stretch``, ``attempts``, ``tried``, ``explain``, ``at_start``, ``render``). Everything
else stays with the instructor.
"""
