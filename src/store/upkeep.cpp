#include "store/upkeep.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "query/matcher.hpp"
#include "store/collections.hpp"
#include "store/stored.hpp"
#include "store/unique.hpp"

namespace limp::store {

namespace {

using Names = std::vector<std::string>;

// So many are named; people mend these and look again.
constexpr std::size_t misfits_named = 20;

class Misfits {
public:
    void add(const Collection& collection, const std::string& id, std::string reason) {
        if (++total_ <= misfits_named) first_.push_back({collection.name, id, std::move(reason)});
    }
    void throw_if_any() {
        if (total_ > 0) throw Unfit(std::move(first_), total_);
    }

private:
    std::vector<Unfit::Misfit> first_;
    std::size_t total_ = 0;
};

std::string documents(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " document" : " documents");
}

Value lists(const std::vector<std::vector<std::string>>& names) {
    List lists;
    for (const std::vector<std::string>& one : names) lists.emplace_back(List(one.begin(), one.end()));
    return lists;
}

// Everything that upkeep depends on, as text to compare.
std::string declaration_of(const Collection& collection) {
    List columns;
    for (const Collection::Column& column : collection.columns)
        columns.push_back(List{column.attr, static_cast<std::int64_t>(column.holds), column.is_list});
    Object declaration{
        {"unique", lists(collection.unique)},
        {"folded", List(collection.folded.begin(), collection.folded.end())},
        {"columns", std::move(columns)},
        {"indexes", lists(collection.indexes)},
        {"files", List(collection.files.begin(), collection.files.end())},
        {"shape", collection.shape},
    };
    // Left out where there are none, as they were before there could be any.
    if (!collection.searched.empty()) {
        declaration.append("searched", List(collection.searched.begin(), collection.searched.end()));
        declaration.append("folding", query::folding());
    }
    if (!collection.points.empty())
        declaration.append("points", List(collection.points.begin(), collection.points.end()));
    return base::to_json(declaration);
}

std::string in_quotes(const List& names) {
    std::vector<std::string> quoted;
    for (const Value& name : names) quoted.push_back('"' + name.string() + '"');
    return base::join(quoted, " with ");
}

// What is declared under `member` otherwise than before. `word`: what such attrs are.
void compare(
    const Value& before, const Value& now, std::string_view member, const std::string& word,
    std::vector<std::string>& lines
) {
    const List old_lists = before.find(member) ? before.find(member)->list() : List{};
    const List& new_lists = now.find(member)->list();
    for (const Value& one : new_lists)
        if (std::ranges::find(old_lists, one) == old_lists.end())
            lines.push_back(in_quotes(one.list()) + " is " + word + " now");
    for (const Value& one : old_lists)
        if (std::ranges::find(new_lists, one) == new_lists.end())
            lines.push_back(in_quotes(one.list()) + " is no longer " + word);
}

std::vector<std::string> differences(const std::string& before, const std::string& now) {
    const Value old_declaration = base::parse_json(before);
    const Value new_declaration = base::parse_json(now);
    std::vector<std::string> lines;
    compare(old_declaration, new_declaration, "unique", "unique", lines);
    compare(old_declaration, new_declaration, "indexes", "indexed", lines);
    return lines;
}

// What was declared once and is not now: a module that is gone, or has another collection.
std::vector<std::string> left_over(const std::vector<Collection>& collections, Transaction& transaction) {
    std::vector<std::string> lines;
    for (const std::string& name : transaction.collections()) {
        if (std::ranges::find(collections, name, &Collection::name) != collections.end()) continue;
        const std::int64_t count = transaction.count(name);
        if (count > 0) lines.push_back("no module declares the collection " + name + ", which has " + documents(count));
    }
    return lines;
}

// One collection's way to its declaration.
class Upkeep {
public:
    Upkeep(const Collection& collection, Transaction& transaction, std::vector<LoggedChange>& log, Misfits& misfits)
        : collection_(collection), transaction_(transaction), log_(log), misfits_(misfits) {}

    void run() {
        transaction_.lay_out(collection_);
        transaction_.release_all(collection_);
        transaction_.for_each(collection_, [this](const Document& document) { visit(document); });
        transaction_.make_indexes(collection_);
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& [note, count] : notes_) lines.push_back(note + " (" + documents(count) + ")");
        return lines;
    }

private:
    void visit(const Document& document) {
        if (!collection_.revise) return keep(document);
        Revision revision = collection_.revise(document);
        for (const std::string& note : revision.notes) ++notes_[note];
        if (!revision.misfit.empty()) return misfits_.add(collection_, id_of(document), std::move(revision.misfit));
        if (revision.document == document) return keep(document);
        take_keys(revision.document);
        replace(collection_, document, std::move(revision.document), transaction_, log_);
    }

    void keep(const Document& document) {
        take_keys(document);
        transaction_.refill(collection_, document);
    }

    void take_keys(const Document& document) {
        for (const UniqueKey& key : unique_keys(collection_, document)) {
            const auto holder = transaction_.take(collection_, key, id_of(document));
            if (!holder) continue;
            misfits_.add(
                collection_, id_of(document),
                "has the same " + base::join(key.attrs, " and ") + " as " + *holder + ", which must be unique"
            );
        }
    }

    const Collection& collection_;
    Transaction& transaction_;
    std::vector<LoggedChange>& log_;
    Misfits& misfits_;
    std::map<std::string, std::int64_t> notes_;
};

// The attrs that held files when this was declared; nothing when it was not said yet, in the first layout.
std::optional<Names> file_attrs_of(const std::string& declaration) {
    const Value declared = base::parse_json(declaration);
    const Value* files = declared.find("files");
    if (!files) return std::nullopt;
    Names attrs;
    for (const Value& attr : files->list()) attrs.push_back(attr.string());
    return attrs;
}

// What an attr holds stays in its documents when it is declared no more, and so do the bytes that it names.
void keep_file_attrs(Collection& collection, const Names& before) {
    for (const std::string& attr : before)
        if (std::ranges::find(collection.files, attr) == collection.files.end()) collection.files.push_back(attr);
}

// When more attrs hold files than before, what they name counts too. In the first layout whatever a document named was
// counted; a soft-deleted one, which nobody revises, keeps that.
void count_files_anew(const Collection& collection, const std::optional<Names>& before, Transaction& transaction) {
    if (before == collection.files) return;
    transaction.for_each_stored(collection, [&](const Document& document) {
        const std::set<std::string> named = before ? files_in(document, *before) : files_in(document);
        std::set<std::string> names = files_in(document, collection.files);
        if (is_deleted(document)) names.insert(named.begin(), named.end());
        transaction.file_uses.exchange(named, names);
    });
}

}  // namespace

Prepared bring_up_to_date(
    std::vector<Collection>& collections, Transaction& transaction, std::vector<LoggedChange>& log
) {
    Prepared prepared;
    Misfits misfits;
    for (Collection& collection : collections) {
        check(collection);
        const std::optional<std::string> before = transaction.declaration(collection);
        const std::optional<Names> file_attrs = before ? file_attrs_of(*before) : std::nullopt;
        if (file_attrs) keep_file_attrs(collection, *file_attrs);
        const std::string declaration = declaration_of(collection);
        if (before == declaration) continue;
        if (before) count_files_anew(collection, file_attrs, transaction);
        Upkeep upkeep(collection, transaction, log, misfits);
        upkeep.run();
        transaction.set_declaration(collection, declaration);
        for (const std::string& line : upkeep.lines()) prepared.done.push_back(collection.name + ": " + line);
        if (!before) continue;
        for (const std::string& line : differences(*before, declaration))
            prepared.done.push_back(collection.name + ": " + line);
    }
    misfits.throw_if_any();
    settle_files(transaction);
    prepared.warnings = left_over(collections, transaction);
    return prepared;
}

}  // namespace limp::store
