"""The report of a plan as one HTML page that needs nothing else: one file for each part of the page."""
