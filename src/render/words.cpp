#include "render/words.h"

#include "base/duration.h"
#include "base/signal_name.h"
#include "render/quote.h"

namespace pidns {

std::string kinds_text(NamespaceSet kinds) {
  std::string text;
  kinds.each([&](const NamespaceKindInfo& row) { text += (text.empty() ? "" : ", ") + std::string(row.name); });
  return text;
}

const char* propagation_word(Propagation mode) noexcept {
  switch (mode) {
    case Propagation::private_:
      return "private";
    case Propagation::slave:
      return "slave";
    case Propagation::shared:
      return "shared";
    case Propagation::unchanged:
      return "unchanged";
  }
  return "";
}

const char* hidepid_word(HidePid mode) noexcept {
  switch (mode) {
    case HidePid::off:
      return "off";
    case HidePid::noaccess:
      return "noaccess";
    case HidePid::invisible:
      return "invisible";
    case HidePid::ptraceable:
      return "ptraceable";
  }
  return "";
}

const char* id_map_word(IdMapKind kind) noexcept {
  switch (kind) {
    case IdMapKind::root:
      return "root";
    case IdMapKind::current:
      return "current";
    case IdMapKind::all:
      return "all";
    case IdMapKind::automatic:
      return "auto";
    case IdMapKind::none:
      return "none";
    case IdMapKind::list:
      return "list";
  }
  return "";
}

const char* root_word(Root::Type type) noexcept {
  switch (type) {
    case Root::Type::directory:
      return "directory";
    case Root::Type::tmpfs:
      return "tmpfs";
    case Root::Type::overlay:
      return "overlay";
  }
  return "";
}

const char* probe_word(Ready::Probe probe) noexcept {
  switch (probe) {
    case Ready::Probe::command:
      return "command";
    case Ready::Probe::script:
      return "script";
    case Ready::Probe::path:
      return "path";
    case Ready::Probe::tcp:
      return "tcp";
    case Ready::Probe::output:
      return "output";
  }
  return "";
}

std::string ready_text(const Ready& ready) {
  std::string text = "ready when ";
  switch (ready.probe) {
    case Ready::Probe::command:
      text += shell_words(ready.command) + " ends with 0";
      break;
    case Ready::Probe::script:
      text += "the script " + shell_word(ready.text) + " ends with 0";
      break;
    case Ready::Probe::path:
      text += ready.text + " exists";
      break;
    case Ready::Probe::tcp:
      text += "port " + std::to_string(ready.port) + " accepts";
      break;
    case Ready::Probe::output:
      text += "it writes " + shell_word(ready.text);
      break;
  }
  return text + ", within " + duration_text(ready.within);
}

std::vector<EndWords> end_texts(const Process& process) {
  const Process usual;
  std::vector<EndWords> list;
  if (process.timeout.count() > 0)
    list.push_back({"timeout after " + duration_text(process.timeout), "timeout", process.timeout_place});
  const bool has_signal = process.stop_signal != usual.stop_signal;
  if (has_signal || process.stop_timeout != usual.stop_timeout)
    list.push_back({"stop with " + signal_name(process.stop_signal) + ", after " + duration_text(process.stop_timeout) +
                        " with SIGKILL",
                    has_signal ? "stop-signal" : "stop-timeout",
                    {}});
  if (process.is_main) list.push_back({"main: the run ends with it", "main", {}});
  return list;
}

const char* condition_word(Condition condition) noexcept {
  switch (condition) {
    case Condition::automatic:
      return "ready";
    case Condition::started:
      return "started";
    case Condition::ready:
      return "ready";
    case Condition::exited:
      return "exited";
    case Condition::succeeded:
      return "succeeded";
  }
  return "";
}

const char* limit_word(Limit limit) noexcept {
  switch (limit) {
    case Limit::grandchildren:
      return "grandchildren";
    case Limit::clears_tie:
      return "clears-tie";
    case Limit::may_not_signal:
      return "may-not-signal";
    case Limit::kill_child_false:
      return "kill-child-false";
    case Limit::unhandled_signal:
      return "unhandled-signal";
  }
  return "";
}

}  // namespace pidns
