"""All settings stand in pyproject.toml. This is only about `pip install -e .`.

For an editable installation setuptools asks its distribution whether it `has_data`, and no
distribution of setuptools has that method: files of `data-files` would not arrive
(https://github.com/pypa/setuptools/issues/3399). grader/at_start.py says what needs them.
"""

from setuptools import Distribution, setup


class Course(Distribution):
    """A distribution that answers."""

    has_data = Distribution.has_data_files


setup(distclass=Course)
