"""Files of any known format -> a program, or all that is wrong with them."""
