"""The pages of the response plans: four steps, the board, the table, sharing."""
