import { setTimeout } from 'node:timers/promises'
import { createProactiveSweep } from '../../../bot/proactive-sweep.ts'
import type { ProactiveNotices } from '../../../services/proactive/proactive-notices.ts'
import type { Office } from '../../support/office.ts'
import { silentLog } from '../../support/silent-log.ts'

/** Tells members what waits for them. @returns the conversations in which something was told, or could have been */
export async function tellAll(
  { services, turns }: Pick<Office, 'services' | 'turns'>,
  notices: ProactiveNotices,
): Promise<string[]> {
  const woken: string[] = []
  const wake = (id: string, memberId?: string) => {
    woken.push(id)
    turns.wake(id, memberId)
  }
  const sweep = createProactiveSweep({ notices, turns: { wake }, log: silentLog })
  sweep.wake()
  while ((await notices.waiting(1)).length > 0) await setTimeout(10)
  await sweep.stop()
  for (const id of woken) while ((await services.conversations.due(id)).length > 0) await setTimeout(10)
  return woken
}
