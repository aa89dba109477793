#include "run/parent/failure.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/error_text.h"
#include "render/render.h"
#include "run/parent/hints.h"

namespace pidns {

int exec_status(int error) noexcept { return error == ENOENT || error == ENOTDIR ? 127 : 126; }

std::string error_words(int error) {
  switch (error) {
    case child::trouble_no_interpreter: return "its interpreter does not exist";
    case child::trouble_no_full_proc: return "Operation not permitted";
    case child::trouble_unknown_user: return "no such user";
    case child::trouble_unknown_group: return "no such group";
    case child::trouble_no_source: return "the source does not exist";
    case child::trouble_maker_gone: return "the process that made it is gone";
    case child::trouble_not_a_namespace: return "not a namespace file";
    case child::trouble_other_kind: return "a namespace of another kind";
    case ENOEXEC: return "Exec format error (no `#!` line, and no program for this machine)";
    default: break;
  }
  return error_text(error);
}

namespace {

/// A command may be as long as the kernel takes; people look it up in the spec.
std::string shortened(std::string words) {
  constexpr std::size_t longest = 160;
  if (words.size() <= longest) return words;
  words.resize(longest);
  while (!words.empty() && (static_cast<unsigned char>(words.back()) & 0xc0U) == 0x80U) words.pop_back();
  if (!words.empty() && (static_cast<unsigned char>(words.back()) & 0x80U) != 0) words.pop_back();
  return words + "...";
}

}  // namespace

std::string failure_line(const ExecutionGraph& graph, const child::Report& report) {
  const Process& process = graph.processes[report.process];
  const Step& step = process.steps[report.step];
  const std::string& who = process.role == Role::command ? process.address : graph.node(process.node).address;
  return who + ": " + shortened(describe(step.action, graph)) + ": " + error_words(report.number);
}

std::string failure_text(const ExecutionGraph& graph, const SourceFile& source, const child::Report& report,
                         const std::string& undone, TextStyle style) {
  const Process& process = graph.processes[report.process];
  const Step& step = process.steps[report.step];
  Diagnostic finding(Code::none);
  finding.place = step.origin.place;
  if (finding.place.key.empty()) finding.place.key = finding.place.value;
  finding.message = failure_line(graph, report);
  const Hint hint = hint_for(graph, process, step, report.number);
  finding.why = hint.why;
  finding.fix = hint.fix;
  std::string text = render_diagnostic(source, finding, style);
  if (!undone.empty()) text += "   = undone: " + undone + "\n";
  return text;
}

namespace {
int said_on = 2;
}  // namespace

void say_to(int descriptor) noexcept { said_on = descriptor; }

void say(const std::string& text) noexcept {
  const char* at = text.data();
  std::size_t left = text.size();
  while (left > 0) {
    const ssize_t written = ::write(said_on, at, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    at += written;
    left -= static_cast<std::size_t>(written);
  }
}

}  // namespace pidns
