const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** The value of one sample in Prometheus' text format; undefined when it is not there. */
export function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find(each => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

/** Every value of every label of the metrics that are ours, by metric and label. */
export function labelsIn(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, name = '', labels = ''] = sample.exec(line) ?? []
    if (!name.startsWith('moussaada_')) continue
    for (const [, key = '', value = ''] of labels.matchAll(label)) {
      if (key === 'le') continue
      const place = `${name} ${key}`
      found.set(place, (found.get(place) ?? new Set()).add(value))
    }
  }
  return found
}
