// wire/answer_writer.hpp: an Answer into the text of one message.
#pragma once

#include <string>
#include <string_view>

#include "base/hmac.hpp"
#include "limp/call.hpp"

namespace limp::wire {

// {"status":…,"msg":…,"args":{…,"call_id":…}}. `call_id`: raw JSON text, empty for none. Bytes (status 291) become an
// array of byte values under msg. A status of 204 is written as 200: every call gets a complete answer.
std::string write_answer(const Answer& answer, std::string_view call_id);

// The same under the subprotocol limp.jwt: {"token":"<JWS>","call_id":…} with the answer as payload.
std::string write_signed_answer(const Answer& answer, std::string_view call_id, base::Hmac& key);

// The first message of a connection.
inline constexpr std::string_view greeting = R"({"status":200,"msg":"Connection established."})";

}  // namespace limp::wire
