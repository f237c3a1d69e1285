// A certificate authority and a server certificate made at start: a few hundred bytes of DER, so no library slows the boot.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface Certificates {
  /** PEM of the authority: clients trust what it signed. */
  ca: string
  /** PEM of the server's certificate for 127.0.0.1 and localhost. */
  certificate: string
  /** PEM of its private key. */
  key: string
}

// ASN.1 DER, X.690: a tag, a length, a content.
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const octets = (...parts: Uint8Array[]) => der(0x04, ...parts)
const yes = der(0x01, Buffer.from([0xff]))

const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'))
const commonName = (name: string) => sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(name)))))
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(identifier(id), ...(critical ? [yes] : []), octets(value))

// Fixed and wide: the cluster's own clock may be paused or moved, and the certificate dies with the process anyway.
const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')))

const basicConstraints = '551d13'
const keyUsage = '551d0f'
const extendedKeyUsage = '551d25'
const subjectKeyId = '551d0e'
const authorityKeyId = '551d23'
const subjectAltName = '551d11'
const serverAuth = identifier('2b06010505070301')

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicDer = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const keyId = (key: KeyObject): Buffer => createHash('sha1').update(publicDer(key)).digest()

const issue = (subject: string, key: KeyObject, issuer: string, signer: KeyObject, extensions: Buffer[]): string => {
  // Positive whatever its first bit: the leading byte is 1 to 127.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    commonName(issuer),
    validity,
    commonName(subject),
    publicDer(key),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, signer)
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** Makes a fresh authority and a certificate that it signed for this machine's loopback. */
export const createCertificates = (): Certificates => {
  const authority = newKey()
  const server = newKey()
  const bits = (unused: number, value: number) => der(0x03, Buffer.from([unused, value]))
  const ca = issue('kubernetes', authority.publicKey, 'kubernetes', authority.privateKey, [
    extension(basicConstraints, true, sequence(yes)),
    extension(keyUsage, true, bits(2, 0x84)),
    extension(subjectKeyId, false, octets(keyId(authority.publicKey))),
  ])
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    der(0x82, Buffer.from('kubernetes')),
    der(0x82, Buffer.from('kubernetes.default.svc')),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.from([10, 43, 0, 1])),
  )
  const certificate = issue('kube-apiserver', server.publicKey, 'kubernetes', authority.privateKey, [
    extension(basicConstraints, true, sequence()),
    extension(keyUsage, true, bits(7, 0x80)),
    extension(extendedKeyUsage, false, sequence(serverAuth)),
    extension(authorityKeyId, false, sequence(der(0x80, keyId(authority.publicKey)))),
    extension(subjectAltName, false, names),
  ])
  return { ca, certificate, key: String(server.privateKey.export({ type: 'pkcs8', format: 'pem' })) }
}
