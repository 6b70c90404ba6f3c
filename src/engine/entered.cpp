#include "engine/entered.hpp"

#include <algorithm>
#include <ranges>

namespace limp::engine {

const std::shared_ptr<Pieces>& Pieces::of_this_thread() {
    thread_local const std::shared_ptr<Pieces> pieces = std::make_shared<Pieces>();
    return pieces;
}

std::optional<PieceText> Pieces::last() const {
    const std::lock_guard lock(mutex_);
    if (entered_.empty()) return std::nullopt;
    const Piece& piece = *entered_.back();
    std::string name(piece.module);
    if (!name.empty()) name += '/';
    name += piece.name;
    return PieceText{std::string(piece.package), std::string(piece.kind), std::move(name)};
}

Entered::Entered(Piece piece) : piece_(piece), pieces_(Pieces::of_this_thread()) {
    const std::lock_guard lock(pieces_->mutex_);
    pieces_->entered_.push_back(&piece_);
}

// What was entered last mostly ends first.
Entered::~Entered() {
    const std::lock_guard lock(pieces_->mutex_);
    std::vector<const Piece*>& entered = pieces_->entered_;
    const auto found = std::ranges::find(entered | std::views::reverse, &piece_);
    entered.erase(std::next(found).base());
}

}  // namespace limp::engine
