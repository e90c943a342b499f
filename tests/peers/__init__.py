"""Comparisons with engines that share no code with the product, or only the oldest."""
