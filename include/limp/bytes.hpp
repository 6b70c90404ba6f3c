// limp/bytes.hpp: the bytes of a file, in memory or wherever else they are.
//
// Copies share what they are of, so copying costs next to nothing.
//
// Units    offset, count: bytes.
// Errors   StoreUnavailable (limp/store.hpp) when what is not in memory cannot be read.
// Threads  Any.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace limp {

class Bytes {
public:
    // Bytes that are not in memory.
    class Source {
    public:
        virtual ~Source() = default;
        virtual std::size_t size() const = 0;

        // Fills all of `into` from `offset` on. Requires: there are so many.
        virtual void read(std::size_t offset, std::span<char> into) const = 0;
    };

    Bytes(std::string text) : Bytes(std::make_shared<InMemory>(std::move(text))) {}
    Bytes(std::shared_ptr<const Source> source) : source_(std::move(source)), size_(source_->size()) {}

    std::size_t size() const { return size_; }

    // Fills `into` from `offset` on, as far as there are bytes. Gives how many those were.
    std::size_t read(std::size_t offset, std::span<char> into) const {
        const std::size_t count = offset < size_ ? std::min(into.size(), size_ - offset) : 0;
        if (count > 0) source_->read(first_ + offset, into.first(count));
        return count;
    }

    // The first ones, `count` of them at most; all of them.
    std::string begin(std::size_t count) const {
        std::string text(std::min(count, size_), '\0');
        read(0, text);
        return text;
    }
    std::string text() const { return begin(size_); }

    // The `count` bytes from `first` on. Requires: there are so many.
    Bytes part(std::size_t first, std::size_t count) const {
        Bytes part = *this;
        part.first_ += first;
        part.size_ = count;
        return part;
    }

private:
    struct InMemory final : Source {
        explicit InMemory(std::string bytes) : text(std::move(bytes)) {}
        std::size_t size() const override { return text.size(); }
        void read(std::size_t offset, std::span<char> into) const override {
            text.copy(into.data(), into.size(), offset);
        }
        const std::string text;
    };

    std::shared_ptr<const Source> source_;
    std::size_t first_ = 0;  // of the source's
    std::size_t size_;
};

}  // namespace limp
