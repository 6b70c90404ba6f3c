// A limpd of one's own: a child process on a free port, with an empty data folder. LIMPD names the program.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const program = process.env.LIMPD ?? join(root, 'build', 'dev', 'limpd');

const patience = 30_000;

// What is set for limpd outside must not reach the one that is tested.
const clean = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LIMP_.*|PORT|ENV|DEBUG)$/.test(name))
);

// Runs limpd to its end, with that text as its standard input: {code, out, err}.
export function runToEnd(args, env = {}, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env: { ...clean, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {}); // it may leave without reading
    child.stdin.end(input);
    const said = { out: '', err: '' };
    child.stdout.on('data', (data) => (said.out += data));
    child.stderr.on('data', (data) => (said.err += data));
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...said });
    });
  });
}

// Starts limpd and waits until it listens: {port, pid, log(), hangUp(), stop()}. stop() sends SIGTERM and gives the exit code;
// it may be called again.
export async function startDaemon({ args = [], env = {}, modules = 'examples', listenOn = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'limpd-clients-'));
  const child = spawn(
    program,
    ['-p', String(listenOn), '--address', '127.0.0.1', '--modules', modules, ...(args.includes('--data') ? [] : ['--data', join(folder, 'limp.db')]), ...args],
    {
      cwd: root,
      env: { ...clean, LIMP_PASSWORD_OPERATIONS: '1', LIMP_PASSWORD_MEMORY_KIB: '8192', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    }
  );
  let log = '';
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  const listening = new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      log += data;
      const address = /address=wss?:\/\/\S+:(\d+)\/ws/.exec(log);
      if (address) resolve(Number(address[1]));
    });
    child.on('error', reject);
    ended.then((code) => reject(new Error(`limpd ended with ${code}; it said:\n${log}`)));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  const port = await listening.finally(() => clearTimeout(timer));

  const stop = async () => {
    const killer = setTimeout(() => child.kill('SIGKILL'), patience);
    if (child.exitCode === null) child.kill('SIGTERM');
    const code = await ended;
    clearTimeout(killer);
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  // SIGHUP, and what limpd then says of it.
  const hangUp = async () => {
    const from = log.length;
    child.kill('SIGHUP');
    const deadline = Date.now() + patience;
    while (!/SIGHUP.*\n/.test(log.slice(from))) {
      if (Date.now() > deadline) throw new Error(`limpd does not answer SIGHUP; it said:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return log.slice(from);
  };
  return { port, pid: child.pid, log: () => log, hangUp, stop };
}
