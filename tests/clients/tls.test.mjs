// TLS: what ALPN chooses, certificates that are renewed, clients that show one, the port for plain HTTP.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import tls from 'node:tls';
import WebSocket from 'ws';
import { newCertificate, newFolder } from './certificates.mjs';
import { runToEnd, startDaemon } from './daemon.mjs';
import { ask, connectHttp2, openSocket } from './http2_socket.mjs';
import { LimpClient } from './limp_client.mjs';

const { folder, remove } = newFolder();
after(remove);
const first = newCertificate(folder, 'first');
const second = newCertificate(folder, 'second');
const server = { certificate: `${folder}/server.pem`, key: `${folder}/server.key` };

const install = (from) => {
  copyFileSync(from.certificate, server.certificate);
  copyFileSync(from.key, server.key);
};
const start = (env = {}) => {
  install(first);
  return startDaemon({
    modules: 'tests/calls/modules',
    env: { LIMP_TLS_CERTIFICATE_FILE: server.certificate, LIMP_TLS_KEY_FILE: server.key, ...env },
  });
};
const trusting = { ca: [readFileSync(first.certificate), readFileSync(second.certificate)] };

// The name in the certificate that is shown.
const shown = (port) =>
  new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ...trusting }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.end();
    });
    socket.on('error', reject);
  });

const plain = (port, path) =>
  new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', path }, (answer) => resolve(answer) || answer.resume()).on('error', reject);
  });

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

test('calls over wss, by HTTP/1.1 and by HTTP/2', async () => {
  const daemon = await start();
  const one = await LimpClient.on(new WebSocket(`wss://127.0.0.1:${daemon.port}/ws`, [], trusting));
  assert.equal((await one.call('user/read')).status, 200);
  const session = await connectHttp2(`https://127.0.0.1:${daemon.port}`, trusting);
  assert.equal(session.alpnProtocol, 'h2');
  const two = await LimpClient.on((await openSocket(session)).socket);
  assert.equal((await two.call('user/read')).status, 200);
  const large = 'x'.repeat(1_000_000);
  const made = await two.call('kind/create', { query: { $soft: true }, doc: { name: large } });
  assert.equal(made.args.docs[0].name, large);
  assert.equal((await ask(session, { ':path': '/' })).status, 200);
  await one.close();
  await two.close();
  session.close();
  assert.equal(await daemon.stop(), 0);
});

test('a certificate is renewed while connections stay', async () => {
  const daemon = await start();
  const client = await LimpClient.on(new WebSocket(`wss://127.0.0.1:${daemon.port}/ws`, [], trusting));
  assert.equal(await shown(daemon.port), 'first');
  install(second);
  assert.match(await daemon.hangUp(), /read the TLS certificate again/);
  assert.equal(await shown(daemon.port), 'second');

  copyFileSync(first.key, server.key);
  assert.match(await daemon.hangUp(), /certificate of before stays.*is not the key of the certificate in/);
  writeFileSync(server.certificate, 'nothing');
  assert.match(await daemon.hangUp(), /certificate of before stays.*BEGIN CERTIFICATE/);
  assert.equal(await shown(daemon.port), 'second');
  assert.equal((await client.call('user/read')).status, 200);
  await client.close();
  assert.equal(await daemon.stop(), 0);
});

test('without TLS SIGHUP changes nothing', async () => {
  const daemon = await startDaemon({ modules: 'tests/calls/modules' });
  assert.match(await daemon.hangUp(), /no TLS certificate/);
  assert.equal((await plain(daemon.port, '/')).statusCode, 200);
  assert.equal(await daemon.stop(), 0);
});

test('plain HTTP: told so on the port, sent to https:// from the other', async () => {
  const other = await freePort();
  const daemon = await start({ LIMP_TLS_REDIRECT_PORT: String(other), LIMP_TLS_HSTS_SECONDS: '3600' });
  assert.equal((await plain(daemon.port, '/')).statusCode, 400);
  const sent = await plain(other, '/blog/read?x=1');
  assert.equal(sent.statusCode, 308);
  assert.equal(sent.headers.location, `https://127.0.0.1:${daemon.port}/blog/read?x=1`);
  const session = await connectHttp2(`https://127.0.0.1:${daemon.port}`, trusting);
  const answer = await ask(session, { ':path': '/' });
  assert.equal(answer.headers['strict-transport-security'], 'max-age=3600');
  session.close();
  assert.equal(await daemon.stop(), 0);
});

test('clients without a certificate stay outside, when one is asked for', async () => {
  const daemon = await start({ LIMP_TLS_CLIENT_AUTHORITIES_FILE: second.certificate });
  const own = { cert: readFileSync(second.certificate), key: readFileSync(second.key) };
  const client = await LimpClient.on(new WebSocket(`wss://127.0.0.1:${daemon.port}/ws`, [], { ...trusting, ...own }));
  assert.equal((await client.call('user/read')).status, 200);
  await client.close();
  await assert.rejects(LimpClient.on(new WebSocket(`wss://127.0.0.1:${daemon.port}/ws`, [], trusting)));
  assert.equal(await daemon.stop(), 0);
});

test('a start says which file is wrong, and with what', async () => {
  const refused = async (env) => {
    const ended = await runToEnd(['-p', '0', '--modules', 'examples', '--check'], { LIMP_DATA_DRIVER: 'memory', ...env });
    assert.equal(ended.code, 2);
    return ended.err;
  };
  const files = (certificate, key) => ({ LIMP_TLS_CERTIFICATE_FILE: certificate, LIMP_TLS_KEY_FILE: key });
  assert.match(await refused(files(`${folder}/none`, first.key)), /none: cannot be read: No such file/);
  assert.match(await refused(files(first.certificate, second.key)), /second\.key: is not the key of the certificate in .*first\.pem/);
  assert.match(await refused({ LIMP_TLS_KEY_FILE: first.key }), /"tls_certificate_file" too/);
});
