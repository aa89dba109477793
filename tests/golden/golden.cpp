/// Compares the plans of the specs in a folder with the files beside them: NAME/spec.yaml with
/// NAME/plan.txt, .json, .dot, .mermaid and .sh. Another spec in the folder, OTHER.yaml, is a change of the
/// first, with OTHER.diff. What a plan depends on besides its spec is fixed here.
///
///   golden_tests FOLDER             0 where all are the same
///   golden_tests --refresh FOLDER   writes them; a review sees what has changed

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/check.h"
#include "load/load.h"
#include "plan/passes.h"
#include "plan/planner.h"
#include "plan/verify.h"
#include "render/render.h"

namespace {

using namespace pidns;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Root, or where the spec begins with `# caller: user` somebody without privilege.
CallerFacts facts_for(const std::string& text) {
  CallerFacts facts;
  facts.cwd = "/home/somebody";
  if (!text.starts_with("# caller: user\n")) return facts;
  facts.uid = facts.gid = 1000;
  facts.capabilities = 0;
  facts.subuid = facts.subgid = {{0, 100000, 65536}};
  return facts;
}

struct Rendered {
  std::string file;
  std::string text;
};

/// A spec without errors and its canonical plan.
struct Planned {
  SourceFile source;
  Spec spec;
  CallerFacts facts;
  ExecutionGraph canonical;
};

/// Nothing, after a message, where it has errors.
std::optional<Planned> plan_file(const fs::path& path, const std::string& name) {
  SourceFile source(path.filename().string(), read(path));
  const CallerFacts facts = facts_for(std::string(source.text()));
  Diagnostics findings;
  std::optional<Spec> spec = load(source, findings);
  if (spec) check(*spec, facts, findings);
  if (!spec || findings.has_errors()) {
    for (const Diagnostic& finding : findings.all()) std::cerr << render_diagnostic(source, finding, {});
    return {};
  }
  ExecutionGraph canonical = plan(*spec, facts, {name, "/specs", {}});
  return Planned{std::move(source), std::move(*spec), facts, std::move(canonical)};
}

/// Every format of one spec; empty, after a message, where it has errors.
std::vector<Rendered> render(const fs::path& folder) {
  const std::optional<Planned> planned = plan_file(folder / "spec.yaml", folder.filename().string());
  if (!planned) return {};
  const ExecutionGraph fused = fuse(planned->canonical);
  for (const ExecutionGraph* graph : {&planned->canonical, &fused})
    for (const Violation& broken : verify(*graph, planned->spec, planned->facts))
      std::cerr << folder << ": breaks " << broken.rule << "\n";
  std::vector<Rendered> all{{"plan.txt", plan_text(fused, planned->source, {false, true})},
                            {"plan.json", plan_json(fused, planned->source)},
                            {"plan.dot", plan_dot(fused)},
                            {"plan.mermaid", plan_mermaid(fused)},
                            {"plan.sh", plan_sh(planned->canonical, planned->source)}};
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".yaml" || path.stem() == "spec") continue;
    const std::optional<Planned> changed = plan_file(path, folder.filename().string());
    if (!changed) return {};
    all.push_back({path.stem().string() + ".diff",
                   plan_diff({fused, planned->source}, {fuse(changed->canonical), changed->source}, {false, true})});
  }
  return all;
}

/// The first line in which two texts differ.
void show_difference(const fs::path& path, const std::string& wanted, const std::string& got) {
  std::size_t at = 0;
  while (at < std::min(wanted.size(), got.size()) && wanted[at] == got[at]) ++at;
  const std::size_t begin = at == 0 ? 0 : got.rfind('\n', at - 1) + 1;
  const auto line = [&](const std::string& text) {
    return begin < text.size() ? text.substr(begin, text.find('\n', begin) - begin) : std::string("(nothing)");
  };
  std::cerr << path.string() << ":"
            << std::count(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(begin), '\n') + 1 << ":\n  wanted  "
            << line(wanted) << "\n  got     " << line(got) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  const bool refresh = argc == 3 && std::string(argv[1]) == "--refresh";
  if (argc != 2 && !refresh) {
    std::cerr << "usage: golden_tests [--refresh] FOLDER\n";
    return 2;
  }
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(argv[argc - 1]))
    // The findings are the system tests'.
    if (entry.is_directory() && entry.path().filename() != "findings") folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::size_t wrong = folders.empty() ? 1 : 0;
  for (const fs::path& folder : folders) {
    const std::vector<Rendered> all = render(folder);
    if (all.empty()) ++wrong;
    for (const Rendered& one : all) {
      const fs::path path = folder / one.file;
      if (refresh) {
        std::ofstream(path, std::ios::binary) << one.text;
      } else if (const std::string wanted = read(path); wanted != one.text) {
        show_difference(path, wanted, one.text);
        ++wrong;
      }
    }
  }
  std::cout << folders.size() << " specs, " << wrong << " differences\n";
  return wrong == 0 ? 0 : 1;
}
