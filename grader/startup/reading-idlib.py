# Reading Idlib: a kernel that starts beside the course's sealed checks explains its errors. IPython
# runs this file because `pip install` of the course put it into the environment's folder
# etc/ipython/startup. More in grader/at_start.py. To be without it, delete it.


def _reading_idlib():
    from os.path import isfile

    if isfile("checks.json"):  # noqa: PTH113
        try:
            from grader.at_start import begin

            begin(get_ipython())  # noqa: F821
        except Exception:  # the course was moved or is damaged: the kernel is as it would be
            pass


_reading_idlib()
del _reading_idlib
