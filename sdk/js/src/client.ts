import { sign } from './jws.js';
import { LimpError } from './types.js';
import type { Answer, CallOptions, Doc, Frame, NameKind, Session, SessionStorage, State } from './types.js';

export interface ClientOptions {
  /** `ws://localhost:8081/ws` */
  url: string;
  /** The token that calls are signed with until a sign-in: `__ANON` unless limpd is configured otherwise. */
  anonToken?: string;
  /** Milliseconds until a call without an answer is given up: 30 000 unless told. Waiting to be sent counts. */
  timeout?: number;
  /** How many calls may wait for a connection: 100 unless told. */
  queueMax?: number;
  /** Milliseconds before the first and, doubled each time, at most before any further try to connect: 500 and 15 000. */
  retryMin?: number;
  retryMax?: number;
  /** Keeps the session between visits. Without it the session lasts as long as the client. */
  storage?: SessionStorage;
  storageKey?: string;
  /** What makes sockets, and what signs: the globals unless handed in, as Node 18 to 20 need it (`ws`, `webcrypto`). */
  WebSocket?: new (url: string) => WebSocket;
  crypto?: Crypto;
}

interface Events {
  state: State;
  session: Session | null;
  frame: Frame;
}

interface Pending {
  id: string;
  endpoint: string;
  options: CallOptions;
  /** What changes the session, and so the key: nothing is sent behind such a call before its answer is taken up. */
  takeUp?: (answer: Answer) => void;
  resolve(answer: Answer): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

const lost = 'The connection was lost before the answer came; a write may have been stored all the same.';

/** One connection to a limpd: reconnects by itself, goes on with its session, and answers each call by one promise. */
export class Client {
  private readonly options: Required<Omit<ClientOptions, 'storage' | 'crypto'>> & ClientOptions;
  private readonly listeners: { [E in keyof Events]: Set<(event: Events[E]) => void> } = {
    state: new Set(),
    session: new Set(),
    frame: new Set(),
  };
  private socket: WebSocket | null = null;
  private currentState: State = 'idle';
  private currentSession: Session | null;
  private readonly queue: Pending[] = [];
  private readonly sent = new Map<string, Pending>();
  private pumping = false;
  private lastId = 0;
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ClientOptions) {
    this.options = {
      anonToken: '__ANON',
      timeout: 30_000,
      queueMax: 100,
      retryMin: 500,
      retryMax: 15_000,
      storageKey: 'limp.session',
      WebSocket: globalThis.WebSocket,
      ...options,
    };
    this.currentSession = this.storedSession();
  }

  get state(): State {
    return this.currentState;
  }

  get session(): Session | null {
    return this.currentSession;
  }

  /** Calls `listener` with each event from now on; what it returns ends that. */
  on<E extends keyof Events>(event: E, listener: (event: Events[E]) => void): () => void {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  }

  /** Resolves once calls go out. While limpd cannot be reached it is tried again, until close(). */
  connect(): Promise<void> {
    if (this.currentState === 'closed') return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      if (this.currentState === 'open') return resolve();
      const stop = this.on('state', (state) => {
        if (state !== 'open' && state !== 'closed') return;
        stop();
        if (state === 'open') resolve();
        else reject(closedError());
      });
      if (this.currentState === 'idle') this.open();
    });
  }

  /** Ends the connection for good; calls without an answer are rejected. The session lives on. */
  close(): void {
    clearTimeout(this.retry);
    const socket = this.socket;
    this.socket = null;
    this.setState('closed');
    this.rejectAll([...this.sent.values(), ...this.queue.splice(0)], closedError());
    socket?.close();
  }

  /** Resolves with the answer of status 200 or 291, and rejects with a LimpError for every other. */
  call(endpoint: string, options: CallOptions = {}): Promise<Answer> {
    return this.enqueue(endpoint, options);
  }

  /** Signs in by `kind`, and keeps the session. */
  async auth(kind: NameKind, name: string, password: string): Promise<Session> {
    const hash = await sign({ [kind]: name, password }, password, this.options.crypto);
    const token = this.options.anonToken;
    return this.begin('session/auth', { doc: { hash, [kind]: name }, token });
  }

  /** Goes on with a session on this connection: the one handed in, or the one it has. */
  async reauth(session: Pick<Session, '_id' | 'token'> | null = this.currentSession): Promise<Session> {
    if (!session) throw new LimpError(0, 'SDK_NO_SESSION', 'There is no session to go on with: sign in first.');
    return this.begin('session/reauth', await this.reauthOptions(session));
  }

  /** Ends the session, everywhere. */
  async signout(): Promise<void> {
    const session = this.currentSession;
    if (!session) throw new LimpError(0, 'SDK_NO_SESSION', 'There is no session to end.');
    await this.enqueue('session/signout', { query: { _id: { val: session._id } } }, () => this.setSession(null));
  }

  /**
   * What limpd answers to a GET of `path`, "/picture/read/…": any status. The session is shown by a signature that is
   * good for this path alone, so its token does not travel.
   */
  async get(path: string): Promise<Response> {
    const url = new URL(path, this.options.url.replace(/^ws/, 'http'));
    const session = this.currentSession;
    if (!session) return fetch(url);
    const shown = { m: 'GET', p: url.pathname + url.search, exp: Math.floor(Date.now() / 1000) + 30 };
    const token = await sign(shown, session.token, this.options.crypto);
    return fetch(url, { headers: { Authorization: `LIMP ${session._id}.${token}` } });
  }

  /** The bytes of a file: `attr` as in docs/protocol.md, "photo" or "papers;terms.pdf". */
  async retrieve(module: string, id: string, attr: string): Promise<Blob> {
    const response = await this.get(`/${module}/retrieve_file/${id}/${encodeURIComponent(attr)}`);
    if (response.ok) return response.blob();
    const answer = (await response.json()) as Answer;
    throw new LimpError(answer.status, answer.args.code ?? '', answer.msg, answer);
  }

  private async begin(endpoint: string, options: CallOptions): Promise<Session> {
    return sessionOf(await this.enqueue(endpoint, options, (answer) => this.setSession(sessionOf(answer))));
  }

  private enqueue(endpoint: string, options: CallOptions, takeUp?: Pending['takeUp']): Promise<Answer> {
    if (this.currentState === 'closed') return Promise.reject(closedError());
    if (this.queue.length >= this.options.queueMax) {
      const message = `${this.options.queueMax} calls are waiting already; this one is not taken.`;
      return Promise.reject(new LimpError(0, 'SDK_QUEUE_FULL', message));
    }
    return new Promise((resolve, reject) => {
      this.queue.push(this.pending(endpoint, options, takeUp, resolve, reject));
      void this.pump();
    });
  }

  private pending(
    endpoint: string,
    options: CallOptions,
    takeUp: Pending['takeUp'],
    resolve: (answer: Answer) => void,
    reject: (error: Error) => void
  ): Pending {
    const id = String(++this.lastId);
    const timer = setTimeout(() => this.giveUp(id), options.timeout ?? this.options.timeout);
    return { id, endpoint, options, takeUp, resolve, reject, timer };
  }

  private giveUp(id: string): void {
    const waiting = this.queue.findIndex((pending) => pending.id === id);
    const pending = waiting < 0 ? this.sent.get(id) : this.queue.splice(waiting, 1)[0];
    if (!pending) return;
    this.sent.delete(id);
    const message = `No answer to ${pending.endpoint} came in time; a write may have been stored all the same.`;
    pending.reject(new LimpError(0, 'SDK_TIMEOUT', message));
    void this.pump();
  }

  // Signing takes its time, so one loop alone sends: frames go out in the order of the calls.
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    while (this.currentState === 'open' && !this.barrierSent() && this.queue.length > 0) {
      await this.send(this.queue[0]!, this.socket!);
    }
    this.pumping = false;
  }

  private barrierSent(): boolean {
    return [...this.sent.values()].some((pending) => pending.takeUp);
  }

  private async send(pending: Pending, socket: WebSocket): Promise<void> {
    const { token: given, timeout: _, ...rest } = pending.options;
    const key = given ?? this.currentSession?.token ?? this.options.anonToken;
    const call = { endpoint: pending.endpoint, call_id: pending.id, ...rest };
    let token: string;
    try {
      token = await sign(call, key, this.options.crypto);
    } catch (error) {
      this.take(pending);
      return pending.reject(error as Error);
    }
    // Meanwhile it may have been given up, or the connection lost: then it waits for the next one.
    if (socket !== this.socket || !this.take(pending)) return;
    this.sent.set(pending.id, pending);
    this.sendText(socket, JSON.stringify({ token, call_id: pending.id }), pending.id);
  }

  private take(pending: Pending): boolean {
    const at = this.queue.indexOf(pending);
    if (at < 0) return false;
    this.queue.splice(at, 1);
    return true;
  }

  private sendText(socket: WebSocket, text: string, call_id: string): void {
    this.emit('frame', { direction: 'sent', text, call_id, at: Date.now() });
    socket.send(text);
  }

  private open(): void {
    this.setState('connecting');
    const socket = new this.options.WebSocket(this.options.url);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (socket === this.socket) this.receive(String(event.data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.closed();
    };
    // A close follows each error, and tells no less.
    socket.onerror = () => {};
  }

  private closed(): void {
    this.socket = null;
    this.setState('waiting');
    this.rejectAll([...this.sent.values()], new LimpError(0, 'SDK_CONNECTION_LOST', lost));
    const delay = Math.min(this.options.retryMin * 2 ** this.tries++, this.options.retryMax);
    this.retry = setTimeout(() => this.open(), delay);
  }

  private rejectAll(pendings: Pending[], error: LimpError): void {
    for (const pending of pendings) {
      clearTimeout(pending.timer);
      this.sent.delete(pending.id);
      pending.reject(error);
    }
  }

  private receive(text: string): void {
    const answer = JSON.parse(text) as Answer;
    const id = answer.args?.call_id === undefined ? undefined : String(answer.args.call_id);
    this.emit('frame', { direction: 'received', text, call_id: id, at: Date.now() });
    if (id === undefined) return this.greeted(answer);
    const pending = this.sent.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    if (answer.args.code === 'CORE_SESSION_SESSION_EXPIRED') this.setSession(null);
    this.settle(pending, answer);
  }

  private settle(pending: Pending, answer: Answer): void {
    if (answer.status >= 200 && answer.status < 300) {
      pending.takeUp?.(answer);
      pending.resolve(answer);
    } else {
      pending.reject(new LimpError(answer.status, answer.args.code ?? '', answer.msg, answer));
    }
    this.sent.delete(pending.id);
    void this.pump();
  }

  private greeted(answer: Answer): void {
    if (this.currentState !== 'connecting' || answer.status !== 200) return;
    if (this.currentSession) void this.resume(this.currentSession, this.socket!);
    else this.ready();
  }

  // Ahead of all that waits: those calls were meant for the session.
  private async resume(session: Session, socket: WebSocket): Promise<void> {
    try {
      const options = await this.reauthOptions(session);
      const takeUp = (answer: Answer) => this.setSession(sessionOf(answer));
      const answered = new Promise<Answer>((resolve, reject) => {
        this.queue.unshift(this.pending('session/reauth', options, takeUp, resolve, reject));
      });
      await Promise.all([answered, this.send(this.queue[0]!, socket)]);
    } catch (error) {
      if (socket !== this.socket) return;
      // Only a refusal says that the session is no more; without an answer the next connection asks again.
      if ((error as LimpError).status !== 403) return socket.close();
      this.setSession(null);
    }
    if (socket === this.socket) this.ready();
  }

  private ready(): void {
    this.tries = 0;
    this.setState('open');
    void this.pump();
  }

  private async reauthOptions(session: Pick<Session, '_id' | 'token'>): Promise<CallOptions> {
    const hash = await sign({ token: session.token }, session.token, this.options.crypto);
    return { query: { _id: { val: session._id }, hash: { val: hash } }, token: this.options.anonToken };
  }

  private setSession(session: Session | null): void {
    const { storage, storageKey } = this.options;
    this.currentSession = session;
    if (session) storage?.setItem(storageKey, JSON.stringify({ _id: session._id, token: session.token }));
    else storage?.removeItem(storageKey);
    this.emit('session', session);
  }

  private storedSession(): Session | null {
    try {
      const stored = JSON.parse(this.options.storage?.getItem(this.options.storageKey) ?? 'null') as Session | null;
      return typeof stored?._id === 'string' && typeof stored.token === 'string' ? stored : null;
    } catch {
      return null;
    }
  }

  private setState(state: State): void {
    this.currentState = state;
    this.emit('state', state);
  }

  private emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const listener of this.listeners[event]) listener(value);
  }
}

function sessionOf(answer: Answer): Session {
  return answer.args.docs![0] as Doc as unknown as Session;
}

function closedError(): LimpError {
  return new LimpError(0, 'SDK_CLOSED', 'The client is closed.');
}
