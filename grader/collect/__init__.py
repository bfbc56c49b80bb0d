"""From what a platform lets one download to ``classroom/submitted/STUDENT/EXERCISE/``.

`sources` reads zips and folders without harm, `units` the files of one submission, `names` knows
the platforms' file names, `times` their dates, `people` and `exercises` say whose and what a file
is, `worksheet` what a list beside a download adds, `versions` keeps everything and puts the latest
in its place, `exchange` asks nbgrader's exchange, `run` does all of it in order.
"""
