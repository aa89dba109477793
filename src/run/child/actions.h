#pragma once

/// One function a kind of step: 0, or an errno or Trouble. Raw calls only.

#include "run/child/context.h"

namespace pidns::child {

// ties.cpp
int do_tie_to_maker(const Context& context, const TieToMaker& action);
int do_execute(const Context& context, ProcessId self);
/// execve(2) of the first path that can be; returns only where none could.
int execute(const ExecImage& image);

// gate.cpp
int do_wait_for(const Context& context, ProcessId self);

// joins.cpp
int do_join(const Context& context, ProcessId self, const Join& action);
int do_await_release(const Context& context);
int do_await_start(Context& context, bool stays);

// id_maps.cpp
int do_write_own_id_maps(const Context& context, const WriteOwnIdMaps& action);
int do_await_id_maps(Context& context, const AwaitIdMaps& action, bool stays);
int do_set_clock_offsets(const Context& context, const SetClockOffsets& action);
/// The maker's part: uid_map, gid_map and setgroups of a child that waits.
int write_maps_of(const Context& context, int pid, const WriteIdMaps& action);

// privileges.cpp
/// With `keep_capabilities` a change from uid 0 leaves the permitted set, for do_set_capabilities to cut.
int do_set_credentials(const Context& context, const SetCredentials& action, bool keep_capabilities);
int do_set_capabilities(const SetCapabilities& action);
int do_set_no_new_privs();
int do_set_rlimit(const SetRlimit& action);
/// The limit `nofile`, when nothing of ours is opened any more.
int limit_descriptors(const Process& process);
int do_set_oom_score_adj(const Context& context, const SetOomScoreAdj& action);
/// The maker's part for a child in a new user namespace: raising a hard limit, a lower nice value and a
/// lower oom score need privilege outside it. What is refused here, the child's own step will tell.
void preset_limits(const Context& context, int pid, const Process& process);

// mounts.cpp
int do_set_propagation(const SetPropagation& action);
int do_make_private(const MakePrivate& action);
int do_mount_procfs(Context& context, const MountProcfs& action);

// roots.cpp
/// Builds the new root beside the old one; do_detach_old_root goes into it.
int do_change_root(Context& context, const ChangeRoot& action);
int do_detach_old_root(Context& context);

// filesystems.cpp
int do_mount_filesystem(Context& context, const MountFilesystem& action);

// masks.cpp
int do_mask_path(Context& context, const MaskPath& action);
int do_read_only_path(const ReadOnlyPath& action);
int do_read_only_root();

// settings.cpp
int do_bring_up_loopback();
int do_set_sysctl(const Context& context, const SetSysctl& action);
int do_change_directory(const ChangeDirectory& action);
int do_redirect_stream(const Context& context, ProcessId self, const RedirectStream& action);
int do_new_session();
int do_new_terminal(const Context& context);

}  // namespace pidns::child
