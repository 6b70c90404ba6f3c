export { Client, type ClientOptions } from './client.js';
export { decode, sign, type Decoded } from './jws.js';
export * from './types.js';
