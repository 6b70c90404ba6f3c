// The page's one connection, what it may call, and every frame that went.
import { Client, decode, LimpError, type Answer, type CallOptions, type Session, type State } from 'limp';
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
});

let client: Client | null = null;
let lastKey = 0;
const open = new Map<string, Entry>();
const logMax = 200;

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

export function signIn(kind: 'username' | 'email' | 'phone', name: string, password: string): Promise<Session> {
  return client!.auth(kind, name, password);
}

export function signOut(): Promise<void> {
  return client!.signout();
}

async function describe(): Promise<void> {
  try {
    server.described = (await call('core/describe', {})).args.docs![0] as unknown as Described;
  } catch (error) {
    server.said = `What may be called is not known: ${explain(error)}`;
  }
}

function sent(id: string, text: string, at: number): void {
  const jws = decode(JSON.parse(text).token);
  const call = jws.payload as Entry['call'];
  server.log.unshift({ key: ++lastKey, call, sent: text, received: '', jws, lost: false, at, took: 0 });
  open.set(id, server.log[0]);
  server.log.splice(logMax);
}

function received({ call_id, text, at }: { call_id?: string; text: string; at: number }): void {
  const entry = open.get(call_id ?? '');
  if (!entry) return;
  open.delete(call_id!);
  entry.received = text;
  entry.answer = JSON.parse(text);
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
      ? 'None of the privileges that this session has allows it; an administrator may grant one to the user or a group.'
      : 'Nobody is signed in: sign in as a user that may call it.',
    CORE_SESSION_INVALID_CREDS: 'The name or the password is another; names are compared letter by letter.',
    CORE_REQ_INVALID_TOKEN: 'The call was signed with another key: look at the anonymous token of the connection.',
    SDK_CONNECTION_LOST: 'The page connects again by itself.',
  };
  const status = error.status ? `${error.status} ` : '';
  return `${status}${error.code}: ${error.message} ${hints[error.code] ?? ''}`.trim();
}
