// Compact JWS (RFC 7515) with HS256, by Web Crypto.

/** A token taken apart; `payload` is what its middle segment says, unverified. */
export interface Decoded {
  header: unknown;
  payload: unknown;
}

/** Signs `payload` with the UTF-8 text `key`. Needs Web Crypto, which pages have on https and localhost alone. */
export async function sign(payload: unknown, key: string, crypto: Crypto = globalThis.crypto): Promise<string> {
  if (!crypto?.subtle) {
    throw new Error('Web Crypto is needed: use https or localhost in a browser, or hand in `crypto` in Node 18.');
  }
  if (key === '') throw new Error('A call cannot be signed with an empty key.');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', utf8(key), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', imported, utf8(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

/** What a token says, without looking at its signature. Throws when it is no compact JWS. */
export function decode(token: string): Decoded {
  const segments = token.split('.');
  if (segments.length !== 3) throw new Error('A compact JWS has three segments.');
  return { header: parse(segments[0]!), payload: parse(segments[1]!) };
}

function encode(value: unknown): string {
  return base64url(utf8(JSON.stringify(value)));
}

function parse(segment: string): unknown {
  const bytes = Uint8Array.from(atob(segment.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
