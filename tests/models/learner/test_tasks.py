"""The tasks of the learner."""

import numpy as np

from models.learner.tasks import OLD, SITES, TASKS, touches


def test_tasks_ask_something_else_of_the_same_touches() -> None:
    old = OLD
    assert len(touches()) == 2**SITES - 1
    assert old.answers.tolist() == np.where(old.patterns.sum(axis=1) >= 2, 1, -1).tolist()
    for name, new in TASKS.items():
        assert set(map(tuple, new.patterns)) <= set(map(tuple, old.patterns))
        assert set(new.answers) == {-1, 1}
        same = [old.answers[(old.patterns == pattern).all(axis=1)][0] for pattern in new.patterns]
        assert 0 < np.mean(same != new.answers) < 1, name
    assert TASKS["location"].answers.sum() == 0
