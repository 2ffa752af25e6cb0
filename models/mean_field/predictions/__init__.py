"""What theory predicts for copy, hold, learn and release, as functions of what can be measured before.

Nothing here is fitted. The arguments are numbers that a network, of rates or of spikes, shows while the loop is open:
second moments of its inputs, slope and curvature of its f-I curve at the target's drive, noise and its correlation
between copies, learning rates. Expectations are means over a sample of inputs, or weighted sums over a finite set.

Throughout, K cells answer y = G sum_k a f(w_k.x); p is 2 for a learning rule that follows the true gradient and 1 for
a local rule with a broadcast error, which does not know the gain G. Formulas without a source are derived from these
rules in a line or two; all are checked against simulations in the tests.
"""
