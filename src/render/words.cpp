#include "render/words.h"

#include <array>

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

std::string capability_word(unsigned number) {
  static constexpr std::array names{"CHOWN",
                                    "DAC_OVERRIDE",
                                    "DAC_READ_SEARCH",
                                    "FOWNER",
                                    "FSETID",
                                    "KILL",
                                    "SETGID",
                                    "SETUID",
                                    "SETPCAP",
                                    "LINUX_IMMUTABLE",
                                    "NET_BIND_SERVICE",
                                    "NET_BROADCAST",
                                    "NET_ADMIN",
                                    "NET_RAW",
                                    "IPC_LOCK",
                                    "IPC_OWNER",
                                    "SYS_MODULE",
                                    "SYS_RAWIO",
                                    "SYS_CHROOT",
                                    "SYS_PTRACE",
                                    "SYS_PACCT",
                                    "SYS_ADMIN",
                                    "SYS_BOOT",
                                    "SYS_NICE",
                                    "SYS_RESOURCE",
                                    "SYS_TIME",
                                    "SYS_TTY_CONFIG",
                                    "MKNOD",
                                    "LEASE",
                                    "AUDIT_WRITE",
                                    "AUDIT_CONTROL",
                                    "SETFCAP",
                                    "MAC_OVERRIDE",
                                    "MAC_ADMIN",
                                    "SYSLOG",
                                    "WAKE_ALARM",
                                    "BLOCK_SUSPEND",
                                    "AUDIT_READ",
                                    "PERFMON",
                                    "BPF",
                                    "CHECKPOINT_RESTORE"};
  return number < names.size() ? std::string("CAP_") + names[number] : "capability " + std::to_string(number);
}

}  // namespace pidns
