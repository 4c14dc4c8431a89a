// SPDX-License-Identifier: GPL-2.0-only
#include "module/tests/fake_shim_debugfs.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>

#include "module/tests/fake_shim.h"

namespace zlt::fake {

// One open file: remove() waits for its end.
class Debugfs::Visit {
 public:
  Visit(Debugfs& fs, const std::string& name) : fs_(fs) {
    const std::lock_guard guard(fs_.mutex_);
    for (const zlt_file& file : fs_.files_) {
      if (name == file.name) file_ = file;
    }
    if (file_) ++fs_.inside_;
  }
  ~Visit() {
    if (!file_) return;
    const std::lock_guard guard(fs_.mutex_);
    --fs_.inside_;
    fs_.left_.notify_all();
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  [[nodiscard]] const std::optional<zlt_file>& file() const { return file_; }

 private:
  Debugfs& fs_;
  std::optional<zlt_file> file_;
};

void Debugfs::create(const char* directory, const zlt_file* files, size_t count) {
  const std::lock_guard guard(mutex_);
  directory_ = directory;
  files_.assign(files, files + count);
}

void Debugfs::remove() {
  std::unique_lock guard(mutex_);
  files_.clear();
  left_.wait(guard, [this] { return inside_ == 0; });
}

std::optional<std::string> Debugfs::read(const std::string& name) {
  const Visit visit(*this, name);
  if (!visit.file() || visit.file()->show == nullptr) return std::nullopt;
  zlt_out out;
  visit.file()->show(&out);
  return out.text;
}

int Debugfs::write(const std::string& name, const std::string& text) {
  constexpr size_t kPage = 4096;
  const Visit visit(*this, name);
  if (!visit.file()) return -ENOENT;
  if (visit.file()->write == nullptr) return -EINVAL;
  if (text.size() >= kPage) return -EINVAL;
  std::string copy = text;
  return visit.file()->write(copy.data(), copy.size());
}

bool Debugfs::present() const {
  const std::lock_guard guard(mutex_);
  return !files_.empty();
}

}  // namespace zlt::fake

using zlt::FakeKernel;

extern "C" {

void zlt_out_printf(zlt_out* out, const char* format, ...) {
  char piece[1024];
  va_list args;
  va_start(args, format);
  const int length = std::vsnprintf(piece, sizeof(piece), format, args);
  va_end(args);
  if (length >= static_cast<int>(sizeof(piece)))
    FakeKernel::current().violation("zlt_out_printf: more than a test reads");
  out->text += piece;
}

int zlt_debugfs_create(const char* directory, const zlt_file* files, size_t count) {
  FakeKernel& kernel = FakeKernel::current();
  if (kernel.config().debugfs_error != 0) return kernel.config().debugfs_error;
  kernel.debugfs().create(directory, files, count);
  return 0;
}

void zlt_debugfs_remove() {
  FakeKernel::current().debugfs().remove();
}
}
