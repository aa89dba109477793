#include <array>
#include <bit>

#include "plan/node_shape.h"
#include "plan/verify_rules.h"

namespace pidns {
namespace {

constexpr std::size_t kinds_of_step = std::variant_size_v<Action>;

template <class T, std::size_t I = 0>
constexpr std::size_t kind() {
  if constexpr (std::is_same_v<T, std::variant_alternative_t<I, Action>>)
    return I;
  else
    return kind<T, I + 1>();
}

/// How often each kind of step stands in the processes of a node. A kind that is new to this file is
/// wanted nowhere, and objected to everywhere.
struct Tally {
  std::array<std::uint32_t, kinds_of_step> steps{};
  NamespaceSet joined;
  std::uint32_t tie_signals = 0;  ///< Their sum, over the processes that are tied from the start.
  std::uint32_t clocks = 0;       ///< That are shifted.

  template <class... T>
  void add(std::size_t count = 1) {
    ((steps[kind<T>()] += static_cast<std::uint32_t>(count)), ...);
  }
  template <class... T>
  void leave_out() {
    ((steps[kind<T>()] = 0), ...);
  }
  [[nodiscard]] std::uint32_t id_maps() const { return steps[kind<WriteOwnIdMaps>()] + steps[kind<AwaitIdMaps>()]; }

  friend bool operator==(const Tally&, const Tally&) = default;
};

/// What stands around a node and asks for steps of its processes.
struct Around {
  bool several = false;  ///< Of the whole spec: stdin is null for all but `main`.
  bool by_init = false;  ///< Our init makes the processes: they die with its namespace.
  bool cwd = false;
  bool looks_up_cwd_again = false;
  bool umask = false;
  std::uint32_t rlimits = 0;  ///< Bit n: RLIMIT number n.

  [[nodiscard]] Around under(const Inherited& nearer) const {
    Around result = *this;
    result.cwd = cwd || nearer.cwd;
    result.umask = umask || nearer.umask;
    if (nearer.rlimits)
      for (const auto& limit : *nearer.rlimits) result.rlimits |= 1U << limit.value.resource;
    return result;
  }
};

std::size_t size_of(const auto& list) { return list ? list->size() : 0; }

bool is_redirected(const Setting<Stream>& stream) { return stream && (stream->null || !stream->path.empty()); }

void want_process(Tally& wanted, const ProcessSpec& process, const Around& outer) {
  const Around around = outer.under(process.own);
  const bool has_own = process.terminal && *process.terminal == Terminal::new_;
  const bool null_stdin = around.several && !process.main.value_or(false) && !process.stdin_ && !has_own;
  wanted.add<RedirectStream>((null_stdin || is_redirected(process.stdin_) ? 1U : 0U) +
                             (is_redirected(process.stdout_) ? 1U : 0U) + (is_redirected(process.stderr_) ? 1U : 0U));
  wanted.add<NewSession>(process.terminal && *process.terminal == Terminal::none);
  wanted.add<NewTerminal>(has_own);
  wanted.add<OwnGroup>(around.several && (null_stdin || is_redirected(process.stdin_)) &&
                       (!process.terminal || *process.terminal == Terminal::inherit));
  wanted.add<ChangeDirectory>(around.cwd || around.looks_up_cwd_again);
  wanted.add<SetUmask>(around.umask);
  wanted.add<SetRlimit>(static_cast<std::size_t>(std::popcount(around.rlimits)));
  wanted.add<SetNice>(static_cast<bool>(process.nice));
  wanted.add<SetOomScoreAdj>(static_cast<bool>(process.oom_score_adj));
  wanted.add<SetCredentials>(process.uid || process.gid || process.groups);
  wanted.add<SetCapabilities>(static_cast<bool>(process.capabilities));
  wanted.add<SetNoNewPrivs>(process.no_new_privs.value_or(false));
  wanted.add<PassDescriptors>(static_cast<bool>(process.pass_fds));
  wanted.add<Exec>();
}

void want_node(Tally& wanted, const Node& node) {
  const bool has_proc = node.mount_proc && !node.mount_proc->target.empty();
  wanted.add<SetPropagation>(node.makes(NamespaceKind::mount));
  wanted.add<ChangeRoot, DetachOldRoot>(static_cast<bool>(node.root));
  wanted.add<MountFilesystem>(size_of(node.mounts));
  wanted.add<MakePrivate>(has_proc && node.propagation && *node.propagation != Propagation::private_ && !node.root);
  wanted.add<MountProcfs>(has_proc);
  wanted.add<MaskPath>(size_of(node.masked_paths));
  wanted.add<ReadOnlyPath>(size_of(node.read_only_paths));
  wanted.add<ReadOnlyRoot>(node.read_only_root.value_or(false));
  wanted.add<SetHostname>(static_cast<bool>(node.hostname));
  wanted.add<SetDomainname>(static_cast<bool>(node.domainname));
  wanted.add<BringUpLoopback>(node.makes(NamespaceKind::net) && node.loopback.value_or(true));
  wanted.add<SetSysctl>(size_of(node.sysctls));
  wanted.add<Join>(static_cast<bool>(node.join));
  wanted.add<BecomeSubreaper>(joins(node, NamespaceKind::pid));
  wanted.add<AwaitSetUp, AwaitRelease, Release>(names_its_init(node));
  wanted.clocks = (node.monotonic ? 1U : 0U) + (node.boottime ? 1U : 0U);
  if (node.join)
    for (const auto& entry : *node.join) wanted.joined.add(entry.value.kind);
}

/// The sum of the signals of a node's ties: of its first process, and of what that makes.
std::uint32_t wanted_ties(const Node& node, bool by_init) {
  constexpr std::uint32_t sigkill = 9;
  const std::uint32_t signal = node.kill_child ? static_cast<std::uint32_t>(node.kill_child->signal) : sigkill;
  std::uint32_t processes = 0;
  for (const auto& process : node.processes) processes += copies(process.replicas);
  switch (shape_of(node)) {
    case NodeShape::plain:
      return by_init ? 0 : signal * processes;
    case NodeShape::leaf:
    case NodeShape::init:
      return signal;
    case NodeShape::holder:
      return sigkill + signal * processes;
  }
  return 0;
}

/// Where every map is empty there may be nothing to write.
bool may_go_unmapped(const Node& node) {
  const auto may_be_empty = [](const Setting<IdMap>& map) {
    return map && (map->kind == IdMapKind::none || map->kind == IdMapKind::all ||
                   (map->kind == IdMapKind::list && map->extents.empty()));
  };
  return !node.makes(NamespaceKind::user) || (may_be_empty(node.uid_map) && may_be_empty(node.gid_map));
}

class SpecRules {
 public:
  SpecRules(const ExecutionGraph& graph, const CallerFacts& facts, std::vector<Violation>& violations)
      : graph_(graph), facts_(facts), violations_(violations) {}

  void verify(const Spec& spec) {
    flatten(spec.root);
    if (nodes_.size() != graph_.nodes.size()) {
      violations_.push_back({"complete", ProcessId{0}, 0});
      return;
    }
    found_.resize(nodes_.size());
    first_.assign(nodes_.size(), ProcessId{0});
    const std::vector<NamespaceSet> fresh = new_namespaces(graph_);
    std::size_t commands = 0;
    for (const auto& process : graph_.processes) {
      if (process.role == Role::supervisor) continue;
      if (process.role == Role::command) ++commands;
      if (process.role != Role::launcher) verify_namespaces(process, fresh[index(process.id)]);
      count(process);
    }
    Around caller;
    caller.several = commands > 1;
    compare(spec.root, caller);
  }

 private:
  void flatten(const Node& node) {
    nodes_.push_back(&node);
    for (const auto& nested : node.namespaces)
      for (std::uint32_t copy = 0; copy < copies(nested.replicas); ++copy) flatten(nested);
  }

  /// A node's first process stands in what is new, and the one that `init` names; no other does.
  void verify_namespaces(const Process& process, NamespaceSet fresh) {
    const Node& node = *nodes_[index(process.node)];
    ProcessId& first = first_[index(process.node)];
    const bool is_first = first == ProcessId{0};
    if (is_first) first = process.id;
    const bool is_named = !is_first && names_its_init(node) && process.is_pid1;
    const NamespaceSet wanted = is_first || is_named ? node.unshared() : NamespaceSet{};
    if (fresh != wanted) violations_.push_back({"complete", process.id, 0});
    const bool is_pid1 = process.role != Role::holder && fresh.has(NamespaceKind::pid);
    if (is_pid1 != process.is_pid1) violations_.push_back({"pid1-is-known", process.id, 0});
  }

  void count(const Process& process) {
    Tally& tally = found_[index(process.node)];
    for (const auto& step : process.steps) {
      ++tally.steps[step.action.index()];
      if (const auto* join = std::get_if<Join>(&step.action))
        for (const auto& target : join->targets) tally.joined.add(target.value.kind);
      if (const auto* offsets = std::get_if<SetClockOffsets>(&step.action))
        tally.clocks += (offsets->monotonic ? 1U : 0U) + (offsets->boottime ? 1U : 0U);
    }
    const auto* tie = process.steps.empty() ? nullptr : std::get_if<TieToMaker>(&process.steps.front().action);
    if (tie != nullptr && process.role != Role::launcher) tally.tie_signals += static_cast<std::uint32_t>(tie->signal);
  }

  /// In preorder, as the nodes of the graph are numbered.
  void compare(const Node& node, const Around& outer) {
    Around around = outer.under(node.defaults);
    around.looks_up_cwd_again =
        outer.looks_up_cwd_again || may_cover(node, facts_.cwd) || joins(node, NamespaceKind::mount);
    Tally wanted;
    want_node(wanted, node);
    wanted.tie_signals = wanted_ties(node, outer.by_init);
    for (const auto& process : node.processes)
      for (std::uint32_t copy = 0; copy < copies(process.replicas); ++copy) want_process(wanted, process, around);

    Tally& found = found_[next_];
    const std::uint32_t maps = node.makes(NamespaceKind::user) ? 1 : 0;
    const bool mapped = found.id_maps() == maps || (found.id_maps() == 0 && may_go_unmapped(node));
    // Judged by the rules of single steps.
    found.leave_out<Unshare, Fork, Clone, WriteIdMaps, AwaitIdMaps, WriteOwnIdMaps, SetClockOffsets, TieToMaker,
                    WaitFor, AwaitStart, StartChildren, Supervise>();
    if (!mapped || found != wanted) violations_.push_back({"complete", first_[next_], 0});
    ++next_;

    const NodeShape shape = shape_of(node);
    if (shape == NodeShape::init) around.by_init = true;
    if (shape == NodeShape::holder) around.by_init = false;
    for (const auto& nested : node.namespaces)
      for (std::uint32_t copy = 0; copy < copies(nested.replicas); ++copy) compare(nested, around);
  }

  const ExecutionGraph& graph_;
  const CallerFacts& facts_;
  std::vector<Violation>& violations_;
  std::vector<const Node*> nodes_;
  std::vector<Tally> found_;
  std::vector<ProcessId> first_;
  std::size_t next_ = 0;
};

}  // namespace

void verify_against_spec(const ExecutionGraph& graph, const Spec& spec, const CallerFacts& facts,
                         std::vector<Violation>& violations) {
  SpecRules(graph, facts, violations).verify(spec);
}

}  // namespace pidns
