// The page's entry: words and looks first, then the host, then the app.

import '@fontsource-variable/noto-sans-sc/wght.css'
import '../styles/fonts.css'
import '../styles/tokens.css'
import '../styles/base.css'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { toAppError } from '../../electron/contract/errors.ts'
import { connectToHost } from '../api/connect-to-host.ts'
import { followNewCode } from '../api/session.ts'
import { ApiContext } from '../api/use-api.ts'
import { keptAppearance, wear } from '../state/appearance.ts'
import { createState } from '../state/state.ts'
import { StateContext } from '../state/use-state.ts'
import { App } from './app.tsx'
import { Boundary } from './boundary.tsx'
import { createWords } from './language.ts'
import { NoHost, Opening } from './opening.tsx'

const appearance = keptAppearance()
wear(appearance)
const words = await createWords(appearance.language)
const root = createRoot(document.getElementById('root') as HTMLElement)
const show = (children: ReactNode) =>
  root.render(
    <StrictMode>
      <I18nextProvider i18n={words}>
        <Boundary>{children}</Boundary>
      </I18nextProvider>
    </StrictMode>,
  )

const start = async () => {
  show(<Opening />)
  try {
    const host = await connectToHost()
    const state = createState(host)
    show(
      <ApiContext value={host.api}>
        <StateContext value={state}>
          <App words={words} />
        </StateContext>
      </ApiContext>,
    )
  } catch (error) {
    show(<NoHost error={toAppError(error).toWire()} onRetry={start} />)
  }
}

followNewCode()
await start()
