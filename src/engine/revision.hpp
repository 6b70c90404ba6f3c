// engine/revision.hpp: what a module's declaration makes of the documents that are stored already.
//
// An attr that was called otherwise gets its value; one that is missing gets its default; values are brought to what
// their types store. What a document has under names that are declared no more stays in it, where nobody sees it.
// docs/manifest.md, "Changing a module that has documents", says it for people; docs/decisions/0012 says why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "limp/module.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"

namespace limp::engine {

// What there is of the declaration that a revision depends on, as text: two of them differ when a stored document may
// have to be changed, and when it may not fit any more.
std::string shape_of(const Module& module, const Settings& settings);

// Revises documents. Outlives what it was made from.
class Reviser {
public:
    // The defaults of that moment: "$__time" is now, for every document.
    Reviser(const Module& module, const Settings& settings);

    // A document that was revised is not changed by another revision.
    Revision operator()(const Document& stored) const;

private:
    // What a document gets that lacks a needed attr.
    struct Filling {
        std::optional<Value> value;
        std::string reason;  // why there is none
    };
    struct Rule {
        Attr attr;
        Filling filling;
    };
    class Work;

    Filling filling_of(const Attr& attr) const;

    std::vector<std::string> locales_;
    std::string locale_;
    std::vector<Rule> rules_;
};

}  // namespace limp::engine
