"""`grader report`: what a class's marks and answers tell, as one page and three tables."""
