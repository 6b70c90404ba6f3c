import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client, LimpError, decode, sign, type Frame } from '../src/index.js';

// A socket that a test plays limpd on.
class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }
  sent: { token: string; call_id: string }[] = [];
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.onclose?.();
  }
  greet(): void {
    this.onmessage!({ data: '{"status":200,"msg":"Connection established."}' });
  }
  async call(at: number): Promise<any> {
    await vi.waitFor(() => expect(this.sent.length).toBeGreaterThan(at));
    return decode(this.sent[at]!.token).payload;
  }
  async answer(at: number, answer: { status: number; msg?: string; args?: object }): Promise<void> {
    const { call_id } = await this.call(at);
    this.onmessage!({ data: JSON.stringify({ msg: '', ...answer, args: { ...answer.args, call_id } }) });
  }
}

const session = { _id: 'a'.repeat(24), token: 'T' };
const signedIn = { status: 200, args: { docs: [session] } };
let client: Client;

function make(options: object = {}): Client {
  client = new Client({ url: 'ws://limpd/ws', WebSocket: FakeSocket as any, retryMin: 1, retryMax: 1, ...options });
  return client;
}

async function connected(options: object = {}): Promise<FakeSocket> {
  const open = make(options).connect();
  FakeSocket.last.greet();
  await open;
  return FakeSocket.last;
}

function storage(initial?: object) {
  const kept = new Map<string, string>(initial ? [['limp.session', JSON.stringify(initial)]] : []);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

beforeEach(() => (FakeSocket.all = []));
afterEach(() => client?.close());

test('a token is what RFC 7515 says, in any script', async () => {
  const token = await sign({ name: 'مدونة' }, 'k');
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{43}$/);
  expect(decode(token)).toEqual({ header: { alg: 'HS256', typ: 'JWT' }, payload: { name: 'مدونة' } });
  expect(() => decode('a.b')).toThrow('three segments');
  await expect(sign({}, '')).rejects.toThrow('empty key');
});

test('calls wait for the greeting, go out in order, and are answered in any', async () => {
  const calls = [make().call('a/read'), client.call('b/read')];
  void client.connect();
  FakeSocket.last.greet();
  const socket = FakeSocket.last;
  expect((await socket.call(0)).endpoint).toBe('a/read');
  await socket.answer(1, { status: 200, msg: 'second' });
  await socket.answer(0, { status: 200, msg: 'first' });
  expect((await Promise.all(calls)).map((answer) => answer.msg)).toEqual(['first', 'second']);
});

test('a refusal is an error with status, code and message', async () => {
  const socket = await connected();
  const call = client.call('a/read');
  await socket.answer(0, { status: 403, msg: 'No.', args: { code: 'CORE_SESSION_FORBIDDEN' } });
  const error = await call.catch((caught) => caught);
  expect(error).toBeInstanceOf(LimpError);
  expect(error).toMatchObject({ status: 403, code: 'CORE_SESSION_FORBIDDEN', message: 'No.' });
});

test('what is called behind a sign-in is signed with its token, and the session is kept', async () => {
  const kept = storage();
  const socket = await connected({ storage: kept });
  const auth = client.auth('email', 'ann@example.com', 'P');
  expect((await socket.call(0)).doc.email).toBe('ann@example.com');
  const call = client.call('a/read');
  await socket.answer(0, signedIn);
  expect(await auth).toEqual(session);
  const { endpoint, call_id } = await socket.call(1);
  expect(endpoint).toBe('a/read');
  expect(socket.sent[1]!.token).toBe(await sign({ endpoint, call_id }, 'T'));
  await socket.answer(1, { status: 200 });
  await call;
  expect(JSON.parse(kept.getItem('limp.session')!)).toEqual(session);
});

test('a lost connection rejects what was sent, keeps what was not, and goes on with the session', async () => {
  const first = await connected();
  const auth = client.auth('username', 'ann', 'P');
  await first.answer(0, signedIn);
  await auth;
  const inFlight = client.call('a/create');
  await first.call(1);
  first.close();
  await expect(inFlight).rejects.toMatchObject({ code: 'SDK_CONNECTION_LOST' });
  const waiting = client.call('a/read');
  await vi.waitFor(() => expect(FakeSocket.all.length).toBe(2));
  FakeSocket.last.greet();
  expect((await FakeSocket.last.call(0)).endpoint).toBe('session/reauth');
  await FakeSocket.last.answer(0, signedIn);
  expect((await FakeSocket.last.call(1)).endpoint).toBe('a/read');
  await FakeSocket.last.answer(1, { status: 200, msg: 'there' });
  expect((await waiting).msg).toBe('there');
});

test('a cached session that is refused is forgotten, and the client goes on as anonymous', async () => {
  const kept = storage(session);
  const open = make({ storage: kept }).connect();
  FakeSocket.last.greet();
  await FakeSocket.last.answer(0, { status: 403, args: { code: 'CORE_SESSION_INVALID_SESSION' } });
  await open;
  expect(client.session).toBeNull();
  expect(kept.getItem('limp.session')).toBeNull();
});

test('an expired session is forgotten, and signing out ends one', async () => {
  const socket = await connected();
  for (const end of ['expired', 'signout']) {
    const auth = client.auth('phone', '+1', 'P');
    await socket.answer(socket.sent.length, signedIn);
    await auth;
    const at = socket.sent.length;
    if (end === 'signout') {
      const signout = client.signout();
      await socket.answer(at, { status: 200 });
      await signout;
    } else {
      const call = client.call('a/read');
      await socket.answer(at, { status: 403, args: { code: 'CORE_SESSION_SESSION_EXPIRED' } });
      await expect(call).rejects.toThrow();
    }
    expect(client.session).toBeNull();
  }
  await expect(client.signout()).rejects.toMatchObject({ code: 'SDK_NO_SESSION' });
});

test('a call is given up in time, and too many do not wait', async () => {
  make({ queueMax: 1 });
  const first = client.call('a/read', { timeout: 1 });
  await expect(client.call('b/read')).rejects.toMatchObject({ code: 'SDK_QUEUE_FULL' });
  await expect(first).rejects.toMatchObject({ code: 'SDK_TIMEOUT' });
});

test('every frame is shown as it went, and states are told', async () => {
  const frames: Frame[] = [];
  const states: string[] = [];
  make();
  client.on('frame', (frame) => frames.push(frame));
  const stop = client.on('state', (state) => states.push(state));
  const open = client.connect();
  FakeSocket.last.greet();
  await open;
  stop();
  const call = client.call('a/read');
  await FakeSocket.last.answer(0, { status: 200 });
  await call;
  client.close();
  expect(states).toEqual(['connecting', 'open']);
  expect(frames.map((frame) => frame.direction)).toEqual(['received', 'sent', 'received']);
  expect(JSON.parse(frames[1]!.text)).toEqual(FakeSocket.last.sent[0]);
  await expect(client.call('a/read')).rejects.toMatchObject({ code: 'SDK_CLOSED' });
});
