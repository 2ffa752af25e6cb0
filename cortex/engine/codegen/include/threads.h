// Threads that share the loops of one simulation. Each has cells of its own, whole blocks of every population, and
// calculates what belongs to them: their states, whether they fire, the synapses onto them. So results are the same for
// any number of threads, what a thread works on stays in its core's cache, and threads rarely wait for each other.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace cortex {

// Smaller populations are left to one thread, and so are networks in which no population is large: they are faster so.
const int LEAST_CELLS = 512, LARGE = 4096;

struct Range {
    int begin, end;
    bool has(int k) const { return k >= begin && k < end; }
};

static thread_local int part = -1;  // the share of a loop that this thread calculates; -1 outside of divided loops

// Without locks: `run` writes a loop down and raises `loops`, which the others acquire. Who has done a share of a loop
// raises the `state` of the share, which who does its next loop acquires, and so does `meet`.
class Team {
    typedef std::chrono::steady_clock Clock;
    static const int SPINS = 1000, YIELDS = 100;  // before a thread sleeps: some 20 us, then as others need the core
    static const int PATIENCE = 40;               // before a thread does the work of another
    static const int ROOM = 64;                   // for loops that not all have done
    static const int TURNS = 64;
    static constexpr double TURN = 0.01;  // seconds

    struct alignas(64) Share {
        std::atomic<long> state{0};  // twice the number of loops it is done in; one more while a thread is at the next
        alignas(64) std::vector<int> fired;  // how many of its cells fired, for each list to be joined
    };

    struct List { int32_t* cells; int number; };

    int most = 1;
    std::unique_ptr<Share[]> shares;
    std::vector<std::thread> others;
    alignas(64) std::atomic<long> loops{0};  // how many there were; the last ones are in `written`
    void (*written[ROOM])();
    alignas(64) std::atomic<int> active{1}, asleep{0};
    std::atomic<bool> ended{false};
    std::mutex mutex;
    std::condition_variable called;

    long met = 0;             // the loops that all shares are done in
    std::vector<List> lists;  // to be joined when threads meet
    int largest = 0;          // of the populations so far
    int best = 1, turn = TURNS - 1, tried[3];
    long steps = 0;
    double cost[3];
    Clock::time_point began;

    static void wait(int spins) {
        if (spins >= SPINS) std::this_thread::yield();
#if defined(__x86_64__) || defined(__i386__)
        else __builtin_ia32_pause();
#elif defined(__aarch64__)
        else asm volatile("yield");
#endif
    }

    // Calculate a share of its next loop, if there is one and no thread is at it.
    bool take(int share) {
        std::atomic<long>& state = shares[share].state;
        long before = state.load(std::memory_order_relaxed);
        if (before % 2 || before == 2 * loops.load(std::memory_order_acquire)) return false;
        if (!state.compare_exchange_strong(before, before + 1, std::memory_order_acquire)) return false;
        part = share;
        written[before / 2 % ROOM]();
        part = -1;
        state.store(before + 2, std::memory_order_release);
        return true;
    }

    void work(int seat) {
        int waited = 0;
        while (!ended) {
            if (seat < active && take(seat)) {
                waited = 0;
            } else if (seat < active && waited < SPINS + YIELDS) {
                wait(waited++);
            } else {
                sleep(seat);
                waited = 0;
            }
        }
    }

    void sleep(int seat) {
        std::unique_lock<std::mutex> lock(mutex);
        if (seat >= active) return called.wait(lock, [&] { return ended || seat < active; });
        asleep++;  // before the last look at `loops`, as `meet` looks who is asleep after `run` has raised it
        called.wait(lock, [&] { return ended || seat >= active || shares[seat].state != 2 * loops; });
        asleep--;
    }

    void call() {
        std::lock_guard<std::mutex> lock(mutex);
        called.notify_all();
    }

    void set(int number) {
        for (int k = 0; k < most; k++) shares[k].state = k < number ? 2 * loops : -1;  // odd: no thread takes it
        active = number;
        call();
    }

    void start() {
        try {
            while (int(others.size()) + 1 < most) others.emplace_back(&Team::work, this, int(others.size()) + 1);
        } catch (const std::system_error&) {  // no more threads are allowed: others do their work
            most = others.size() + 1;
        }
        best = most;
        began = Clock::now();
        set(best);
    }

    // Wait until a share is done in all loops. If nothing happens, its thread may be waiting for a core: do its work.
    void finish(int share) {
        long state, before = -1;
        int waited = 0;
        while ((state = shares[share].state.load(std::memory_order_acquire)) != 2 * met) {
            if (state != before) waited = 0;
            before = state;
            wait(waited++);
            if (waited > PATIENCE) take(share);
        }
    }

    void join(const List& list, int number) {
        int count = 0;
        for (part = 0; part < active; part++) {
            const int first = cells(list.number).begin;
            for (int k = 0; k < shares[part].fired[number]; k++) list.cells[count++] = list.cells[first + k];
        }
        part = -1;
        list.cells[list.number] = count;
    }

    __attribute__((noinline)) void gather() {
        met = loops;
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (asleep) call();
        for (int share = 1; share < active; share++) finish(share);
        for (size_t k = 0; k < lists.size(); k++) join(lists[k], k);
        lists.clear();
        for (int share = 0; share < active; share++) shares[share].fired.clear();
    }

public:
    static const int BLOCK = 512;  // cells

    Team() {
        const char* const given = std::getenv("CORTEX_THREADS");
        most = std::min(std::max(given ? std::atoi(given) : 1, 1), 1024);
        shares.reset(new Share[most]);
        active = most;
    }

    ~Team() {
        ended = true;
        call();
        for (std::thread& thread : others) thread.join();
    }

    // Whether a loop may be divided: then `run` calls its function in all threads.
    bool divides() const { return part < 0 && active > 1 && largest >= LARGE; }

    // The same of a loop over cells.
    bool divides(int cells) {
        if (part < 0) largest = std::max(largest, cells);
        return cells >= LEAST_CELLS && divides();
    }

    // Do a loop that is divided. When this returns, others may still be at it, and at those before.
    void run(void (*divided)()) {
        if (others.empty()) start();
        if (loops - met == ROOM) meet();
        written[loops % ROOM] = divided;
        loops.store(loops + 1, std::memory_order_release);
        if (asleep) call();
        take(0);
    }

    // The same of one in which cells fire: each thread lists those of its own, from the place of its first cell on.
    void run(void (*divided)(), int32_t* cells, int number) {
        run(divided);
        lists.push_back({cells, number});
    }

    void fired(int32_t* cells, int number, int count) {
        if (part < 0) cells[number] = count;
        else shares[part].fired.push_back(count);
    }

    // Wait until all threads have done what there is.
    void meet() {
        if (met != loops) gather();
    }

    // The cells of a population that are of this share; all outside of a divided loop. They begin with a block, so that
    // vectors have the same cells as in one thread, and random numbers can be drawn from there on.
    Range cells(int number) const {
        if (part < 0) return {0, number};
        const int64_t blocks = (int64_t(number) + BLOCK - 64) / BLOCK, end = blocks * (part + 1) / active * BLOCK;
        return {int(blocks * part / active * BLOCK), part + 1 == active ? number : int(end)};
    }

    // How many threads share the loops is tried out in turns of a hundredth of a second: half and twice as many as were
    // the fastest, now and then. On a busy machine it may be one.
    void step() {
        if (others.empty() || ++steps % 16) return;
        const Clock::time_point now = Clock::now();
        const double seconds = std::chrono::duration<double>(now - began).count();
        if (seconds < TURN) return;
        if (turn < 3) cost[turn] = seconds / steps;
        turn = (turn + 1) % TURNS;
        if (turn == 3) {
            const int least = cost[1] < cost[2] ? 1 : 2;
            if (cost[least] < 0.98 * cost[0]) best = tried[least];
        }
        const int numbers[3] = {best, std::max(1, best / 2), std::min(most, 2 * best)};
        const int next = numbers[turn < 3 ? turn : 0];
        if (turn < 3) tried[turn] = next;
        if (next != active) set(next);
        began = now;
        steps = 0;
    }
};

static Team team;

}  // namespace cortex
