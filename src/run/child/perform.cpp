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
  int operator()(const MountProcfs& a) const { return do_mount_procfs(a); }
  int operator()(const SetHostname& a) const { return raw::error_of(raw::sethostname(a.name.data(), a.name.size())); }
  int operator()(const SetDomainname& a) const {
    return raw::error_of(raw::setdomainname(a.name.data(), a.name.size()));
  }
  int operator()(const BringUpLoopback&) const { return do_bring_up_loopback(); }
  int operator()(const ChangeDirectory& a) const { return do_change_directory(a); }
  int operator()(const RedirectStream& a) const { return do_redirect_stream(context, self, a); }
  int operator()(const Exec&) const { return do_execute(context, self); }

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

}  // namespace

int perform(Context& context, ProcessId self, const Step& step) {
  return std::visit(Performer{context, self}, step.action);
}

}  // namespace pidns::child
