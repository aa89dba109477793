#include "run/parent/exec_images.h"

#include <unistd.h>

#include <memory>
#include <string_view>

#include "check/programs.h"

namespace pidns {
namespace {

std::string_view name_of(std::string_view variable) { return variable.substr(0, variable.find('=')); }

bool is_replaced(const EnvironmentPlan& plan, std::string_view name) {
  for (const auto& entry : plan.entries)
    if (entry.name == name) return true;
  return false;
}

class ImageMaker {
 public:
  ImageMaker(const std::string& name, bool copy_environment, Arena& arena) : arena_(arena) {
    if (!name.empty()) name_ = arena.text("PIDNS_NAME=", name);
    for (char** variable = environ; *variable != nullptr; ++variable)
      caller_.push_back(copy_environment ? arena.text(*variable) : *variable);
  }

  child::ExecImage make(const Exec& exec, const std::string& address, std::uint32_t replica) {
    child::ExecImage image;
    image.argv = argv_of(exec);
    image.envp = environment_of(*exec.environment, address, replica);
    image.candidates = candidates_of(exec.argv.front(), image.envp);
    return image;
  }

 private:
  const char* const* argv_of(const Exec& exec) {
    const char** argv = arena_.array<const char*>(exec.argv.size() + 1);
    std::size_t used = 0;
    for (const auto& word : exec.argv) argv[used++] = word.c_str();
    argv[used] = nullptr;
    if (exec.argv0) argv[0] = exec.argv0->c_str();
    return argv;
  }

  const char* const* environment_of(const EnvironmentPlan& plan, const std::string& address, std::uint32_t replica) {
    const char** envp = arena_.array<const char*>(caller_.size() + plan.entries.size() + 4);
    std::size_t used = 0;
    for (const char* variable : caller_) {
      const std::string_view name = name_of(variable);
      if (is_ours(name) || is_replaced(plan, name)) continue;
      if (!plan.clear || keeps_variable(plan.keep, name)) envp[used++] = variable;
    }
    for (const auto& entry : plan.entries)
      if (entry.value && !is_ours(entry.name)) envp[used++] = arena_.text(entry.name, "=", *entry.value);
    if (name_ != nullptr) {
      envp[used++] = name_;
      envp[used++] = arena_.text("PIDNS_PATH=", address);
    }
    if (replica != 0) envp[used++] = arena_.text("PIDNS_REPLICA=", std::to_string(replica));
    envp[used] = nullptr;
    return envp;
  }

  [[nodiscard]] bool is_ours(std::string_view name) const {
    return name_ != nullptr && (name == "PIDNS_NAME" || name == "PIDNS_PATH" || name == "PIDNS_REPLICA");
  }

  const char* const* candidates_of(const std::string& command, const char* const* envp) {
    std::vector<const char*> found;
    if (command.empty() || command.find('/') != std::string::npos) {
      found.push_back(command.c_str());
    } else {
      std::string_view path = default_path;
      for (const char* const* variable = envp; *variable != nullptr; ++variable)
        if (name_of(*variable) == "PATH") path = std::string_view(*variable).substr(5);
      for (;;) {
        const std::size_t colon = path.find(':');
        const std::string_view folder = path.substr(0, colon);
        // An empty element is the working directory: execvp(3).
        found.push_back(folder.empty() ? command.c_str() : arena_.text(folder, "/", command));
        if (colon == std::string_view::npos) break;
        path.remove_prefix(colon + 1);
      }
    }
    const char** list = arena_.array<const char*>(found.size() + 1);
    std::memcpy(list, found.data(), found.size() * sizeof(const char*));
    list[found.size()] = nullptr;
    return list;
  }

  Arena& arena_;
  const char* name_ = nullptr;
  std::vector<const char*> caller_;
};

}  // namespace

const child::ExecImage* make_exec_images(const ExecutionGraph& graph, const std::string& name, bool copy_environment,
                                         Arena& arena) {
  auto* images = arena.array<child::ExecImage>(graph.processes.size());
  std::uninitialized_default_construct_n(images, graph.processes.size());
  ImageMaker maker(name, copy_environment, arena);
  for (const auto& process : graph.processes) {
    if (process.steps.empty()) continue;
    if (const auto* exec = std::get_if<Exec>(&process.steps.back().action))
      images[index(process.id)] = maker.make(*exec, process.address, process.replica);
  }
  return images;
}

child::ExecImage make_exec_image(const Exec& exec, const std::string& name, const std::string& address, Arena& arena,
                                 std::uint32_t replica) {
  return ImageMaker(name, false, arena).make(exec, address, replica);
}

}  // namespace pidns
