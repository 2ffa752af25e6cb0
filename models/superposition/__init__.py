"""What a fixed part of a network matters, and what members with features of their own do to the peak of the error."""
