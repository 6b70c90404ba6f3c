#include "faulty_vfs.hpp"

#include <new>
#include <stdexcept>
#include <utility>

namespace limp::store {

namespace {

// By the open file itself: to open it again and close it would take away the locks that this process has on it.
std::string bytes_of(sqlite3_file& file) {
    sqlite3_int64 size = 0;
    file.pMethods->xFileSize(&file, &size);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (file.pMethods->xRead(&file, bytes.data(), static_cast<int>(size), 0) != SQLITE_OK)
        throw std::runtime_error("the file of the test cannot be read");
    return bytes;
}

}  // namespace

// As SQLite keeps it: the file of the VFS beneath lies right behind it.
struct FaultyVfs::File : sqlite3_file {
    FaultyVfs* vfs;
    bool is_noted;
    bool may_fail;
    int file;
    int handle;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

// What SQLite calls.
struct FaultyVfs::Methods {
    static FaultyVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }
    static File& of(sqlite3_file* file) { return *static_cast<File*>(file); }

    static std::optional<int> failure(File& file, Operation operation) {
        return file.may_fail ? file.vfs->failure(operation) : std::nullopt;
    }

    static DiskEvent event(const File& file, DiskEvent::Kind kind) {
        DiskEvent event;
        event.kind = kind;
        event.file = file.file;
        event.handle = file.handle;
        return event;
    }

    static void record(File& file, DiskEvent event) {
        if (file.is_noted) file.vfs->record(std::move(event));
    }

    static int open(sqlite3_vfs* own, const char* path, sqlite3_file* into, int flags, int* out_flags) {
        FaultyVfs& vfs = of(own);
        File& file = *new (into) File{{nullptr}, &vfs, vfs.is_noted(path), !path || vfs.is_noted(path), 0, 0};
        if (const auto code = failure(file, Operation::open)) return *code;
        const bool is_new = file.is_noted && !std::filesystem::exists(path);
        const int code = vfs.real_.xOpen(&vfs.real_, path, file.real(), flags, out_flags);
        if (code != SQLITE_OK) return code;
        if (file.is_noted) vfs.record_opened(path, is_new, file);
        file.pMethods = &methods;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* own, const char* path, int is_synced) {
        FaultyVfs& vfs = of(own);
        if (!vfs.is_noted(path)) return vfs.real_.xDelete(&vfs.real_, path, is_synced);
        if (const auto code = vfs.failure(Operation::remove)) return *code;
        const int code = vfs.real_.xDelete(&vfs.real_, path, 0);
        if (code == SQLITE_OK) vfs.record_removed(path, is_synced != 0);
        return code;
    }

    static int close(sqlite3_file* file) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xClose(real);
    }

    static int read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
        if (const auto code = failure(of(file), Operation::read)) return *code;
        sqlite3_file* real = of(file).real();
        return real->pMethods->xRead(real, bytes, count, offset);
    }

    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
        if (const auto code = failure(of(file), Operation::write)) return *code;
        sqlite3_file* real = of(file).real();
        const int code = real->pMethods->xWrite(real, bytes, count, offset);
        if (code != SQLITE_OK) return code;
        DiskEvent wrote = event(of(file), DiskEvent::Kind::wrote);
        wrote.offset = static_cast<std::size_t>(offset);
        wrote.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
        record(of(file), std::move(wrote));
        return SQLITE_OK;
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        if (const auto code = failure(of(file), Operation::truncate)) return *code;
        sqlite3_file* real = of(file).real();
        const int code = real->pMethods->xTruncate(real, size);
        if (code != SQLITE_OK) return code;
        DiskEvent truncated = event(of(file), DiskEvent::Kind::truncated);
        truncated.offset = static_cast<std::size_t>(size);
        record(of(file), std::move(truncated));
        return SQLITE_OK;
    }

    static int sync(sqlite3_file* file, int) {
        if (of(file).is_noted) of(file).vfs->wait_if_held();
        if (const auto code = failure(of(file), Operation::sync)) {
            record(of(file), event(of(file), DiskEvent::Kind::sync_failed));
            return *code;
        }
        record(of(file), event(of(file), DiskEvent::Kind::synced));
        return SQLITE_OK;
    }

    static int size(sqlite3_file* file, sqlite3_int64* bytes) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xFileSize(real, bytes);
    }

    static int lock(sqlite3_file* file, int level) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xLock(real, level);
    }

    static int unlock(sqlite3_file* file, int level) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xUnlock(real, level);
    }

    static int check_lock(sqlite3_file* file, int* is_reserved) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xCheckReservedLock(real, is_reserved);
    }

    static int control(sqlite3_file* file, int operation, void* argument) {
        // A hint would let the file grow past what is noted, and may be left unheard.
        if (operation == SQLITE_FCNTL_SIZE_HINT) return SQLITE_OK;
        sqlite3_file* real = of(file).real();
        return real->pMethods->xFileControl(real, operation, argument);
    }

    static int sector_size(sqlite3_file* file) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xSectorSize(real);
    }

    static int characteristics(sqlite3_file* file) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xDeviceCharacteristics(real);
    }

    static int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
        if (const auto code = failure(of(file), Operation::shm)) return *code;
        sqlite3_file* real = of(file).real();
        return real->pMethods->xShmMap(real, region, size, extend, out);
    }

    static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
        // Letting go never fails.
        if (flags & SQLITE_SHM_LOCK)
            if (const auto code = failure(of(file), Operation::shm)) return *code;
        sqlite3_file* real = of(file).real();
        return real->pMethods->xShmLock(real, offset, count, flags);
    }

    static void shm_barrier(sqlite3_file* file) {
        sqlite3_file* real = of(file).real();
        real->pMethods->xShmBarrier(real);
    }

    static int shm_unmap(sqlite3_file* file, int remove) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xShmUnmap(real, remove);
    }

    static int fetch(sqlite3_file* file, sqlite3_int64 offset, int count, void** out) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xFetch(real, offset, count, out);
    }

    static int unfetch(sqlite3_file* file, sqlite3_int64 offset, void* page) {
        sqlite3_file* real = of(file).real();
        return real->pMethods->xUnfetch(real, offset, page);
    }

    static constexpr sqlite3_io_methods methods = {
        3,         close,      read,    write,       truncate,        sync,    size,     lock,
        unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
        shm_unmap, fetch,      unfetch,
    };
};

FaultyVfs::FaultyVfs(std::filesystem::path folder)
    : folder_(std::filesystem::canonical(folder)), real_(*sqlite3_vfs_find(nullptr)), own_(real_) {
    own_.szOsFile += static_cast<int>(sizeof(File));
    own_.pNext = nullptr;
    own_.zName = "faulty";
    own_.pAppData = this;
    own_.xOpen = Methods::open;
    own_.xDelete = Methods::remove;
    // The rest is the VFS's beneath, which uses its vfs argument for nothing but its own settings.
    if (sqlite3_vfs_register(&own_, 1) != SQLITE_OK) throw std::runtime_error("SQLite takes no VFS");
}

FaultyVfs::~FaultyVfs() {
    sqlite3_vfs_unregister(&own_);
}

void FaultyVfs::fail(Operation operation, int nth, int code, int times) {
    const std::lock_guard lock(mutex_);
    fault_ = {operation, nth - 1, times, code};
    has_failed_ = false;
}

bool FaultyVfs::has_failed() const {
    const std::lock_guard lock(mutex_);
    return has_failed_;
}

void FaultyVfs::stop_failing() {
    const std::lock_guard lock(mutex_);
    fault_.reset();
}

void FaultyVfs::note(int number) {
    DiskEvent noted;
    noted.note = number;
    record(std::move(noted));
}

std::vector<DiskEvent> FaultyVfs::trace() const {
    const std::lock_guard lock(mutex_);
    return trace_;
}

// SQLite's own temporary files have no path.
bool FaultyVfs::is_noted(const char* path) const {
    return path && std::filesystem::path(path).parent_path() == folder_;
}

std::optional<int> FaultyVfs::failure(Operation operation) {
    const std::lock_guard lock(mutex_);
    if (!fault_ || fault_->operation != operation) return std::nullopt;
    if (fault_->before > 0) {
        --fault_->before;
        return std::nullopt;
    }
    has_failed_ = true;
    const int code = fault_->code;
    if (--fault_->times == 0) fault_.reset();
    return code;
}

void FaultyVfs::hold_sync() {
    const std::lock_guard lock(mutex_);
    hold_ = Hold::wanted;
}

void FaultyVfs::wait_until_held() {
    std::unique_lock lock(mutex_);
    hold_changed_.wait(lock, [&] { return hold_ == Hold::held; });
}

void FaultyVfs::release() {
    const std::lock_guard lock(mutex_);
    hold_ = Hold::none;
    hold_changed_.notify_all();
}

void FaultyVfs::wait_if_held() {
    std::unique_lock lock(mutex_);
    if (hold_ != Hold::wanted) return;
    hold_ = Hold::held;
    hold_changed_.notify_all();
    hold_changed_.wait(lock, [&] { return hold_ == Hold::none; });
}

void FaultyVfs::record(DiskEvent event) {
    const std::lock_guard lock(mutex_);
    trace_.push_back(std::move(event));
}

void FaultyVfs::record_opened(const std::filesystem::path& path, bool is_new, File& file) {
    const std::lock_guard lock(mutex_);
    DiskEvent opened;
    opened.kind = DiskEvent::Kind::opened;
    opened.name = path.filename();
    const auto [known, is_unknown] = files_.try_emplace(opened.name, last_file_ + 1);
    if (is_unknown) {
        ++last_file_;
        opened.is_new = is_new;
        opened.bytes = bytes_of(*file.real());
    }
    opened.file = file.file = known->second;
    file.handle = ++last_handle_;
    trace_.push_back(std::move(opened));
}

void FaultyVfs::record_removed(const std::filesystem::path& path, bool is_synced) {
    const std::lock_guard lock(mutex_);
    DiskEvent removed;
    removed.kind = DiskEvent::Kind::removed;
    removed.name = path.filename();
    removed.is_synced = is_synced;
    if (files_.erase(removed.name) > 0) trace_.push_back(std::move(removed));
}

}  // namespace limp::store
