// A browser that has a page over HTTP/2 opens its socket on a stream of the same connection: its net log says so.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { newCertificate, newFolder } from './certificates.mjs';
import { startDaemon } from './daemon.mjs';

const { folder, remove } = newFolder();
const { certificate, key } = newCertificate(folder);
after(remove);

const patience = 60_000;

// Starts Chromium; {command(method, params, session), ended}.
async function startBrowser(netLog) {
  const child = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--ignore-certificate-errors', '--remote-debugging-port=0', `--user-data-dir=${folder}/chromium`, `--log-net-log=${netLog}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  );
  const killer = setTimeout(() => child.kill('SIGKILL'), patience);
  const ended = new Promise((resolve) => child.on('close', resolve)).finally(() => clearTimeout(killer));
  let said = '';
  const address = await new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said += data;
      const listening = /DevTools listening on (ws:\S+)/.exec(said);
      if (listening) resolve(listening[1]);
    });
    child.on('error', reject);
    ended.then(() => reject(new Error(`chromium ended; it said:\n${said}`)));
  });
  const tools = new WebSocket(address);
  await new Promise((resolve, reject) => tools.on('open', resolve).on('error', reject));
  const waiting = new Map();
  tools.on('message', (data) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(error ? { error } : result);
    waiting.delete(id);
  });
  let last = 0;
  const command = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      tools.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
  return { command, ended };
}

// What runs in the page.
const story = `new Promise((resolve) => {
  const seen = [];
  const socket = new WebSocket('wss://' + location.host + '/ws');
  socket.onmessage = ({ data }) => {
    seen.push(data);
    if (seen.length <= 100) socket.send('{"call_id":"' + seen.length + '", "padding": "' + 'x'.repeat(seen.length * 50) + '"}');
    else socket.close(1000);
  };
  socket.onclose = ({ code }) =>
    resolve(JSON.stringify({ code, greeting: seen[0], answers: seen.length - 1, extensions: socket.extensions,
      page: performance.getEntriesByType('navigation')[0].nextHopProtocol }));
})`;

test('a socket of Chromium is an extended CONNECT', async () => {
  const daemon = await startDaemon({
    modules: 'tests/calls/modules',
    env: { LIMP_TLS_CERTIFICATE_FILE: certificate, LIMP_TLS_KEY_FILE: key },
  });
  const netLog = `${folder}/net.json`;
  const browser = await startBrowser(netLog);
  const { targetId } = await browser.command('Target.createTarget', { url: `https://127.0.0.1:${daemon.port}/` });
  const { sessionId } = await browser.command('Target.attachToTarget', { targetId, flatten: true });
  // The page may still be on its way.
  let at;
  for (const deadline = Date.now() + patience; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 100))) {
    at = await browser.command('Runtime.evaluate', { expression: 'document.readyState + location.protocol' }, sessionId);
    if (at.result?.value === 'completehttps:') break;
  }
  const told = await browser.command('Runtime.evaluate', { expression: story, awaitPromise: true }, sessionId);
  assert.equal(typeof told.result?.value, 'string', JSON.stringify({ at, told }));
  const seen = JSON.parse(told.result.value);
  browser.command('Browser.close');
  await browser.ended;
  assert.equal(await daemon.stop(), 0);

  assert.equal(seen.page, 'h2');
  assert.equal(seen.code, 1000);
  assert.equal(JSON.parse(seen.greeting).msg, 'Connection established.');
  assert.equal(seen.answers, 100);
  assert.match(seen.extensions, /permessage-deflate/);
  const log = readFileSync(netLog, 'utf8');
  assert.match(log, /":method: CONNECT"[^\]]*":protocol: websocket"/, 'the net log has the extended CONNECT');
});
