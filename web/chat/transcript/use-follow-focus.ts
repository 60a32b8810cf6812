import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/**
 * Moves the focus on to the assistant's new message when it is on something that was just used up: a message whose
 * buttons are gone, or nowhere because a chip disappeared. Whoever is typing or reading elsewhere is left alone.
 */
export function useFollowFocus(ref: RefObject<HTMLElement>, newestBotKey: string | undefined): void {
  const previous = useRef(newestBotKey)
  useEffect(() => {
    const { current } = ref
    const first = previous.current === undefined
    previous.current = newestBotKey
    if (!current || newestBotKey === undefined || first) return
    const active = document.activeElement
    const onUsedMessage = active instanceof HTMLElement && active.matches('article.message') && current.contains(active)
    const onLockedButton = active instanceof HTMLElement && active.matches('.card button[aria-disabled="true"]')
    if (!onUsedMessage && !onLockedButton) return
    current.querySelector<HTMLElement>(`[data-key="${CSS.escape(newestBotKey)}"]`)?.focus({ preventScroll: true })
  }, [ref, newestBotKey])
}
