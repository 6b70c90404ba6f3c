// modules/core: the package that every app has: users, groups, sessions and settings, and the templates content and
// content_cat. It is written against the public headers alone, like anybody's package.
#pragma once

#include "limp/limp.hpp"

namespace limp::core {

// The package for this configuration, with the documents that start-up ensures.
Package make(const Settings& settings);

// Its modules, one file each.
Module user(const Settings& settings);
Module group();
Module session();
Module setting();
Module core();  // core/describe
Module file();  // file/upload
Module diff();
Module content();
Module content_cat();

// The admin, the anonymous user and its session, the default group, and the groups of the configuration.
std::vector<EnsuredDocument> documents(const Settings& settings);

}  // namespace limp::core
