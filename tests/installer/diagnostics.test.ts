import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { redact } from '../../electron/installer/diagnostics.ts'

const person = { user: 'maria', home: '/home/maria', host: 'workbench' }

test.each([
  ['/home/maria/.kube/config', '~/.kube/config'],
  ['/home/maria-old/x /home/李雷/y', '/home/<user>/x /home/<user>/y'],
  ['maria@workbench:~$', '<user>@<host>:~$'],
  ['maria@example.org, user@1000.service', '<mail>, user@1000.service'],
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
  [
    'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
  ],
  ['microk8s join 10.1.0.5:25000/0123456789abcdef0123456789abcdef/0123456789ab', 'microk8s join 10.1.0.5:25000/<token>'],
  ['token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln is', 'token <token> is'],
  ['-----BEGIN CERTIFICATE-----\nMIIB cut off', '<pem>'],
])('%s', (text, expected) => expect(redact(text, person)).toEqual(expected))

test('a user called root, or of two letters, takes no words apart', () => {
  expect(redact('root is root', { user: 'root', home: '/root', host: 'pc' })).toBe('root is root')
})

test('a name of two letters is taken out where it must be a name', () => {
  const short = { user: 'li', home: '/home/li', host: 'pc' }
  expect(redact('li@pc:~$ user=li "user":"li" /home/li/x list pc-like', short)).toBe(
    '<user>@pc:~$ user=<user> "user":"<user>" ~/x list pc-like',
  )
})

test('a host with its domain is known by both names', () => {
  expect(redact('desk.example.org desk', { ...person, host: 'desk.example.org' })).toBe('<host> <host>')
})

/** Whatever a secret stands in, it is not there afterwards. */
describe('no secret gets through', () => {
  const key = randomBytes(48).toString('base64')
  const pem = `-----BEGIN EC PRIVATE KEY-----\n${key.match(/.{1,64}/g)?.join('\n')}\n-----END EC PRIVATE KEY-----`
  const data = Buffer.from(pem).toString('base64')
  const word = randomBytes(16).toString('hex')
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://192.168.7.7:16443', 'certificate-authority-data': data } }],
    users: [
      { name: 'u', user: { 'client-certificate-data': data, 'client-key-data': data, token: word, password: word } },
      { name: 'v', user: { 'auth-provider': { config: { 'refresh-token': word, 'client-secret': word } } } },
    ],
  }
  const forms: Record<string, string> = {
    yaml: stringify(kubeconfig),
    'yaml with quotes': stringify(kubeconfig, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }),
    json: JSON.stringify(kubeconfig),
    'json, spaced': JSON.stringify(kubeconfig, undefined, 2),
    "json in a log's json": JSON.stringify({ at: 1, line: JSON.stringify(kubeconfig) }),
    'yaml in a log': JSON.stringify({ line: stringify(kubeconfig) }),
    pem,
    'a pem whose end was cut off': pem.slice(0, -20),
    'an environment': `HTTPS_PROXY=http://me:${word}@proxy.example.org:3128\nKUBE_TOKEN=${word}\nSUDO_PASSWORD='${word}'`,
    'a header': `> Authorization: Bearer ${word}\n> Cookie: ${word}`,
    'a flag': `kubectl --token=${word} get pods`,
  }
  test.each(Object.entries(forms))('%s', (_, text) => {
    const clean = redact(text, person)
    for (const secret of [word, data, key.slice(0, 40), '192.168.7.7']) expect(clean).not.toContain(secret)
  })
})
