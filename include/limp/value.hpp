// limp/value.hpp: a JSON document as C++ sees it.
//
// Shapes   Value: null, bool, int64, double, string, list, object. Object: members in the order they were set.
// Meaning  A Value knows no LIMP types: an id is a string of 24 hex digits, a time a string "2026-11-22T13:11:00.123Z".
//          What a value means stands in the module's attrs (limp/attr.hpp).
// Memory   A Value owns all that is in it; copies are deep.
// Missing  An absent member is not a null member: find() tells them apart by returning nullptr.
#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace limp {

class Value;
struct Member;
using List = std::vector<Value>;

// The members of a JSON object, in order. Look-up is a linear search: objects of documents are small.
class Object {
public:
    using iterator = std::vector<Member>::iterator;
    using const_iterator = std::vector<Member>::const_iterator;

    Object();
    Object(std::initializer_list<Member> members);
    Object(const Object&);
    Object(Object&&) noexcept;
    Object& operator=(const Object&);
    Object& operator=(Object&&) noexcept;
    ~Object();

    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);
    bool contains(std::string_view name) const { return find(name) != nullptr; }

    // The member of that name, added as null at the end when there is none.
    Value& operator[](std::string_view name);

    // Adds a member without looking for one of the same name. Requires: !contains(name).
    Value& append(std::string name, Value value);

    // Removes the member; false when there is none.
    bool erase(std::string_view name);

    std::size_t size() const;
    bool empty() const { return size() == 0; }
    void reserve(std::size_t count);

    iterator begin();
    iterator end();
    const_iterator begin() const;
    const_iterator end() const;

    // Equal when both have the same members with equal values, in any order (as JSON says).
    friend bool operator==(const Object& left, const Object& right);

private:
    std::vector<Member> members_;
};

// A document of a collection or of a call.
using Document = Object;

class Value {
public:
    enum class Kind { null, boolean, integer, real, string, list, object };

    Value() = default;
    Value(std::nullptr_t) {}
    Value(std::same_as<bool> auto value) : data_(static_cast<bool>(value)) {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Value(T value) : data_(static_cast<std::int64_t>(value)) {}
    Value(double value) : data_(value) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(List value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    Kind kind() const { return static_cast<Kind>(data_.index()); }
    bool is_null() const { return kind() == Kind::null; }
    bool is_bool() const { return kind() == Kind::boolean; }
    bool is_int() const { return kind() == Kind::integer; }
    bool is_real() const { return kind() == Kind::real; }
    bool is_number() const { return is_int() || is_real(); }
    bool is_string() const { return kind() == Kind::string; }
    bool is_list() const { return kind() == Kind::list; }
    bool is_object() const { return kind() == Kind::object; }

    // What is inside. Requires: the value is of that kind (std::bad_variant_access otherwise).
    bool boolean() const { return std::get<bool>(data_); }
    std::int64_t integer() const { return std::get<std::int64_t>(data_); }
    double real() const { return std::get<double>(data_); }
    const std::string& string() const { return std::get<std::string>(data_); }
    std::string& string() { return std::get<std::string>(data_); }
    const List& list() const { return std::get<List>(data_); }
    List& list() { return std::get<List>(data_); }
    const Object& object() const { return std::get<Object>(data_); }
    Object& object() { return std::get<Object>(data_); }

    // A number of either kind as a double. Requires: is_number().
    double number() const { return is_int() ? static_cast<double>(integer()) : real(); }

    // The member of that name when this is an object that has it, else nullptr.
    const Value* find(std::string_view name) const { return is_object() ? object().find(name) : nullptr; }
    Value* find(std::string_view name) { return is_object() ? object().find(name) : nullptr; }

    // Equal in kind and content: the integer 1 and the real 1.0 differ, as they do on the wire.
    friend bool operator==(const Value& left, const Value& right) { return left.data_ == right.data_; }

private:
    // The order is Kind's.
    std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> data_;
};

struct Member {
    std::string name;
    Value value;
};

// A Member holds a Value and a Value an Object: all that needs a complete Member is defined from here on.
inline Object::Object() = default;
inline Object::Object(std::initializer_list<Member> members) : members_(members) {}
inline Object::Object(const Object&) = default;
inline Object::Object(Object&&) noexcept = default;
inline Object& Object::operator=(const Object&) = default;
inline Object& Object::operator=(Object&&) noexcept = default;
inline Object::~Object() = default;

inline Object::iterator Object::begin() {
    return members_.begin();
}
inline Object::iterator Object::end() {
    return members_.end();
}
inline Object::const_iterator Object::begin() const {
    return members_.begin();
}
inline Object::const_iterator Object::end() const {
    return members_.end();
}

inline const Value* Object::find(std::string_view name) const {
    for (const Member& member : members_)
        if (member.name == name) return &member.value;
    return nullptr;
}

inline Value* Object::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

inline Value& Object::operator[](std::string_view name) {
    Value* found = find(name);
    return found ? *found : append(std::string(name), Value());
}

inline Value& Object::append(std::string name, Value value) {
    assert(size() > 64 || !contains(name));  // looking in large objects would make parsing them quadratic
    return members_.emplace_back(Member{std::move(name), std::move(value)}).value;
}

inline bool Object::erase(std::string_view name) {
    return std::erase_if(members_, [&](const Member& member) { return member.name == name; }) > 0;
}

inline std::size_t Object::size() const {
    return members_.size();
}

inline void Object::reserve(std::size_t count) {
    members_.reserve(count);
}

inline bool operator==(const Object& left, const Object& right) {
    if (left.size() != right.size()) return false;
    const auto same = [](const Member& one, const Member& other) {
        return one.name == other.name && one.value == other.value;
    };
    // Most often the order is the same. The rest is looked up by name: sorted, as clients may send large objects.
    const auto [differs, other] = std::mismatch(left.begin(), left.end(), right.begin(), same);
    const auto by_name = [](auto from, auto to) {
        std::vector<const Member*> members;
        for (auto member = from; member != to; ++member) members.push_back(&*member);
        std::ranges::sort(members, {}, [](const Member* member) -> std::string_view { return member->name; });
        return members;
    };
    return std::ranges::equal(
        by_name(differs, left.end()), by_name(other, right.end()), same,
        [](const Member* one) -> auto& { return *one; }, [](const Member* one) -> auto& { return *one; }
    );
}

}  // namespace limp
