"""Networks of several layers that learn the handwritten digits which scikit-learn ships: for many seeds at once."""
