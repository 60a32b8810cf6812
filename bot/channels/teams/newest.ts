/**
 * Makes an entry the newest of a map that keeps at most `most`.
 * @returns what was dropped for it: the value of the entry that was not made newest for longest
 */
export function setNewest<K, V>(map: Map<K, V>, [key, value]: readonly [K, V], most: number): V | undefined {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.size > most ? map.entries().take(1) : []
  if (!oldest) return undefined
  map.delete(oldest[0])
  return oldest[1]
}
