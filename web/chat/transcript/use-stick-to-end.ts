import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

const nearEndPx = 48

/**
 * Keeps the newest message in view while the reader is at the end, and leaves the place alone while they read further up.
 * On very low windows the page itself scrolls instead of the transcript, so both are watched.
 */
export function useStickToEnd(ref: RefObject<HTMLElement>, newestKey: string | undefined) {
  const stick = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  const scroller = useCallback((): HTMLElement | null => {
    const { current } = ref
    if (!current) return null
    const scrollsItself = getComputedStyle(current).overflowY !== 'visible'
    return scrollsItself ? current : document.documentElement
  }, [ref])

  const goToEnd = useCallback(() => {
    const box = scroller()
    if (box) box.scrollTop = box.scrollHeight
  }, [scroller])

  useEffect(() => {
    const onScroll = (): void => {
      const box = scroller()
      if (!box) return
      stick.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEndPx
      setAtEnd(stick.current)
    }
    const { current } = ref
    current?.addEventListener('scroll', onScroll, { passive: true })
    addEventListener('scroll', onScroll, { passive: true })
    return () => {
      current?.removeEventListener('scroll', onScroll)
      removeEventListener('scroll', onScroll)
    }
  }, [ref, scroller])

  // The window, the keyboard, the chips and the fonts all change heights; whatever did, the end stays the end.
  useEffect(() => {
    const { current } = ref
    if (!current) return
    const observer = new ResizeObserver(() => stick.current && goToEnd())
    observer.observe(current)
    for (const child of current.children) observer.observe(child)
    return () => observer.disconnect()
  }, [ref, goToEnd])

  useLayoutEffect(() => {
    if (stick.current) goToEnd()
  }, [newestKey, goToEnd])

  return { atEnd, goToEnd }
}
