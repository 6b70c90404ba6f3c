// HTTP/2 by Node's client, without TLS: requests, and sockets of `ws` on its streams.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { startDaemon } from './daemon.mjs';
import { ask, connectHttp2, openSocket } from './http2_socket.mjs';
import { LimpClient, admin } from './limp_client.mjs';

let daemon;
let session;
before(async () => {
  daemon = await startDaemon({ modules: 'tests/calls/modules' });
  session = await connectHttp2(`http://127.0.0.1:${daemon.port}`);
});
after(async () => {
  session.close();
  assert.equal(await daemon.stop(), 0);
});

const open = async (options) => LimpClient.on((await openSocket(session, options)).socket);

test('the settings allow sockets', () => assert.equal(session.remoteSettings.enableConnectProtocol, true));

test('requests are answered as over HTTP/1.1', async () => {
  for (const [path, method] of [['/', 'GET'], ['/', 'HEAD'], ['/nothing/here', 'GET'], ['/call', 'OPTIONS'], ['/call', 'GET'], ['/ws', 'GET']]) {
    const over1 = await fetch(`http://127.0.0.1:${daemon.port}${path}`, { method });
    const over2 = await ask(session, { ':path': path, ':method': method });
    assert.equal(over2.status, over1.status, path);
    assert.equal(over2.body, await over1.text(), path);
    for (const name of ['content-type', 'content-length', 'allow', 'vary']) {
      if (method === 'HEAD' && name === 'content-length') continue; // fetch leaves it out
      assert.equal(over2.headers[name] ?? null, over1.headers.get(name), `${path} ${name}`);
    }
  }
});

test('sockets on one connection have sessions of their own', async () => {
  const signedIn = await open();
  const stranger = await open({ subprotocols: ['limp.jwt'] });
  assert.equal(stranger.socket.protocol, 'limp.jwt');
  assert.equal((await signedIn.auth('email', admin.email, admin.password)).status, 200);
  assert.equal((await signedIn.call('user/read')).status, 200);
  const [mine, theirs] = [await signedIn.call('session/read'), await stranger.call('session/read')];
  assert.notDeepEqual(mine.status === 200 && mine.args.docs, theirs.status === 200 && theirs.args.docs);
  await signedIn.close();
  await stranger.close();
});

for (const deflate of [false, true]) {
  test(`big messages, deflate ${deflate}`, async () => {
    const client = await open({ deflate });
    for (const size of [0, 1, 125, 126, 1023, 1024, 65_535, 65_536, 1_000_000]) {
      const text = Array.from({ length: Math.ceil(size / 10) }, (_, i) => String(i * 7919).padStart(10, 'x')).join('').slice(0, size);
      const made = await client.call('kind/create', { query: { $soft: true }, doc: { name: text } });
      assert.equal(made.status, 200, `${size}: ${made.msg}`);
      assert.equal(made.args.docs[0].name, text);
    }
    await client.close();
  });
}

test('many sockets, many calls at once', async () => {
  const clients = await Promise.all(Array.from({ length: 40 }, () => open()));
  const answers = await Promise.all(clients.flatMap((client) => Array.from({ length: 100 }, () => client.call('user/read'))));
  assert.ok(answers.every((answer) => answer.status === 200));
  await Promise.all(clients.map((client) => client.close()));
});

test('a stream that is reset leaves the others', async () => {
  const { stream } = await openSocket(session);
  const other = await open();
  stream.close(8);
  await once(stream, 'close');
  assert.equal((await other.call('user/read')).status, 200);
  await other.close();
});

test('refused: another path', async () => {
  await assert.rejects(openSocket(session, { path: '/elsewhere' }), (status) => status === 404);
});

test('at its end limpd goes away in order', async () => {
  const own = await startDaemon({ modules: 'tests/calls/modules' });
  const connection = await connectHttp2(`http://127.0.0.1:${own.port}`);
  const client = await LimpClient.on((await openSocket(connection)).socket);
  const goaway = once(connection, 'goaway');
  const stopped = own.stop();
  assert.equal((await goaway)[0], 0);
  assert.equal(await client.closed, 1001);
  assert.equal(await stopped, 0);
});
