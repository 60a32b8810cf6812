/** Code points of the digit zero: ASCII, Arabic-Indic, Persian, full-width. */
const zeros = [0x30, 0x660, 0x6f0, 0xff10]

/** The value of the digit at `index`, in whichever of the scripts that people here type; undefined when it is none. */
export function digitAt(text: string, index: number): number | undefined {
  const code = text.charCodeAt(index)
  const zero = zeros.find(start => code >= start && code < start + 10)
  return zero === undefined ? undefined : code - zero
}
