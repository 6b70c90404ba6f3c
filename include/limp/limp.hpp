// limp/limp.hpp: all that a package needs.
#pragma once

#include "limp/attr.hpp"
#include "limp/call.hpp"
#include "limp/declare.hpp"
#include "limp/host.hpp"
#include "limp/module.hpp"
#include "limp/package.hpp"
#include "limp/query.hpp"
#include "limp/refusal.hpp"
#include "limp/session.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"
#include "limp/task.hpp"
#include "limp/value.hpp"
