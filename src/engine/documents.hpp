// engine/documents.hpp: from what a client sent to what is stored, and from what is stored to what a reader sees.
//
// Order    Types of what the client sent → (before-hooks) → defaults → full validation of what is to be stored. What an
//          update's operators and paths make of an attr is validated by the store's writer, when it is there
//          (Change::check).
// Errors   Refusal 400 <PACKAGE>_<MODULE>_INVALID_ATTR or _MISSING_ATTR, naming the attr, the place inside it, and what
//          would be right.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/edits.hpp"
#include "engine/registry.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"
#include "types/types.hpp"

namespace limp::engine {

class Documents {
public:
    // File bytes met on the way become changes in `with`, to be stored with the document.
    Documents(const CompiledModule& module, const Settings& settings, std::vector<Change>& with);

    // A client's doc for a create: attrs the server owns are dropped, unknown ones refused, values converted, null
    // taken for absent (but for attrs of type any, which may hold it).
    Document for_create(const Document& sent) const;

    // A client's doc for an update: the same, but null stays: it unsets an optional attr and is refused for others.
    // Operators stay as they are, with typed operands, and so do keys that go into an attr (engine/edits.hpp); both are
    // refused for attrs that are hidden from the caller, as their refusals would tell what is there.
    Document for_update(const Document& sent, std::span<const std::string> hidden = {}) const;

    // A document as it is to be stored: "_id" first, then the attrs in declared order. Hooks may have changed it since
    // `typed`, so whatever differs from it is converted again; a missing attr that is not optional is refused.
    Document complete(const Document& document, const Document& typed) const;

    // The changes of an update after hooks, checked and converted where they differ from `typed`.
    Document recheck(const Document& set, const Document& typed) const;

    // What a rechecked doc asks for becomes the change's: whole values, edits, and the check of what these make. Its
    // module and settings outlive the change.
    void put_into(Change& change, const Document& checked) const;

    // What the store found to be in the way of an edit.
    Refusal refusal_of(const EditMisfit& misfit) const;

private:
    Value convert(const Attr& attr, const Value& value) const;
    Value convert_change(const Attr& attr, std::string_view key, const Value& value) const;
    EditPlace find_place(const Attr& attr, std::string_view key) const;
    void check_edited(const Attr& attr, const Document& document) const;
    void check_unset(const Attr& attr, const Value& value) const;
    void check_whole(const Attr& attr, const Member& member, std::span<const std::string> hidden) const;
    Refusal invalid(std::string_view place, std::string_view what) const;
    const Attr& attr_of(std::string_view name) const;
    types::Context context() const;

    const CompiledModule& module_;
    const Settings& settings_;
    std::vector<Change>& with_;
};

// The attrs of that module whose documents are numbered.
std::vector<Numbering> numbers_of(const Module& module);

}  // namespace limp::engine
