// Threads that share the loops of one simulation. Results are the same for any number of them: a loop is divided into
// whole blocks of cells, whole rows of synapses, or targets of synapses, and each is calculated as by one thread.
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

// Below, dividing a loop takes as long as itself; and a network without a large population is faster in one thread.
const int LEAST_CELLS = 1024, LEAST_SYNAPSES = 400, LEAST_EVENTS = 4, LARGE = 8192;

struct Range { int begin, end; };

static thread_local int part = -1;  // the share of a loop that this thread calculates; -1 outside of divided loops

// Without locks: each share that ends releases `done`, which `run` acquires; then `run` releases `loop`, which the others
// acquire. So each thread sees all that was written before its loop. Within one, no thread writes what another one uses.
class Team {
    typedef std::chrono::steady_clock Clock;
    static const int SPINS = 1000, YIELDS = 100;  // before a thread sleeps: some 20 us, then as others need the core
    static const int PATIENCE = 20;
    static const int TURNS = 64;
    static constexpr double TURN = 0.01;  // seconds

    struct alignas(64) Share {
        std::atomic<long> taken{0};  // number of the last loop of which a thread took this share
        int count = 0;
    };

    int most = 1;
    std::unique_ptr<Share[]> shares;
    std::vector<std::thread> others;
    alignas(64) std::atomic<long> loop{0};  // its number; what it is about was written before
    std::atomic<void (*)()> function{nullptr};
    std::atomic<int> active{1}, asleep{0};
    std::atomic<bool> ended{false};
    alignas(64) std::atomic<long> done{0};  // shares of all loops so far
    alignas(64) long due = 0;
    std::mutex mutex;
    std::condition_variable called;

    int largest = 0;  // of the populations so far
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

    // Calculate a share, unless that was done: a thread that comes late finds its own taken, as a loop ends only then.
    void take(long number, int share) {
        long before = number - 1;
        if (shares[share].taken.load(std::memory_order_relaxed) != before) return;
        if (!shares[share].taken.compare_exchange_strong(before, number)) return;
        part = share;
        function.load(std::memory_order_relaxed)();
        part = -1;
        done.fetch_add(1, std::memory_order_release);
    }

    void work(int seat) {
        long seen = 0;
        while (!ended) {
            for (int k = 0; loop == seen && seat < active && k < SPINS + YIELDS; k++) wait(k);
            if (loop == seen || seat >= active) {
                std::unique_lock<std::mutex> lock(mutex);
                if (seat < active) {
                    asleep++;  // before the last look at `loop`, as `run` writes it before it looks who is asleep
                    called.wait(lock, [&] { return ended || loop != seen || seat >= active; });
                    asleep--;
                } else {
                    called.wait(lock, [&] { return ended || seat < active; });
                }
                continue;
            }
            seen = loop;
            take(seen, seat);
        }
    }

    void call() {
        std::lock_guard<std::mutex> lock(mutex);
        called.notify_all();
    }

    void set(int number) {
        for (int k = 0; k < most; k++) shares[k].taken = loop.load();
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

public:
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

    void run(void (*divided)()) {
        if (others.empty()) start();
        function.store(divided, std::memory_order_relaxed);
        due += active;
        const long number = ++loop;
        if (asleep) call();
        take(number, 0);
        for (int k = 0; done.load(std::memory_order_acquire) != due; k++) {
            wait(k);
            if (k == PATIENCE)  // others may be waiting for a core
                for (int share = 1; share < active; share++) take(number, share);
        }
    }

    // The part of some numbers in sequence that is this share; all outside of a divided loop.
    Range items(int64_t first, int64_t end) const {
        if (part < 0) return {int(first), int(end)};
        return {int(first + (end - first) * part / active), int(first + (end - first) * (part + 1) / active)};
    }

    // The same of cells, in whole blocks, the last with what is left: vectors have the same cells as in one thread.
    Range cells(int number, int block = 64) const {
        const Range blocks = items(0, number / block);
        return {blocks.begin * block, part < 0 || part + 1 == active ? number : blocks.end * block};
    }

    // Whether a partner of synapses is of this share. Neighbours are together; where they are many, all threads have some.
    bool has(int partner) const {
        const uint32_t scattered = uint32_t(partner >> 6) * 0x9e3779b1u;
        return int(uint64_t(scattered) * active.load(std::memory_order_relaxed) >> 32) == part;
    }

    // Cells that fire are listed from the beginning of a share's cells, then joined.
    void fired(int32_t* list, int number, int count) {
        if (part < 0) list[number] = count;
        else shares[part].count = count;
    }

    void join(int32_t* list, int number) {
        int count = 0;
        for (part = 0; part < active; part++) {
            const int first = cells(number).begin;
            for (int k = 0; k < shares[part].count; k++) list[count++] = list[first + k];
        }
        part = -1;
        list[number] = count;
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
