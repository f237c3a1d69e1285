import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from '../../renderer/parts/markdown.tsx'

const html = (text: string) => renderToStaticMarkup(<Markdown>{text}</Markdown>)

test('a link leaves the app where it is', () => {
  expect(html('[docs](https://kubernetes.io/)')).toBe(
    '<p><a href="https://kubernetes.io/" target="_blank" rel="noopener noreferrer">docs</a></p>',
  )
})

test('what is not a web link leads nowhere, and HTML stays words', () => {
  expect(html('[x](javascript:alert(1))')).toContain('href=""')
  expect(html('<img src=x onerror=alert(1)>')).not.toContain('<img')
})
