"""Process Chinese text: folding, width and line breaks, numerals, quantities, dates."""
