import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { ShownActivity } from './activity.ts'

const nearEndPx = 48
const roomAbovePx = 12

/** Key of the first answer to what the member said last: reading begins there. */
function readingStart(messages: readonly ShownActivity[]): string | undefined {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    if (messages[index]?.role === 'user') return messages[index + 1]?.key
  }
  return undefined
}

/**
 * Keeps the end of the transcript in view, but never beyond the top of a new answer: a long notice or a tall card is met
 * at its beginning. Whoever scrolls up keeps their place. On very low windows the page scrolls instead of the transcript.
 */
export function useStickToEnd(ref: RefObject<HTMLElement>, messages: readonly ShownActivity[]) {
  const following = useRef(true)
  /** Whoever went to the end stays there until there is a new answer. */
  const isAtTheEnd = useRef(false)
  const placed = useRef(0)
  const start = useMemo(() => readingStart(messages), [messages])
  const [atEnd, setAtEnd] = useState(true)

  const scroller = useCallback((): HTMLElement | null => {
    const { current } = ref
    if (!current) return null
    return getComputedStyle(current).overflowY === 'visible' ? document.documentElement : current
  }, [ref])

  const place = useCallback(
    (from: string | undefined) => {
      const box = scroller()
      if (!box) return
      const end = box.scrollHeight - box.clientHeight
      box.scrollTop = Math.min(end, from === undefined ? end : topOf(box, from) - roomAbovePx)
      placed.current = box.scrollTop
      setAtEnd(end - box.scrollTop < nearEndPx)
    },
    [scroller],
  )

  useEffect(() => {
    const onScroll = (): void => {
      const box = scroller()
      if (!box) return
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < nearEndPx
      const isAsPlaced = Math.abs(box.scrollTop - placed.current) < 2
      if (!isAsPlaced) isAtTheEnd.current = isAtEnd
      following.current = isAtEnd || isAsPlaced
      setAtEnd(isAtEnd)
    }
    const { current } = ref
    current?.addEventListener('scroll', onScroll, { passive: true })
    addEventListener('scroll', onScroll, { passive: true })
    return () => {
      current?.removeEventListener('scroll', onScroll)
      removeEventListener('scroll', onScroll)
    }
  }, [ref, scroller])

  // The window, the keyboard, the chips and the fonts all change heights; whatever did, the place stays the place.
  useEffect(() => {
    const { current } = ref
    if (!current) return
    const observer = new ResizeObserver(() => {
      if (following.current) place(isAtTheEnd.current ? undefined : start)
    })
    observer.observe(current)
    for (const child of current.children) observer.observe(child)
    return () => observer.disconnect()
  }, [ref, place, start])

  const newest = messages[messages.length - 1]
  useLayoutEffect(() => {
    // What the member says themselves is always shown.
    if (newest?.role === 'user' && newest.id === undefined) following.current = true
    isAtTheEnd.current = false
    if (following.current) place(start)
  }, [newest?.key, newest?.role, newest?.id, start, place])

  function goToEnd(): void {
    isAtTheEnd.current = true
    place(undefined)
  }

  return { atEnd, goToEnd }
}

function topOf(box: HTMLElement, key: string): number {
  const element = box.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (!element) return Infinity
  const origin = box === document.documentElement ? 0 : box.getBoundingClientRect().top
  return element.getBoundingClientRect().top - origin + box.scrollTop
}
