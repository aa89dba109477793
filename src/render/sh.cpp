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
    std::string text =
        std::to_string(index(process.id)) + ") # " + printable(process.address) +
        (process.role == Role::command ? "" : std::string(", in place of pidns's ") + describe(process.role)) + "\n";
    if (sh::is_below_a_root(graph_, process))
      text += std::string("  ") + (sh::find<ChangeRoot>(process) != nullptr ? "outer" : "root") + "=$3\n";
    if (&process == timed_) text += "  " + sh::report_line(wires_) + "\n";
    std::string steps;
    for (std::size_t i = sh::steps_done_entering(process); i < process.steps.size(); ++i) {
      if (std::holds_alternative<RedirectStream>(process.steps[i].action) && opens_streams_first(process)) continue;
      std::vector<std::string> lines = sh::step_lines(graph_, process, i, reasons_);
      if (lines.empty()) continue;
      if (&process == timed_ && &process.steps[i] == &process.steps.back()) lines.back() += sh::without_wires(wires_);
      steps += commented(lines.front(), process.steps[i]);
      for (std::size_t at = 1; at < lines.size(); ++at) steps += "  " + lines[at] + "\n";
    }
    if (!steps.empty() && promises_pids(process)) steps = sh::counting_pids_from_2(steps, wires_);
    return text + steps + starts(process, "\"$2\"") + "  ;;\n";
  }

  /// The node's own processes have the pids 2, 3, … under an init of ours.
  bool promises_pids(const Process& process) const {
    const std::vector<ProcessId> children = sh::children_of(process);
    return process.role == Role::init && !children.empty() && graph_.process(children.front()).node == process.node;
  }

  /// Streams are opened before any namespace is changed: by the script itself, where it has one command.
  bool opens_streams_first(const Process& process) const {
    std::size_t commands = 0;
    for (const Process& each : graph_.processes) commands += each.role == Role::command ? 1 : 0;
    return commands == 1 && process.role == Role::command;
  }

  /// `unshare … -- /bin/sh -euc "$2" sh 2 "$2"`.
  std::string start(const Process& maker, ProcessId id, const std::string& steps, bool takes_makers_place) {
    const Process& child = graph_.process(id);
    const WriteIdMaps* maps = nullptr;
    for (const Step& step : maker.steps)
      if (const auto* write = std::get_if<WriteIdMaps>(&step.action); write != nullptr && write->child == id)
        maps = write;
    const std::string number = std::to_string(index(sh::entered(graph_, child)));
    const bool has_root = sh::is_below_a_root(graph_, graph_.process(sh::entered(graph_, child)));
    return sh::entering_words(graph_, child, maps, takes_makers_place, reasons_) + "/bin/sh -euc " + steps + " sh " +
           number + " " + steps + (has_root ? " \"$root\"" : "");
  }

  /// One child is waited for; of several the first bad status counts.
  std::string starts(const Process& maker, const std::string& steps) {
    const std::vector<ProcessId> children = sh::children_of(maker);
    if (children.empty()) return "";
    const bool has_root = sh::find<ChangeRoot>(maker) != nullptr;
    if (children.size() == 1 && !has_root) return "  " + start(maker, children.front(), steps, false) + "\n  exit\n";
    if (children.size() == 1)
      return "  status=0\n  " + start(maker, children.front(), steps, false) +
             " || status=$?\n  umount -l \"$root\"; rmdir \"$root\"\n  exit \"$status\"\n";
    std::string text;
    std::string waits = "  status=0\n";
    for (const ProcessId child : children) {
      const std::string variable = "p" + std::to_string(index(child));
      text += "  " + start(maker, child, steps, false) + " &\n  " + variable + "=$!\n";
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
    const std::string line = start(self, children.front(), "\"$steps\"", true);
    return text + (timed_ != nullptr ? sh::timed_start(*timed_, line, wires_) : "exec " + line + "\n");
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
