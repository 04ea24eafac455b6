// A client made of QuickFIX C++ for FIX 4.2, 4.4 and 5.0 SP2, driven line by line through its standard input, so that a test can put a foreign, widely
// used engine opposite the exchange.
//
// What must hold: everything that this program knows of a session is in the engine's own file store, so that killing it and
// starting it again with the same store is a client that crashed and came back. It adds nothing to what the engine does by
// itself: sequence numbers, resends, heartbeats and the checks of what it receives are QuickFIX's.
//
//   initiator HOST PORT[,PORT] SENDER TARGET STORE HEARTBEAT RESET VERSION DICTIONARIES [AUTHORITY [CERTIFICATE KEY]]
//
// Username and password are SENDER. With AUTHORITY the engine speaks TLS and takes only a server whose certificate this authority signed;
// with CERTIFICATE and KEY it shows a certificate of its own. All three are PEM files.
//
// A second port is a second SocketConnectHost and SocketConnectPort; RESET is ResetOnLogon, Y or N. VERSION is 4.2, 4.4 or 5.0SP2, and
// DICTIONARIES the folder of the data dictionaries with which the engine checks, field by field, what it receives.
//
//   input                                              output
//   order ID SIDE SYMBOL QTY PRICE|market [TIF]        IN  <message with | for SOH>     every message received
//   replace ID ORIG SIDE SYMBOL QTY PRICE              OUT <message with | for SOH>     every message sent
//   cancel ID ORIG SIDE SYMBOL QTY                     EVENT <text>                     what the engine says
//   status ID SIDE SYMBOL                              LOGON | LOGOUT                   session up, session down
//   testrequest TEXT
//   disconnect            cuts the connection without a Logout; the engine connects again by itself
//   logout                says Logout and stays away
//   quit
#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/Log.h>
#include <quickfix/Session.h>
#include <quickfix/SocketInitiator.h>
#if HAVE_SSL
#include <quickfix/SSLSocketInitiator.h>
#endif

#include <algorithm>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>

namespace {

// The engine's threads and the command loop print; a line must never be torn.
void say(const std::string& line) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  std::cout << line << std::endl;
}

std::string readable(std::string message) {
  std::replace(message.begin(), message.end(), '\001', '|');
  return message;
}

class LineLog : public FIX::Log {
 public:
  void clear() override {}
  void backup() override {}
  void onIncoming(const std::string& message) override { say("IN " + readable(message)); }
  void onOutgoing(const std::string& message) override { say("OUT " + readable(message)); }
  void onEvent(const std::string& text) override { say("EVENT " + readable(text)); }
};

class LineLogFactory : public FIX::LogFactory {
 public:
  FIX::Log* create() override { return new LineLog; }
  FIX::Log* create(const FIX::SessionID&) override { return new LineLog; }
  void destroy(FIX::Log* log) override { delete log; }
};

class Client : public FIX::NullApplication {
 public:
  explicit Client(std::string user) : user_(std::move(user)) {}
  void onLogon(const FIX::SessionID&) override { say("LOGON"); }
  void onLogout(const FIX::SessionID&) override { say("LOGOUT"); }
  void toAdmin(FIX::Message& message, const FIX::SessionID&) override {
    FIX::MsgType type;
    message.getHeader().getField(type);
    if (type == FIX::MsgType_Logon) {
      message.setField(FIX::Username(user_));
      message.setField(FIX::Password(user_));
    }
  }

 private:
  std::string user_;
};

std::string beginString(const std::string& version) { return version == "5.0SP2" ? "FIXT.1.1" : "FIX." + version; }

FIX::SessionSettings settingsOf(int argc, char** argv) {
  std::ostringstream text;
  text << "[DEFAULT]\nConnectionType=initiator\nReconnectInterval=1\nStartTime=00:00:00\nEndTime=00:00:00\n"
       << "ResetOnLogon=" << argv[7] << "\nResetOnLogout=N\nResetOnDisconnect=N\nMillisecondsInTimeStamp=Y\n"
       << "FileStorePath=" << argv[5] << "\nHeartBtInt=" << argv[6] << "\n";
  const std::string version = argv[8], folder = std::string(argv[9]) + "/";
  text << "UseDataDictionary=Y\nValidateUserDefinedFields=Y\n";
  if (version == "5.0SP2") {
    text << "TransportDataDictionary=" << folder << "FIXT11.xml\nAppDataDictionary=" << folder << "FIX50SP2.xml\nDefaultApplVerID=FIX.5.0SP2\n";
  } else {
    text << "DataDictionary=" << folder << (version == "4.2" ? "FIX42.xml" : "FIX44.xml") << "\n";
  }
  if (argc > 10) {
    text << "CertificationAuthoritiesFile=" << argv[10] << "\n";
  }
  if (argc > 12) {
    text << "ClientCertificateFile=" << argv[11] << "\nClientCertificateKeyFile=" << argv[12] << "\n";
  }
  text << "[SESSION]\nBeginString=" << beginString(version) << "\nSenderCompID=" << argv[3] << "\nTargetCompID=" << argv[4] << "\n";
  std::istringstream ports(argv[2]);
  std::string suffix;
  int entry = 0;
  for (std::string port; std::getline(ports, port, ',');) {
    text << "SocketConnectHost" << suffix << "=" << argv[1] << "\nSocketConnectPort" << suffix << "=" << port << "\n";
    suffix = std::to_string(++entry);
  }
  std::istringstream stream(text.str());
  return FIX::SessionSettings(stream);
}

std::unique_ptr<FIX::Initiator> makeInitiator(bool secured, FIX::Application& client, FIX::MessageStoreFactory& stores, const FIX::SessionSettings& settings, FIX::LogFactory& logs) {
  if (!secured) {
    return std::unique_ptr<FIX::Initiator>(new FIX::SocketInitiator(client, stores, settings, logs));
  }
#if HAVE_SSL
  return std::unique_ptr<FIX::Initiator>(new FIX::SSLSocketInitiator(client, stores, settings, logs));
#else
  throw std::runtime_error("compiled without OpenSSL's headers");
#endif
}

// The messages are built field by field, because the engine has one class for each message of each version.
FIX::Message message(const char* type, const std::string& id, char side, const std::string& symbol, const FIX::SessionID& session) {
  FIX::Message message;
  message.getHeader().setField(FIX::MsgType(type));
  message.setField(FIX::ClOrdID(id));
  message.setField(FIX::Symbol(symbol));
  message.setField(FIX::Side(side));
  if (*type != 'H') {
    message.setField(FIX::TransactTime(3));
  }
  if ((*type == 'D' || *type == 'G') && session.getBeginString() == FIX::BeginString(FIX::BeginString_FIX42)) {
    message.setField(FIX::HandlInst('1'));
  }
  return message;
}

void order(std::istringstream& words, const FIX::SessionID& session) {
  std::string id, symbol, price, tif;
  char side = 0;
  double quantity = 0;
  words >> id >> side >> symbol >> quantity >> price >> tif;
  bool market = price == "market";
  FIX::Message request = message("D", id, side, symbol, session);
  request.setField(FIX::OrdType(market ? '1' : '2'));
  request.setField(FIX::OrderQty(quantity));
  if (!market) {
    request.setField(FIX::Price(std::stod(price)));
  }
  if (!tif.empty()) {
    request.setField(FIX::TimeInForce(tif[0]));
  }
  FIX::Session::sendToTarget(request, session);
}

void replace(std::istringstream& words, const FIX::SessionID& session) {
  std::string id, original, symbol;
  char side = 0;
  double quantity = 0, price = 0;
  words >> id >> original >> side >> symbol >> quantity >> price;
  FIX::Message request = message("G", id, side, symbol, session);
  request.setField(FIX::OrigClOrdID(original));
  request.setField(FIX::OrdType('2'));
  request.setField(FIX::OrderQty(quantity));
  request.setField(FIX::Price(price));
  FIX::Session::sendToTarget(request, session);
}

void cancel(std::istringstream& words, const FIX::SessionID& session) {
  std::string id, original, symbol;
  char side = 0;
  double quantity = 0;
  words >> id >> original >> side >> symbol >> quantity;
  FIX::Message request = message("F", id, side, symbol, session);
  request.setField(FIX::OrigClOrdID(original));
  request.setField(FIX::OrderQty(quantity));
  FIX::Session::sendToTarget(request, session);
}

void status(std::istringstream& words, const FIX::SessionID& session) {
  std::string id, symbol;
  char side = 0;
  words >> id >> side >> symbol;
  FIX::Message request = message("H", id, side, symbol, session);
  FIX::Session::sendToTarget(request, session);
}

// False when the program is to end.
bool execute(const std::string& line, const FIX::SessionID& id) {
  std::istringstream words(line);
  std::string verb;
  words >> verb;
  if (verb == "order") {
    order(words, id);
  } else if (verb == "replace") {
    replace(words, id);
  } else if (verb == "cancel") {
    cancel(words, id);
  } else if (verb == "status") {
    status(words, id);
  } else if (verb == "testrequest") {
    std::string text;
    words >> text;
    FIX::Message request;
    request.getHeader().setField(FIX::MsgType(FIX::MsgType_TestRequest));
    request.setField(FIX::TestReqID(text));
    FIX::Session::sendToTarget(request, id);
  } else if (verb == "disconnect") {
    FIX::Session::lookupSession(id)->disconnect();
  } else if (verb == "logout") {
    FIX::Session::lookupSession(id)->logout();
  } else if (verb == "quit") {
    return false;
  } else if (!verb.empty()) {
    say("ERROR unknown command " + verb);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 10) {
    std::cerr << "initiator HOST PORT[,PORT] SENDER TARGET STORE HEARTBEAT RESET VERSION DICTIONARIES [AUTHORITY [CERTIFICATE KEY]]" << std::endl;
    return 2;
  }

  try {
    FIX::SessionSettings settings = settingsOf(argc, argv);
    FIX::SessionID id(beginString(argv[8]), argv[3], argv[4]);
    Client client(argv[3]);
    FIX::FileStoreFactory stores(settings);
    LineLogFactory logs;
    std::unique_ptr<FIX::Initiator> initiator = makeInitiator(argc > 10, client, stores, settings, logs);
    initiator->start();
    for (std::string line; std::getline(std::cin, line) && execute(line, id);) {
    }
    initiator->stop(true);
    return 0;
  } catch (const std::exception& e) {
    say(std::string("ERROR ") + e.what());
    return 1;
  }
}
