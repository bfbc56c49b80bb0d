"""Editions of the course for other places than a running JupyterLab."""
