// A client made of jspurefix for FIX 4.2 and 4.4, driven line by line through its standard input, so that a test can put a second foreign
// engine opposite the exchange: one that pads BodyLength with zeros and checks each message against a dictionary: that of the exchange, or
// in FIX 4.4 its own when DICTIONARIES is "-" (that of FIX 4.2 knows no password).
//
// What must hold: everything that this program knows of a session is in the engine's own file store, so that killing it and
// starting it again with the same store is a client that crashed and came back. Commands and output are those of the QuickFIX
// client beside this one (see ../quickfix/initiator.cpp).
//
//   node initiator.js HOST PORT SENDER TARGET STORE HEARTBEAT VERSION DICTIONARIES [TLS AUTHORITY [CERTIFICATE KEY]]
//
// Username and password are SENDER. With TLS, which is the one version to be spoken (TLSv1.2 or TLSv1.3), the engine takes only a server
// whose certificate AUTHORITY signed for HOST; with CERTIFICATE and KEY it shows a certificate of its own. All three are PEM files.
'use strict'

require('reflect-metadata')
const fs = require('node:fs')
const readline = require('node:readline')
const { AsciiSession, SessionLauncher, EmptyLogFactory } = require('jspurefix')

const [host, port, sender, target, store, heartbeat, version, dictionaries, tls, authority, certificate, key] = process.argv.slice(2)
if (dictionaries === undefined) {
  process.stderr.write('node initiator.js HOST PORT SENDER TARGET STORE HEARTBEAT VERSION DICTIONARIES [TLS AUTHORITY [CERTIFICATE KEY]]\n')
  process.exit(2)
}

// The exchange's dictionary has the fields of components in the message itself.
const is42 = version === '4.2'
const isFlat = dictionaries !== '-'
const instrument = symbol => isFlat ? { Symbol: symbol } : { Instrument: { Symbol: symbol } }
const orderQty = quantity => isFlat ? { OrderQty: Number(quantity) } : { OrderQtyData: { OrderQty: Number(quantity) } }
const handling = is42 ? { HandlInst: '1' } : {}

const read = file => file === undefined ? undefined : fs.readFileSync(file)
const secured = tls === undefined
  ? {}
  : { tls: { nodeTlsConnectionOptions: { minVersion: tls, maxVersion: tls, ca: read(authority), cert: read(certificate), key: read(key) } } }

const say = line => process.stdout.write(line + '\n')

// The one session of this process; the engine creates it, the command loop uses it.
let session = null
let up = false

class Client extends AsciiSession {
  constructor (config) {
    super(config)
    session = this
  }

  onDecoded (_msgType, text) { say('IN ' + text) }
  onEncoded (_msgType, text) { say('OUT ' + text) }
  onLogon () { return true }
  onReady () { up = true; say('LOGON') }
  onApplicationMsg () { }
  onStopped (error) {
    if (error) say('EVENT ' + error.message)
    if (up) say('LOGOUT')
    up = false
  }

  // A destroyed socket says nothing to its reader, which waits for the end of the stream; the engine sees a peer that vanished.
  cut () {
    const socket = this.transport?.duplex.readable
    socket?.destroy()
    socket?.emit('end')
  }

  post (msgType, body) {
    this.send(msgType, body, error => { if (error) say('ERROR ' + error.message) })
  }
}

class Launcher extends SessionLauncher {
  constructor () {
    super({
      application: {
        type: 'initiator',
        name: sender,
        resilient: true,
        reconnectSeconds: 1,
        recoveryAttemptSeconds: 1,
        backoffFailConnectSeconds: 1,
        protocol: 'ascii',
        dictionary: isFlat ? `${dictionaries}/FIX${version.replace('.', '')}.xml` : 'qf44',
        tcp: { host, port: Number(port), ...secured }
      },
      Name: sender,
      SenderCompId: sender,
      TargetCompID: target,
      Username: sender,
      Password: sender,
      EncryptMethod: 0,
      ResetSeqNumFlag: false,
      HeartBtInt: Number(heartbeat),
      BeginString: `FIX.${version}`,
      store: { type: 'file', directory: store }
    }, null, new EmptyLogFactory())
  }

  makeFactory () { return { makeSession: config => new Client(config) } }
}

const limit = (quantity, price) => ({
  ...orderQty(quantity),
  ...handling,
  OrdType: price === 'market' ? '1' : '2',
  ...(price === 'market' ? {} : { Price: Number(price) })
})

const verbs = {
  order: (id, side, symbol, quantity, price, tif) => session.post('D', {
    ClOrdID: id,
    Side: side,
    ...instrument(symbol),
    TransactTime: new Date(),
    ...limit(quantity, price),
    ...(tif ? { TimeInForce: tif } : {})
  }),
  replace: (id, original, side, symbol, quantity, price) => session.post('G', {
    ClOrdID: id,
    OrigClOrdID: original,
    Side: side,
    ...instrument(symbol),
    TransactTime: new Date(),
    ...limit(quantity, price)
  }),
  cancel: (id, original, side, symbol, quantity) => session.post('F', {
    ClOrdID: id,
    OrigClOrdID: original,
    Side: side,
    ...instrument(symbol),
    TransactTime: new Date(),
    ...orderQty(quantity)
  }),
  status: (id, side, symbol) => session.post('H', { ClOrdID: id, Side: side, ...instrument(symbol) }),
  testrequest: text => session.post('1', { TestReqID: text }),
  disconnect: () => session.cut(),
  logout: () => session.done(),
  quit: () => process.exit(0)
}

const launcher = new Launcher()
launcher.run().then(() => process.exit(0), error => { say('ERROR ' + error.message); process.exit(1) })

readline.createInterface({ input: process.stdin }).on('line', line => {
  const [verb, ...words] = line.trim().split(/\s+/)
  const execute = verbs[verb]
  if (execute === undefined) {
    say('ERROR unknown command ' + verb)
  } else if (session === null && verb !== 'quit') {
    say('ERROR no session yet')
  } else {
    execute(...words)
  }
}).on('close', () => process.exit(0))
