// A WebSocket of `ws` on a stream of Node's http2 (RFC 8441), which ws by itself does not open.
import http2 from 'node:http2';
import WebSocket, { PerMessageDeflate, extension as extensions } from 'ws';

// A connection that knows the server's settings. `origin`: 'http://127.0.0.1:8081'.
export async function connectHttp2(origin, options = {}) {
  const session = http2.connect(origin, options);
  await new Promise((resolve, reject) => {
    session.once('remoteSettings', resolve);
    session.once('error', reject);
  });
  return session;
}

// What a request is answered with: {status, headers, body}.
export function ask(session, headers, body) {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    let text = '';
    let head;
    stream.setEncoding('utf8');
    stream.on('response', (answered) => (head = answered));
    stream.on('data', (data) => (text += data));
    stream.on('end', () => resolve({ status: head[':status'], headers: head, body: text }));
    stream.on('error', reject);
  });
}

// The socket, once the server has accepted it; it throws the status otherwise.
export async function openSocket(session, { path = '/ws', subprotocols = [], deflate = false } = {}) {
  const extension = new PerMessageDeflate({ threshold: 0, isServer: false, maxPayload: 100 * 1024 * 1024 });
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':path': path,
    'sec-websocket-version': '13',
    ...(subprotocols.length ? { 'sec-websocket-protocol': subprotocols.join(', ') } : {}),
    ...(deflate ? { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' } : {}),
  });
  const headers = await new Promise((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('error', reject);
  });
  if (headers[':status'] !== 200) {
    stream.resume();
    throw headers[':status'];
  }
  // A client's socket, though nobody has asked ws to connect.
  const socket = new WebSocket(null, undefined, {});
  socket._isServer = false;
  const agreed = headers['sec-websocket-extensions'];
  if (agreed) {
    extension.accept(extensions.parse(agreed)['permessage-deflate']);
    socket._extensions['permessage-deflate'] = extension;
  }
  socket._protocol = headers['sec-websocket-protocol'] ?? '';
  socket.setSocket(stream, Buffer.alloc(0), { allowSynchronousEvents: true, maxPayload: 100 * 1024 * 1024 });
  return { socket, stream };
}
