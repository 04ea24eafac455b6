// QuickFIX C++ parses and validates the same messages as our codec does, on request, so that both can take turns in one run.
//
// What must hold: it does to a message what the engine's Session does to one that arrives: a Message with the data dictionaries, which splits
// the groups and checks BodyLength and CheckSum, then DataDictionary::validate. Nothing is printed while it measures, and between
// requests it waits for input, so it takes nothing from the other side's turn.
//
//   quickfix-codec DICTIONARIES VERSION MESSAGES      VERSION is 4.2, 4.4 or 5.0SP2; MESSAGES holds one message a line
//
//   input              output
//                      ready <number of messages>
//   parse PASSES       <nanoseconds> <sum>     each message PASSES times: parsed
//   whole PASSES       <nanoseconds> <sum>     parsed, validated, and seven fields read and converted; the sum shows that both sides read the same
#include <quickfix/DataDictionary.h>
#include <quickfix/Fields.h>
#include <quickfix/Message.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

class Codec {
 public:
  Codec(const std::string& folder, const std::string& version)
      : session_(folder + (version == "5.0SP2" ? "/FIXT11.xml" : version == "4.2" ? "/FIX42.xml" : "/FIX44.xml")),
        isTransport_(version == "5.0SP2") {
    if (isTransport_) {
      application_.readFromURL(folder + "/FIX50SP2.xml");
    }
  }

  long parse(const std::string& text) const { return made(text).isEmpty() ? 0 : 1; }

  long whole(const std::string& text) const {
    FIX::Message message = made(text);
    if (isTransport_) {
      FIX::DataDictionary::validate(message, &session_, &application_);
    } else {
      session_.validate(message);
    }

    FIX::ClOrdID id;
    FIX::Symbol symbol;
    FIX::Side side;
    FIX::OrderQty quantity;
    FIX::OrdType type;
    FIX::Price price;
    FIX::TransactTime time;
    message.getField(id);
    message.getField(symbol);
    message.getField(side);
    message.getField(quantity);
    message.getField(type);
    message.getField(price);
    message.getField(time);
    return static_cast<long>(id.getValue().size()) + id.getValue().back() + static_cast<long>(symbol.getValue().size()) + symbol.getValue().front() +
           side.getValue() + type.getValue() + std::lround(quantity.getValue()) + std::lround(price.getValue() * 100) + time.getValue().getMillisecond();
  }

 private:
  FIX::Message made(const std::string& text) const {
    return isTransport_ ? FIX::Message(text, session_, application_, true) : FIX::Message(text, session_, true);
  }

  FIX::DataDictionary session_;
  FIX::DataDictionary application_;
  bool isTransport_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: quickfix-codec DICTIONARIES VERSION MESSAGES" << std::endl;
    return 2;
  }

  try {
    std::ifstream file(argv[3], std::ios::binary);
    std::vector<std::string> messages;
    for (std::string line; std::getline(file, line);) {
      messages.push_back(line);
    }

    const Codec codec(argv[1], argv[2]);
    std::cout << "ready " << messages.size() << std::endl;
    std::string kind;
    for (long passes; std::cin >> kind >> passes;) {
      long sum = 0;
      const bool isWhole = kind == "whole";
      const auto start = std::chrono::steady_clock::now();
      for (long pass = 0; pass < passes; pass++) {
        for (const std::string& message : messages) {
          sum += isWhole ? codec.whole(message) : codec.parse(message);
        }
      }

      const auto time = std::chrono::steady_clock::now() - start;
      std::cout << std::chrono::duration_cast<std::chrono::nanoseconds>(time).count() << ' ' << sum << std::endl;
    }
  } catch (const std::exception& e) {
    std::cerr << e.what() << std::endl;
    return 1;
  }

  return 0;
}
