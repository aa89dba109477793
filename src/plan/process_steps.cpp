#include "base/capability_name.h"
#include "plan/node_steps.h"

namespace pidns {
namespace {

void add_stream(std::vector<Step>& steps, int descriptor, const char* key, const Setting<Stream>& stream,
                const std::string& spec_directory) {
  if (!stream || (!stream->null && stream->path.empty())) return;
  Stream opened = *stream;
  if (!opened.null) opened.path = from_spec_directory(opened.path, spec_directory);
  steps.push_back({RedirectStream{descriptor, std::move(opened)}, origin(key, stream.place())});
}

/// Whether its standard input is the caller's.
bool reads_callers_input(const ProcessSpec& process, const ProcessContext& context) {
  if (!process.stdin_) return !context.stdin_is_null;
  return !process.stdin_->null && process.stdin_->path.empty();
}

void add_session_and_streams(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context) {
  if (process.terminal && *process.terminal == Terminal::none)
    steps.push_back({NewSession{}, origin("terminal", process.terminal.place())});
  const bool shares = !process.terminal || *process.terminal == Terminal::inherit;
  if (context.several && shares && !reads_callers_input(process, context))
    steps.push_back({OwnGroup{}, default_origin("terminal", process.place)});
  // What is typed goes to whom it was made for.
  const bool has_own = process.terminal && *process.terminal == Terminal::new_;
  if (has_own) steps.push_back({NewTerminal{}, origin("terminal", process.terminal.place())});
  if (context.stdin_is_null && !process.stdin_ && !has_own)
    steps.push_back({RedirectStream{0, Stream{true, ""}}, default_origin("stdin", process.place)});
  add_stream(steps, 0, "stdin", process.stdin_, *context.spec_directory);
  add_stream(steps, 1, "stdout", process.stdout_, *context.spec_directory);
  add_stream(steps, 2, "stderr", process.stderr_, *context.spec_directory);
}

void add_directory(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context) {
  const auto& cwd = context.inherited->cwd;
  if (cwd)
    steps.push_back({ChangeDirectory{*cwd, false}, origin("cwd", cwd.place())});
  else if (context.look_up_cwd_again)
    steps.push_back({ChangeDirectory{context.facts->cwd.empty() ? "/" : context.facts->cwd, true},
                     default_origin("cwd", process.place)});
}

void add_limits(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context) {
  const auto& umask = context.inherited->umask;
  if (umask) steps.push_back({SetUmask{*umask}, origin("umask", umask.place())});
  for (const auto& limit : context.inherited->rlimits)
    steps.push_back({SetRlimit{limit.value}, origin("rlimits", limit.place)});
  if (process.nice) steps.push_back({SetNice{*process.nice}, origin("nice", process.nice.place())});
  if (process.oom_score_adj)
    steps.push_back({SetOomScoreAdj{*process.oom_score_adj}, origin("oom-score-adj", process.oom_score_adj.place())});
}

void add_ids(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context) {
  if (!process.uid && !process.gid && !process.groups) return;
  SetCredentials credentials;
  if (process.uid) credentials.uid = *process.uid;
  if (process.gid) credentials.gid = *process.gid;
  if (process.groups) {
    credentials.groups.emplace();
    for (const auto& group : *process.groups) credentials.groups->push_back(group.value);
  } else {
    credentials.groups.emplace();
    credentials.groups_may_stay = true;
  }
  const char* key = process.uid ? "uid" : process.gid ? "gid" : "groups";
  const Place place = process.uid ? process.uid.place() : process.gid ? process.gid.place() : process.groups.place();
  steps.push_back({std::move(credentials), origin(key, place)});
  // A changed effective or filesystem id clears the tie: prctl(2), PR_SET_PDEATHSIG.
  if (context.tie_signal != 0 && (process.uid || process.gid))
    steps.push_back({TieToMaker{context.tie_signal}, origin(key, place)});
}

void add_privileges(std::vector<Step>& steps, const ProcessSpec& process) {
  if (process.capabilities) {
    SetCapabilities set{0};
    if (process.capabilities->all) set.keep = ~std::uint64_t{0};
    for (const auto& name : process.capabilities->names)
      if (auto number = parse_capability(name.value)) set.keep |= std::uint64_t{1} << *number;
    steps.push_back({set, origin("capabilities", process.capabilities.place())});
  }
  if (process.no_new_privs && *process.no_new_privs)
    steps.push_back({SetNoNewPrivs{}, origin("no-new-privs", process.no_new_privs.place())});
}

Exec make_exec(const ProcessSpec& process, const ProcessContext& context) {
  Exec exec;
  exec.environment = context.inherited->environment;
  const auto* arguments = context.arguments;
  if (process.script) {
    exec.argv = {"/bin/sh", "-eu", "-c", *process.script};
    if (arguments != nullptr) {
      exec.argv.emplace_back("/bin/sh");
      exec.argv.insert(exec.argv.end(), arguments->begin(), arguments->end());
    }
    return exec;
  }
  if (arguments != nullptr)
    exec.argv = *arguments;
  else if (process.command)
    exec.argv = *process.command;
  if (process.argv0) exec.argv0 = *process.argv0;
  return exec;
}

}  // namespace

Readiness readiness_of(const ProcessSpec& process, ProcessId id, std::shared_ptr<const EnvironmentPlan> environment) {
  Readiness readiness;
  readiness.process = id;
  readiness.ready = *process.ready;
  readiness.place = process.ready.place();
  readiness.exec.environment = std::move(environment);
  if (process.ready->probe == Ready::Probe::command) readiness.exec.argv = process.ready->command;
  if (process.ready->probe == Ready::Probe::script)
    readiness.exec.argv = {"/bin/sh", "-eu", "-c", process.ready->text};
  return readiness;
}

void add_process_steps(std::vector<Step>& steps, const ProcessSpec& process, const ProcessContext& context) {
  add_session_and_streams(steps, process, context);
  add_directory(steps, process, context);
  add_limits(steps, process, context);
  add_ids(steps, process, context);
  add_privileges(steps, process);
  if (process.pass_fds) {
    PassDescriptors pass;
    for (const auto& number : *process.pass_fds) pass.numbers.push_back(number.value);
    steps.push_back({std::move(pass), origin("pass-fds", process.pass_fds.place())});
  }
  const bool scripted = static_cast<bool>(process.script);
  const Place place = scripted ? process.script.place() : process.command ? process.command.place() : process.place;
  steps.push_back({make_exec(process, context), origin(scripted ? "script" : "command", place)});
}

}  // namespace pidns
