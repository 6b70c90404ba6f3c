#include "store/upkeep.hpp"

#include <map>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "store/collections.hpp"
#include "store/stored.hpp"
#include "store/unique.hpp"

namespace limp::store {

namespace {

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
    return base::to_json(Object{
        {"unique", lists(collection.unique)},
        {"folded", List(collection.folded.begin(), collection.folded.end())},
        {"columns", std::move(columns)},
        {"indexes", lists(collection.indexes)},
        {"files", List(collection.files.begin(), collection.files.end())},
        {"shape", collection.shape},
    });
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
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> lines;
        for (const auto& [note, count] : notes_)
            lines.push_back(
                collection_.name + ": " + note + " (" + std::to_string(count) +
                (count == 1 ? " document)" : " documents)")
            );
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
    std::map<std::string, std::size_t> notes_;
};

// When other attrs hold files than before, the uses of files are counted by the new ones. A soft-deleted document,
// which nobody revises, keeps what it named.
void count_files_anew(const Collection& collection, const std::string& declared_before, Transaction& transaction) {
    const Value before = base::parse_json(declared_before);
    const Value* held = before.find("files");  // missing in the first layout: whatever a document names was counted
    std::vector<std::string> attrs;
    if (held)
        for (const Value& attr : held->list()) attrs.push_back(attr.string());
    if (held && attrs == collection.files) return;
    transaction.for_each_stored(collection, [&](const Document& document) {
        const std::set<std::string> named = held ? files_in(document, attrs) : files_in(document);
        std::set<std::string> names = files_in(document, collection.files);
        if (is_deleted(document))
            for (const std::string& file : named) names.erase(file);
        else
            transaction.file_uses.remove(named);
        transaction.file_uses.add(names);
    });
}

}  // namespace

std::vector<std::string> bring_up_to_date(
    const std::vector<Collection>& collections, Transaction& transaction, std::vector<LoggedChange>& log
) {
    std::vector<std::string> lines;
    Misfits misfits;
    for (const Collection& collection : collections) {
        check_name(collection);
        const std::string declaration = declaration_of(collection);
        const std::optional<std::string> before = transaction.declaration(collection);
        if (before == declaration) continue;
        if (before) count_files_anew(collection, *before, transaction);
        Upkeep upkeep(collection, transaction, log, misfits);
        upkeep.run();
        transaction.set_declaration(collection, declaration);
        for (std::string& line : upkeep.lines()) lines.push_back(std::move(line));
    }
    misfits.throw_if_any();
    settle_files(transaction);
    return lines;
}

}  // namespace limp::store
