"""The main job, one animal of `finger_expansion`: by our engine, or as a plain Brian2 script of the same model.

python benchmarks/finger/script.py ours --work DIR        the last line is the result (JSON)
python benchmarks/finger/script.py plain --work DIR       built, compiled and run by Brian2's own means
"""

import argparse
import json
import resource
import shutil
import sys
import time
from pathlib import Path

START = time.perf_counter()

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def ours(parameters, work):
    """Simulate by the engine; a recipe used before is not built again."""
    from cortex.engine.simulation import Arm, Recipe, simulate
    from cortex.experiment.streams import Streams
    from models import finger_area

    streams = Streams(0)
    arms = {"trained": Arm(finger_area.run_inputs(parameters, streams, trained=True), streams.network_seed)}
    done = simulate(Recipe(finger_area.build, (parameters,)), arms, cache=work / "cache")
    recording = done.recordings["trained"]
    return {"spikes": len(recording["spikes.i"]), "pv_spikes": len(recording["pv_spikes.i"]), **done.seconds}


def plain(parameters, work):
    """Simulate as Brian2's documentation teaches; the random numbers differ, the model and its inputs do not."""
    import brian2

    from cortex.engine import network
    from cortex.engine.program import check
    from cortex.experiment.streams import Streams
    from models import finger_area

    project = work / "plain_finger"
    shutil.rmtree(project, ignore_errors=True)
    start = time.perf_counter()
    brian2.set_device("cpp_standalone", directory=str(project), build_on_run=False)
    brian2.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    model, given = finger_area.build(parameters), finger_area.run_inputs(parameters, Streams(0), trained=True)
    inputs = network.inputs(model)
    for name, target in list(model.inputs.items()):
        if isinstance(target, brian2.Synapses):
            target.connect(i=given[name][0], j=given.pop(name)[1])
    brian2.defaultclock.dt = model.dt
    brian2.seed(1)
    brian2.device.apply_run_args()
    model.network.run(model.duration, namespace={})
    brian2.device.build(directory=str(project), run=False, with_output=False)
    built = time.perf_counter()
    words = []
    for name, value in check(inputs, given).items():
        key = inputs[name].argument
        if value.ndim:
            (project / key).write_bytes(value.tobytes())
        words.append(f"{key}={project / key if value.ndim else value.item()}")
    brian2.device.run(directory=str(project), with_output=False, run_args=words)
    spikes = {name: int(model.network[name].num_spikes) for name in ("spikes", "pv_spikes")}
    return {**spikes, "build": built - start, "simulate": float(brian2.device._last_run_time)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("who", choices=("ours", "plain"))
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="the short version of the scenario")
    o = parser.parse_args()
    from scenarios.finger_expansion import SCENARIO

    result = {"ours": ours, "plain": plain}[o.who](SCENARIO.resolve({}, quick=o.quick), o.work.resolve())
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({**result, "total": time.perf_counter() - START, "children_MB": children}))


if __name__ == "__main__":
    main()
