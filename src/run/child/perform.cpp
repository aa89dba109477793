#include <sys/prctl.h>

#include <utility>
#include <variant>

#include "run/child/actions.h"
#include "run/child/interpreter.h"

namespace pidns::child {
namespace {

// Overloads instead of a switch over indices: a kind of step without one does not compile.
struct Performer {
  Context& context;
  ProcessId self;

  int operator()(const Unshare& a) const { return raw::error_of(raw::unshare(a.kinds.clone_flags())); }
  int operator()(const TieToMaker& a) const { return do_tie_to_maker(context, a); }
  int operator()(const SetPropagation& a) const { return do_set_propagation(a); }
  int operator()(const MakePrivate& a) const { return do_make_private(a); }
  int operator()(const MountProcfs& a) const { return do_mount_procfs(context, a); }
  int operator()(const ChangeRoot& a) const { return do_change_root(context, a); }
  int operator()(const MountFilesystem& a) const { return do_mount_filesystem(context, a); }
  int operator()(const DetachOldRoot&) const { return do_detach_old_root(context); }
  int operator()(const MaskPath& a) const { return do_mask_path(context, a); }
  int operator()(const ReadOnlyPath& a) const { return do_read_only_path(a); }
  int operator()(const ReadOnlyRoot&) const { return do_read_only_root(); }
  int operator()(const SetSysctl& a) const { return do_set_sysctl(context, a); }
  int operator()(const SetHostname& a) const { return raw::error_of(raw::sethostname(a.name.data(), a.name.size())); }
  int operator()(const SetDomainname& a) const {
    return raw::error_of(raw::setdomainname(a.name.data(), a.name.size()));
  }
  int operator()(const BringUpLoopback&) const { return do_bring_up_loopback(); }
  int operator()(const ChangeDirectory& a) const { return do_change_directory(a); }
  int operator()(const RedirectStream& a) const { return do_redirect_stream(context, self, a); }
  int operator()(const Join& a) const { return do_join(context, self, a); }
  int operator()(const BecomeSubreaper&) const { return raw::error_of(raw::prctl(PR_SET_CHILD_SUBREAPER, 1)); }
  int operator()(const AwaitStart&) const { return do_await_start(context, process().role != Role::command); }
  int operator()(const WaitFor&) const { return do_wait_for(context, self); }
  int operator()(const AwaitRelease&) const { return do_await_release(context); }
  int operator()(const WriteOwnIdMaps& a) const { return do_write_own_id_maps(context, a); }
  int operator()(const AwaitIdMaps& a) const { return do_await_id_maps(context, a, process().role != Role::command); }
  int operator()(const SetClockOffsets& a) const { return do_set_clock_offsets(context, a); }
  int operator()(const NewSession&) const { return do_new_session(); }
  int operator()(const OwnGroup&) const { return raw::error_of(raw::setpgid(0, 0)); }
  int operator()(const NewTerminal&) const { return do_new_terminal(context); }
  int operator()(const SetUmask& a) const { return raw::error_of(raw::umask(a.mask)); }
  int operator()(const SetRlimit& a) const { return do_set_rlimit(a); }
  int operator()(const SetNice& a) const { return raw::error_of(raw::setpriority(PRIO_PROCESS, 0, a.value)); }
  int operator()(const SetOomScoreAdj& a) const { return do_set_oom_score_adj(context, a); }
  int operator()(const SetCredentials& a) const { return do_set_credentials(context, a, has<SetCapabilities>()); }
  int operator()(const SetCapabilities& a) const { return do_set_capabilities(a); }
  int operator()(const SetNoNewPrivs&) const { return do_set_no_new_privs(); }
  int operator()(const PassDescriptors&) const { return 0; }  // Looked up beforehand, kept by Exec.
  int operator()(const Exec&) const {
    if (const int error = limit_descriptors(process())) return error;
    return do_execute(context, self);
  }

  const Process& process() const { return context.graph->processes[index(self)]; }
  template <class T>
  bool has() const {
    for (const auto& step : process().steps)
      if (std::holds_alternative<T>(step.action)) return true;
    return false;
  }

  // Makers interpret these themselves.
  int operator()(const Fork&) const { return EINVAL; }
  int operator()(const Clone&) const { return EINVAL; }
  int operator()(const Supervise&) const { return EINVAL; }

  // Not yet planned for a run.
  template <class T>
  int operator()(const T&) const {
    return ENOSYS;
  }
};

// As std::visit, which may throw: nothing here may.
template <std::size_t... Is>
int dispatch(const Performer& performer, const Action& action, std::index_sequence<Is...>) {
  int error = EINVAL;
  static_cast<void>(((action.index() == Is && ((error = performer(*std::get_if<Is>(&action))), true)) || ...));
  return error;
}

}  // namespace

int perform(Context& context, ProcessId self, const Step& step) {
  return dispatch(Performer{context, self}, step.action, std::make_index_sequence<std::variant_size_v<Action>>{});
}

}  // namespace pidns::child
