"""What other sites show of a scorecard: a badge, a framed page, a picture, and how programs find them."""
