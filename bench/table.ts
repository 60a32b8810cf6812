import type { Measured } from './round.ts'

const lines: readonly (readonly [label: string, key: keyof Measured, digits: number])[] = [
  ['turns a second', 'turnsPerSecond', 0],
  ['processor time a turn, ms', 'cpu', 3],
  ['message to reply, median, few members, ms', 'p50', 2],
  ['message to reply, p99, few members, ms', 'p99', 2],
  ['memory under all members, MiB', 'rss', 0],
  ['start to the first right reply, ms', 'start', 0],
  ['the turn that takes the file, ms', 'file', 2],
]

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : sorted.slice(middle - 1, middle + 1)
  return (low + high) / 2
}

/** The largest over the smallest: how much of a difference the machine makes by itself. */
export const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values)

/** A Markdown table: medians, and ours over each peer's as the median of the rounds' own ratios. */
export function tableOf(rounds: ReadonlyMap<string, readonly Measured[]>): string {
  const [[ours, own] = ['', []], ...peers] = [...rounds]
  const head = ['', ours, ...peers.map(([name]) => name), ...peers.map(([name]) => `over ${name}`)]
  const rows = lines.map(([label, key, digits]) => {
    const values = (measured: readonly Measured[]) => measured.map(one => one[key])
    const medians = [own, ...peers.map(([, measured]) => measured)].map(one => median(values(one)).toFixed(digits))
    const ratios = peers.map(([, measured]) =>
      median(values(own).map((value, round) => value / (values(measured)[round] ?? Number.NaN))).toPrecision(2),
    )
    return [label, ...medians, ...ratios]
  })
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n')
}
