#include <nlohmann/json.hpp>

#include "base/capability_name.h"
#include "render/render.h"
#include "render/step_arguments.h"
#include "render/words.h"

namespace pidns {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;

Json kinds_json(NamespaceSet kinds) {
  Json list = Json::array();
  kinds.each([&](const NamespaceKindInfo& row) { list.push_back(row.name); });
  return list;
}

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json nanoseconds(const std::optional<Duration>& duration) { return duration ? Json(duration->count()) : Json(nullptr); }

Json identity_json(const Identity& identity) {
  return std::visit([](const auto& value) { return Json(value); }, identity);
}

Json id_map_json(const ResolvedIdMap& map) {
  Json extents = Json::array();
  for (const IdExtent& extent : map.extents)
    extents.push_back({{"inside", extent.inside}, {"outside", extent.outside}, {"count", extent.count}});
  return {{"kind", id_map_word(map.kind)}, {"extents", std::move(extents)}};
}

Json environment_json(const EnvironmentPlan& plan) {
  Json entries = Json::array();
  for (const auto& entry : plan.entries)
    entries.push_back({{"name", entry.name}, {"value", optional_json(entry.value)}});
  return {{"clear", plan.clear}, {"keep", plan.keep}, {"entries", std::move(entries)}};
}

Json limit_json(std::uint64_t value) { return value == ~std::uint64_t{0} ? Json("unlimited") : Json(value); }

/// Each alternative's name and arguments.
struct Arguments {
  Json operator()(const Unshare& step) const { return {{"do", "unshare"}, {"kinds", kinds_json(step.kinds)}}; }
  Json operator()(const Fork& step) const { return {{"do", "fork"}, {"child", index(step.child)}}; }
  Json operator()(const Clone& step) const {
    return {{"do", "clone"},
            {"kinds", kinds_json(step.kinds)},
            {"child", index(step.child)},
            {"shares_memory", step.shares_memory},
            {"by_launcher", step.by_launcher}};
  }
  Json operator()(const AwaitRelease&) const { return {{"do", "await-release"}}; }
  Json operator()(const AwaitSetUp& step) const { return {{"do", "await-set-up"}, {"child", index(step.child)}}; }
  Json operator()(const Release& step) const { return {{"do", "release"}, {"child", index(step.child)}}; }
  Json operator()(const AwaitStart&) const { return {{"do", "await-start"}}; }
  Json operator()(const StartChildren&) const { return {{"do", "start-children"}}; }
  Json operator()(const BecomeSubreaper&) const { return {{"do", "become-subreaper"}}; }
  Json operator()(const Join& step) const {
    Json targets = Json::array();
    for (const auto& [target, place] : step.targets)
      targets.push_back({{"kind", info(target.kind).name},
                         {"target", std::visit([](const auto& value) { return Json(value); }, target.target)}});
    return {{"do", "join"}, {"targets", std::move(targets)}};
  }
  Json operator()(const WriteIdMaps& step) const {
    return {{"do", "write-id-maps"},
            {"child", index(step.child)},
            {"uid", id_map_json(step.uid)},
            {"gid", id_map_json(step.gid)},
            {"deny_setgroups", step.deny_setgroups},
            {"allow_setgroups", step.allow_setgroups},
            {"by_helper", step.by_helper}};
  }
  Json operator()(const AwaitIdMaps& step) const {
    return {{"do", "await-id-maps"}, {"become_uid_0", step.become_uid_0}, {"become_gid_0", step.become_gid_0}};
  }
  Json operator()(const WriteOwnIdMaps& step) const {
    return {{"do", "write-own-id-maps"},
            {"uid", id_map_json(step.uid)},
            {"gid", id_map_json(step.gid)},
            {"allow_setgroups", step.allow_setgroups}};
  }
  Json operator()(const SetClockOffsets& step) const {
    return {{"do", "set-clock-offsets"},
            {"monotonic_ns", nanoseconds(step.monotonic)},
            {"boottime_ns", nanoseconds(step.boottime)},
            {"enter", step.enter}};
  }
  Json operator()(const TieToMaker& step) const { return {{"do", "tie-to-maker"}, {"signal", step.signal}}; }
  Json operator()(const SetPropagation& step) const {
    return {{"do", "set-propagation"}, {"mode", propagation_word(step.mode)}};
  }
  Json operator()(const MakePrivate& step) const { return {{"do", "make-private"}, {"target", step.target}}; }
  Json operator()(const ChangeRoot& step) const {
    return {{"do", "change-root"},
            {"type", root_word(step.root.type)},
            {"path", step.root.path},
            {"options", step.root.options}};
  }
  Json operator()(const MountFilesystem& step) const {
    const Mount& mount = step.mount;
    return {{"do", "mount"},
            {"type", mount.type},
            {"source", mount.source},
            {"target", mount.target},
            {"options", mount.options},
            {"content", mount.content},
            {"create", optional_json(mount.create)},
            {"mode", optional_json(mount.mode)},
            {"optional", mount.optional}};
  }
  Json operator()(const MountProcfs& step) const {
    return {{"do", "mount-proc"},
            {"target", step.mount.target},
            {"hidepid", step.mount.hidepid ? Json(hidepid_word(*step.mount.hidepid)) : Json(nullptr)},
            {"subset_pid", step.mount.subset_pid},
            {"create", step.create}};
  }
  Json operator()(const DetachOldRoot&) const { return {{"do", "detach-old-root"}}; }
  Json operator()(const MaskPath& step) const { return {{"do", "mask-path"}, {"path", step.path}}; }
  Json operator()(const ReadOnlyPath& step) const { return {{"do", "read-only-path"}, {"path", step.path}}; }
  Json operator()(const ReadOnlyRoot&) const { return {{"do", "read-only-root"}}; }
  Json operator()(const SetHostname& step) const { return {{"do", "set-hostname"}, {"name", step.name}}; }
  Json operator()(const SetDomainname& step) const { return {{"do", "set-domainname"}, {"name", step.name}}; }
  Json operator()(const BringUpLoopback&) const { return {{"do", "bring-up-loopback"}}; }
  Json operator()(const SetSysctl& step) const {
    return {{"do", "set-sysctl"}, {"name", step.sysctl.name}, {"value", step.sysctl.value}};
  }
  Json operator()(const ChangeDirectory& step) const {
    return {{"do", "change-directory"}, {"path", step.path}, {"or_root", step.or_root}};
  }
  Json operator()(const SetUmask& step) const { return {{"do", "set-umask"}, {"mask", step.mask}}; }
  Json operator()(const SetRlimit& step) const {
    return {{"do", "set-rlimit"},
            {"name", step.limit.name},
            {"soft", limit_json(step.limit.soft)},
            {"hard", limit_json(step.limit.hard)}};
  }
  Json operator()(const SetNice& step) const { return {{"do", "set-nice"}, {"value", step.value}}; }
  Json operator()(const SetOomScoreAdj& step) const { return {{"do", "set-oom-score-adj"}, {"value", step.value}}; }
  Json operator()(const SetCredentials& step) const {
    const auto one = [](const std::optional<Identity>& id) { return id ? identity_json(*id) : Json(nullptr); };
    Json groups;
    if (step.groups) groups = Json::array();
    if (step.groups)
      for (const Identity& group : *step.groups) groups.push_back(identity_json(group));
    return {{"do", "set-credentials"},
            {"uid", one(step.uid)},
            {"gid", one(step.gid)},
            {"groups", std::move(groups)},
            {"groups_may_stay", step.groups_may_stay}};
  }
  Json operator()(const SetCapabilities& step) const {
    Json names = Json::array();
    for (unsigned number = 0; number < 64; ++number)
      if ((step.keep >> number & 1U) != 0) names.push_back(capability_name(number));
    return {{"do", "set-capabilities"}, {"keep", ~step.keep == 0 ? Json("all") : std::move(names)}};
  }
  Json operator()(const SetNoNewPrivs&) const { return {{"do", "set-no-new-privs"}}; }
  Json operator()(const NewSession&) const { return {{"do", "new-session"}}; }
  Json operator()(const OwnGroup&) const { return {{"do", "own-group"}}; }
  Json operator()(const NewTerminal&) const { return {{"do", "new-terminal"}}; }
  Json operator()(const RedirectStream& step) const {
    return {{"do", "redirect-stream"},
            {"descriptor", step.descriptor},
            {"path", step.stream.null ? Json(nullptr) : Json(step.stream.path)}};
  }
  Json operator()(const PassDescriptors& step) const { return {{"do", "pass-descriptors"}, {"numbers", step.numbers}}; }
  Json operator()(const WaitFor& step) const { return {{"do", "wait-for"}, {"gate", index(step.gate)}}; }
  Json operator()(const Exec& step) const {
    return {{"do", "exec"},
            {"argv", step.argv},
            {"argv0", optional_json(step.argv0)},
            {"environment", step.environment ? environment_json(*step.environment) : Json(nullptr)}};
  }
  Json operator()(const Supervise&) const { return {{"do", "supervise"}}; }
};

class PlanAsJson {
 public:
  PlanAsJson(const ExecutionGraph& graph, const SourceFile& source) : graph_(graph), source_(source) {}

  Json all() const {
    Json nodes = Json::array();
    Json processes = Json::array();
    Json gates = Json::array();
    for (const GraphNode& node : graph_.nodes) nodes.push_back(one(node));
    for (const Process& process : graph_.processes) processes.push_back(one(process));
    for (const Gate& gate : graph_.gates) gates.push_back(one(gate));
    return {{"pidns_plan", format_version},
            {"name", graph_.name},
            {"nodes", std::move(nodes)},
            {"processes", std::move(processes)},
            {"gates", std::move(gates)}};
  }

 private:
  Json position(Span span) const {
    if (span.empty()) return nullptr;
    const Position position = source_.position(span.begin);
    return {{"line", position.line}, {"column", position.column}};
  }

  Json origin(const Origin& origin) const {
    const Place& place = origin.place;
    const Json at = position(place.value.empty() ? place.key : place.value);
    return {{"key", origin.key},
            {"line", at.is_null() ? at : at["line"]},
            {"column", at.is_null() ? at : at["column"]},
            {"default", origin.is_default},
            {"merged", position(place.merge)}};
  }

  Json one(const GraphNode& node) const {
    Json limits = Json::array();
    for (const Limit limit : node.limits) limits.push_back({{"limit", limit_word(limit)}, {"text", describe(limit)}});
    return {{"id", index(node.id)},
            {"parent", node.parent == node.id ? Json(nullptr) : Json(index(node.parent))},
            {"address", node.address},
            {"unshare", kinds_json(node.unshared)},
            {"join", kinds_json(node.joined)},
            {"limits", std::move(limits)}};
  }

  Json one(const Process& process) const {
    Json steps = Json::array();
    for (const Step& step : process.steps) {
      Json entry = std::visit(Arguments{}, step.action);
      entry["origin"] = origin(step.origin);
      steps.push_back(std::move(entry));
    }
    return {{"id", index(process.id)},
            {"maker", process.maker == no_process ? Json(nullptr) : Json(index(process.maker))},
            {"role", describe(process.role)},
            {"node", index(process.node)},
            {"address", process.address},
            {"pid1", process.is_pid1},
            {"main", process.is_main},
            {"replica", process.replica == 0 ? Json(nullptr) : Json(process.replica)},
            {"stop_signal", process.stop_signal},
            {"stop_timeout_ns", process.stop_timeout.count()},
            {"timeout_ns", process.timeout.count() == 0 ? Json(nullptr) : Json(process.timeout.count())},
            {"ready", ready(process.id)},
            {"steps", std::move(steps)}};
  }

  Json ready(ProcessId id) const {
    const Readiness* readiness = find_readiness(graph_, id);
    if (readiness == nullptr) return nullptr;
    const Ready& ready = readiness->ready;
    const bool is_list = ready.probe == Ready::Probe::command;
    return {{"probe", probe_word(ready.probe)},
            {"what", is_list                            ? Json(ready.command)
                     : ready.probe == Ready::Probe::tcp ? Json(ready.port)
                                                        : Json(ready.text)},
            {"within_ns", ready.within.count()},
            {"every_ns", ready.every.count()},
            {"place", position(readiness->place.value.empty() ? readiness->place.key : readiness->place.value)}};
  }

  static Json one(const Gate& gate) {
    Json conditions = Json::array();
    for (const auto& [dependency, place] : gate.conditions)
      conditions.push_back({{"address", dependency.address}, {"is", condition_word(dependency.condition)}});
    return {{"id", index(gate.id)}, {"waiter", index(gate.waiter)}, {"conditions", std::move(conditions)}};
  }

  const ExecutionGraph& graph_;
  const SourceFile& source_;
};

/// An environment's entries by name instead of by number.
void name_entries(Json& environment) {
  Json named = Json::object();
  for (const Json& entry : environment["entries"]) named[entry["name"].get<std::string>()] = entry["value"];
  environment["entries"] = std::move(named);
}

}  // namespace

StepArguments step_arguments(const Action& action) {
  Json arguments = std::visit(Arguments{}, action);
  for (const char* of_the_graph : {"child", "gate", "shares_memory"}) arguments.erase(of_the_graph);
  if (arguments.contains("environment") && !arguments["environment"].is_null()) name_entries(arguments["environment"]);
  StepArguments list;
  const Json flat = arguments.flatten();
  for (const auto& [path, value] : flat.items()) {
    // What holds nothing is flattened to null.
    if (value.is_null() && arguments.at(Json::json_pointer(path)).is_structured()) continue;
    list.emplace_back(path.substr(1), value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return list;
}

std::string plan_json(const ExecutionGraph& graph, const SourceFile& source) {
  // Arguments after `--` may be any bytes; what is no UTF-8 is replaced, since JSON has no other.
  return PlanAsJson(graph, source).all().dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pidns
