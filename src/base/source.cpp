#include "base/source.h"

#include <algorithm>
#include <utility>

namespace pidns {

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

std::string_view SourceFile::slice(Span span) const noexcept {
  const auto size = static_cast<std::uint32_t>(text_.size());
  const std::uint32_t begin = std::min(span.begin, size);
  const std::uint32_t end = std::clamp(span.end, begin, size);
  return std::string_view(text_).substr(begin, end - begin);
}

const std::vector<std::uint32_t>& SourceFile::starts() const {
  if (!starts_.empty()) return starts_;
  starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    starts_.push_back(static_cast<std::uint32_t>(at + 1));
  return starts_;
}

Position SourceFile::position(std::uint32_t offset) const {
  const auto& lines = starts();
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto next = std::upper_bound(lines.begin(), lines.end(), offset);
  return {static_cast<std::uint32_t>(next - lines.begin()), offset - *(next - 1) + 1};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  const auto& lines = starts();
  if (number == 0 || number > lines.size()) return {};
  const std::size_t begin = lines[number - 1];
  std::size_t end = number < lines.size() ? lines[number] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

std::string SourceFile::where(Span span) const {
  const Position at = position(span.begin);
  return name_ + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

}  // namespace pidns
