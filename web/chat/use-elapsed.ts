import { useEffect, useState } from 'react'

/** True once `key` has been the same for `milliseconds`; undefined never counts. */
export function useElapsed(key: string | undefined, milliseconds: number): boolean {
  const [elapsed, setElapsed] = useState<string>()
  useEffect(() => {
    if (key === undefined) return
    const timer = setTimeout(() => setElapsed(key), milliseconds)
    return () => clearTimeout(timer)
  }, [key, milliseconds])
  return key !== undefined && elapsed === key
}
