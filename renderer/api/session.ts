// The browser's key to the host: a one-time code in the address becomes a token that lives as long as the tab.

import { AppError } from '../../electron/contract/errors.ts'

const place = 'khw.token'

const codeIn = /^#k=([^&]+)(?:&(.*))?$/

/** A new address opened in a tab of an old one differs in its fragment alone, for which no browser loads the page again. */
export const followNewCode = (): void =>
  addEventListener('hashchange', () => {
    if (codeIn.test(location.hash)) location.reload()
  })

/** Takes `#k=<code>` out of the address, so that it is neither seen, stored nor used twice. */
const takeCode = (): string | undefined => {
  const found = codeIn.exec(location.hash)
  if (!found) return undefined
  history.replaceState(null, '', `${location.pathname}${location.search}#${found[2] ?? '/'}`)
  return found[1]
}

const ask = async (init: RequestInit): Promise<Response> => {
  try {
    return await fetch('session', { cache: 'no-store', ...init })
  } catch (error) {
    throw new AppError('connection.lost', {}, { cause: error })
  }
}

const exchange = async (code: string): Promise<string> => {
  const response = await ask({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ code }) })
  if (!response.ok) throw new AppError('request.denied', { status: response.status })
  const { token } = (await response.json()) as { token: string }
  sessionStorage.setItem(place, token)
  return token
}

/** @throws AppError `request.denied` without a valid code or token, `connection.lost` when nobody answers */
export const openSession = async (): Promise<string> => {
  const kept = sessionStorage.getItem(place)
  const code = takeCode()
  if (!code) {
    if (kept) return kept
    throw new AppError('request.denied')
  }
  try {
    return await exchange(code)
  } catch (error) {
    // An old link opened again in a tab that has its key already.
    if (kept) return kept
    throw error
  }
}

/** True only when the host answers and no longer knows the token: after its restart. */
export const isSessionOver = async (token: string): Promise<boolean> => {
  try {
    const response = await ask({ headers: { Authorization: `Bearer ${token}` } })
    if (response.status !== 401) return false
    sessionStorage.removeItem(place)
    return true
  } catch {
    // Nobody answers: the line is down, which the transport tries to mend.
    return false
  }
}
