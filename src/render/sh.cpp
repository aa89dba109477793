/// The plan as a POSIX script. Each process has its lines in one `case`, and the text of all of them
/// is handed from shell to shell: a new root or a new /proc can't hide it, as it could a file.

#include "base/display_line.h"
#include "base/quote.h"
#include "render/columns.h"
#include "render/render.h"
#include "render/sh_parts.h"

namespace pidns {
namespace {

class Script {
 public:
  Script(const ExecutionGraph& graph, const SourceFile& source)
      : graph_(graph), source_(source), wires_(sh::wires_of(graph, reasons_)), timed_(sh::timed_process(graph)) {}

  std::string write() {
    for (const Process& process : graph_.processes) note_what_is_left_out(process);
    std::string steps = "case $1 in\n";
    for (const Process& process : graph_.processes)
      if (process.role != Role::supervisor && process.role != Role::launcher) steps += branch(process);
    steps = "set -eu\n" + sh::functions_of(steps) + steps + "esac\n";
    const std::string start = top();
    const std::string end = delimiter(steps);
    return head() + "set -eu\nsteps=$(cat <<'" + end + "'\n" + steps + end + "\n)\n" + start;
  }

 private:
  /// What becomes of the run later on is pidns's own; the steps are what a script can take.
  void note_what_is_left_out(const Process& process) {
    if (sh::children_of(process).size() > 1)
      reasons_.add("several processes are started, and nobody stops them in order");
    if (process.timeout.count() > 0 && timed_ == nullptr)
      reasons_.add("nobody ends one of several processes at its `timeout`");
    if (sh::keeps_capabilities_of_user(graph_, process) && sh::mounts(process))
      reasons_.add("mount(8) is for root, and nobody is root in a user namespace");
    if (sh::joins_after_mounts(graph_, process)) reasons_.add("what is joined is looked for where others have mounted");
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
    text += std::to_string(index(process.id)) + ") # " + printable(process.address) +
            (process.role == Role::command ? "" : std::string(", in place of pidns's ") + describe(process.role)) +
            "\n";
    if (sh::is_below_a_root(graph_, process))
      text += std::string("  ") + (sh::find<ChangeRoot>(process) != nullptr ? "outer" : "root") + "=$3\n";
    if (&process == timed_) text += "  " + sh::report_line(wires_) + "\n";
    std::string settings;
    std::string steps;
    for (std::size_t i = sh::steps_done_entering(process); i < process.steps.size(); ++i) {
      const Step& step = process.steps[i];
      if (std::holds_alternative<RedirectStream>(step.action) && opens_streams_first(process)) continue;
      std::vector<std::string> lines = sh::step_lines(graph_, process, i, reasons_);
      if (lines.empty()) continue;
      if (&process == timed_ && &step == &process.steps.back()) lines.back() += sh::without_wires(wires_);
      const bool by_proc = lines.front().find(" >/proc/sys/") != std::string::npos && lines.size() == 1;
      std::string& text_of = by_proc && step.action.index() != process.steps.back().action.index() ? settings : steps;
      text_of += commented(lines.front(), step);
      for (std::size_t at = 1; at < lines.size(); ++at) text_of += "  " + lines[at] + "\n";
    }
    // A /proc of the node's own may not have them, or not let itself be written to.
    steps = settings + steps;
    if (!steps.empty() && promises_pids(process)) steps = sh::counting_pids_from_2(steps, wires_);
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
  bool opens_streams_first(const Process& process) const {
    std::size_t commands = 0;
    for (const Process& each : graph_.processes) commands += each.role == Role::command ? 1 : 0;
    return commands == 1 && process.role == Role::command;
  }

  /// `unshare … -- /bin/sh -euc "$2" sh 2 "$2"`, with its id maps around it where it has such.
  std::string start(ProcessId id, const std::string& steps, bool takes_makers_place) {
    const Process& child = graph_.process(id);
    const Process& first = graph_.process(sh::entered(graph_, child));
    const WriteIdMaps* maps = sh::id_mapping_of(graph_, child).from_outside;
    const bool has_root = sh::is_below_a_root(graph_, first);
    const std::string line = sh::entering_words(graph_, child, takes_makers_place || maps != nullptr, reasons_) +
                             "/bin/sh -euc " + steps + " sh " + std::to_string(index(first.id)) +
                             (maps != nullptr ? "-unmapped " : " ") + steps + (has_root ? " \"$root\"" : "");
    return maps == nullptr ? line : sh::mapped_start(*maps, line, wires_);
  }

  /// One child is waited for; of several the first bad status counts.
  std::string starts(const Process& maker, const std::string& steps) {
    const std::vector<ProcessId> children = sh::children_of(maker);
    if (children.empty()) return "";
    const bool has_root = sh::find<ChangeRoot>(maker) != nullptr;
    if (children.size() == 1) {
      const std::string line = sh::indented(start(children.front(), steps, false), 2);
      if (!has_root) return line + "\n  exit\n";
      return "  status=0\n" + line + " || status=$?\n  umount -l \"$root\"; rmdir \"$root\"\n  exit \"$status\"\n";
    }
    std::string text;
    std::string waits = "  status=0\n";
    for (const ProcessId child : children) {
      const std::string variable = "p" + std::to_string(index(child));
      text += sh::indented(start(child, steps, false), 2) + " &\n  " + variable + "=$!\n";
      waits += "  wait \"$" + variable + "\" || { now=$?; [ \"$status\" != 0 ] || status=$now; }\n";
    }
    if (has_root) waits += "  umount -l \"$root\"; rmdir \"$root\"\n";
    return text + waits + "  exit \"$status\"\n";
  }

  std::string top() {
    const Process& self = graph_.processes.front();
    const std::vector<ProcessId> children = sh::children_of(self);
    if (children.size() != 1) return starts(self, "\"$steps\"");
    std::string text;
    for (const Process& process : graph_.processes)
      for (std::size_t i = 0; i < process.steps.size(); ++i)
        if (std::holds_alternative<RedirectStream>(process.steps[i].action) && opens_streams_first(process))
          for (const std::string& line : sh::step_lines(graph_, process, i, reasons_)) text += line + "\n";
    const std::string line = start(children.front(), "\"$steps\"", true);
    if (timed_ != nullptr) return text + sh::timed_start(*timed_, line, wires_);
    return text + (line.find('\n') == std::string::npos ? "exec " : "") + line + "\n";
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
  const sh::Wires wires_;
  const Process* const timed_;
};

}  // namespace

std::string plan_sh(const ExecutionGraph& graph, const SourceFile& source) { return Script(graph, source).write(); }

}  // namespace pidns
