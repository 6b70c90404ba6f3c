// The call that is being written.
export const draft = $state({ endpoint: '', query: '{}', doc: '{}', sid: '', token: '' });

export function begin(endpoint: string, query: object = {}, doc: object = {}): void {
  draft.endpoint = endpoint;
  draft.query = JSON.stringify(query, null, 2);
  draft.doc = JSON.stringify(doc, null, 2);
  const title = document.getElementById('call-title');
  title?.focus({ preventScroll: true });
  title?.scrollIntoView({ block: 'nearest' });
}

/** What a text says as JSON: undefined for none, null for what cannot be read. */
export function parsed(text: string): any {
  try {
    return text.trim() ? JSON.parse(text) : undefined;
  } catch {
    return null;
  }
}
