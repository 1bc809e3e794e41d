"""What readers suggested, for those who record evidence."""
