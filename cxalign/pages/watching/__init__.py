"""What people watch: their pages, the mails and the private feed that tell them, and the way out of the mails."""
