// Gives the reader a file.

export const keep = (name: string, blob: Blob): void => {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // the download has begun with the click; the bytes may go once it has read them
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
