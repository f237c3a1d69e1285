// Every word in Chinese, as one chunk.

export default import.meta.glob<object>('../../resources/locales/zh-CN/*.json', { eager: true, import: 'default' })
