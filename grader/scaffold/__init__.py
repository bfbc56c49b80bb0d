"""`grader new`: the files and cells of a new question or article, and what of them is missing.

| module | job |
| --- | --- |
| `templates` | what a question of each kind looks like before it is filled in |
| `question` | writes the cells and the entry of the key |
| `key_gaps`, `notebook_gaps`, `gaps` | say in sentences what of a topic is missing |
| `article` | a sixth article: its record, a table of digests, and the file for students |
"""
