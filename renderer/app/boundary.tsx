// The last net: a part that cannot be drawn becomes an error with an id, never a blank page.

import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { toAppError, type WireError } from '../../electron/contract/errors.ts'
import { Button } from '../parts/button.tsx'
import { ErrorPanel } from '../parts/error-panel.tsx'

const Broken = ({ error }: { error: WireError }) => {
  const { t } = useTranslation('shell')
  return (
    <div className="broken">
      <ErrorPanel
        look="page"
        error={error}
        acts={
          <Button look="primary" onPress={() => location.reload()}>
            {t('broken.again')}
          </Button>
        }
      />
    </div>
  )
}

/** Give it a `key` that changes with what it holds, so that the next screen starts whole. */
export class Boundary extends Component<{ children: ReactNode }, { error?: WireError }> {
  override state: { error?: WireError } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error: toAppError(error).toWire() }
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children
  }
}
