// engine/entered.hpp: what of the packages' code has begun on a thread and not ended, for the watchdog to name.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limp::engine {

// A piece of a package's code. The texts live as long as it is at work.
struct Piece {
    std::string_view package;
    std::string_view kind;    // "before create", "method", "job", "task"
    std::string_view module;  // empty for jobs and tasks
    std::string_view name;    // of the method, the job or the task
};

// The same in words of its own: "note/create", or "digest".
struct PieceText {
    std::string package;
    std::string kind;
    std::string name;
};

// The pieces of one thread.
class Pieces {
public:
    static const std::shared_ptr<Pieces>& of_this_thread();

    // The one that was entered last. Any thread.
    std::optional<PieceText> last() const;

private:
    friend class Entered;

    mutable std::mutex mutex_;
    std::vector<const Piece*> entered_;
};

// As long as it lives, the piece is at work on the thread that it was made on.
class Entered {
public:
    explicit Entered(Piece piece);
    ~Entered();
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

private:
    const Piece piece_;
    const std::shared_ptr<Pieces> pieces_;
};

}  // namespace limp::engine
