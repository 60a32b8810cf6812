/*
 * `npm run bench`: all of it. `npm run bench -- NAME [N]`: one comparison, with so many rounds, waves, batches,
 * conversations or minutes. See README.md beside this.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { heavyFiles } from './comparisons/heavy-files.ts'
import { idleConversations } from './comparisons/idle-conversations.ts'
import { sideBySide } from './comparisons/side-by-side.ts'
import { soak } from './comparisons/soak.ts'
import { submits } from './comparisons/submits.ts'
import { teamsPath } from './comparisons/teams-path.ts'

const comparisons = {
  'side-by-side': sideBySide,
  submits,
  teams: teamsPath,
  idle: idleConversations,
  files: heavyFiles,
  soak,
}
type Name = keyof typeof comparisons
const isName = (name: string): name is Name => Object.hasOwn(comparisons, name)

const [asked, count] = process.argv.slice(2)
const all = Object.keys(comparisons).filter(isName)
const names = asked === undefined ? all : [asked].filter(isName)
if (names.length === 0) {
  console.error(`There is ${all.join(', ')}.`)
  process.exit(2)
}
for (const name of names) {
  const load = loadavg().map(value => value.toFixed(1))
  console.log(
    `# ${name}: ${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.version}, load ${load.join(' ')}`,
  )
  await comparisons[name](...(count === undefined ? [] : [Number(count)]))
}
