"""What scorecards say, arranged for files: sheets, slides, a report, pictures. Every word comes from what the page
shows: the stored document, the vocabulary of the screen, and the page's own small templates."""
