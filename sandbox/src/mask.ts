// Passwords and keys are sent, but not shown: a log is looked at over shoulders, and copied into reports.
import { isObject } from './shape';

const hidden = '(hidden)';
const secretNames = /(^|_)(hash|password|token)$/;

/** The same without passwords, the hashes that carry them, and tokens. */
export function masked<T>(value: T): T {
  if (Array.isArray(value)) return value.map(masked) as T;
  if (!isObject(value)) return value;
  const shown = Object.entries(value).map(([name, inside]) => [name, secretNames.test(name) ? hideIn(inside) : masked(inside)]);
  return Object.fromEntries(shown) as T;
}

/** In a query it stands beneath `val`. */
function hideIn(value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name]) => [name, hidden])) : hidden;
}

/** A frame whose JWS has the like in its payload. */
export function maskedFrame(text: string): string {
  return text.replace(/\.[\w-]+\./, '.(hidden).');
}
