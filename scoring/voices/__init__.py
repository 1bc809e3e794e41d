"""The brand’s voice and the readers’: notices before publication, replies, reported errors, corrections, mails."""
