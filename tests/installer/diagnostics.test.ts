import { expect, test } from 'vitest'
import { redact } from '../../electron/installer/diagnostics.ts'

const person = { user: 'maria', home: '/home/maria', host: 'workbench' }

test.each([
  ['/home/maria/.kube/config', '~/.kube/config'],
  ['/home/maria-old/x', '/home/maria-old/x'],
  ['maria@workbench:~$', '<user>@<host>:~$'],
  ['marianne, workbenches', 'marianne, workbenches'],
  ['inet 192.168.7.33/24 via 192.168.7.1', 'inet <ip>/24 via <ip>'],
  ['127.0.0.1:16443 10.1.3.4 10.152.183.10 0.0.0.0', '127.0.0.1:16443 10.1.3.4 10.152.183.10 0.0.0.0'],
  ['fe80::1c2b:3dff:fe4a:5b6c, ::1, 10:20:30', '<ipv6>, ::1, 10:20:30'],
  ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '<ipv6>'],
  ['52:54:00:ab:cd:ef', '<mac>'],
  ['client-key-data: LS0tLS1CRUdJTi==', 'client-key-data: <key>'],
  ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----', '<pem>'],
  ['token: abc.def', 'token: <secret>'],
  ['"password":"hunter2"', '"password":"<secret>"'],
  ['Authorization: Bearer eyJhbGciOi', 'Authorization: <secret>'],
  ['http://me:pass@proxy:3128', 'http://<secret>@proxy:3128'],
  ['v1.35.0 rev 8739 12:34:56', 'v1.35.0 rev 8739 12:34:56'],
])('%s', (text, expected) => expect(redact(text, person)).toEqual(expected))

test('a user called root, or of two letters, takes no words apart', () => {
  expect(redact('root is root', { user: 'root', home: '/root', host: 'pc' })).toBe('root is root')
})
