import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../electron/contract/errors.ts'
import { parseDeck, parseSlide } from '../../electron/talk/deck.ts'

const slidesOf = (language: string) => {
  const folder = join(import.meta.dirname, '../../resources/slides', language)
  return readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

const faultOf = (text: string) => {
  try {
    parseSlide({ name: '010-x.md', text })
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details }
    throw error
  }
  return undefined
}

describe('a slide file', () => {
  test('gives id, front matter, body and notes', () => {
    const text = '---\ntitle: Pod\nlayout: prose\n---\n\nBody **text**\n\n<!-- notes\nSay this.\n-->\n'
    expect(parseSlide({ name: '030-pod.md', text })).toEqual({
      id: 'pod',
      title: 'Pod',
      layout: 'prose',
      body: 'Body **text**',
      notes: 'Say this.',
    })
  })

  test.each([
    ['no front matter', '# Title\n', { line: 1 }],
    ['broken YAML', '---\ntitle: Pod\nlayout: [prose\n---\n', { line: 3 }],
    ['an unknown layout', '---\ntitle: Pod\nlayout: poster\n---\n', { line: 1 }],
    ['a missing title', '---\nlayout: prose\n---\n', { line: 1 }],
  ])('with %s is refused by file and line', (_what, text, { line }) => {
    expect(faultOf(text)).toMatchObject({ code: 'deck.broken', file: '010-x.md', line })
  })
})

describe('the talk', () => {
  test('has the same slides, layouts and diagrams in both languages', () => {
    const shape = (language: string) =>
      parseDeck(slidesOf(language)).slides.map(({ id, layout, diagram, focus, command }) => ({
        id,
        layout,
        diagram,
        focus,
        command,
      }))
    const chinese = shape('zh-CN')
    expect(shape('en')).toEqual(chinese)
    expect(chinese.length).toBeGreaterThan(10)
  })

  test.each(['zh-CN', 'en'])('has notes on every slide (%s)', language => {
    const silent = parseDeck(slidesOf(language)).slides.filter(slide => slide.notes.length < 20)
    expect(silent.map(slide => slide.id)).toEqual([])
  })

  test('covers the three pictures and every part of the architecture section', () => {
    const ids = parseDeck(slidesOf('zh-CN')).slides.map(slide => slide.id)
    for (const id of [
      'architecture',
      'control-plane',
      'kube-apiserver',
      'etcd',
      'kube-controller-manager',
      'cloud-controller-manager',
      'kube-scheduler',
      'node',
      'kubelet',
      'kube-proxy',
      'cri',
      'cni',
    ])
      expect(ids).toContain(id)
  })
})
