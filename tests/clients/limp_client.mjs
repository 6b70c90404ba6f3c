// A client that does what LIMP's README and its SDK say, on the libraries that they would be used with.
import jwt from 'jsonwebtoken';
import WebSocket from 'ws';

export const anonToken = '__ANON';
export const anonSession = 'f00000000000000000000012';
export const admin = { email: 'ADMIN@LIMP.MASAAR.COM', username: '__ADMIN', phone: '+971500000000', password: '__ADMIN' };

// jsonwebtoken adds iat by itself unless told otherwise.
export const sign = (payload, key, options = { noTimestamp: true }) => jwt.sign(payload, key, options);
export const payloadSegment = (payload, key) => sign(payload, key).split('.')[1];
export const sdkHash = (key, value, password) => payloadSegment({ hash: [key, value, password] }, password);
export const readmeHash = (key, value, password) => sign({ [key]: value, password }, password);

const patience = 30_000;

export class LimpClient {
  #waiting = new Map();
  #calls = 0;
  token = anonToken;

  // Resolves when the greeting has come.
  static connect(port, { subprotocols = [], options = {} } = {}) {
    return LimpClient.on(new WebSocket(`ws://127.0.0.1:${port}/ws`, subprotocols, options));
  }

  // The same with a socket that was made elsewhere.
  static async on(socket) {
    const client = new LimpClient();
    client.socket = socket;
    client.closed = new Promise((resolve) => client.socket.on('close', (code) => resolve(code)));
    client.socket.on('error', () => {});
    client.greeting = await new Promise((resolve, reject) => {
      client.socket.once('message', (data) => resolve(JSON.parse(data)));
      client.closed.then((code) => reject(new Error(`closed with ${code} before the greeting`)));
    });
    client.socket.on('message', (data) => client.#take(JSON.parse(data)));
    return client;
  }

  #take(frame) {
    const answer = frame.token ? jwt.decode(frame.token) : frame;
    const id = answer.args?.call_id ?? frame.call_id;
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve({ ...answer, frame });
  }

  // Sends a frame as it is; resolves with the answer that has that call_id.
  send(frame, callId) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${callId}`)), patience);
      this.#waiting.set(callId, { resolve, timer });
      this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    });
  }

  call(endpoint, { query = {}, doc = {}, key = this.token } = {}) {
    const callId = `c${++this.#calls}`;
    return this.send({ token: sign({ query, doc, endpoint, call_id: callId }, key), call_id: callId }, callId);
  }

  async auth(key, value, password) {
    const answer = await this.call('session/auth', { doc: { hash: sdkHash(key, value, password), [key]: value } });
    if (answer.status === 200) this.token = answer.args.docs[0].token;
    return answer;
  }

  close() {
    this.socket.close(1000);
    return this.closed;
  }
}
