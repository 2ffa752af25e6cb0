"""Which loops follow each other without a meeting of the threads: none reads what another thread may change."""

from types import SimpleNamespace

from cortex.engine.codegen.meetings import CELLS, SYNAPSES, kinds


def loop(template, *statements):
    """Return a piece of the simulation whose loop threads share."""
    code = "\n".join(["return cortex::team.run(_run);", *statements])
    return SimpleNamespace(name=" ".join(statements), template_name=template, code=SimpleNamespace(cpp_file=code))


MOVES = "_ptr_v[_idx] = v;"


def test_loops_over_cells_follow_each_other():
    reads = "double v = _ptr_v[_idx] + _ptr_t[0];"
    assert kinds([loop("stateupdate", MOVES), loop("threshold", reads)]) == {MOVES: CELLS, reads: CELLS}


def test_threads_meet_before_a_loop_reads_what_others_change():
    for read in (
        "double v = _ptr_v[_other];",
        "double v = _ptr_v[_ptr_other[_idx]];",
        ".in(row, _ptr_v, 9, [&](int i)",
    ):
        assert kinds([loop("stateupdate", MOVES), loop("stateupdate", read)]) == {MOVES: CELLS}


def test_a_copy_changes_cells_too():
    copy, reads = "cortex::convert(_wide, n, _ptr_v + _first);", "double v = _ptr_v[_other];"
    assert kinds([loop("stateupdate", copy), loop("stateupdate", reads)]) == {copy: CELLS}


def test_synapses_onto_own_cells_follow_each_other_and_their_queues():
    adds = "_ptr_g[_postsynaptic_idx] = g; double w = _ptr_w[_idx]; double x = _ptr_x[_presynaptic_idx];"
    learns = "double g = _ptr_g[_presynaptic_idx]; _ptr_w[_idx] = w;"
    queue = SimpleNamespace(name="queue", template_name="synapses_push_spikes", code=SimpleNamespace(cpp_file=""))
    assert kinds([loop("synapses", adds), queue]) == {adds: SYNAPSES, "queue": SYNAPSES}
    assert kinds([loop("synapses", adds), loop("synapses", learns)]) == {adds: SYNAPSES}


def test_what_one_thread_does_is_left_out():
    alone = SimpleNamespace(name="alone", template_name="stateupdate", code=SimpleNamespace(cpp_file=MOVES))
    monitor = SimpleNamespace(name="monitor", template_name="spikemonitor", code=SimpleNamespace(cpp_file=MOVES))
    assert kinds([alone, monitor]) == {}
