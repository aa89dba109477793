#include <algorithm>
#include <array>
#include <ctime>

#include "base/display_line.h"
#include "base/json_text.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "render/columns.h"
#include "run/look/translate.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

using Row = std::array<std::string, 5>;

std::size_t commands_in(const RunState& state) {
  return static_cast<std::size_t>(std::count_if(state.processes.begin(), state.processes.end(),
                                                [](const ProcessRecord& one) { return one.role == "command"; }));
}

std::string up_since(std::int64_t started) {
  const std::time_t seconds = started;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

/// `?` for what counts in a pid namespace that is not seen from here.
Row row_of(RunState state) {
  const bool seen = bring_here(state);
  return {state.name, seen ? std::to_string(state.supervisor.pid) : "?", std::to_string(commands_in(state)),
          up_since(state.started), state.spec == "-" ? "(standard input)" : printable(state.spec)};
}

std::string table(const std::vector<RunState>& live) {
  std::vector<Row> rows{{"NAME", "PID", "PROCESSES", "UP SINCE", "SPEC"}};
  for (const RunState& state : live) rows.push_back(row_of(state));
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      const std::string blanks(widths[i] - columns(row[i]), ' ');
      const bool is_number = i == 1 || i == 2;
      text += (is_number ? blanks + row[i] : row[i] + blanks) + "  ";
    }
    text += row.back() + "\n";
  }
  return text;
}

std::string list_json(const std::vector<RunState>& live) {
  JsonText json;
  json.open_list();
  for (RunState state : live) {
    const bool seen = bring_here(state);
    json.open_object();
    json.text("name", state.name);
    json.text("spec", state.spec);
    if (seen)
      json.number("pid", static_cast<std::uint64_t>(state.supervisor.pid));
    else
      json.null("pid");
    json.number("pid_namespace", state.pid_namespace);
    json.number("processes", commands_in(state));
    json.number("started", static_cast<std::uint64_t>(state.started));
    json.boolean("detached", state.detached);
    if (state.log.empty())
      json.null("log");
    else
      json.text("log", state.log);
    json.close();
  }
  json.close();
  return json.take();
}

}  // namespace

int verb_ps(const Command& command, const ParsedArguments& parsed) {
  if (parsed.has(option::quiet) && parsed.has(option::list_format))
    return refuse_usage(command, "`--quiet` lists names alone: no `--format` goes with it");
  std::string why;
  if (state_folder(&why).empty() && !why.empty()) {
    complain("ps: no instance can be listed: " + why);
    return command.defect_status;
  }
  const std::vector<RunState> live = live_instances();
  std::string text;
  if (parsed.has(option::quiet))
    for (const RunState& state : live) text += state.name + "\n";
  else
    text = parsed.value(option::list_format, "text") == "json" ? list_json(live) : table(live);
  return write_output(text) ? 0 : command.defect_status;
}

}  // namespace pidns::cli
