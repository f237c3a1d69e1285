// The words that programs have for what went wrong, as libc's strerror gives them.

const words: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EBUSY: 'Resource busy',
  ELOOP: 'Symbolic link loop',
  EINVAL: 'Invalid argument',
  EACCES: 'Permission denied',
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
  ETIMEDOUT: 'Connection timed out',
  ECONNRESET: 'Connection reset by peer',
  EADDRINUSE: 'Address in use',
  EPIPE: 'Broken pipe',
}

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** In libc's words; rethrows what is no system error. */
export const strerror = (error: unknown): string => {
  const text = words[errorCode(error) ?? '']
  if (text === undefined) throw error
  return text
}
