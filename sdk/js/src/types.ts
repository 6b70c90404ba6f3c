// What goes between a client and limpd: docs/protocol.md has the whole of it.

export type Doc = Record<string, unknown>;
export type Query = Record<string, unknown> | unknown[];

export interface Answer {
  status: number;
  msg: string;
  args: { call_id?: unknown; code?: string; total?: number; count?: number; docs?: Doc[]; [more: string]: unknown };
}

export interface CallOptions {
  query?: Query;
  doc?: Doc | Doc[];
  /** The session that the call is meant for; limpd refuses it on another. */
  sid?: string;
  /** Signs the call in place of the session's token. */
  token?: string;
  /** Milliseconds until the call is given up; the client's own `timeout` unless told. */
  timeout?: number;
}

/** A session as auth and reauth answer it. */
export interface Session {
  _id: string;
  token: string;
  expiry?: string;
  user?: Doc;
}

/** By which of its names a user signs in. */
export type NameKind = 'username' | 'email' | 'phone';

/**
 * idle: not connected yet. connecting: a socket is being opened, or a session taken up again. open: calls go out.
 * waiting: the connection was lost, and is tried again. closed: by close(), for good.
 */
export type State = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/** A message exactly as it was sent or came. `at` is in milliseconds since 1970. */
export interface Frame {
  direction: 'sent' | 'received';
  text: string;
  call_id?: string;
  at: number;
}

/** Where the session is kept between visits: `localStorage`, `sessionStorage`, or anything of their shape. */
export interface SessionStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A call that was refused, with limpd's status and code; or one that never got an answer, with status 0. */
export class LimpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly answer?: Answer
  ) {
    super(message);
    this.name = 'LimpError';
  }
}
