import { useEffect } from 'react'
import type { Host } from './host.ts'

/** Escape closes a chat that lies over a page. */
export function useEscape(host: Host): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && host.framed) host.close()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [host])
}
