"""The C++ files of a network: Brian2's sources joined in one, and those that contain code of the user's own apart."""

import re
from pathlib import Path

from brian2 import get_device

from cortex.engine.codegen import code_object, own_code

HEADER = """
#include <unistd.h>
#include <fstream>
#include <iostream>

// Brian2 ignores files that cannot be read or written, and inputs of a wrong size: stop instead
template <class Stream> struct Checked : Stream {
    Checked() { this->exceptions(Stream::failbit | Stream::badbit); }
};
struct Fatal {
    template <class Part> Fatal& operator<<(const Part& part) { std::cerr << part; return *this; }
    Fatal& operator<<(std::ostream& (*end)(std::ostream&)) { std::cerr << end; return *this; }
    ~Fatal() { std::exit(1); }
};
"""

RUNS_ONCE = """
#pragma GCC push_options
#pragma GCC optimize("O0")
%SOURCE%
#pragma GCC pop_options
"""

GENERATOR = "static Random generator(0);"
"""How `random.h` defines the random numbers: for one file only, which the compiler then optimises best."""


def own_templates() -> bool:
    """Return whether the templates of `cortex.engine.codegen` are in use, not Brian2's."""
    return isinstance(get_device(), code_object.Device)


def write_units(project: Path) -> list[str]:
    """Write the files that are to be compiled, and return their names.

    Most sources are joined in one file, which compiles five times faster. Those with functions of the user's own are
    compiled apart, as by Brian2, since what they define or include would reach all that follows in the same file.
    """
    users, functions = set(own_code.values("sources")), own_code.functions()
    sources = sorted(get_device().writer.source_files - users)
    apart = [source for source in sources if re.sub("^(before|after)_run_", "", Path(source).stem) in functions]
    headers = code_object.headers() if own_templates() else ""
    defined = GENERATOR.replace("static ", "") if apart else GENERATOR
    joined = [HEADER, headers.replace(GENERATOR, defined), '#include "objects.h"\n']
    used = headers.replace(GENERATOR, "extern Random generator;")
    names = ["unit.cpp"]
    for number, source in enumerate(sources):
        text = (project / source).read_text()
        if source in apart:
            names.append(f"unit_{number}.cpp")
            (project / names[-1]).write_text(used + _once(source, text))
        else:
            joined.append(f"//// {source}\n{_once(source, _joinable(source, text, number))}\n")
    (project / "unit.cpp").write_text("".join(joined))
    return names


def _joinable(source: str, text: str, number: int) -> str:
    """Return a source that can stand in one file with others, and whose reading and writing of files is checked.

    Each source has its helper functions in an unnamed namespace; in one file, these namespaces need names, or the
    functions would collide.
    """
    if source == "objects.cpp":
        text = re.sub(r"\b([io]fstream) ", r"Checked<std::\1> ", text)
        return text.replace("std::cerr", "Fatal()")
    text, renamed = re.subn(
        r"(////// SUPPORT CODE ///////\s*)namespace \{", rf"\1namespace support_{number} {{", text, count=1
    )
    used = f"using namespace brian; using namespace support_{number};"
    return text.replace("using namespace brian;", used) if renamed else text


def _once(source: str, text: str) -> str:
    """Return a source that is not optimised if it runs only once, which saves a quarter of the compilation time."""
    runs_once = re.match(r"(objects|main|run)\.cpp|code_objects/(before|after)_run_", source)
    return RUNS_ONCE.replace("%SOURCE%", text) if runs_once else text
