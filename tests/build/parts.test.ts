// What packing is made of, piece by piece.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependsOn, glibcOf } from '../../build/pack/depends.ts'
import { draw, png, strokesOf } from '../../build/pack/icons.ts'
import { installed } from '../../build/pack/places.ts'
import { root } from '../../build/steps.ts'
import { forwardUnit, packagedLock, stageParent, sysctlFile } from '../../electron/installer/places.ts'
import { installedHelper } from '../../electron/installer/privilege.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'khw-parts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('icons', () => {
  const mark = readFileSync(join(root, 'renderer/app/mark.svg'), 'utf8')
  const at = (pixels: Uint8Array, size: number, x: number, y: number) => [
    ...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
  ]

  it('read the strokes of a path, in both cases', () => {
    expect(
      strokesOf('m6.8 8 2.4 2.2-2.4 2.2M11 12.6h2.8').map(([from, to]) => [from.x, from.y, to.x, to.y].map(n => +n.toFixed(1))),
    ).toEqual([
      [6.8, 8, 9.2, 10.2],
      [9.2, 10.2, 6.8, 12.4],
      [11, 12.6, 13.8, 12.6],
    ])
    expect(strokesOf('M1 1 L2 1z').at(-1)).toEqual([
      { x: 2, y: 1 },
      { x: 1, y: 1 },
    ])
  })

  it('refuse a mark with curves, which they would draw wrong', () => {
    expect(() => strokesOf('M1 1c1 1 2 2 3 3')).toThrow(/letter/)
  })

  it.each([16, 48, 256])('of %i pixels are a tile with the mark in white and corners to see through', size => {
    const pixels = draw(mark, size)
    expect(at(pixels, size, 0, 0)[3]).toBe(0)
    expect(at(pixels, size, size >> 1, 0)[3]).toBe(255)
    // Between the frame and the prompt: the tile's own colour.
    expect(at(pixels, size, size >> 1, Math.round(size * 0.36))).toEqual([0x32, 0x6c, 0xe5, 255])
    // The underscore of the prompt.
    const [x, y] = [12.4, 12.6].map(place => Math.floor(((place / 20 - 0.5) * (size < 32 ? 0.86 : 0.76) + 0.5) * size)) as [
      number,
      number,
    ]
    expect(at(pixels, size, x, y)[0]).toBeGreaterThan(200)
  })

  it('are PNGs that give the same pixels back', () => {
    const file = png(draw(mark, 24), 24)
    const length = file.readUInt32BE(33)
    const rows = inflateSync(file.subarray(41, 41 + length))
    expect(rows).toHaveLength(24 * (24 * 4 + 1))
    expect([...rows.subarray(1, 1 + 24 * 4)]).toEqual([...draw(mark, 24).subarray(0, 24 * 4)])
  })
})

it('asks for the C library that the packed programs were made for', () => {
  writeFileSync(join(folder, 'a'), 'x GLIBC_2.9 GLIBC_2.34 GLIBC_PRIVATE')
  writeFileSync(join(folder, 'b'), 'GLIBC_2.4')
  expect(glibcOf([join(folder, 'a'), join(folder, 'b')])).toBe('2.34')
  expect(dependsOn([join(folder, 'b')])[0]).toBe('libc6 (>= 2.17)')
})

it('puts files where Setup, the maintainer scripts and the launcher look for them', () => {
  const read = (name: string) => readFileSync(join(root, 'build/linux', name), 'utf8')
  expect(installed).toMatchObject({ helper: installedHelper, lock: packagedLock })
  expect(read('khw')).toContain(installed.resources)
  for (const path of [stageParent, sysctlFile, forwardUnit]) expect(read('after-remove.sh')).toContain(path)
  expect(read('before-remove.sh')).toContain(stageParent)
  expect(read('after-install.sh')).toContain(`app=${installed.app}\n`)
})

describe('the stand-in for fpm', () => {
  const fpm = (...words: string[]) =>
    spawnSync(process.execPath, [join(root, 'build/pack/fpm.ts'), ...words], { encoding: 'utf8', timeout: 20_000 })

  it.each([
    ['an option that it does not know', ['-s', 'dir', '--rpm-os', 'linux'], /--rpm-os/],
    ['another kind of package', ['-s', 'dir', '-t', 'rpm'], /only -s dir -t deb/],
    ['a file that is not there', ['-s', 'dir', '-t', 'deb', '/nowhere=/x'], /File not found/],
    ['a word without a place', ['-s', 'dir', '-t', 'deb', 'x'], /FROM=TO/],
  ])('refuses %s', (_, words, says) => {
    const { status, stderr } = fpm(...words)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(says)
  })
})
