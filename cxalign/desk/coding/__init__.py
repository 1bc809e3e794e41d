"""Double coding: assignment, the blind coding screen, agreement, adjudication."""
