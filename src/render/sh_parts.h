#pragma once

/// The parts of the plan as a script: what each knows, and says about what it can't.

#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/source.h"
#include "plan/graph.h"

namespace pidns::sh {

/// Why a script is not complete, each reason once, in the order in which they were found.
class Reasons {
 public:
  void add(std::string reason);
  [[nodiscard]] bool empty() const noexcept { return reasons_.empty(); }
  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return reasons_; }

 private:
  std::vector<std::string> reasons_;
};

/// Descriptors that a script uses for itself, from 9 downwards: none that the spec passes on.
struct Wires {
  int pipe = 9;     ///< For news of pids: from who is to be mapped, and to the kernel's counter.
  int input = 8;    ///< The script's own input, where a pipe or nothing stands in its place.
  int report = 7;   ///< To who keeps a `timeout`.
  int proc = 6;     ///< The /proc in which that one looks for pids.
  int output = 5;   ///< The script's own output.
  int signals = 4;  ///< To who sends signals, where several processes have a `timeout` to keep.
  std::vector<std::pair<std::string, int>>
      joins;  ///< What is joined, where somebody mounts before: path and descriptor.
};

/// The steps of a process before it makes another: of those it may make thousands.
std::span<const Step> set_up_of(const Process& process);

/// The first step of a kind with which a process sets itself up, or null.
template <class T>
const T* find(const Process& process) {
  static_assert(!std::is_same_v<T, WriteIdMaps>, "a step for a child");
  for (const Step& step : set_up_of(process))
    if (const auto* found = std::get_if<T>(&step.action)) return found;
  return nullptr;
}

/// Whether it makes a namespace of the kind new, or enters one, itself.
bool makes(const Process& process, NamespaceKind kind);
bool joins(const Process& process, NamespaceKind kind);

/// Where chains of processes begin of which each makes just one: with whom the script, or a shell that
/// starts several, starts what somebody outside of it takes care of.
struct ChainStarts {
  explicit ChainStarts(const ExecutionGraph& graph);

  std::vector<std::pair<ProcessId, const Process*>> timed;  ///< With who has a `timeout`, in the order of the graph.
  ProcessId terminal = no_process;                          ///< Where one has a terminal of its own.
  bool is_alone = false;                                    ///< No process is started beside another one.

  [[nodiscard]] const Process* timed_by(ProcessId start) const;
};

Wires wires_of(const ExecutionGraph& graph, const ChainStarts& chains, Reasons& reasons);

/// With what a process begins that has a `timeout`: it tells its pid.
std::string report_line(const Wires& wires);

/// Closes what a command does not need, behind the line that becomes it.
std::string without_wires(const Wires& wires, const ChainStarts& chains, const Process& process);

/// The lines of an init of ours, whose own processes count from 2, or from where a sysctl says, whatever it
/// starts for itself.
std::string counting_pids(const Process& init, const std::string& lines, const Wires& wires);

/// The lines that start a process which has a `timeout`, and who keeps the time.
std::string timed_start(const Process& process, const std::string& start, const Wires& wires, bool is_alone);

/// The lines that start all, and who sends signals for those that keep the time elsewhere.
std::string signalled_start(const std::string& start, const Wires& wires);

/// Where a process's files are while the script's shells stay in the root in which they were started.
struct Trees {
  Trees(const ExecutionGraph& graph, const Process& process);

  bool below;  ///< A node around it has a root of its own: at `$root`, or with an own one at `$outer`.
  bool own;    ///< It changes its root itself: at `$root`.
  bool holds_own_links = false;  ///< The own root begins as an empty one: no link at its top leads elsewhere.
  bool laid_over;                ///< The root will be laid over `/`; else it is only changed to.
  std::set<const Mount*> again;  ///< Those before which the same filesystem has been mounted in the same place.

  [[nodiscard]] bool changed() const noexcept { return below || own; }
  /// Quoted paths: of the parent node's tree, of the node's own, and of that once it is laid over `/`.
  [[nodiscard]] std::string source(const std::string& path) const;
  [[nodiscard]] std::string target(const std::string& path) const;
  [[nodiscard]] std::string seen(const std::string& path) const;
};
bool is_below_a_root(const ExecutionGraph& graph, const Process& process);

/// A step as lines of a script; none for what was done where the process was started.
std::vector<std::string> step_lines(const ExecutionGraph& graph, const Process& process, const Trees& trees,
                                    std::size_t step, Reasons& reasons);

/// Lines that make a root at `$root`.
std::vector<std::string> root_lines(const Root& root, const Trees& trees);

/// What comes before the command that is to be executed in another root, and the words before it.
/// `directory`: where it shall be, quoted. `ids`: with them it changes by chroot(1).
std::vector<std::string> lines_to_enter_root(const Trees& trees);
std::string words_to_enter_root(const Trees& trees, const SetCredentials* ids, const std::string& directory);

/// The same with what no program of that root is asked to set: `uid=1 capabilities=0 `.
std::string words_to_enter_root_by_kernel(const Trees& trees, const std::string& settings,
                                          const std::string& directory);

/// Lines for an entry of `mounts`.
std::vector<std::string> mount_lines(const Mount& mount, const Trees& trees);

/// Whether a process mounts anything.
bool mounts(const Process& process);

/// Whether a process joins what it finds by a path only behind mounts of an outer node.
bool joins_after_mounts(const ExecutionGraph& graph, const Process& process);

/// The folder above a path.
std::string parent_of(const std::string& path);

/// The functions that lines of a script use, in an order in which each is known.
std::string functions_of(const std::string& lines);

/// Lines of which the last becomes the command, with its directory, ids, privileges and environment.
std::vector<std::string> exec_lines(const ExecutionGraph& graph, const Process& process);

/// Lines that save, from a shell, the variables of its environment that commands keep and it would lose.
std::string lines_to_keep_variables(const ExecutionGraph& graph);

/// How the ids of a new user namespace are mapped.
struct IdMapping {
  const WriteIdMaps* from_outside = nullptr;  ///< By the maker's shell; null: by unshare(1), if at all.
  std::string words;                          ///< Of unshare(1), with a blank at the end.
  bool is_root_inside = false;                ///< Who enters is known to be root there.
};
IdMapping id_mapping_of(const ExecutionGraph& graph, const Process& process);

/// Whether it is set up with capabilities that its command must not have: not as root, in a user
/// namespace of the spec.
bool keeps_capabilities_of_user(const ExecutionGraph& graph, const Process& process);

/// With whom the script leaves its own user namespace on the way to a process; null where it does not.
const Process* outermost_in_user(const ExecutionGraph& graph, const Process& process);

/// The process to which a chain leads of which each makes just one; null where one makes several.
const Process* only_end(const ExecutionGraph& graph, const Process& process);

/// Whether only the run shows if setgroups(2) is denied to it.
bool may_be_denied_setgroups(const ExecutionGraph& graph, const Process& process);

/// Whether setgroups(2) is denied to it in a user namespace of the spec.
bool is_denied_setgroups(const ExecutionGraph& graph, const Process& process);

/// The lines around `start`, which makes the user namespace, that write its maps.
std::string mapped_start(const WriteIdMaps& maps, const std::string& start, const Wires& wires);

/// The lines of a process before it has ids.
std::string unmapped_branch(const ExecutionGraph& graph, const Process& process, const Wires& wires);

/// A signal as setpriv(1) and unshare(1) know it, without SIG: the first real-time one as `RTMIN+0`.
std::string signal_word(int signal);

/// The signal of the tie that begins a process; 0 for none.
int tie_of(const Process& process);

/// `setpriv --pdeathsig KILL -- `, where a process is tied to its maker.
std::string tie_words(const ExecutionGraph& graph, const Process& process, bool takes_makers_place);

/// `unshare --pid --fork … ` before the program that shall run there, with a blank at the end; empty
/// where nothing is entered or made.
std::string entering_words(const ExecutionGraph& graph, const Process& process, bool takes_makers_place,
                           const Wires& wires);

/// Offsets of clocks that unshare(1) can't give, since they are no whole seconds: else null.
const SetClockOffsets* clocks_shifted_inside(const Process& process);

/// What is added to the number of a process whose `maker` has made its namespaces, where it is to do
/// something before its own lines; `-unshifted `, or just a blank.
std::string stage_words(const Process& maker, const Process& process);

/// The lines of a process of which it becomes another program again.
std::string stages(const ExecutionGraph& graph, const Process& maker, const Process& process);

/// The file of a namespace that is joined; of a process the folder of all its namespaces.
std::string opened_to_join(const JoinTarget& target);

/// Lines that open, before anything is mounted, what is joined later.
std::string lines_to_open_joins(const Wires& wires);

/// The lines around `start` that give it a terminal of its own. It finds its text in `$steps` whatever
/// `steps` and `root` name it outside; `first` are lines before it, with that terminal already.
std::string terminal_start(const std::string& tie, const std::string& first, const std::string& start,
                           const std::string& steps, bool has_root);

/// The process that goes on behind those words: a launcher's child, else the process itself.
const Process& entered(const ExecutionGraph& graph, const Process& process);

/// How many of its first steps those words do.
std::size_t steps_done_entering(const Process& process);

/// Each line of `text` further in by so many blanks.
std::string indented(const std::string& text, std::size_t blanks);

/// The processes that a process makes.
std::vector<ProcessId> children_of(const Process& process);

}  // namespace pidns::sh
