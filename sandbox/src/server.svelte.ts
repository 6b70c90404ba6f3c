// The page's one connection, what it may call, and every call that went.
import { Client, decode, LimpError, type Answer, type CallOptions, type Session, type State } from 'limp';
import { masked, maskedFrame } from './mask';
import type { Described } from './shape';

export interface Entry {
  key: number;
  call: { endpoint: string; query?: any; doc?: any; sid?: string };
  sent: string;
  received: string;
  jws: unknown;
  answer?: Answer;
  lost: boolean;
  at: number;
  took: number;
  size: number;
  /** Not asked for by the user: what the page needs to know itself. */
  own: boolean;
  /** It has a password or a key in it: not to be copied, nor sent again. */
  secret: boolean;
}

const given = new URLSearchParams(location.search).get('server');
const own = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;

export const server = $state({
  url: given ?? own,
  anonToken: '__ANON',
  state: 'idle' as State,
  session: null as Session | null,
  described: null as Described | null,
  log: [] as Entry[],
  said: '',
  isFault: false,
});

let client: Client | null = null;
let lastKey = 0;
const open = new Map<string, Entry>();
const ownCalls = new Set<string>();
const logMax = 200;
const lookAgainMs = 5_000;

export function connect(): void {
  client?.close();
  const made = new Client({ url: server.url, anonToken: server.anonToken, storage: sessionStorage });
  client = made;
  server.session = made.session;
  made.on('state', (state) => {
    if (made !== client) return;
    server.state = state;
    if (state === 'waiting') loseOpen();
    if (state === 'open') void describe();
  });
  made.on('session', (session) => {
    server.session = session;
    if (made.state === 'open') void describe();
  });
  made.on('frame', (frame) => (frame.direction === 'sent' ? sent(frame.call_id!, frame.text, frame.at) : received(frame)));
  made.connect().catch(() => {});
}

export function call(endpoint: string, options: CallOptions): Promise<Answer> {
  return client!.call(endpoint, options);
}

/** A call of the page's own, which stays out of sight unless the user wants to see those too. */
export function ask(endpoint: string, options: CallOptions): Promise<Answer> {
  ownCalls.add(JSON.stringify([endpoint, options.query]));
  return call(endpoint, options);
}

export function signIn(kind: 'username' | 'email' | 'phone', name: string, password: string): Promise<Session> {
  return client!.auth(kind, name, password);
}

export function signOut(): Promise<void> {
  return client!.signout();
}

export function retrieve(module: string, id: string, attr: string): Promise<Blob> {
  return client!.retrieve(module, id, attr);
}

/** A method that is served by HTTP GET alone, called so; its answer is among the calls like any other. */
export async function get(endpoint: string, path: string, query: object): Promise<void> {
  const at = Date.now();
  const response = await client!.get(path);
  const type = response.headers.get('Content-Type') ?? '';
  const blob = await response.blob();
  const text = /json|text/.test(type) ? await blob.text() : `${blob.size} bytes of ${type}`;
  const answer: Answer = /json/.test(type) ? JSON.parse(text) : { status: response.status, msg: text, args: {} };
  answer.status ??= response.status;
  add({ call: { endpoint, query }, sent: `GET ${path}`, jws: null, at });
  Object.assign(server.log[0]!, { answer, received: text, took: Date.now() - at, size: blob.size });
}

/** What a user reads beneath the heading, and a screen reader says. */
export function say(text: string, isFault = false): void {
  server.said = text;
  server.isFault = isFault;
}

export function attempt(work: Promise<unknown>, done: string): void {
  work.then(() => say(done), (error) => say(explain(error), true));
}

async function describe(): Promise<void> {
  try {
    const described = (await ask('core/describe', {})).args.docs![0] as unknown as Described;
    // Forms are kept as they are unless something else may be called now.
    if (JSON.stringify(described) !== JSON.stringify(server.described)) server.described = described;
  } catch (error) {
    say(`What may be called is not known: ${explain(error)}`, true);
  }
}

/** Packages are changed while the page is open: what they are then, or why they are not served, shows by itself. */
export function follow(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible' && server.state === 'open') void describe();
  }, lookAgainMs);
}

function add(entry: Pick<Entry, 'call' | 'sent' | 'jws' | 'at'> & Partial<Entry>): void {
  const rest = { key: ++lastKey, received: '', lost: false, took: 0, size: 0, own: false, secret: false };
  server.log.unshift({ ...rest, ...entry });
  server.log.splice(logMax);
}

function sent(id: string, text: string, at: number): void {
  const jws = decode(JSON.parse(text).token);
  const payload = jws.payload as Entry['call'];
  const shown = masked(payload);
  const secret = JSON.stringify(shown) !== JSON.stringify(payload);
  const isOwn = ownCalls.delete(JSON.stringify([payload.endpoint, payload.query]));
  // Of what the page asks for itself, again and again, the last of each kind is enough.
  if (isOwn) server.log = server.log.filter((entry) => !entry.own || entry.call.endpoint !== shown.endpoint);
  add({ call: shown, sent: secret ? maskedFrame(text) : text, jws: { ...jws, payload: shown }, at, own: isOwn, secret });
  open.set(id, server.log[0]!);
}

function received({ call_id, text, at }: { call_id?: string; text: string; at: number }): void {
  const entry = open.get(call_id ?? '');
  if (!entry) return;
  open.delete(call_id!);
  entry.answer = JSON.parse(text) as Answer;
  if (entry.call.endpoint.toLowerCase().startsWith('session/')) entry.answer = masked(entry.answer);
  entry.received = entry.call.endpoint.toLowerCase().startsWith('session/') ? JSON.stringify(entry.answer) : text;
  entry.size = new TextEncoder().encode(text).length;
  entry.took = at - entry.at;
}

function loseOpen(): void {
  for (const entry of open.values()) entry.lost = true;
  open.clear();
}

/** An error as a user reads it: what was wrong, by which code, and what may be done. */
export function explain(error: unknown): string {
  if (!(error instanceof LimpError)) return String((error as Error).message ?? error);
  const hints: Record<string, string> = {
    CORE_SESSION_FORBIDDEN: server.session
      ? 'An administrator may grant it to the user or to a group.'
      : 'Nobody is signed in: sign in as a user that may call it.',
    CORE_SESSION_INVALID_CREDS: 'The name or the password is another; names are compared letter by letter.',
    CORE_REQ_INVALID_TOKEN: 'The call was signed with another key: look at the anonymous token of the connection.',
    SDK_CONNECTION_LOST: 'The page connects again by itself.',
  };
  const status = error.status ? `${error.status} ` : '';
  return `${status}${error.code}: ${error.message} ${hints[error.code] ?? ''}`.trim();
}
