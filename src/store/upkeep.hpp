// store/upkeep.hpp: stored documents follow the declarations, the same for every driver.
#pragma once

#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/changes.hpp"

namespace limp::store {

// Brings each collection that is declared otherwise than before to its declaration: its layout, its documents, their
// columns and their unique keys. What it changes it writes down in `log`. Throws Unfit with everything that is in the
// way, and the transaction must be taken back then. The collections come out as they are from here on: attrs that held
// files once go on counting, as their values are still there.
Prepared bring_up_to_date(
    std::vector<Collection>& collections, Transaction& transaction, std::vector<LoggedChange>& log
);

}  // namespace limp::store
