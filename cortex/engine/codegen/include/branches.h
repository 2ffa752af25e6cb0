// Arms that are alike for a while: one process simulates them until a step at which it forks, and each goes on for
// itself.
#include <dirent.h>
#include <sys/wait.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <sstream>
#include <stdexcept>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace cortex {

class Branches {
    struct Branch { long step; int from, arm; std::vector<std::string> given; };

    std::vector<Branch> all;
    std::map<pid_t, int> left;  // the arms of processes that have gone on from this one
    const std::string folders;  // of all arms, each with its inputs and results
    int arm = -1, take = -1, give = -1;  // ends of the pipe that holds a byte for each process that may run

    std::string folder(int number) const { return folders + std::to_string(number) + "/"; }

    void copy_recordings(int to) const {
        DIR* const results = opendir(brian::results_dir.c_str());
        if (!results) throw std::runtime_error("the folder of results is gone");
        while (const dirent* const entry = readdir(results)) {
            const std::string name = entry->d_name;
            std::ifstream from(brian::results_dir + name, std::ios::binary);
            if (name[0] == '.' || name == "progress.txt" || from.peek() == EOF) continue;
            Checked<std::ofstream> copy;
            copy.open(folder(to) + "results/" + name, std::ios::binary);
            copy << from.rdbuf();
            copy.close();
        }
        closedir(results);
    }

    void become(const Branch& branch) {
        left.clear();
        arm = branch.arm;
#ifdef __linux__
        prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
        brian::results_dir = folder(arm) + "results/";
        if (!std::freopen((folder(arm) + "stdout.txt").c_str(), "w", stdout)) std::exit(1);
        if (!std::freopen((folder(arm) + "stderr.txt").c_str(), "w", stderr)) std::exit(1);
        progress.close();
        char turn;
        while (read(take, &turn, 1) != 1) {
            if (getppid() != parent) std::exit(1);
            usleep(20000);
        }
        for (size_t k = 0; k < branch.given.size(); k++)
            brian::set_variable_by_name(branch.given[k], folder(arm) + "input-" + std::to_string(k));
    }

    // Note which forked arms have ended. If one failed, write its status into its folder and exit. Exit too if the
    // reader of the results is gone.
    void look() {
        if (getppid() != parent) std::exit(1);
        int status;
        for (pid_t child; !left.empty() && (child = waitpid(-1, &status, WNOHANG)) > 0; left.erase(child))
            if (status) {
                std::ofstream(folder(left[child]) + "failed.txt")
                    << (WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
                std::exit(1);
            }
    }

public:
    pid_t parent = getppid();  // reads the results
    std::ofstream progress;

    Branches() : folders(brian::results_dir + "../../") {
        const char* const plan = std::getenv("CORTEX_BRANCHES");
        if (!plan) return;
        std::signal(SIGCHLD, SIG_DFL);  // else, where the starter ignores it, no end of an arm is noted
        std::istringstream lines(plan);
        lines >> arm >> take >> give;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            Branch branch;
            if (!(words >> branch.step >> branch.from >> branch.arm)) continue;
            for (std::string name; words >> name;) branch.given.push_back(name);
            all.push_back(branch);
        }
    }

    void report(double time) {
        if (!progress.is_open()) progress.open(brian::results_dir + "progress.txt");
        progress << time << std::endl;
        look();
    }

    void step(long number) {
        for (const Branch& branch : all) {
            if (branch.step != number || branch.from != arm) continue;
            store_recordings(true);
            copy_recordings(branch.arm);
            std::cout.flush();
            std::fflush(nullptr);
            const pid_t self = getpid(), child = fork();
            if (child < 0) {
                const int cause = errno;
                throw std::runtime_error(std::string("no process can be forked: ") + std::strerror(cause)
                    + "; more memory, or a higher limit of processes (ulimit -u), is needed");
            }
            if (child) {
                left[child] = branch.arm;
            } else {
                parent = self;
                become(branch);
            }
        }
    }

    // Let others take a turn, and wait for those that have left.
    void end() {
        if (give >= 0 && write(give, "", 1) != 1) std::exit(1);
        for (; !left.empty(); usleep(20000)) look();
    }
};

static Branches& branches() {
    static Branches all;  // made when the folder of results is known
    return all;
}

}  // namespace cortex
