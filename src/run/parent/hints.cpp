#include "run/parent/hints.h"

#include <cerrno>

#include "run/child/context.h"
#include "run/parent/hints_setup.h"

namespace pidns {
namespace {

Hint hint_for_creating(int error) {
  switch (error) {
    case ENOSPC:
      return {
          "the kernel nests pid namespaces at most 32 deep and user namespaces 33 below the initial one, and "
          "limits how many each user may have (/proc/sys/user/max_*_namespaces)",
          "fewer levels, or a higher limit there"};
    case EPERM:
      return {
          "new namespaces other than user need CAP_SYS_ADMIN; where a new user namespace is refused, the system "
          "restricts them (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone or AppArmor)",
          "run as root, or add `user` to `unshare` where that is allowed"};
    case EINVAL:
      return {
          "a new pid namespace nests in the one around it only where that belongs to the same user namespace or to "
          "one around it",
          "join the user namespace of what is joined, too"};
    case ENOMEM:
      return {"the PID 1 of the namespace has ended, so no process can be made in it any more", ""};
    case EAGAIN:
      return {"the limit on processes is reached (ulimit -u, or pids.max of the cgroup)", ""};
    default:
      return {};
  }
}

Hint hint_for_exec(const Exec& exec, int error) {
  const std::string& command = exec.argv.front();
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      if (command.find('/') == std::string::npos)
        return {"`" + command + "` is in no folder of the PATH that this process has",
                "the whole path of the program, or a PATH in `env`"};
      return {"", "check the path as it is inside the node, after its `root` and `mounts`"};
    case EACCES:
      return {"the file is a folder, lacks the execute bit, or lies on a filesystem mounted noexec", ""};
    case ENOEXEC:
      return {"", "begin the script with a line such as #!/bin/sh, or name the interpreter in `command`"};
    case child::trouble_no_interpreter:
      return {"the file exists; the program named after its `#!`, or its dynamic linker, does not exist inside", ""};
    default:
      return {};
  }
}

Hint hint_for_proc(int error) {
  if (error == EPERM || error == child::trouble_no_full_proc)
    return {
        "inside a user namespace the kernel mounts proc only where the /proc around it is whole: nothing mounted "
        "over a part of it, nothing read-only that would not be",
        "run where /proc is whole (a container needs its /proc unmasked), or take `mount-proc` away"};
  if (error == ENOENT) return {"the folder to mount on does not exist inside the node", "create it, or name another"};
  return {};
}

Hint hint_for_join(int error) {
  switch (error) {
    case EPERM:
      return {"setns(2) asks for CAP_SYS_ADMIN in the user namespace that owns a namespace, and in one's own",
              "join that user namespace too (`user`), or run as root"};
    case EINVAL:
      return {"only a pid namespace that is nested in one's own, or is one's own, can be joined", ""};
    default:
      return {};
  }
}

struct HintFor {
  const ExecutionGraph& graph;
  int error;
  Hint operator()(const Fork&) const { return hint_for_creating(error); }
  Hint operator()(const Clone&) const { return hint_for_creating(error); }
  Hint operator()(const Unshare&) const { return hint_for_creating(error); }
  Hint operator()(const MountProcfs&) const { return hint_for_proc(error); }
  Hint operator()(const Exec& action) const { return hint_for_exec(action, error); }
  Hint operator()(const Join&) const { return hint_for_join(error); }
  Hint operator()(const ChangeDirectory&) const {
    if (error != ENOENT) return {};
    return {"`cwd` is looked up inside the node, after its mounts, and never created",
            "name a folder that exists there"};
  }
  Hint operator()(const WriteIdMaps& action) const { return hint_for_id_maps(action, error); }
  Hint operator()(const SetClockOffsets&) const { return hint_for_clocks(error); }
  Hint operator()(const ChangeRoot& action) const { return hint_for_root(action, error); }
  Hint operator()(const MountFilesystem& action) const { return hint_for_mount(action.mount, error); }
  Hint operator()(const SetSysctl&) const { return hint_for_sysctl(error); }
  Hint operator()(const SetCredentials&) const { return hint_for_credentials(error); }
  Hint operator()(const SetRlimit& action) const { return hint_for_rlimit(action.limit, error); }
  Hint operator()(const SetNice&) const { return hint_for_nice(error); }
  Hint operator()(const SetOomScoreAdj&) const { return hint_for_oom_score(error); }
  Hint operator()(const SetCapabilities&) const { return hint_for_capabilities(error); }
  Hint operator()(const PassDescriptors& action) const { return hint_for_descriptors(action); }
  Hint operator()(const RedirectStream& action) const { return hint_for_stream(action.stream, error); }
  Hint operator()(const NewTerminal&) const { return hint_for_terminal(error); }
  template <class T>
  Hint operator()(const T&) const {
    return {};
  }
};

}  // namespace

Hint hint_for(const ExecutionGraph& graph, const Process&, const Step& step, int error) {
  return std::visit(HintFor{graph, error}, step.action);
}

}  // namespace pidns
