import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createBox } from './box.ts'

const place = mkdtempSync(join(tmpdir(), 'tar-'))
afterAll(() => rmSync(place, { recursive: true }))
const long = `${'folder-with-a-long-name/'.repeat(6)}file-with-${'very-'.repeat(24)}long-name.txt`
const binary = Uint8Array.from({ length: 70_001 }, (_, index) => (index * 31) % 256)

it.each(['ustar', 'gnu', 'pax'])('unpacks what real tar packs as %s, as kubectl cp does', async format => {
  const from = join(place, format)
  const deep = format === 'ustar' ? 'a/b.txt' : long
  mkdirSync(join(from, deep, '..'), { recursive: true })
  writeFileSync(join(from, deep), 'deep')
  writeFileSync(join(from, '汉字.bin'), binary)
  chmodSync(join(from, '汉字.bin'), 0o755)
  symlinkSync('汉字.bin', join(from, 'link'))
  const archive = execFileSync('tar', ['cf', '-', `--format=${format}`, '-C', from, '.'], { maxBuffer: 10_000_000 })
  const box = createBox()
  const ran = await box.exec(['tar', '-xmf', '-', '-C', '/tmp'], archive)
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect((await box.exec(['cat', `/tmp/${deep}`])).out).toBe('deep')
  expect((await box.exec(['cat', '/tmp/link'])).bytes.equals(binary)).toBe(true)
  expect((await box.sh('stat -c %a /tmp/汉字.bin')).out).toBe('755\n')
})

it('packs what real tar unpacks', async () => {
  const box = createBox()
  await box.exec(
    ['sh', '-c', 'mkdir -p /src/d; cat > /src/d/bin; chmod 750 /src/d/bin; ln -s d/bin /src/l; : > /src/empty'],
    binary,
  )
  await box.sh(`mkdir -p "/src/$(dirname ${long})"; echo deep > /src/${long}`)
  const { bytes, err, code } = await box.exec(['tar', 'cf', '-', '/src'])
  expect({ err, code }).toEqual({ err: "tar: removing leading '/' from member names\n", code: 0 })
  const to = join(place, 'out')
  mkdirSync(to)
  execFileSync('tar', ['xf', '-', '-C', to], { input: bytes })
  expect(readFileSync(join(to, 'src/d/bin')).equals(binary)).toBe(true)
  expect(statSync(join(to, 'src/d/bin')).mode & 0o777).toBe(0o750)
  expect(readlinkSync(join(to, 'src/l'))).toBe('d/bin')
  expect(readFileSync(join(to, 'src', long), 'utf8')).toBe('deep\n')
  expect(bytes.length % 512).toBe(0)
})

it('lists, takes single members, and stays inside its folder', async () => {
  const box = createBox()
  await box.sh('mkdir -p /a/b; echo 1 > /a/x; echo 2 > /a/b/y; cd /a; tar czf /t.tgz .')
  expect((await box.sh('tar tzf /t.tgz | sort')).out).toBe('./\n./b/\n./b/y\n./x\n')
  expect((await box.sh('mkdir /o; tar xzf /t.tgz -C /o ./b; find /o -type f')).out).toBe('/o/b/y\n')
  const evil = execFileSync('tar', ['cPf', '-', '--transform=s,.*,../../etc/evil,', '/etc/hostname'])
  await box.exec(['tar', 'xf', '-', '-C', '/o'], evil)
  expect((await box.sh('ls /etc/evil; ls /evil')).out).toBe('')
})

it('says what is wrong with an archive', async () => {
  const box = createBox()
  expect(await box.exec(['tar', 'xf', '-'], 'x'.repeat(1024))).toMatchObject({ code: 1, err: 'tar: invalid tar magic\n' })
  expect(await box.exec(['tar', 'xf', '-'], 'x')).toMatchObject({ code: 1, err: 'tar: short read\n' })
  expect(await box.sh('tar cf - /nope | wc -c')).toMatchObject({
    err: expect.stringContaining('tar: /nope: No such file or directory'),
  })
})
