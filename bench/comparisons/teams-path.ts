import { setTimeout as delay } from 'node:timers/promises'
import { openProductionStores, startInProduction } from '../drivers/moussaada-production.ts'
import { openTeamsSeat, teamsPersonOf } from '../drivers/teams-seat.ts'
import { startEmulator } from '../../emulator/start-emulator.ts'
import { cpuOf } from '../../tests/support/server-process.ts'
import { identityOf, type Identity } from '../identity.ts'
import type { Seat } from '../peer.ts'
import { median } from '../table.ts'

/** At once; Teams takes 50 calls a second of one assistant. */
const MEMBERS = 8
/** Of each path, that only warm up: V8 compiles a turn only after some thousands of them. */
const WARMING = 60
const WAVES = 20
/**
 * Milliseconds from one answer of a member to the next, on both paths: Teams takes eight messages in two seconds for a
 * chat, an answer makes two, and a server that is woken for every answer spends twice what a busy one does.
 */
const PACE_MS = 700
const said = ['hello', 'consent', 'rib', 'beneficiary', 'motif'] as const

interface Path {
  readonly name: 'Direct Line' | 'Teams'
  readonly openSeat: (identity: Identity) => Promise<Seat>
  readonly cpu: number[]
}

async function answerInPace(seat: Seat, startMs: number): Promise<void> {
  await delay(startMs)
  for (const step of said) await Promise.all([seat.say(step), delay(PACE_MS)])
}

async function wave(pid: number, { openSeat, cpu }: Path, identities: readonly Identity[]): Promise<void> {
  const seats: Seat[] = []
  // One after the other: a crowd that the directory answers too late is told so, and the greeting is not measured.
  for (const identity of identities) seats.push(await openSeat(identity))
  const before = await cpuOf(pid)
  await Promise.all(seats.map((seat, index) => answerInPace(seat, (index * PACE_MS) / MEMBERS)))
  cpu.push(((await cpuOf(pid)) - before) / (MEMBERS * said.length))
  for (const seat of seats) seat.close()
}

/** The same answers at the same pace through both channels of one instance, in turns; Microsoft's side is played in this process. */
export async function teamsPath(waves = WAVES, warming = WARMING): Promise<void> {
  const total = warming + waves
  const identities = Array.from({ length: total * 2 * MEMBERS }, (_, index) => identityOf(index))
  const [stores, emulator] = await Promise.all([
    openProductionStores(),
    startEmulator({ people: identities.map(teamsPersonOf) }),
  ])
  try {
    const settings = Object.fromEntries(
      Object.entries(emulator.settings).filter(([name]) => !/^(ARCHIVE|MAIL)_/.test(name)),
    )
    const instance = await startInProduction(stores, { identities, settings })
    emulator.connector.setBotUrl(`http://127.0.0.1:${new URL(instance.url).port}/api/messages`)
    const directLine: Path = { name: 'Direct Line', openSeat: one => instance.openSeat(one), cpu: [] }
    const teams: Path = { name: 'Teams', openSeat: one => openTeamsSeat(emulator, one), cpu: [] }
    for (let round = 0; round < total; round++)
      for (const path of [directLine, teams]) await wave(instance.pid, path, identities.splice(0, MEMBERS))
    await instance.stop()
    const [ours, theirs] = [directLine, teams].map(({ cpu }) => cpu.slice(warming))
    const ratios = (theirs ?? []).map((value, index) => value / (ours?.[index] ?? Number.NaN))
    console.log(
      `Teams: ${median(theirs ?? []).toFixed(2)} ms of processor time a turn, Direct Line ${median(ours ?? []).toFixed(2)} ms, ` +
        `ratio ${median(ratios).toFixed(2)}`,
    )
  } finally {
    await Promise.all([stores.close(), emulator.close()])
  }
}
