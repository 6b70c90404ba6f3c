// calls/runner.hpp: carries a transcript out with whoever answers: the engine in process, or limpd by a socket.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "calls/matcher.hpp"
#include "calls/transcript.hpp"
#include "limp/settings.hpp"
#include "limp/value.hpp"

namespace limp::calls {

// One connection, as a client holds it. Text in, text out: signing is the runner's.
class Client {
public:
    virtual ~Client() = default;

    // The message that limpd sends first.
    virtual std::string greeting() = 0;

    // Sends one text message and gives its answer. Throws when none comes in time.
    virtual std::string exchange(std::string_view message) = 0;

    // Whether limpd knows who has signed in here. If not, each call says it by its sid.
    virtual bool keeps_session() const { return true; }
};

using ClientFactory = std::function<std::unique_ptr<Client>()>;

class Runner {
public:
    // `settings`: what limpd runs with, for the admin's account and the token of visitors.
    explicit Runner(ClientFactory connect, Settings settings = {})
        : connect_(std::move(connect)), settings_(std::move(settings)) {}

    // Throws TranscriptError at the first answer that is not as expected.
    void run(const Transcript& transcript);

private:
    struct Actor {
        std::unique_ptr<Client> client;
        std::string token;
        std::string sid = {};  // of the session it is on; empty: the anonymous one
    };

    void carry_out(const Step& step);
    void carry_out(const As& as);
    void carry_out(const Connect& connect);
    void carry_out(const Login& login);
    void carry_out(const Key& key);
    void carry_out(const Save& save);
    void carry_out(const Let& let);
    void carry_out(const Say& say);
    void carry_out(const SayRaw& raw);
    void carry_out(const Expect& expect);

    void open(const std::string& name);
    void call(Object call);
    void follow_session(const Object& call);
    std::string filled_word(const std::string& word) const;

    ClientFactory connect_;
    Settings settings_;
    std::map<std::string, Actor> actors_;
    Actor* speaker_ = nullptr;
    std::string next_key_;
    Kept kept_;
    Value answer_;
    int line_ = 0;
    int calls_ = 0;
};

}  // namespace limp::calls
