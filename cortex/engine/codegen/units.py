"""The C++ files of a network: Brian2's sources joined in one, and those that contain code of the user's own apart."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from brian2 import Synapses, get_device

from cortex.engine.codegen import code_object, own_code, refractory
from cortex.engine.codegen.arrays import array_name

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

ALLOCATE = """
#include <cstddef>
#include <cstdint>

// An array that begins at a cache line: then a vector of its elements is in one line, not in two. A step uses the same
// elements of a dozen arrays. Were these at the same place of their pages, or the next ones, processors would take each
// for what the others stored: large arrays are four lines apart, and none begins with a page, as arrays on the stack.
template <class Value> Value* allocate(size_t number) {
    static size_t before = 0;
    const size_t line = 64, page = 4096, size = number * sizeof(Value);
    const size_t unit = size < page ? line : page, offset = size < page ? 0 : 4 * line * (1 + before++ % 15);
    char* const memory = new char[size + unit + offset];
    return reinterpret_cast<Value*>(memory + unit - reinterpret_cast<uintptr_t>(memory) % unit + offset);
}
"""

READ_CONTACTS = """
// The contacts that an arm gives: all sources, then all targets
template <class Index>
void read_contacts(const std::string& file, Index first_source, Index first_target, std::vector<Index>& sources,
                   std::vector<Index>& targets, std::vector<Index>& outgoing, std::vector<Index>& incoming) {
    Checked<std::ifstream> data;
    data.open(file, std::ios::binary | std::ios::ate);
    const size_t number = data.tellg() / (2 * sizeof(Index));
    data.seekg(0);
    for (auto* ends : {&sources, &targets}) {
        ends->resize(number);
        data.read(reinterpret_cast<char*>(ends->data()), number * sizeof(Index));
    }
    for (size_t k = 0; k < number; k++) {
        outgoing[sources[k] += first_source]++;
        incoming[targets[k] += first_target]++;
    }
}
"""

RUNS_ONCE = """
#pragma GCC push_options
#pragma GCC optimize("O0")
%SOURCE%
#pragma GCC pop_options
"""

WRITTEN = re.compile(
    r"^ *\S+ outfile_(_\w+);\n.*?Error writing output file for \1\.\" << endl;\n *\}\n", re.DOTALL | re.MULTILINE
)
"""Brian2's code that writes one array."""

CONTACTS = "contacts"
"""Ends the name of contacts on the command line of a program, after that of the synapses."""

GENERATOR = "static Random generator(0);"
"""How `random.h` defines the random numbers: for one file only, which the compiler then optimises best."""


def own_templates() -> bool:
    """Return whether the templates of `cortex.engine.codegen` are in use, not Brian2's."""
    return isinstance(get_device(), code_object.Device)


def write_units(
    project: Path, connected: Sequence[Synapses] = (), written: Collection[str] | None = None, more: str = ""
) -> list[str]:
    """Write the files that are to be compiled, and return their names.

    Parameters
    ----------
    project : Path
        Folder of Brian2's sources.
    connected : sequence of Synapses
        Those whose contacts are given to the program by its command line.
    written : collection of str, optional
        Names of the arrays that the program writes at its end; by default all.
    more : str
        C++ that its main function calls.

    Most sources are joined in one file, which compiles five times faster. Those with functions of the user's own are
    compiled apart, as by Brian2, since what they define or include would reach all that follows in the same file.
    """
    users, functions = set(own_code.values("sources")), own_code.functions()
    sources = sorted(get_device().writer.source_files - users)
    apart = [source for source in sources if re.sub("^(before|after)_run_", "", Path(source).stem) in functions]
    headers = code_object.headers() + refractory.constants(written) if own_templates() else ""
    defined = GENERATOR.replace("static ", "") if apart else GENERATOR
    joined = [HEADER, headers.replace(GENERATOR, defined), '#include "objects.h"\n', more]
    used = headers.replace(GENERATOR, "extern Random generator;")
    names = ["unit.cpp"]
    for number, source in enumerate(sources):
        text = (project / source).read_text()
        if source in apart:
            names.append(f"unit_{number}.cpp")
            (project / names[-1]).write_text(used + _once(source, text))
        else:
            text = _objects(text, connected, written) if source == "objects.cpp" else _joinable(text, number)
            joined.append(f"//// {source}\n{_once(source, text)}\n")
    (project / "unit.cpp").write_text("".join(joined))
    return names


def is_of_now(name: str, project: Path) -> bool:
    """Return whether a function of time is only asked for its present value."""
    calls = re.findall(rf"\b{name}\((?!const double t\b)(t[,)])?", (project / "unit.cpp").read_text())
    return all(calls)


def _joinable(text: str, number: int) -> str:
    """Return a source that can stand in one file with others.

    Each source has its helper functions in an unnamed namespace; in one file, these namespaces need names, or the
    functions would collide.
    """
    text, renamed = re.subn(
        r"(////// SUPPORT CODE ///////\s*)namespace \{", rf"\1namespace support_{number} {{", text, count=1
    )
    used = f"using namespace brian; using namespace support_{number};"
    return text.replace("using namespace brian;", used) if renamed else text


def _objects(text: str, connected: Sequence[Synapses], written: Collection[str] | None) -> str:
    """Return the source that reads and writes arrays: it stops at errors, and takes contacts."""
    text = re.sub(r"\b([io]fstream) ", r"Checked<std::\1> ", text).replace("std::cerr", "Fatal()")
    text = ALLOCATE + re.sub(r"(\b_array_\w+) = new (\w+)\[(\d+)\];", r"\1 = allocate<\2>(\3);", text)
    if written is not None:
        text = WRITTEN.sub(lambda match: match[0] if match[1] in written else "", text)
    taken = "".join(map(_taken, connected))
    return re.sub(r"void set_variable_by_name\(.*\{\n", lambda match: READ_CONTACTS + match[0] + taken, text)


def _taken(synapses: Synapses) -> str:
    """Return C++ that takes the contacts of synapses from a file, and makes room for their variables."""
    known = synapses.variables
    ends = [array_name(known[f"_synaptic_{end}"]) for end in ("pre", "post")]
    numbers = [array_name(known[f"N_{way}"]) for way in ("outgoing", "incoming")]
    first = [int(known[f"_{end}_offset"].get_value()) for end in ("source", "target")]
    sizes = [start + len(cells) for start, cells in zip(first, (synapses.source, synapses.target), strict=True)]
    others = sorted({array_name(variable) for variable in synapses._registered_variables} - set(ends))
    lines = [f"{number}.assign({size}, 0);" for number, size in zip(numbers, sizes, strict=True)]
    lines += [f"read_contacts<int32_t>(s_value, {', '.join(map(str, [*first, *ends, *numbers]))});"]
    lines += [f"{other}.resize({ends[0]}.size());" for other in others]
    lines += [f"{array_name(known['N'])}[0] = {ends[0]}.size();", "return;"]
    return f'if (name == "{synapses.name}.{CONTACTS}") {{\n' + "\n".join(lines) + "\n}\n"


def _once(source: str, text: str) -> str:
    """Return a source that is not optimised if it runs only once, which saves a quarter of the compilation time."""
    runs_once = re.match(r"(objects|main|run)\.cpp|code_objects/(before|after)_run_", source)
    return RUNS_ONCE.replace("%SOURCE%", text) if runs_once else text
