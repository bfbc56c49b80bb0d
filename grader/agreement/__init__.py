"""Do two graders agree? A shared sample of a written task, worksheets, and what they tell."""
