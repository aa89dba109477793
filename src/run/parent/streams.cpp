#include "run/parent/streams.h"

#include <fcntl.h>

#include <cerrno>

#include "run/parent/failure.h"

namespace pidns {
namespace {

int open_stream(const RedirectStream& redirect) {
  if (redirect.stream.null) return ::open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY);
  const int flags = redirect.descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND;
  return ::open(redirect.stream.path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0666);
}

}  // namespace

std::string missing_descriptor(const ExecutionGraph& graph, const SourceFile& source, TextStyle style) {
  for (const auto& process : graph.processes)
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const auto* pass = std::get_if<PassDescriptors>(&process.steps[i].action);
      if (pass == nullptr) continue;
      for (const int number : pass->numbers)
        if (::fcntl(number, F_GETFD) < 0)
          return failure_text(graph, source,
                              {child::ReportKind::failed, static_cast<std::uint32_t>(index(process.id)),
                               static_cast<std::uint32_t>(i), errno},
                              "", style);
    }
  return "";
}

Streams open_streams(const ExecutionGraph& graph, const SourceFile& source, TextStyle style) {
  Streams streams;
  int null = -1;
  for (const auto& process : graph.processes)
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const auto* redirect = std::get_if<RedirectStream>(&process.steps[i].action);
      if (redirect == nullptr) continue;
      if (streams.descriptors.empty()) streams.descriptors.assign(graph.processes.size() * 3, -1);
      const bool shares_null = redirect->stream.null && null >= 0;
      const int opened = shares_null ? null : open_stream(*redirect);
      if (opened < 0) {
        const child::Report report{child::ReportKind::failed, static_cast<std::uint32_t>(index(process.id)),
                                   static_cast<std::uint32_t>(i), errno};
        streams.problem = failure_text(graph, source, report, "", style);
        return streams;
      }
      if (redirect->stream.null) null = opened;
      streams.descriptors[index(process.id) * 3 + static_cast<std::size_t>(redirect->descriptor)] = opened;
    }
  return streams;
}

}  // namespace pidns
