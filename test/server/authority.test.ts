import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, connect as dialTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { type Authority, openAuthority } from '../../src/server/authority.ts';
import { withFolder } from '../support/cli.ts';

/** What a TLS client says of a server with a certificate for these names, when it calls `host`. */
async function handshake(authority: Authority, names: readonly string[], host: string): Promise<string> {
  const server = createServer(await authority.issue(names), (socket) => socket.end());
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = dialTls({ host: '127.0.0.1', port, servername: host, ca: authority.certificate }, () => {
        socket.destroy();
        resolve('trusted');
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  } finally {
    server.close();
  }
}

describe('the certificate authority', () => {
  it('is made once, and its key is for its owner only', async () => {
    await withFolder(async (root) => {
      const dir = join(root, 'data', 'ca');
      const first = await openAuthority(dir);
      const again = await openAuthority(dir);
      expect(again.certificate).toBe(first.certificate);
      expect(readFileSync(first.file, 'utf8')).toBe(first.certificate);
      expect(statSync(join(dir, 'ca-key.pem')).mode & 0o777).toBe(0o600);
      expect(statSync(dir).mode & 0o777).toBe(0o700);
      expect(new X509Certificate(first.certificate).ca).toBe(true);
    });
  });

  it('is the same for two that make it at the same time', async () => {
    await withFolder(async (root) => {
      const dir = join(root, 'ca');
      const both = await Promise.all([openAuthority(dir), openAuthority(dir)]);
      expect(both[0].certificate).toBe(both[1].certificate);
    });
  });

  it("vouches for Recall's hosts and this machine, and for no other name", async () => {
    await withFolder(async (root) => {
      const authority = await openAuthority(join(root, 'ca'));
      const names = ['localhost', '127.0.0.1', '::1', 'us-west-2.recall.ai'];
      expect(await handshake(authority, names, 'us-west-2.recall.ai')).toBe('trusted');
      expect(await handshake(authority, names, 'localhost')).toBe('trusted');
      expect(await handshake(authority, names, 'api.recall.ai')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      // Whoever has the key can write such a certificate, and nobody takes it.
      expect(await handshake(authority, ['bank.example'], 'bank.example')).not.toBe('trusted');
    });
  });

  it('says what is wrong with what is there', async () => {
    await withFolder(async (root) => {
      const damaged = join(root, 'damaged');
      mkdirSync(damaged);
      for (const name of ['ca.pem', 'ca-key.pem']) writeFileSync(join(damaged, name), 'nothing');
      await expect(openAuthority(damaged)).rejects.toMatchObject({ code: 'invalid_ca' });
      // The key of another one.
      const [one, two] = await Promise.all(['one', 'two'].map((name) => openAuthority(join(root, name))));
      writeFileSync(one!.file, two!.certificate);
      await expect(openAuthority(join(root, 'one'))).rejects.toMatchObject({ code: 'invalid_ca' });
      // Other people's files.
      writeFileSync(join(root, 'file'), '');
      await expect(openAuthority(root)).rejects.toMatchObject({ code: 'ca_unusable' });
      await expect(openAuthority(join(root, 'file', 'ca'))).rejects.toMatchObject({
        code: 'file_unreadable',
      });
    });
  });
});
