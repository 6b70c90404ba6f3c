// What core/describe says of modules, and what it means for a value: a first one, and what is wrong with one.

export type Type = string | Type[] | { [name: string]: any };
export interface AttrShape { type: Type; optional: boolean; server_owned: boolean; default?: unknown }
export interface ArgShape { name: string; needed: 'always' | 'one_of' | 'optional'; type: Type }
export interface PermissionShape { privilege: string; query: unknown; doc: object; hide: string[]; hard: boolean }
export interface MethodShape {
  operation: string;
  query_args: ArgShape[];
  doc_args: ArgShape[];
  get_method: boolean;
  /** By which this session may call it. */
  privilege: string;
  /** For the administrator: all that are declared. */
  permissions?: PermissionShape[];
}
export interface ModuleShape {
  package: string;
  attrs: Record<string, AttrShape>;
  extns: Record<string, { module: string; attrs: string[]; deep: boolean }>;
  searched: string[];
  methods: Record<string, MethodShape>;
}
export interface Described {
  locales: string[];
  locale: string;
  modules: Record<string, ModuleShape>;
  /** For the administrator: why a package that has changed is not served. */
  failure?: string;
}
export interface FieldShape { name: string; type: Type; needed: boolean; module?: string }

const withOptions = ['int', 'float', 'str', 'file', 'bin', 'counter', 'date', 'datetime', 'time', 'time_of_day'];

/** A type in one of few kinds: a plain name, enum, list, object, or other for what is typed as JSON. */
export function kindOf(type: Type): { kind: string; of?: any } {
  if (typeof type === 'string') return { kind: type };
  if (Array.isArray(type)) return type.length === 1 ? { kind: 'list', of: type[0] } : { kind: 'other' };
  const keys = Object.keys(type);
  if (keys.length === 1) {
    if (keys[0] === 'enum') return { kind: 'enum', of: type.enum };
    if (keys[0] === 'list') return { kind: 'list', of: type.list.of };
    if (keys[0] === 'dict' || keys[0] === 'union') return { kind: 'other' };
    if (withOptions.includes(keys[0])) return { kind: keys[0], of: type[keys[0]] };
  }
  return { kind: 'object', of: type };
}

/** A type as people read it. */
export function typeName(type: Type): string {
  return typeof type === 'string' ? type : JSON.stringify(type);
}

/** The fields of a method's doc: its arguments, and for a create or update the attrs that a client may set. */
export function docFields(module: ModuleShape, name: string): FieldShape[] {
  const method = module.methods[name]!;
  const fields = method.doc_args.map((arg) => ({ name: arg.name, type: arg.type, needed: arg.needed === 'always' }));
  if (method.operation !== 'create' && method.operation !== 'update') return fields;
  for (const [attr, shape] of Object.entries(module.attrs)) {
    if (shape.server_owned || ['diff', 'counter'].includes(kindOf(shape.type).kind)) continue;
    if (fields.some((field) => field.name === attr)) continue;
    const needed = method.operation === 'create' && !shape.optional && !('default' in shape);
    fields.push({ name: attr, type: shape.type, needed, module: module.extns[attr]?.module } as FieldShape);
  }
  return fields;
}

/** What is wrong with the value by its type, roughly as limpd will see it; empty when nothing is. */
export function fault(value: unknown, type: Type, locales: string[]): string {
  if (value === null) return '';
  // An object in place of an attr may be an operator, {"$add": 1}.
  if (isObject(value) && Object.keys(value)[0]?.startsWith('$')) return '';
  const { kind, of } = kindOf(type);
  if (kind === 'enum') return of.includes(value) ? '' : `one of ${JSON.stringify(of)} is needed`;
  if (kind === 'list') {
    if (!Array.isArray(value)) return 'a list is needed';
    return value.map((one) => fault(one, of, locales)).find((one) => one) ?? '';
  }
  if (kind === 'int' && !Number.isInteger(value)) return 'a whole number is needed';
  if (kind === 'float' && typeof value !== 'number') return 'a number is needed';
  if (kind === 'bool' && !['true', 'false'].includes(String(value))) return 'true or false is needed';
  if (['str', 'email', 'phone', 'date', 'time_of_day'].includes(kind) && typeof value !== 'string') return 'a text is needed';
  if (kind === 'id' && !isId(value)) return 'an id is needed: 24 hex digits';
  if (kind === 'locales' && !locales.includes(String(value))) return `one of ${locales.join(', ')} is needed`;
  if (kind === 'locale') {
    if (!isObject(value)) return `texts by locale are needed: {"${locales[0]}": "…"}`;
    const unknown = Object.keys(value).find((key) => !locales.includes(key));
    return unknown ? `${unknown} is no locale here: ${locales.join(', ')}` : '';
  }
  return '';
}

export function isId(value: unknown): boolean {
  return /^[0-9a-f]{24}$/i.test(String(isObject(value) ? value._id : value));
}

export function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const naming = ['title', 'name', 'username', 'email'];

/** The attr by whose text people look for a document of the module. */
export function namingAttr(module: ModuleShape): string | undefined {
  const isText = (attr: string) => ['str', 'locale', 'email'].includes(kindOf(module.attrs[attr]?.type ?? '').kind);
  return naming.find(isText) ?? Object.keys(module.attrs).find(isText);
}

/** What may be changed of a document, as an update takes it: references by their ids. */
export function changeable(doc: Record<string, any>, module: ModuleShape): Record<string, any> {
  const fields = docFields(module, 'update').filter(({ name, type }) => name in doc && !holdsFiles(type));
  const plain = (value: any): any => (Array.isArray(value) ? value.map(plain) : isObject(value) && value._id ? value._id : value);
  return Object.fromEntries(fields.map(({ name, module: target }) => [name, target ? plain(doc[name]) : doc[name]]));
}

export function holdsFiles(type: Type): boolean {
  const { kind, of } = kindOf(type);
  return kind === 'file' || (kind === 'list' && holdsFiles(of));
}

/** The first text that names a document for people. */
export function nameOf(doc: Record<string, any>): string {
  for (const key of naming) {
    const value = doc[key];
    if (typeof value === 'string') return value;
    if (isObject(value)) return String(Object.values(value)[0] ?? '');
  }
  return String(doc._id ?? '');
}
