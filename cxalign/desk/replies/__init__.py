"""What brands and readers say: notices, replies, reported errors, corrections."""
