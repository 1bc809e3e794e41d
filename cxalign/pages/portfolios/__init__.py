"""The pages of the portfolios: a team's sets of brands, and how brands come into them."""
