/// The plan as a POSIX script. Each process has its lines in one `case`, and the text of all of them
/// is handed from shell to shell: a new root or a new /proc can't hide it, as it could a file.

#include <algorithm>

#include "base/display_line.h"
#include "base/quote.h"
#include "render/columns.h"
#include "render/render.h"
#include "render/sh_parts.h"

namespace pidns {
namespace {

/// Of one argument, with its end: MAX_ARG_STRLEN of execve(2).
constexpr std::size_t max_arg_strlen = 131072;

class Script {
 public:
  Script(const ExecutionGraph& graph, const SourceFile& source)
      : graph_(graph),
        source_(source),
        chains_(graph),
        wires_(sh::wires_of(graph, chains_, reasons_)),
        commands_(commands_of(graph)) {}

  std::string write() {
    for (const Process& process : graph_.processes) note_what_is_left_out(process);
    std::string steps = "case $1 in\n";
    for (const Process& process : graph_.processes)
      if (process.role != Role::supervisor && process.role != Role::launcher) steps += branch(process);
    steps = "set -eu\n" + sh::functions_of(steps) + steps + "esac\n";
    if (steps.size() >= max_arg_strlen) reasons_.add("its text is longer than what execve(2) takes as one argument");
    const std::string start = top();
    const std::string end = delimiter(steps);
    return head() + "set -eu\n" + sh::lines_to_keep_variables(graph_) + sh::lines_to_open_joins(wires_) +
           "steps=$(cat <<'" + end + "'\n" + steps + end + "\n)\n" + start;
  }

 private:
  static std::size_t commands_of(const ExecutionGraph& graph) {
    return static_cast<std::size_t>(std::count_if(graph.processes.begin(), graph.processes.end(),
                                                  [](const Process& each) { return each.role == Role::command; }));
  }

  /// What becomes of the run later on is pidns's own; the steps are what a script can take.
  void note_what_is_left_out(const Process& process) {
    if (sh::children_of(process).size() > 1)
      reasons_.add("several processes are started, and nobody stops them in order");
    if (process.has_ready) reasons_.add("nobody looks whether processes are `ready`");
  }

  std::string head() const {
    std::string text = "#!/bin/sh\n# " + printable(source_.name()) +
                       ": what `pidns run` does, in commands of util-linux and the like\n";
    std::string verdict = "complete: yes";
    for (const std::string& reason : reasons_.all()) verdict += (reason == reasons_.all().front() ? "" : "; ") + reason;
    if (!reasons_.empty()) verdict.replace(0, 13, "complete: no, because ");
    for (const std::string& line : wrap(verdict, page_width - 2)) text += "# " + line + "\n";
    return text;
  }

  std::string origin(const Step& step) const {
    std::string text = step.origin.key;
    if (step.origin.is_default) return text.empty() ? "" : text + " (default)";
    const Span span = step.origin.place.value.empty() ? step.origin.place.key : step.origin.place.value;
    if (span.empty()) return text;
    const Position at = source_.position(span.begin);
    return text + ", " + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  std::string commented(const std::string& line, const Step& step) const {
    const std::string from = origin(step);
    const bool has_room = line.find('\n') == std::string::npos && !from.empty();
    return "  " + (has_room ? pad(line, 56) + "  # " + from : line) + "\n";
  }

  /// The lines of one process.
  std::string branch(const Process& process) {
    const bool waits = sh::id_mapping_of(graph_, unsharing(process)).from_outside != nullptr;
    std::string text = waits ? sh::unmapped_branch(graph_, process, wires_) : "";
    text += sh::stages(graph_, unsharing(process), process);
    text += std::to_string(index(process.id)) + ") # " + printable(process.address) +
            (process.role == Role::command ? "" : std::string(", in place of pidns's ") + describe(process.role)) +
            "\n";
    if (sh::is_below_a_root(graph_, process))
      text += std::string("  ") + (sh::find<ChangeRoot>(process) != nullptr ? "outer" : "root") + "=$3\n";
    if (process.timeout.count() > 0) text += "  " + sh::report_line(wires_) + "\n";
    if (sh::keeps_capabilities_of_user(graph_, process) && sh::mounts(process))
      text += "  mount_by_kernel # as nobody is root here\n";
    const sh::Trees trees(graph_, process);
    std::string settings;
    std::string steps;
    for (std::size_t i = sh::steps_done_entering(process); i < process.steps.size(); ++i) {
      const Step& step = process.steps[i];
      if (std::holds_alternative<RedirectStream>(step.action) && opens_streams_first(process)) continue;
      std::vector<std::string> lines = sh::step_lines(graph_, process, trees, i, reasons_);
      if (lines.empty()) continue;
      if (std::holds_alternative<Exec>(step.action)) lines.back() += sh::without_wires(wires_, chains_, process);
      const bool by_proc = lines.front().find(" >/proc/sys/") != std::string::npos && lines.size() == 1;
      std::string& text_of = by_proc && step.action.index() != process.steps.back().action.index() ? settings : steps;
      text_of += commented(lines.front(), step);
      for (std::size_t at = 1; at < lines.size(); ++at) text_of += "  " + lines[at] + "\n";
    }
    // A /proc of the node's own may not have them, or not let itself be written to.
    steps = settings + steps;
    if (!steps.empty() && promises_pids(process)) steps = sh::counting_pids(process, steps, wires_);
    return text + steps + starts(process, "\"$2\"") + "  ;;\n";
  }

  /// Who has made the namespaces that a process is the first to be in.
  const Process& unsharing(const Process& process) const {
    const Process& maker = graph_.process(process.maker);
    return maker.role == Role::launcher ? maker : process;
  }

  /// What an init of ours starts has the pids 2, 3, …: not where unshare(1) forks it.
  bool promises_pids(const Process& process) const {
    const std::vector<ProcessId> children = sh::children_of(process);
    return process.role == Role::init && !children.empty() && graph_.process(children.front()).role != Role::launcher;
  }

  /// Streams are opened before any namespace is changed: by the script itself, where it has one command.
  std::string lines_to_open_streams() {
    std::string text;
    for (const Process& process : graph_.processes)
      for (std::size_t i = 0; i < process.steps.size(); ++i)
        if (std::holds_alternative<RedirectStream>(process.steps[i].action) && opens_streams_first(process))
          for (const std::string& line : sh::step_lines(graph_, process, {graph_, process}, i, reasons_))
            text += line + "\n";
    return text;
  }

  bool opens_streams_first(const Process& process) const { return commands_ == 1 && process.role == Role::command; }

  /// `unshare … -- /bin/sh -euc "$2" sh 2 "$2"`, with its id maps around it where it has such.
  std::string bare_start(const Process& child, const std::string& steps, bool takes_makers_place) const {
    const Process& first = sh::entered(graph_, child);
    const WriteIdMaps* maps = sh::id_mapping_of(graph_, child).from_outside;
    const bool has_root = sh::is_below_a_root(graph_, first);
    const std::string stage = maps != nullptr ? "-unmapped " : sh::stage_words(child, first);
    const std::string line = sh::entering_words(graph_, child, takes_makers_place || maps != nullptr, wires_) +
                             "/bin/sh -euc " + steps + " sh " + std::to_string(index(first.id)) + stage + steps +
                             (has_root ? " \"$root\"" : "");
    return maps == nullptr ? line : sh::mapped_start(*maps, line, wires_);
  }

  /// The same with what is kept outside of it: a terminal, the time.
  std::string start(ProcessId id, const std::string& steps, bool takes_makers_place) {
    const Process& child = graph_.process(id);
    const bool has_terminal = id == chains_.terminal;
    std::string text = bare_start(child, has_terminal ? "\"$steps\"" : steps, takes_makers_place);
    if (has_terminal)
      text = sh::terminal_start(sh::tie_words(graph_, child, takes_makers_place), lines_to_open_streams(), text, steps,
                                sh::is_below_a_root(graph_, child));
    const Process* timed = chains_.timed_by(id);
    return timed == nullptr ? text : sh::timed_start(*timed, text, wires_, chains_.is_alone);
  }

  /// One child is waited for; of several the first bad status counts.
  std::string starts(const Process& maker, const std::string& steps) {
    const std::vector<ProcessId> children = sh::children_of(maker);
    if (children.empty()) return "";
    const bool has_root = sh::find<ChangeRoot>(maker) != nullptr;
    if (children.size() == 1) {
      const std::string line = sh::indented(start(children.front(), steps, false), 2);
      if (!has_root) return line + "\n  exit\n";
      return "  status=0\n" + line +
             " || status=$?\n  { umount -l \"$root\" && rmdir \"$root\"; } 2>/dev/null || :\n  exit \"$status\"\n";
    }
    std::string text;
    std::string waits = "  status=0\n";
    for (const ProcessId child : children) {
      const std::string variable = "p" + std::to_string(index(child));
      // What is started in the background has no input but what it is given.
      const std::string input = std::to_string(wires_.input);
      const bool reads = child == chains_.terminal;
      if (reads) text += "  exec " + input + "<&0\n";
      text += sh::indented(start(child, steps, false), 2) + (reads ? " <&" + input + " " + input + "<&-" : "") +
              " &\n  " + variable + "=$!\n";
      if (reads) text += "  exec " + input + "<&-\n";
      waits += "  wait \"$" + variable + "\" || { now=$?; [ \"$status\" != 0 ] || status=$now; }\n";
    }
    if (has_root) waits += "  { umount -l \"$root\" && rmdir \"$root\"; } 2>/dev/null || :\n";
    return text + waits + "  exit \"$status\"\n";
  }

  std::string top() {
    const std::vector<ProcessId> children = sh::children_of(graph_.processes.front());
    const bool is_signalled = !chains_.timed.empty() && !chains_.is_alone;
    if (children.size() != 1) {
      const std::string text = starts(graph_.processes.front(), "\"$steps\"");
      return is_signalled ? sh::signalled_start(text.substr(0, text.size() - 1), wires_) : text;
    }
    const std::string text = start(children.front(), "\"$steps\"", !is_signalled);
    if (is_signalled) return sh::signalled_start(text, wires_);
    const bool is_one_line = text.find('\n') == std::string::npos;
    // Who leads a process group makes setsid(1) fork, which has another status for a death by a signal.
    const bool stays = sh::find<NewSession>(graph_.process(children.front())) != nullptr;
    return (chains_.terminal == no_process ? lines_to_open_streams() : "") + (is_one_line && !stays ? "exec " : "") +
           text + (stays ? " || exit\n" : "\n");
  }

  /// A word that is no line of the steps.
  static std::string delimiter(const std::string& steps) {
    std::string word = "END";
    while (("\n" + steps).find("\n" + word + "\n") != std::string::npos) word += "_";
    return word;
  }

  const ExecutionGraph& graph_;
  const SourceFile& source_;
  sh::Reasons reasons_;
  const sh::ChainStarts chains_;
  const sh::Wires wires_;
  const std::size_t commands_;
};

}  // namespace

std::string plan_sh(const ExecutionGraph& graph, const SourceFile& source) { return Script(graph, source).write(); }

}  // namespace pidns
