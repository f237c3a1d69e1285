// Every word in English, as one chunk.

export default import.meta.glob<object>('../../resources/locales/en/*.json', { eager: true, import: 'default' })
