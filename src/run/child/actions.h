#pragma once

/// One function a kind of step: 0, or an errno or Trouble. Raw calls only.

#include "run/child/context.h"

namespace pidns::child {

// ties.cpp
int do_tie_to_maker(const Context& context, const TieToMaker& action);
int do_execute(const Context& context, ProcessId self);

// mounts.cpp
int do_set_propagation(const SetPropagation& action);
int do_make_private(const MakePrivate& action);
int do_mount_procfs(const MountProcfs& action);

// settings.cpp
int do_bring_up_loopback();
int do_change_directory(const ChangeDirectory& action);
int do_redirect_stream(const Context& context, ProcessId self, const RedirectStream& action);

}  // namespace pidns::child
