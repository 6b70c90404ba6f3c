// app/pages.hpp: what people see with a browser: the welcome at / and the sandbox at /_/.
#pragma once

#include <span>

#include "net/server.hpp"
#include "page/page.hpp"

namespace limp::app {

// `/`: for browsers a page that leads to the sandbox, when there is one; for programs, JSON.
net::HttpResponse welcome(const net::HttpRequest& request, std::span<const page::File> sandbox);

// `/_` and all below it.
net::HttpResponse sandbox_file(const net::HttpRequest& request, std::span<const page::File> sandbox);

// Whether the request is for the sandbox.
bool is_for_sandbox(const net::HttpRequest& request);

}  // namespace limp::app
