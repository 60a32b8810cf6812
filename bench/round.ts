import { readdir, readFile } from 'node:fs/promises'
import { cpuOf } from '../tests/support/server-process.ts'
import type { Identity } from './identity.ts'
import { steps, type Peer, type RunningPeer, type Seat, type Step } from './peer.ts'

/** What one peer did in one round. Times in milliseconds. */
export interface Measured {
  /** From the start of its process to the first reply that is right. */
  readonly start: number
  readonly turnsPerSecond: number
  /** Processor time of the server a turn. */
  readonly cpu: number
  /** Of a message to its reply, with a few members at once. */
  readonly p50: number
  readonly p99: number
  /** MiB in memory under all members. */
  readonly rss: number
  /** The turn that takes the file, by itself: on one side it is stored and checked, on the other its name is kept. */
  readonly file: number
}

export interface Load {
  /** At once, in each wave. */
  readonly members: number
  /** Waves up to the question for the file that only warm up, then such waves that count. */
  readonly warming: number
  readonly counted: number
  /** Waves that go on to the end, with the file and the submit; they count too. */
  readonly whole: number
  /** For the times of a reply. */
  readonly few: number
  readonly fewWaves: number
}

export const identitiesFor = ({ members, warming, counted, whole, few, fewWaves }: Load): number =>
  1 + members * (warming + counted + whole) + few * fewWaves

/** The turns up to the question for the file. The file's own is measured apart: it is not the same work for every peer. */
const before: readonly Step[] = steps.filter(step => step !== 'document' && step !== 'submit')

/** Starts a peer, leads members through whole forms, every reply checked, and ends it. */
export async function playRound(peer: Peer, load: Load, identities: readonly Identity[]): Promise<Measured> {
  const waiting = [...identities]
  const next = (count: number) => waiting.splice(0, count)
  const ready = await peer.prepare()
  const begun = performance.now()
  const running = await ready.start()
  try {
    const start = await firstReply(running, next(1), begun)
    const many = await playMany(running, load, next)
    const few = await playFew(running, load, next)
    return { start, ...many, ...few }
  } finally {
    await running.stop()
  }
}

async function firstReply(running: RunningPeer, [identity]: Identity[], begun: number): Promise<number> {
  if (!identity) throw new Error('no member is left')
  const seat = await running.openSeat(identity)
  await seat.say('hello')
  const start = performance.now() - begun
  seat.close()
  return start
}

type Next = (count: number) => Identity[]

const openSeats = (running: RunningPeer, identities: readonly Identity[]): Promise<Seat[]> =>
  Promise.all(identities.map(identity => running.openSeat(identity)))

const sayAll = (seats: readonly Seat[], said: readonly Step[]): Promise<unknown> =>
  Promise.all(
    seats.map(async seat => {
      for (const step of said) await seat.say(step)
    }),
  )

/** More than wait for the check of a file are told that it is busy, and rightly. */
const FILES_AT_ONCE = 20

async function sendFiles(seats: readonly Seat[]): Promise<void> {
  for (let sent = 0; sent < seats.length; sent += FILES_AT_ONCE)
    await sayAll(seats.slice(sent, sent + FILES_AT_ONCE), ['document'])
}

async function playMany(running: RunningPeer, { members, warming, counted, whole }: Load, next: Next) {
  const sum = { milliseconds: 0, cpu: 0, turns: 0, file: 0 }
  let rss = 0
  for (let wave = 0; wave < warming + counted + whole; wave++) {
    const seats = await openSeats(running, next(members))
    const add = async (said: readonly Step[]) => {
      const { milliseconds, cpu } = await measure(running.pid, () => sayAll(seats, said))
      if (wave < warming) return
      sum.milliseconds += milliseconds
      sum.cpu += cpu
      sum.turns += members * said.length
    }
    await add(before)
    if (wave >= warming + counted) {
      sum.file += (await measure(running.pid, () => sendFiles(seats))).milliseconds
      await add(['submit'])
    }
    rss = await memoryOf(running.pid)
    for (const seat of seats) seat.close()
  }
  return {
    turnsPerSecond: (sum.turns / sum.milliseconds) * 1000,
    cpu: sum.cpu / sum.turns,
    file: sum.file / (members * whole),
    rss,
  }
}

async function measure(pid: number, work: () => Promise<unknown>) {
  const cpu = await cpuOf(pid)
  const begun = performance.now()
  await work()
  return { milliseconds: performance.now() - begun, cpu: (await cpuOf(pid)) - cpu }
}

async function playFew(running: RunningPeer, { few, fewWaves }: Load, next: Next) {
  const times: number[] = []
  for (let wave = 0; wave < fewWaves; wave++) {
    const seats = await openSeats(running, next(few))
    await Promise.all(seats.map(seat => playTimed(seat, times)))
    for (const seat of seats) seat.close()
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

async function playTimed(seat: Seat, times: number[]): Promise<void> {
  for (const step of before) {
    const begun = performance.now()
    await seat.say(step)
    times.push(performance.now() - begun)
  }
}

/** MiB of a process and of those that it started. */
async function memoryOf(pid: number): Promise<number> {
  const own = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))
  const children = (await Promise.all((await readdir(`/proc/${pid}/task`)).map(task => childrenOf(pid, task)))).flat()
  const theirs = await Promise.all(children.map(child => memoryOf(child).catch(() => 0)))
  return theirs.reduce((sum, one) => sum + one, Number(own?.[1] ?? 0) / 1024)
}

async function childrenOf(pid: number, task: string): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')
  return children.split(' ').filter(Boolean).map(Number)
}
