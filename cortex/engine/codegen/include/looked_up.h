// What a function of time and an index is for each cell, kept from step to step.
#include <vector>

namespace cortex {

template <class Index, class Real> class LookedUp {
    std::vector<Index> indices;
    std::vector<Real> values;
    int row = 0;

public:
    // Look the function up only if its row for this time, or the index of a cell, is another than before; not in shares
    // of a loop, before which that was done.
    template <class Function> const Real* in(int now, const Index* index, size_t n, const Function& function) {
        if (part >= 0) return values.data();
        const bool same = now == row && n == indices.size() && std::equal(index, index + n, indices.begin());
        if (!same) {
            row = now;
            indices.assign(index, index + n);
            values.resize(n);
            for (size_t k = 0; k < n; k++) values[k] = function(index[k]);
        }
        return values.data();
    }
};

}  // namespace cortex
