// Certificates that sign themselves, made by openssl into a folder of one's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'limpd-certificates-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

// Writes NAME.pem and NAME.key; gives their paths.
export function newCertificate(folder, name = 'server') {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
  return { certificate, key };
}
